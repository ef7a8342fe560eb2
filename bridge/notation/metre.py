"""Metres: how strong each position of a measure is, and which values may stand where.

Positions and lengths are in grid units (`values.GRID` to the quarter) from the start of the measure.
Strengths are levels: 0 is the barline, 1 the strongest inside the measure, and so on downward.

What may stand where follows engravers' custom (Gould, *Behind Bars*, 2011): a note may hide a position
stronger than its own only in the simple syncopations, a rest never hides one.
"""

from __future__ import annotations

from functools import cache
from math import inf

from bridge.notation.values import GRID, VALUES
from bridge.notation.written import Frame

SYNCOPATION_COST = 0.3
DOTTED_SYNCOPATION_COST = 0.5
LATE_START_COST = 0.05
EQUAL_COST = 0.02
LATE_REST_COST = 0.3
"""A note that hides a position stronger than its start, in a syncopation or not, or one as strong."""


class Metre:
    """The strengths of one measure's positions.

    - `length`: of the measure.
    - `levels`: level of each position from 0 to `length`.
    - `beat_level`: level at which the beats (dotted in compound metres) begin.
    - `beats`: positions at which a beam usually breaks (quarters, or dotted beats), with 0 and `length`.
    - `halves`: positions at which a beam over several beats of plain eighths must break, likewise.
    - `ternary`: beats are groups of units that notes may not straddle.
    - `paired_rests`: two units at the start of a beat may be one rest (6/8; not 3/8 nor 3/4).
    - `step`: a power of two that divides every unit of the metre.
    """

    def __init__(
        self,
        length: int,
        levels: list[int],
        beat_level: int,
        beats: tuple[int, ...],
        halves: tuple[int, ...],
        ternary: bool,
        step: int,
        paired_rests: bool,
    ) -> None:
        self.length = length
        self.levels = levels
        self.beat_level = beat_level
        self.beats = beats
        self.halves = halves
        self.ternary = ternary
        self.step = step
        self.paired_rests = paired_rests
        self._note_costs: dict[tuple[int, int], float] = {}
        self._rest_costs: dict[tuple[int, int], float] = {}

    def note_cost(self, start: int, end: int) -> float:
        """Return the cost of one note from `start` to `end`, `inf` where no single value may stand."""
        cost = self._note_costs.get((start, end))
        if cost is None:
            cost = self._note_costs[start, end] = self._cost_of_note(start, end)
        return cost

    def rest_cost(self, start: int, end: int) -> float:
        """Return the cost of one rest from `start` to `end`, `inf` where no single rest may stand."""
        cost = self._rest_costs.get((start, end))
        if cost is None:
            cost = self._rest_costs[start, end] = self._cost_of_rest(start, end)
        return cost

    def cuts(self, start: int, end: int) -> list[int]:
        """Return where a span may be split: the records of strength counted from either end."""
        step = min(_power_of_two(start), _power_of_two(end), self.step)
        inside = range(start + step - start % step, end, step)
        found: set[int] = set()
        for positions in (inside, reversed(inside)):
            strongest = 99
            for position in positions:
                if self.levels[position] <= strongest:
                    strongest = self.levels[position]
                    found.add(position)
        return sorted(found)

    def _cost_of_note(self, start: int, end: int) -> float:
        value = VALUES.get(end - start)
        if value is None:
            return inf
        _, dots, cost = value
        first, last = self.levels[start], self.levels[end]
        inside = self.levels[start + 1 : end]
        hidden = min(inside, default=99)
        if self.ternary and hidden <= self.beat_level and max(first, last) > self.beat_level:
            return inf
        if first < hidden:
            return cost
        if first == hidden:
            return cost + EQUAL_COST
        if first > hidden + 1:
            return inf
        if last <= hidden:
            return cost + LATE_START_COST * (2 if hidden <= 1 else 1)
        whole_beats = self.ternary and hidden < self.beat_level
        if last <= hidden + 1 and inside.count(hidden) == 1 and (dots == 0 or whole_beats):
            return cost + SYNCOPATION_COST
        if dots == 1 and last == first + 1 and start in self.beats and not self.ternary:
            return cost + DOTTED_SYNCOPATION_COST
        return inf

    def _cost_of_rest(self, start: int, end: int) -> float:
        value = VALUES.get(end - start)
        if value is None:
            return inf
        first, last = self.levels[start], self.levels[end]
        hidden = min(self.levels[start + 1 : end], default=99)
        if hidden > max(first, last):
            return value[2]
        if self.paired_rests and hidden > self.beat_level and value[1] == 0:
            if first < hidden == last:
                return value[2]
            if self.beat_level < 0 and first == hidden > last:
                return value[2] + LATE_REST_COST
        return inf


def _power_of_two(position: int) -> int:
    """Return the largest power of two that divides `position`; a large one for 0."""
    return position & -position if position else 1 << 20


