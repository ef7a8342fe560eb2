"""What earlier music was like this: in the piece itself, and in pieces that are known (a `Library`).

Tunes repeat their strains, chorales their first phrases, and many chorales set a melody that another one
sets too. For each frame t an earlier frame is found before which most frames agree with those before t;
what stands there is a guess at what comes here. It is the context of PPM* (Cleary & Teahan 1997) without
its counts, and the look-up of nearest-neighbour language models (Khandelwal et al. 2020) by exact
agreement: how far to trust a guess is learned.

T frames, P pitches.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

LONGEST = 63
"""Agreement is told apart up to this many frames."""
BOUNDS = np.array([1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49])
CLASSES = len(BOUNDS) + 1
"""Agreement is exact up to 4 frames, then coarser and coarser."""
LEVELS = (32, 24, 16, 12, 9, 7, 5, 4, 3, 2)
"""Agreement with a library is found for these numbers of frames."""
KINDS = ("all", "top", "rest")
"""What is compared: all notes, the top one, the others."""
START = -1


def recalled(keys_T: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return for each frame the earlier frame recalled (−1: none), and how many frames before them agree.

    - `keys_T`: integers that are equal where frames are to count as equal.

    Row t depends on keys before t only. Of equally long agreements the latest counts.
    """
    length = len(keys_T)
    where, agreement = np.full(length, -1), np.zeros(length, np.int64)
    runs = np.zeros(length + 1, np.int64)  # runs[u]: how many frames before u agree with those before t
    for t in range(1, length):
        follow = np.zeros(length + 1, np.int64)
        same = keys_T[: t - 1] == keys_T[t - 1]
        follow[1:t] = np.where(same, runs[: t - 1] + 1, 0)
        runs = follow
        best = int(runs[:t].max(initial=0))
        if best:
            where[t] = t - 1 - int(np.argmax(runs[:t][::-1]))
            agreement[t] = min(best, LONGEST)
    return where, agreement


def agreement_class(agreement: np.ndarray) -> np.ndarray:
    """Return the class 0 … CLASSES − 1 of an agreement in frames."""
    return np.searchsorted(BOUNDS, agreement, side="right").astype(np.int32)


def frame_keys(roll_TP: np.ndarray) -> dict[str, list[int]]:
    """Return for each of `KINDS` one integer a frame, which tells what is compared and nothing else."""
    size = roll_TP.shape[1]
    top = np.where(roll_TP.any(1), size - 1 - np.argmax(roll_TP[:, ::-1], 1), size)
    rest = roll_TP & (np.arange(size) != top[:, None])
    return {"all": _as_integers(roll_TP), "top": [int(key) for key in top], "rest": _as_integers(rest)}


def _as_integers(roll: np.ndarray) -> list[int]:
    return [int.from_bytes(row.tobytes(), "big") for row in np.packbits(roll, axis=1)]


class Entry(NamedTuple):
    """A frame of the library: the piece's number, and the frame's number among all."""

    piece: int
    frame: int


class Library:
    """Known pieces, to find in them what a passage was followed by."""

    KINDS = ("all", "top")

    def __init__(self, rolls: Sequence[np.ndarray]) -> None:
        """Index `rolls` (`[T, P]`), whose order gives the numbers that `recalled` may leave out."""
        self.rolls = [np.asarray(roll) != 0 for roll in rolls]
        self.index: dict[tuple, tuple[Entry, ...]] = {}
        before = 0
        for number, roll in enumerate(self.rolls):
            keys = frame_keys(roll)
            for kind in self.KINDS:
                for frame, past in _pasts(keys[kind]):
                    entry = Entry(number, before + frame)
                    known = self.index.get((kind, past), ())
                    # Two pieces are enough: whichever asks, one of them is another.
                    others = tuple(each for each in known if each.piece != number)
                    self.index[kind, past] = (entry, *others[:1])
            before += len(roll)
        self.frames = np.concatenate(self.rolls)

    def recalled(
        self, keys: Sequence[int], kind: str, own: int | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return for each frame the library's frame recalled (−1: none), and the frames that agree before.

        - `own`: the number of the piece that asks, if it is in the library: it doesn't find itself.
        """
        where, agreement = np.full(len(keys), -1), np.zeros(len(keys), np.int64)
        for frame, past in _pasts(keys):
            if agreement[frame]:
                continue
            for entry in self.index.get((kind, past), ()):
                if entry.piece != own:
                    where[frame], agreement[frame] = entry.frame, len(past)
                    break
        return where, agreement


def _pasts(keys: Sequence[int]):
    """Yield for each frame but the first what came before it, longest first; a piece's start counts too."""
    marked = (START, *keys)
    for frame in range(1, len(keys)):
        for level in LEVELS:
            if level <= frame + 1:
                yield frame, tuple(marked[frame + 1 - level : frame + 1])
