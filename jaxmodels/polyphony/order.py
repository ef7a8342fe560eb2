"""The order in which a frame's notes are told, and what it allows.

Each order makes every set of pitches exactly one row of notes: the next note lies strictly between two
bounds that the notes told so far give, so nothing can be told twice or in two ways.

T frames, P pitches, K ranks, S slots.
"""

from __future__ import annotations

import numpy as np

RANKS = 6
"""Notes of a frame are told apart up to this rank."""


def in_order(roll: np.ndarray, order: str) -> tuple[np.ndarray, np.ndarray]:
    """Return each frame's notes in order, `[T, K]` with −1 after the last, and their numbers `[T]`."""
    counts = roll.sum(1)
    notes = np.full((len(roll), max(RANKS, int(counts.max(initial=0)) + 1)), -1)
    frame, pitch = np.nonzero(roll)
    place = np.arange(len(frame)) - np.repeat(np.cumsum(counts) - counts, counts)
    count = counts[frame]
    if order == "down":
        place = count - 1 - place
    elif order == "outer":
        place = np.where(place == count - 1, 0, np.where(place == 0, 1, count - place))
    notes[frame, place] = pitch
    return notes, counts


def bounds(
    notes: np.ndarray, rank: np.ndarray, last: np.ndarray, size: int, order: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return the open interval in which the order allows the next note."""
    low, high = np.full(len(rank), -1), np.full(len(rank), size)
    if order == "up":
        return last, high
    if order == "down":
        return low, np.where(rank > 0, last, high)
    top, bottom = notes[:, 0], notes[:, 1]
    low = np.where(rank >= 2, bottom, low)
    return low, np.where(rank == 0, high, np.where(rank == 2, top, last))
