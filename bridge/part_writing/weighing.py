"""What is wrong with a candidate's part-writing, in nats, so that candidates can be ranked by it."""

from __future__ import annotations

import numpy as np

from bridge.codec import ticks_of
from bridge.part_writing.care import Care, Careful
from bridge.score import Region
from jaxmodels.harmony import beats_of, chord_tally
from jaxmodels.part_writing import NONE, crossings, lines_of, pairs_with, parallels, repeat_tally
from jaxmodels.piece import Piece


def part_writing_nats(piece: Piece, region: Region, careful: Careful, care: Care) -> float:
    """Return the nats that the findings in the filled `region` of `piece` cost, joins on both sides too."""
    start, end = ticks_of(piece, region)
    lines = lines_of(piece.notes, careful.staves).between(start, end)
    own = np.isin(careful.staves, careful.to_fill)
    repeats = repeat_tally(lines, own)
    new = pairs_with(own)
    chords = chord_tally(piece.notes, beats_of(piece, region.start, region.stop))
    discords = chords.cases - chords.found - (1 - careful.chords) * chords.cases
    return (
        care.ranked_parallels * careful.parallels * float((new & (parallels(lines) != NONE)).sum())
        + care.ranked_crossings * careful.crossings * float((new & crossings(lines)).sum())
        + care.ranked_dissonances * bool(careful.chords) * max(0.0, discords)
        + care.ranked_repeats * max(0.0, repeats.found - careful.repeats * repeats.cases)
    )
