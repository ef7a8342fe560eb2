"""Which of a piece's notes stand in a hole, and which around it."""

from __future__ import annotations

import numpy as np

from jaxmodels.piece import DURATION, M_DURATION, M_ONSET, ONSET, PITCH, STAFF, Piece, in_order
from jaxmodels.window_layout import Hole


def known_and_hidden(piece: Piece, hole: Hole) -> tuple[np.ndarray, np.ndarray]:
    """Return the notes around the hole and those in it, `[N, 4]` each (columns of `Piece.notes`).

    Onsets count from the window's first tick, staves are places in `hole.staves`; notes are cut where they
    cross the hole's borders, as `make_window` cuts them.
    """
    measures = piece.measures[hole.first : hole.last].copy()
    start = int(measures[0, M_ONSET])
    measures[:, M_ONSET] -= start
    length = int(measures[-1, M_ONSET] + measures[-1, M_DURATION])
    mask = np.asarray(hole.mask, bool)
    staves = np.array(hole.staves, np.int32)
    notes = _cut_at_segments(_notes_of_window(piece, hole, staves, start, length), measures, mask)
    measure_of_note = np.searchsorted(measures[:, M_ONSET], notes[:, ONSET], side="right") - 1
    masked = mask[measure_of_note, notes[:, STAFF]]
    return notes[~masked], notes[masked]


def without_hole(piece: Piece, hole: Hole) -> Piece:
    """Return `piece` without the notes that begin in the hole."""
    measure = (
        np.searchsorted(piece.measures[:, M_ONSET], piece.notes[:, ONSET], side="right") - 1 - hole.first
    )
    place = np.full(len(piece.programs), -1)
    place[list(hole.staves)] = np.arange(len(hole.staves))
    place = place[piece.notes[:, STAFF]]
    near = (measure >= 0) & (measure < len(hole.mask)) & (place >= 0)
    hidden = near.copy()
    hidden[near] = hole.mask[measure[near], place[near]]
    return piece._replace(notes=piece.notes[~hidden])


def _notes_of_window(piece: Piece, hole: Hole, staves: np.ndarray, start: int, length: int) -> np.ndarray:
    low, high = np.searchsorted(piece.notes[:, ONSET], [start, start + length])
    notes = piece.notes[low:high].copy()
    place = np.full(len(piece.programs), -1, np.int32)
    place[staves] = np.arange(len(staves))
    notes[:, STAFF] = place[notes[:, STAFF]]
    notes = notes[notes[:, STAFF] >= 0]
    notes[:, ONSET] -= start
    notes[:, PITCH] = np.clip(notes[:, PITCH] + hole.shift, 0, 127)
    notes[:, DURATION] = np.minimum(notes[:, DURATION], length - notes[:, ONSET])
    return notes


def _cut_at_segments(notes: np.ndarray, measures: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Split notes where they cross the border of a masked segment of their staff."""
    if not len(notes):
        return notes
    ends = measures[:, M_ONSET] + measures[:, M_DURATION]
    inside = mask[:-1] == mask[1:]  # of a segment, or between two
    border = np.vstack([np.where(inside, ends[-1], ends[:-1, None]), np.full(mask.shape[1], ends[-1])])
    border = np.minimum.accumulate(border[::-1])[::-1]  # tick of the next border after each measure
    done = []
    while len(notes):
        measure = np.searchsorted(measures[:, M_ONSET], notes[:, ONSET], side="right") - 1
        cut = border[measure, notes[:, STAFF]]
        over = notes[:, ONSET] + notes[:, DURATION] - cut
        rest = notes[over > 0].copy()
        rest[:, ONSET], rest[:, DURATION] = cut[over > 0], over[over > 0]
        notes[:, DURATION] -= np.maximum(over, 0).astype(np.int32)
        done.append(notes)
        notes = rest
    return in_order(np.concatenate(done))
