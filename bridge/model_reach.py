"""How much of a score the model takes at a time: which staves, and how many measures."""

from __future__ import annotations

import numpy as np

from bridge.errors import RegionError
from bridge.score import Region, Score
from jaxmodels.piece import M_DURATION, STAFF, TICKS_PER_QUARTER, Piece
from jaxmodels.window_layout import Sizes

STAFF_SIZES = (1, 2, 4, 8, 16, 32)
"""Numbers of staves that windows have; each is compiled for once."""


def sizes_for(staves: int) -> Sizes:
    """Return the sizes of a window for so many staves, at most the last of `STAFF_SIZES`."""
    return Sizes(next(size for size in STAFF_SIZES if size >= staves), events=1)


def window_staves(piece: Piece, region: Region) -> tuple[int, ...]:
    """Return the staves that the model sees: the region's, then others with notes, nearest first.

    Raises `RegionError` where the region alone has too many.
    """
    own = set(region.staves)
    if len(own) > STAFF_SIZES[-1]:
        raise RegionError(
            f"{len(own)} staves are more than the model takes at a time ({STAFF_SIZES[-1]})",
            fix="Name fewer parts with --parts.",
        )
    others = [int(staff) for staff in np.unique(piece.notes[:, STAFF]) if int(staff) not in own]
    others.sort(key=lambda staff: min(abs(staff - mine) for mine in own))
    return tuple(sorted([*own, *others[: STAFF_SIZES[-1] - len(own)]]))


def stop_within_reach(score: Score, piece: Piece, start: int, stop: int, sizes: Sizes) -> int:
    """Return up to where measures from `start` on fit a window, at most `stop`.

    Raises `RegionError` where not even the first one fits, or where they have no length.
    """
    measures = piece.measures
    while stop > start + 1 and measures[start:stop, M_DURATION].sum() > sizes.clock:
        stop -= 1
    if not measures[start:stop, M_DURATION].any():
        raise RegionError(
            "it is shorter than the model's smallest step",
            where=f"measure {score.measures[start].number}",
            fix="Leave it out, or begin with another measure.",
        )
    if measures[start, M_DURATION] > sizes.clock:
        raise RegionError(
            f"it is {score.measures[start].duration_quarter} quarters long, "
            f"and the model takes at most {sizes.clock // TICKS_PER_QUARTER}",
            where=f"measure {score.measures[start].number}",
            fix="Split the measure or leave it out.",
        )
    return stop
