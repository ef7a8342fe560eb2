"""What is wished of the voices while a hole is drawn."""

from __future__ import annotations

import numpy as np

from bridge.part_writing.care import Care, Careful
from jaxmodels.piece import Piece
from jaxmodels.voice_leading import Leading, known_lines
from jaxmodels.window_layout import Hole, Sizes


def leading_of(careful: Careful, care: Care, piece: Piece, hole: Hole, sizes: Sizes) -> Leading:
    """Return the wishes for `hole` in `piece`, none where the music isn't careful itself."""
    lines = np.zeros(sizes.staves, bool)
    lines[: len(hole.staves)] = np.isin(hole.staves, careful.staves)
    return Leading(
        lines,
        known_lines(piece, hole, sizes),
        np.float32(care.parallels if careful.parallels else 0),
        np.float32(care.crossings if careful.crossings else 0),
        np.float32(care.dissonances if careful.chords else 0),
    )
