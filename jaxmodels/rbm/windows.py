"""Windows of a corpus to train on: many pieces' rolls behind one another, cut out at random.

A window is `[W·(2P + M)]` zeros and ones; see `jaxmodels.rbm.roll`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from jaxmodels.piece import Piece
from jaxmodels.rbm.config import RbmConfig
from jaxmodels.rbm.roll import piece_rolls, units_of

SHORTEST = 4
"""Steps of a window that lie inside the piece, at least: the rest may be the silence around it."""


class Windows:
    """The windows of `pieces`; a piece counts by `weights`, its windows alike."""

    def __init__(self, pieces: Sequence[Piece], weights: np.ndarray, config: RbmConfig) -> None:
        """Raise `ValueError` where there is no piece."""
        if not len(pieces):
            raise ValueError("there are no pieces to cut windows from")
        rolls = [piece_rolls(piece, config) for piece in pieces]
        self.config = config
        self.units = np.concatenate(rolls)
        lengths = np.array([len(roll) for roll in rolls])
        first = np.cumsum(lengths) - lengths
        self.starts = np.concatenate(
            [
                np.arange(begin + SHORTEST, begin + length - config.steps - SHORTEST + 1)
                for begin, length in zip(first, lengths, strict=True)
            ]
        )
        counts = lengths - config.steps - 2 * SHORTEST + 1
        shares = np.repeat(np.asarray(weights, float) / counts, counts)
        self.cumulative = np.cumsum(shares / shares.sum())

    def draw(self, rng: np.random.Generator, count: int) -> np.ndarray:
        """Return random windows, uint8 `[count, V]`."""
        chosen = np.searchsorted(self.cumulative, rng.random(count) * self.cumulative[-1], side="right")
        rows = self.starts[np.minimum(chosen, len(self.starts) - 1), None] + np.arange(self.config.steps)
        return self.units[rows].reshape(count, units_of(self.config))

    def mean(self) -> np.ndarray:
        """Return how often each unit is on, `[V]`: the same at every step."""
        steps = self.units.mean(axis=0) + 1e-5
        return np.tile(steps, self.config.steps)
