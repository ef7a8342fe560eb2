"""Holes to train and to measure on: which measures and staves of a piece are hidden.

Four tasks, all the same to the model: `continue` (the end of the window, all staves), `infill` (measures
in the middle, all staves), `staff` (one or more staves throughout, the others known), `cells` (scattered
measure × staff cells).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from jaxmodels.piece import M_DURATION, M_ONSET, ONSET, STAFF, Piece
from jaxmodels.window_layout import FRAME_TICKS, Hole, Sizes

TASKS = ("continue", "infill", "staff", "cells")
TASK_SHARES = (0.3, 0.3, 0.25, 0.15)
LEFT_MEASURES = 8
RIGHT_MEASURES = 4
LONGEST_HOLE = 8


class NoteCounts(NamedTuple):
    """How many notes begin before each measure, int64 `[M + 1, S]`, and where measures end."""

    before: np.ndarray
    ends: np.ndarray


def note_counts(piece: Piece) -> NoteCounts:
    """Return the running count of a piece's notes."""
    count = len(piece.programs)
    measure = np.searchsorted(piece.measures[:, M_ONSET], piece.notes[:, ONSET], side="right") - 1
    table = np.zeros((len(piece.measures) + 1, count), np.int64)
    np.add.at(table, (measure + 1, piece.notes[:, STAFF]), 1)
    return NoteCounts(np.cumsum(table, axis=0), piece.measures[:, M_ONSET] + piece.measures[:, M_DURATION])


def draw_hole(
    rng: np.random.Generator,
    piece: Piece,
    counts: NoteCounts,
    staves: tuple[int, ...],
    sizes: Sizes,
    task: str | None = None,
    *,
    ending: bool = False,
) -> Hole | None:
    """Return a random hole of `task` (drawn too if None), or None where this try found no room or no notes.

    The hole's notes fit `sizes.events` where a single measure doesn't already exceed it.

    - `ending`: the hole ends with the piece, unless it doesn't fit.
    """
    if task is None:
        task = str(rng.choice(TASKS, p=TASK_SHARES))
    if task in ("staff", "cells") and len(staves) < 2:
        task = "infill"
    total = len(piece.measures)
    length = int(rng.integers(1, LONGEST_HOLE + 1, 2).max())  # long holes teach more per window
    start = max(0, total - length) if ending else int(rng.integers(0, total))
    masked = _staves_to_fill(rng, len(staves)) if task == "staff" else np.ones(len(staves), bool)
    columns = np.array(staves)[masked]
    length = min(length, total - start)
    while length > 1 and (
        (counts.before[start + length, columns] - counts.before[start, columns]).sum() > sizes.events
        or counts.ends[start + length - 1] - piece.measures[start, M_ONSET] > sizes.clock
    ):
        length -= 1
    stop = start + length
    if not 0 < counts.ends[stop - 1] - piece.measures[start, M_ONSET] <= sizes.clock:
        return None
    if not (counts.before[stop, columns] - counts.before[start, columns]).sum():
        return None
    right = (
        0
        if task == "continue"
        else int(rng.integers(1, RIGHT_MEASURES + 1))
        if task == "infill"
        else int(rng.integers(0, RIGHT_MEASURES + 1))
    )
    first, last = window_around(piece, start, stop, LEFT_MEASURES, right, sizes)
    mask = np.zeros((last - first, len(staves)), bool)
    mask[start - first : stop - first, masked] = True
    if task == "cells":
        mask[start - first : stop - first] &= rng.random((length, len(staves))) < 0.5
        if not mask.any():
            return None
    return Hole(first, last, staves, mask)


def window_around(
    piece: Piece, start: int, stop: int, left: int, right: int, sizes: Sizes
) -> tuple[int, int]:
    """Return the measures `[first, last)` around `[start, stop)` that fit into `sizes.frames`.

    At most `left` and `right` more on each side; the left side gets what room the right leaves.
    """
    onsets, total = piece.measures[:, M_ONSET], len(piece.measures)
    ends = onsets + piece.measures[:, M_DURATION]
    room = sizes.frames * FRAME_TICKS
    last = stop
    while last < min(total, stop + right) and ends[last] - onsets[start] <= room:
        last += 1
    first = start
    while first > max(0, start - left) and ends[last - 1] - onsets[first - 1] <= room:
        first -= 1
    return first, last


def _staves_to_fill(rng: np.random.Generator, count: int) -> np.ndarray:
    """Return one staff (mostly) or several, never all."""
    chosen = np.zeros(count, bool)
    number = 1 if rng.random() < 0.7 else int(rng.integers(1, count))
    chosen[rng.permutation(count)[:number]] = True
    return chosen
