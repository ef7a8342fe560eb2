"""Note values: which lengths have a name, and what they cost to read.

Lengths are in grid units, 64 to the quarter: the shortest value, a 256th, is one unit.
"""

from __future__ import annotations

GRID = 64
"""Grid units per quarter; every binary position down to a 256th is a whole number of them."""

TYPES = ("breve", "whole", "half", "quarter", "eighth", "16th", "32nd", "64th", "128th", "256th")

LENGTH_OF_TYPE = {name: (8 * GRID) >> index for index, name in enumerate(TYPES)}

BEAM_COUNT = {name: index - 3 for index, name in enumerate(TYPES) if index > 3}

DOT_COST = 0.1
DOUBLE_DOT_COST = 0.9
LONG_DOUBLE_DOT_COST = 1.7
"""From the half note upwards a tie reads better than two dots."""

TINY_COST = 0.5
"""Added for each halving beyond a 64th, which only a last resort may use."""


def _table() -> dict[int, tuple[str, int, float]]:
    table: dict[int, tuple[str, int, float]] = {}
    for index, name in enumerate(TYPES):
        length = LENGTH_OF_TYPE[name]
        tiny = TINY_COST * max(0, index - TYPES.index("64th"))
        table[length] = (name, 0, tiny)
        if length % 2 == 0:
            table[length * 3 // 2] = (name, 1, tiny + DOT_COST)
        if length % 4 == 0:
            double = DOUBLE_DOT_COST if length <= GRID else LONG_DOUBLE_DOT_COST
            table[length * 7 // 4] = (name, 2, tiny + double)
    return table


VALUES = _table()
"""Length in grid units to `(type, dots, cost)`."""
