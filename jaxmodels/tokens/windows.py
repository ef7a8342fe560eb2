"""Windows of tokens, each with the token that follows it, and which of them are held out to validate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

HELD_OUT = 0.2
"""Share that validates, as in the tutorial."""


class Windows(NamedTuple):
    """N windows of W tokens.

    - `tokens`: int32 `[N, W]`; `following`: int32 `[N]`; `work`: int32 `[N]`, the sequence of each.
    """

    tokens: np.ndarray
    following: np.ndarray
    work: np.ndarray

    def take(self, chosen: np.ndarray) -> Windows:
        """Return the windows of these indexes, or where this mask is true."""
        return Windows(self.tokens[chosen], self.following[chosen], self.work[chosen])


def windows_of(sequences: Sequence[np.ndarray], length: int) -> Windows:
    """Return all windows of `length` tokens that a token follows, none across two of the `sequences`."""
    tokens, following, work = [], [], []
    for number, sequence in enumerate(sequences):
        count = len(sequence) - length
        if count < 1:
            continue
        tokens.append(np.lib.stride_tricks.sliding_window_view(sequence, length)[:count])
        following.append(sequence[length:])
        work.append(np.full(count, number))
    if not tokens:
        return Windows(np.zeros((0, length), np.int32), np.zeros(0, np.int32), np.zeros(0, np.int32))
    return Windows(*(np.concatenate(part).astype(np.int32) for part in (tokens, following, work)))


def held_out_windows(windows: Windows, seed: int) -> np.ndarray:
    """Return a mask `[N]` of the tutorial's validation: a fifth of the windows, overlaps or not."""
    count = len(windows.work)
    mask = np.zeros(count, bool)
    mask[np.random.RandomState(seed).permutation(count)[: int(HELD_OUT * count)]] = True
    return mask


def held_out_works(windows: Windows, seed: int) -> np.ndarray:
    """Return a mask `[N]` of all windows of a fifth of the works, one at least if there are two."""
    works = np.random.RandomState(seed).permutation(np.unique(windows.work))
    count = max(int(len(works) >= 2), int(HELD_OUT * len(works)))
    return np.isin(windows.work, works[:count])
