"""A host's ticks, rounded to whole numbers, and exact quarters."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

from bridge.score import Measure

Ticks = int | Fraction
"""Whole as a host gives them; what is written back may lie between two."""

PARTS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 64, 5, 10, 20, 7, 14, 28, 9, 18, 36, 11, 22, 13, 26)
"""Of a quarter, the usual first: what a rounded tick is read as."""


@lru_cache(maxsize=1 << 16)
def quarters_of(ticks: Ticks, division: int) -> Fraction:
    """Return a length in quarters; `division` is ticks of a quarter.

    Where a tuplet's notes begin between two ticks the host has rounded them: 69 of 480 are a seventh.
    """
    if isinstance(ticks, Fraction) or any(ticks * parts % division == 0 for parts in PARTS):
        return Fraction(ticks) / division
    for parts in PARTS:
        nearest = (2 * ticks * parts + division) // (2 * division)
        if 2 * abs(nearest * division - ticks * parts) <= parts:
            return Fraction(nearest, parts)
    return Fraction(ticks, division)


class Clock:
    """Converts between ticks and quarters, both from the start of the score.

    - `starts`: the tick of each measure.
    """

    def __init__(self, starts: Sequence[Ticks], measures: Sequence[Measure], division: int) -> None:
        self.starts, self.measures, self.division = starts, measures, division
        self._onsets = [measure.onset_quarter for measure in measures]

    def quarter_at(self, tick: Ticks) -> Fraction:
        """Return the time of a tick."""
        index = max(0, bisect_right(self.starts, tick) - 1)
        return self._onsets[index] + quarters_of(tick - self.starts[index], self.division)

    def tick_at(self, quarter: Fraction) -> Ticks:
        """Return the tick of a time."""
        index = max(0, bisect_right(self._onsets, quarter) - 1)
        tick = self.starts[index] + (quarter - self._onsets[index]) * self.division
        return tick.numerator if tick.denominator == 1 else tick