@cache
def flat_metre(units: int, unit: int) -> Metre:
    """Return the metre of a tuplet: `units` units of `unit` grid units, none stronger than another."""
    length = units * unit
    levels = _filled([0, *([1] * (units - 1)), 0], unit)
    ends = (0, length)
    return Metre(length, levels, -1, ends, ends, True, _power_of_two(unit), paired_rests=True)


def metres_of(frame: Frame) -> list[Metre]:
    """Return the metres that a frame may be read in, the usual one first (5/8 is 2+3 or 3+2).

    A frame whose length is no binary number of quarters gives none.
    """
    length = frame.duration_quarter * GRID
    if length.denominator != 1:
        return []
    full = 4 * GRID * frame.beats // frame.beat_type
    shift = max(0, full - int(length)) if frame.pickup else 0
    return _metres(frame.beats, frame.beat_type, int(length), shift)


IRREGULAR = {
    5: ((2, 3), (3, 2)),
    7: ((2, 2, 3), (3, 2, 2), (2, 3, 2)),
    8: ((3, 3, 2), (2, 3, 3), (3, 2, 3)),
    10: ((3, 2, 3, 2), (2, 3, 2, 3), (3, 3, 2, 2)),
    11: ((3, 3, 3, 2), (2, 2, 3, 2, 2)),
}


@cache
def _metres(beats: int, beat_type: int, length: int, shift: int) -> list[Metre]:
    unit = max(1, 4 * GRID // beat_type)
    if beats == 3 and beat_type >= 8:
        found = [_Plan([3], 0, True)]
    elif beats > 3 and beats % 3 == 0:
        count = beats // 3
        found = [_Plan([3] * count, _binary_depth(count), True)]
    elif beats in (1, 2, 3, 4) or ((beats & (beats - 1)) == 0 and beat_type < 8):
        found = [_Plan([1] * beats, _binary_depth(beats), False)]
    elif beat_type >= 8:
        found = [_Plan(list(groups), 1, True) for groups in IRREGULAR.get(beats, (_twos(beats),))]
    else:
        found = [_Plan(list(groups), 1, False) for groups in IRREGULAR.get(beats, (_twos(beats),))]
    return [plan.metre(unit, length, shift) for plan in found]


def _twos(beats: int) -> tuple[int, ...]:
    return (2,) * (beats // 2) if beats % 2 == 0 else (*(2,) * (beats // 2 - 1), 3)


def _binary_depth(count: int) -> int:
    """Return how many levels `count` equal beats make: 0 for one, 1 for two or three, 2 for four."""
    if count & (count - 1):
        return 1
    return count.bit_length() - 1


class _Plan:
    """A metre before it is laid out: its groups in units, and how deep their levels go."""

    def __init__(self, groups: list[int], depth: int, ternary: bool) -> None:
        self.groups = groups
        self.depth = depth
        self.ternary = ternary

    def metre(self, unit: int, length: int, shift: int) -> Metre:
        total = sum(self.groups)
        unit_levels = [self.depth + 1] * total
        starts = [sum(self.groups[:index]) for index in range(len(self.groups))]
        for index, start in enumerate(starts):
            unit_levels[start] = self._group_level(index)
        unit_levels[0] = 0
        levels = _filled([*unit_levels, 0], unit)
        bar = total * unit
        stretched = [levels[(shift + p) % bar] or 1 for p in range(length + 1)]
        stretched[0], stretched[-1] = levels[shift % bar], 0
        beat_level = self.depth if self.ternary else max(unit_levels)
        quarters = tuple(p for p in range(length + 1) if (p + shift) % GRID == 0 or p in (0, length))
        beats = _breaks(stretched, beat_level) if self.ternary and unit < GRID else quarters
        if self.ternary or unit > GRID:
            halves = _breaks(stretched, beat_level)
        else:
            halves = _breaks(stretched, 1 if bar > 3 * GRID else 0)
        step = min(_power_of_two(unit), _power_of_two(shift))
        paired = self.ternary and len(self.groups) > 1
        return Metre(length, stretched, beat_level, beats, halves, self.ternary, step, paired)

    def _group_level(self, index: int) -> int:
        count = len(self.groups)
        if len(set(self.groups)) > 1 or count & (count - 1):
            return 1 if index else 0
        return self.depth - min(self.depth, _power_of_two(index).bit_length() - 1)


def _filled(unit_levels: list[int], unit: int) -> list[int]:
    """Return levels for every grid position, halving each unit below the given levels of the units."""
    below = max(unit_levels)
    size = unit.bit_length() - 1
    fraction = [0, *(below + size - (_power_of_two(p).bit_length() - 1) for p in range(1, unit))]
    levels: list[int] = []
    for level in unit_levels[:-1]:
        levels.append(level)
        levels.extend(fraction[1:])
    levels.append(unit_levels[-1])
    return levels


def _breaks(levels: list[int], deepest: int) -> tuple[int, ...]:
    return tuple(position for position, level in enumerate(levels) if level <= deepest)
