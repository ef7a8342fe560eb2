"""Works that are so much alike that one of them is no test of a model that has seen the other.

Two works are near-duplicates where they share at least `SHARED` of the shorter one's melodic n-grams, both
in their top staves and over all staves, or `MELODY` of those in their top staves: another setting of the
same tune. An n-gram is `NGRAM_NOTES` successive onsets of a staff: the intervals between their highest
notes, and the gaps between them as multiples of their greatest common divisor. So neither the key nor the
unit of notation hides a duplicate, and some changed notes don't either.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from jaxmodels.piece import ONSET, PITCH, STAFF, Piece, top_line

NGRAM_NOTES = 8
SHARED = 0.25
MELODY = 0.5
FEWEST_NGRAMS = 8
"""A staff with fewer different n-grams than this shows too little to be compared."""


class Grams(NamedTuple):
    """The n-grams of a work, each as the bytes of its numbers: of its top staff, and of all its staves."""

    top: frozenset[bytes]
    all: frozenset[bytes]


class Duplicate(NamedTuple):
    """Work `work` is much like `other`: `top` and `all`, the shares of n-grams that they have in common."""

    work: int
    other: int
    top: float
    all: float


def grams_of(piece: Piece) -> Grams:
    """Return the n-grams of `piece`."""
    staves = [piece.notes[piece.notes[:, STAFF] == staff] for staff in np.unique(piece.notes[:, STAFF])]
    lines = [frozenset(_line_grams(notes)) for notes in staves]
    return Grams(lines[0], frozenset().union(*lines)) if lines else Grams(frozenset(), frozenset())


def near_duplicates(works: Sequence[Grams], others: Sequence[Grams] | None = None) -> list[Duplicate]:
    """Return for each of `works` that has one its likest near-duplicate among `others`.

    - `others`: those that come before it in `works` if None, so that of a group the first stays alone.
    """
    among = works if others is None else others
    wanted = frozenset().union(*(grams.all for grams in works))
    holders: dict[bytes, list[int]] = defaultdict(list)
    for place, grams in enumerate(among):
        for gram in grams.all & wanted:
            holders[gram].append(place)
    found = []
    dropped: set[int] = set()
    for work, grams in enumerate(works):
        common = Counter(place for gram in grams.all for place in holders[gram])
        pairs = []
        for place, count in common.items():
            if others is None and (place >= work or place in dropped):
                continue
            pair = Duplicate(
                work,
                place,
                _share(len(grams.top & among[place].top), grams.top, among[place].top),
                _share(count, grams.all, among[place].all),
            )
            if pair.top >= MELODY or min(pair.top, pair.all) >= SHARED:
                pairs.append(pair)
        if pairs:
            found.append(max(pairs, key=lambda pair: (pair.top + pair.all, -pair.other)))
            dropped.add(work)
    return found


def _share(common: int, one: frozenset[bytes], other: frozenset[bytes]) -> float:
    fewest = min(len(one), len(other))
    return common / fewest if fewest >= FEWEST_NGRAMS else 0.0


def _line_grams(notes: np.ndarray) -> Iterable[bytes]:
    """Yield every n-gram of one staff's notes (in the order of `Piece.notes`)."""
    line = top_line(notes)
    if len(line) < NGRAM_NOTES:
        return
    steps = np.stack([np.diff(line[:, PITCH]), np.diff(line[:, ONSET])], axis=1)
    runs = np.lib.stride_tricks.sliding_window_view(steps, NGRAM_NOTES - 1, axis=0)
    intervals, gaps = runs[:, 0], runs[:, 1]
    gaps = gaps // np.gcd.reduce(gaps, axis=1)[:, None]
    for row in np.concatenate([intervals, gaps], axis=1).astype(np.int16):
        yield row.tobytes()
