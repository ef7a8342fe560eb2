"""A real model with random weights, small enough to compile in seconds: it plays anything that is legal."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from jaxmodels.checkpoint import save_model
from jaxmodels.config import ModelConfig
from jaxmodels.model import init_params
from jaxmodels.piece import Piece, canonical_notes
from jaxmodels.staff_facts import staff_facts
from jaxmodels.window import Hole, Sizes, make_window

TINY = ModelConfig(
    context_channels=8,
    context_dilations=(1,),
    residual_channels=8,
    skip_channels=8,
    dilations=(1, 2),
    head_channels=8,
    staff_channels=8,
    interval_kernels=2,
)


def save_tiny_model(folder: Path) -> Path:
    """Write the model into `folder` and return it."""
    piece = Piece(
        canonical_notes(np.array([[0, 0, 60, 24]])),
        np.array([[0, 96, 4, 4, 0, 0], [96, 96, 4, 4, 0, 0]], np.int32),
        np.zeros(1, np.int32),
    )
    mask = np.array([[False], [True]])
    window = make_window(piece, staff_facts(piece), Hole(0, 2, (0,), mask), Sizes(1, events=1))
    save_model(folder, TINY, init_params(TINY, window, Sizes(1, events=1)))
    return folder
