"""What the staves around a region say of how they are played: range, notes at once, voices, rests."""

from __future__ import annotations

import numpy as np

from bridge.character import FREE, Character
from bridge.character_levels import widen_limits
from bridge.instruments import habit_of
from bridge.score import Region, Score
from jaxmodels.hole_limits import FEW_NOTES, shown_limits
from jaxmodels.piece import DURATION, M_DURATION, M_ONSET, ONSET, STAFF, Piece
from jaxmodels.staff_facts import StaffFacts, staff_facts


def staff_limits(
    score: Score,
    piece: Piece,
    region: Region,
    own_range: bool = True,
    character: Character = FREE,
) -> StaffFacts:
    """Return each staff's limits: what it plays around the region; below `FEW_NOTES`, its instrument's too.

    - `own_range`: stay in the range that the staff shows; else in its instrument's, and that one too.
    - `character`: what it asks for moves the limits.
    """
    facts = staff_facts(piece)
    habits = {}
    counts = np.bincount(piece.notes[:, STAFF], minlength=len(piece.programs))
    for index in region.staves:
        staff = score.staves[index]
        habit = habit_of(score.parts[staff.part_index], staff)
        if counts[index] == 0:
            values = habit
        elif counts[index] < FEW_NOTES:
            values = (
                min(habit.lowest, facts.lowest[index]),
                max(habit.highest, facts.highest[index]),
                max(habit.polyphony, facts.polyphony[index]),
                max(habit.layers, facts.layers[index]),
            )
        else:
            values = shown_limits(piece, facts, index)
        if not own_range:
            values = (min(habit.lowest, values[0]), max(habit.highest, values[1]), *values[2:])
        for column, value in zip(facts, values, strict=True):
            column[index] = value
        habits[index] = habit.lowest, habit.highest
    widen_limits(character, facts, habits)
    return facts


def longest_rests(piece: Piece, region: Region) -> np.ndarray:
    """Return each staff's longest rest around the region, in ticks; two measures if it shows little."""
    start = piece.measures[region.start, M_ONSET]
    longest = np.full(len(piece.programs), 2 * piece.measures[region.start, M_DURATION], np.int32)
    for staff in region.staves:
        notes = piece.notes[piece.notes[:, STAFF] == staff]
        if len(notes) < FEW_NOTES:
            continue
        ends = np.maximum.accumulate(notes[:, ONSET] + notes[:, DURATION])
        same_side = (notes[1:, ONSET] < start) == (notes[:-1, ONSET] < start)
        longest[staff] = np.max((notes[1:, ONSET] - ends[:-1])[same_side], initial=0)
    return longest
