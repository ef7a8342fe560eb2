"""Chords: which pitch classes belong together in a triad or a seventh chord.

A set of pitch classes is a number of 12 bits, bit 0 for C.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import numpy as np

from jaxmodels import events as ev
from jaxmodels.part_writing import Tally
from jaxmodels.piece import DURATION, M_ONSET, ONSET, PITCH, Piece
from jaxmodels.window_tables import measure_strengths, missing_in_front

TRIADS = ((0, 4, 7), (0, 3, 7), (0, 3, 6), (0, 4, 8))
SEVENTHS = ((0, 4, 7, 10), (0, 4, 7, 11), (0, 3, 7, 10), (0, 3, 6, 10), (0, 3, 6, 9))
"""Triads and seventh chords, semitones above the root."""

BEAT = ev.STRENGTHS.index("beat")
"""The metrical strengths up to this one are beats."""

LEAST_NOTES = 3
"""Notes at once from which on they are asked whether they are a chord."""


def _within_a_chord() -> np.ndarray:
    table = np.zeros(1 << 12, bool)
    for chord, root in itertools.product(TRIADS + SEVENTHS, range(12)):
        for size in range(1, len(chord) + 1):
            for part in itertools.combinations(chord, size):
                table[sum(1 << (root + tone) % 12 for tone in part)] = True
    return table


WITHIN_A_CHORD = _within_a_chord()
"""bool `[4096]`: whether all of a set's pitch classes belong to one triad or seventh chord."""


def chord_tally(notes: np.ndarray, ticks: Iterable[int]) -> Tally:
    """Return at how many of `ticks` all that `notes` `[N, 4]` sound belongs to a triad or seventh chord.

    Only ticks with at least `LEAST_NOTES` notes count.
    """
    at = np.fromiter(ticks, np.int64)[:, None]
    sounds = (notes[:, ONSET] <= at) & (notes[:, ONSET] + notes[:, DURATION] > at)
    classes = np.stack(
        [(sounds & (notes[:, PITCH] % 12 == tone)).any(axis=1) for tone in range(12)], axis=1
    )
    chords = WITHIN_A_CHORD[classes @ (1 << np.arange(12))]
    enough = sounds.sum(axis=1) >= LEAST_NOTES
    return Tally(int((chords & enough).sum()), int(enough.sum()))


def beats_of(piece: Piece, start: int, stop: int) -> np.ndarray:
    """Return the ticks of the beats of measures `start` to `stop`."""
    measures = piece.measures[start:stop]
    if not len(measures):
        return np.zeros(0, np.int64)
    return beats_in(measures, missing_in_front(measures, start))


def beats_in(measures: np.ndarray, pickup: np.ndarray) -> np.ndarray:
    """Return the ticks of the beats of `measures` (rows of `Piece.measures`), dotted in compound metres.

    - `pickup` `[len(measures)]`: ticks that each lacks in front.
    """
    ticks = [
        int(measure[M_ONSET]) + np.flatnonzero(strength <= BEAT)
        for measure, strength in zip(measures, measure_strengths(measures, pickup), strict=True)
    ]
    return np.concatenate([np.zeros(0, np.int64), *ticks])
