"""What a fill of a work's hole may do, seen from the rest of the work alone: ranges, voices, rests.

The same rules as for a user's score (`bridge.staff_limits`), without what a score says of its instruments.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from jaxmodels.hole_notes import without_hole
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
        for column, value in zip(limits, shown_limits(rest, shown, staff), strict=True):
            column[staff] = value
        longest[staff] = _longest_rest(notes, _masked_spans(piece, hole, place))
    return Limits(limits, longest)


def shown_limits(piece: Piece, facts: StaffFacts, staff: int) -> tuple[int, int, int, int]:
    """Return what a staff of `FEW_NOTES` or more shows that it may play, in the order of `StaffFacts`.

    - `piece`: without the notes of the hole; `facts`: its own.
    """
    return (
        max(0, facts.lowest[staff] - SPARE_SEMITONES),
        min(127, facts.highest[staff] + SPARE_SEMITONES),
        facts.polyphony[staff],
        usual_layers(piece, staff),
    )


def _masked_spans(piece: Piece, hole: Hole, place: int) -> np.ndarray:
    measures = piece.measures[hole.first : hole.last][hole.mask[:, place]]
    return np.stack([measures[:, M_ONSET], measures[:, M_ONSET] + measures[:, M_DURATION]], axis=1)


def _longest_rest(notes: np.ndarray, masked: np.ndarray) -> int:
    """Return the longest rest between the notes of a staff that doesn't touch the `masked` spans."""
    ends = np.maximum.accumulate(notes[:, ONSET] + notes[:, DURATION])[:-1]
    onsets = notes[1:, ONSET]
    touches = (masked[:, 0] < onsets[:, None]) & (masked[:, 1] > ends[:, None])
    return int(np.max((onsets - ends)[~touches.any(axis=1)], initial=0))
