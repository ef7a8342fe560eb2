"""A piece of music as integer arrays: what a score becomes on its way to the models.

All times are ticks, 24 to the quarter: triplets and 32nds are exact, anything finer is rounded here
and only here.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

TICKS_PER_QUARTER = 24

ONSET, STAFF, PITCH, DURATION = range(4)
M_ONSET, M_DURATION, M_BEATS, M_BEAT_TYPE, M_FIFTHS, M_MODE = range(6)
MODES = ("", "major", "minor")


class Piece(NamedTuple):
    """One work.

    - `notes`: int32 `[N, 4]`, columns onset_tick, staff, pitch, duration_tick; sorted by onset, then
      staff from the top, then pitch downward; no pitch twice at one onset in a staff, and no
      pitch struck again in a staff while it sounds there.
    - `measures`: int32 `[M, 6]`, columns onset_tick, duration_tick, beats, beat_type, fifths, mode
      (index into `MODES`).
    - `programs`: int32 `[S]`, General MIDI program of each staff from 0, −1 unknown, −2 not pitched.
    """

    notes: np.ndarray
    measures: np.ndarray
    programs: np.ndarray


def metre_ticks(measures: np.ndarray) -> np.ndarray:
    """Return the ticks of a whole measure of each row's metre, float64 `[...]`: 7.5 in 5/64."""
    return 4 * TICKS_PER_QUARTER * measures[..., M_BEATS] / np.maximum(1, measures[..., M_BEAT_TYPE])


def in_order(notes: np.ndarray) -> np.ndarray:
    """Return `notes` `[N, 4]` in the order of a piece's: by onset, staff from the top, pitch downward."""
    return notes[np.lexsort((-notes[:, PITCH], notes[:, STAFF], notes[:, ONSET]))]


def top_line(notes: np.ndarray) -> np.ndarray:
    """Return the highest note of each onset of a single staff's `notes` `[N, 4]`, in a piece's order."""
    return notes[np.unique(notes[:, ONSET], return_index=True)[1]]


def canonical_notes(notes: np.ndarray) -> np.ndarray:
    """Return `notes` `[N, 4]` sorted, doubled pitches merged (the longest kept) and re-struck ones cut.

    Notes of no length are dropped.
    """
    notes = np.asarray(notes, np.int32).reshape(-1, 4)
    notes = notes[notes[:, DURATION] > 0]
    order = np.lexsort((-notes[:, DURATION], notes[:, ONSET], notes[:, PITCH], notes[:, STAFF]))
    notes = notes[order]
    if len(notes) > 1:
        same_key = np.all(notes[1:, [STAFF, PITCH]] == notes[:-1, [STAFF, PITCH]], axis=1)
        doubled = same_key & (notes[1:, ONSET] == notes[:-1, ONSET])
        notes = notes[np.concatenate([[True], ~doubled])]
    if len(notes) > 1:
        same_key = np.all(notes[1:, [STAFF, PITCH]] == notes[:-1, [STAFF, PITCH]], axis=1)
        gap = notes[1:, ONSET] - notes[:-1, ONSET]
        notes[:-1, DURATION] = np.where(
            same_key, np.minimum(notes[:-1, DURATION], gap), notes[:-1, DURATION]
        )
    return np.ascontiguousarray(in_order(notes))
