"""Tuplets: which stretches of a measure need one, and in which ratio.

A stretch is a candidate where it starts and ends on binary positions of the metre and holds at least one
boundary that no binary value reaches.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from math import gcd
from typing import NamedTuple

from bridge.notation.metre import Metre, flat_metre
from bridge.notation.values import GRID, VALUES

LARGEST_ACTUAL = 63


class Stretch(NamedTuple):
    """A stretch of the measure written as one tuplet.

    - `start`, `stop`: grid units from the start of the measure.
    - `actual` units of type `type` stand in the time of `normal`; `unit`: their written grid length.
    - `cost`: of reading it, notes aside.
    """

    start: int
    stop: int
    actual: int
    normal: int
    unit: int
    cost: float

    @property
    def type(self) -> str:
        """The value of one unit."""
        return VALUES[self.unit][0]

    @property
    def metre(self) -> Metre:
        """The metre inside, in written grid units."""
        return flat_metre(self.actual, self.unit)


def stretches(
    boundaries: Sequence[int], resolution: int, metre: Metre, last_resort: bool = False
) -> list[Stretch]:
    """Return the candidate tuplets for the boundaries (ticks, `resolution` to the quarter) of one voice.

    `last_resort` adds stretches over several beats that start anywhere on a beat.
    """
    per_grid = resolution // GRID
    odd = [tick for tick in boundaries if tick % per_grid]
    duple = metre.ternary and any(
        _duple_inside(boundaries, per_grid, start, stop) for start, stop in pairwise(metre.beats)
    )
    if not odd and not duple:
        return []
    found = []
    for start, stop, cost in _places(metre, last_resort):
        inside = [tick for tick in boundaries if start * per_grid < tick < stop * per_grid]
        if any(tick % per_grid for tick in inside):
            stretch = _stretch(inside, per_grid, start, stop, cost)
        elif duple and start in metre.beats and stop in metre.beats:
            stretch = _duplet(boundaries, per_grid, start, stop)
        else:
            stretch = None
        if stretch:
            found.append(stretch)
    return found


def _stretch(inside: Sequence[int], per_grid: int, start: int, stop: int, cost: float) -> Stretch | None:
    """Return the tuplet over `start` to `stop` whose units meet all ticks inside, if there is one."""
    length = stop - start
    ternary = length % 3 == 0
    actual = 3 if ternary else 1
    for tick in inside:
        denominator = length * per_grid // gcd(length * per_grid, tick - start * per_grid)
        denominator //= denominator & -denominator
        actual = actual * denominator // gcd(actual, denominator)
    if actual > LARGEST_ACTUAL or actual == 1 or (ternary and actual == 3):
        return None
    if (
        ternary
        and actual % 3 == 0
        and all(_meets(tick - start * per_grid, length * per_grid, actual // 3) for tick in inside)
    ):
        actual //= 3
    base = 3 if ternary else 1
    while base * 2 < actual or (ternary and base < 6 and actual > 3):
        base *= 2
    if length % base:
        return None
    unit = length // base
    if not _is_plain(unit):
        return None
    if not all(_meets(tick - start * per_grid, length * per_grid, actual * unit) for tick in inside):
        return None
    rarity = 0.0 if actual == 3 else 0.3 + 0.05 * actual
    on_units = all(_meets(tick - start * per_grid, length * per_grid, actual) for tick in inside)
    if length > GRID and not on_units:
        rarity += 0.5
    return Stretch(start, stop, actual, base, unit, cost + rarity)


def _is_plain(unit: int) -> bool:
    """Tell whether a length is a note value without dots."""
    return unit in VALUES and VALUES[unit][1] == 0


def _meets(tick: int, length: int, parts: int) -> bool:
    """Tell whether a tick is a whole number of `parts` of a length."""
    return tick * parts % length == 0


def _duple_inside(boundaries: Sequence[int], per_grid: int, start: int, stop: int) -> bool:
    """Tell whether a dotted beat is divided into two or four equal parts, its middle being met."""
    length = (stop - start) * per_grid
    inside = [tick - start * per_grid for tick in boundaries if start * per_grid < tick < stop * per_grid]
    return length % 3 == 0 and length // 2 in inside and all(tick * 4 % length == 0 for tick in inside)


def _duplet(boundaries: Sequence[int], per_grid: int, start: int, stop: int) -> Stretch | None:
    if not _duple_inside(boundaries, per_grid, start, stop) or (stop - start) % 3:
        return None
    length = stop - start
    halved = all(
        (tick - start * per_grid) * 2 % (length * per_grid) == 0
        for tick in boundaries
        if start * per_grid < tick < stop * per_grid
    )
    actual, normal = (2, 3) if halved else (4, 6)
    if length % normal or not _is_plain(length // normal):
        return None
    return Stretch(start, stop, actual, normal, length // normal, 0.0)


@cache
def _places(metre: Metre, last_resort: bool) -> tuple[tuple[int, int, float], ...]:
    """Return where tuplets may stand, as `(start, stop, cost)`."""
    places: dict[tuple[int, int], float] = {}

    def add(start: int, stop: int, cost: float) -> None:
        if stop <= metre.length:
            places[start, stop] = min(cost, places.get((start, stop), cost))

    for first, last in pairwise(metre.beats):
        add(first, last, 0.5)
    for length, cost in ((GRID, 0.5), (GRID // 2, 0.45), (GRID // 4, 0.7), (GRID // 8, 1.5)):
        for start in range(0, metre.length, length if length < GRID else GRID // 2):
            bumpy = length == GRID and start not in metre.beats
            add(start, start + length, cost + (1.0 if bumpy else 0.0))
    for beat in metre.beats[:-1]:
        add(beat, beat + 2 * GRID, 1.8 if beat in metre.halves or metre.levels[beat] <= 1 else 2.3)
        if beat in metre.halves:
            add(beat, beat + 4 * GRID, 4.2)
    for first in metre.beats if last_resort else ():
        for last in metre.beats:
            if first < last:
                add(first, last, 5.0)
    if last_resort:
        add(0, metre.length, 6.0)
    return tuple((start, stop, cost) for (start, stop), cost in sorted(places.items()))
