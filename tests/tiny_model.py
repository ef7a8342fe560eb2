"""A model on disk whose parameters are dice: it plays anything that is legal, and compiles in seconds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from untrained import CONFIG, random_params

from jaxmodels.checkpoint import save_model
from jaxmodels.piece import Piece, canonical_notes
from jaxmodels.staff_facts import staff_facts
from jaxmodels.window import make_window
from jaxmodels.window_layout import Hole, Sizes

SIZES = Sizes(1, events=1)


def save_tiny_model(folder: Path) -> Path:
    """Write the model into `folder` and return it."""
    piece = Piece(
        canonical_notes(np.array([[0, 0, 60, 24]])),
        np.array([[0, 96, 4, 4, 0, 0], [96, 96, 4, 4, 0, 0]], np.int32),
        np.zeros(1, np.int32),
    )
    hole = Hole(0, 2, (0,), np.array([[False], [True]]))
    window = make_window(piece, staff_facts(piece), hole, SIZES)
    save_model(folder, CONFIG, random_params(CONFIG, window, SIZES))
    return folder
