"""What a fill of a work's hole may do, seen from the rest of the work alone: ranges, voices, rests.

The same rules as for a user's score (`bridge.staff_limits`), without what a score says of its instruments.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from jaxmodels.piece import DURATION, M_DURATION, M_ONSET, ONSET, STAFF, Piece
from jaxmodels.staff_facts import StaffFacts, staff_facts, usual_layers
from jaxmodels.window_layout import Hole

SPARE_SEMITONES = 2
FEW_NOTES = 8
"""What a staff shows in fewer notes than this says little of what it may play; here, the limits of the
whole work are taken instead."""


class Limits(NamedTuple):
    """Per staff of the piece: its facts, and `longest_rest` int32 `[S]` in ticks."""

    facts: StaffFacts
    longest_rest: np.ndarray


def limits_around(piece: Piece, facts: StaffFacts, hole: Hole) -> Limits:
    """Return the limits that the work outside `hole` shows; `facts`: those of the whole work."""
    rest = without_hole(piece, hole)
    shown = staff_facts(rest)
    limits = StaffFacts(*(column.copy() for column in facts))
    first = hole.first + int(np.argmax(hole.mask.any(axis=1)))
    longest = np.full(len(piece.programs), 2 * piece.measures[first, M_DURATION], np.int32)
    for place, staff in enumerate(hole.staves):
        notes = rest.notes[rest.notes[:, STAFF] == staff]
        if not hole.mask[:, place].any() or len(notes) < FEW_NOTES:
            continue
        limits.lowest[staff] = max(0, shown.lowest[staff] - SPARE_SEMITONES)
        limits.highest[staff] = min(127, shown.highest[staff] + SPARE_SEMITONES)
        limits.polyphony[staff] = shown.polyphony[staff]
        limits.layers[staff] = usual_layers(rest, staff)
        longest[staff] = _longest_rest(notes, _masked_spans(piece, hole, place))
    return Limits(limits, longest)


def without_hole(piece: Piece, hole: Hole) -> Piece:
    """Return `piece` without the notes that begin in the hole."""
    bar = np.searchsorted(piece.measures[:, M_ONSET], piece.notes[:, ONSET], side="right") - 1 - hole.first
    place = np.full(len(piece.programs), -1)
    place[list(hole.staves)] = np.arange(len(hole.staves))
    place = place[piece.notes[:, STAFF]]
    near = (bar >= 0) & (bar < len(hole.mask)) & (place >= 0)
    hidden = near.copy()
    hidden[near] = hole.mask[bar[near], place[near]]
    return piece._replace(notes=piece.notes[~hidden])


def _masked_spans(piece: Piece, hole: Hole, place: int) -> np.ndarray:
    bars = piece.measures[hole.first : hole.last][hole.mask[:, place]]
    return np.stack([bars[:, M_ONSET], bars[:, M_ONSET] + bars[:, M_DURATION]], axis=1)


def _longest_rest(notes: np.ndarray, masked: np.ndarray) -> int:
    """Return the longest rest between the notes of a staff that doesn't touch the `masked` spans."""
    ends = np.maximum.accumulate(notes[:, ONSET] + notes[:, DURATION])[:-1]
    onsets = notes[1:, ONSET]
    touches = (masked[:, 0] < onsets[:, None]) & (masked[:, 1] > ends[:, None])
    return int(np.max((onsets - ends)[~touches.any(axis=1)], initial=0))
