"""A hole and one way to fill it, as notes: what fills of any origin are measured on.

N notes, M measures of the window, S staves of the window.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from jaxmodels.hole_notes import known_and_hidden
from jaxmodels.piece import DURATION, M_DURATION, M_ONSET, ONSET, PITCH, STAFF, Piece, in_order
from jaxmodels.window_layout import C_TICK, D_CLOCK, D_PITCH, D_STAFF, D_TICKS, Hole, Window
from jaxmodels.window_tables import missing_in_front


class Passage(NamedTuple):
    """What stands in a hole and what stands around it.

    - `notes`, `known` int32 `[N, 4]`: in the hole, and around it (columns of `Piece.notes`); onsets count
      from the window's first tick, staves are places in the window.
    - `measures` `[M, 6]`: the window's (columns of `Piece.measures`), from its first tick too.
    - `mask` bool `[M, S]`: measure × staff cells of the hole.
    - `pickup`: ticks that the window's first measure lacks in front.
    """

    notes: np.ndarray
    known: np.ndarray
    measures: np.ndarray
    mask: np.ndarray
    pickup: int = 0

    @property
    def hole_measures(self) -> np.ndarray:
        """Indexes of the measures with anything masked."""
        return np.flatnonzero(self.mask.any(axis=1))

    def filled(self, notes: np.ndarray) -> Passage:
        """Return the same hole with other notes in it, brought into order."""
        return self._replace(notes=in_order(notes).astype(np.int32))


def real_passage(piece: Piece, hole: Hole) -> Passage:
    """Return the hole with what the composer wrote there."""
    known, hidden = known_and_hidden(piece, hole)
    measures = piece.measures[hole.first : hole.last].copy()
    measures[:, M_ONSET] -= measures[0, M_ONSET]
    return Passage(hidden, known, measures, np.asarray(hole.mask, bool), pickup_of(piece, hole.first))


def pickup_of(piece: Piece, first: int) -> int:
    """Return how many ticks measure `first` lacks in front: only a work's short first measure lacks any."""
    return int(missing_in_front(piece.measures[first : first + 1], first)[0])


def drawn_notes(window: Window, events: np.ndarray) -> np.ndarray:
    """Return drawn `events` `[N, 5]` (columns `D_*`) as the notes of a passage, `[N, 4]`."""
    notes = np.zeros((len(events), 4), np.int32)
    notes[:, ONSET] = np.asarray(window.clock)[events[:, D_CLOCK], C_TICK]
    notes[:, [STAFF, PITCH, DURATION]] = events[:, [D_STAFF, D_PITCH, D_TICKS]]
    return notes


def measure_at(measures: np.ndarray, ticks: np.ndarray) -> np.ndarray:
    """Return the index of the measure that each of `ticks` lies in."""
    return np.searchsorted(measures[:, M_ONSET], ticks, side="right") - 1


def faults(passage: Passage) -> int:
    """Return how many notes break the promise that the hole's measures are exactly full, and only they.

    A note does that which begins outside the hole, has no length, reaches beyond its staff's masked
    measures, or begins while its pitch sounds in its staff. Rests are what is left, so nothing else can be
    wrong.
    """
    notes, measures, mask = passage.notes, passage.measures, passage.mask
    if not len(notes):
        return 0
    ends = notes[:, ONSET] + notes[:, DURATION]
    total = int(measures[-1, M_ONSET] + measures[-1, M_DURATION])
    inside = (notes[:, ONSET] >= 0) & (ends <= total) & (notes[:, DURATION] > 0)
    first = measure_at(measures, np.clip(notes[:, ONSET], 0, total - 1))
    last = measure_at(measures, np.clip(ends - 1, 0, total - 1))
    masked = np.concatenate([np.zeros((1, mask.shape[1]), np.int64), np.cumsum(mask, axis=0)])
    staff = notes[:, STAFF]
    inside &= masked[last + 1, staff] - masked[first, staff] == last + 1 - first
    order = np.lexsort((notes[:, ONSET], notes[:, PITCH], staff))
    same = (staff[order][1:] == staff[order][:-1]) & (notes[order][1:, PITCH] == notes[order][:-1, PITCH])
    struck_again = same & (notes[order][1:, ONSET] < ends[order][:-1])
    return int((~inside).sum() + struck_again.sum())
