"""Durations that one note value expresses where it stands, so that no tie is needed inside a measure.

K ticks of the hole clock, D duration classes.
"""

from __future__ import annotations

import numpy as np

from jaxmodels import events as ev
from jaxmodels.window_layout import C_MEASURE, Window

PHASES = 48
"""Ticks after which the table of positions repeats: two quarters, the longest triplet."""

_PLAIN = [3 * 2**power for power in range(7)]  # 32nd to breve
_DOTTED = [3 * plain // 2 for plain in _PLAIN if plain >= 6]
_DOUBLE_DOTTED = [7 * plain // 4 for plain in _PLAIN if plain >= 12]
BINARY_VALUES = frozenset([*_PLAIN, *_DOTTED, *_DOUBLE_DOTTED])
TRIPLET_SPANS = (12, 24, 48)
"""Ticks of a whole triplet of sixteenths, eighths and quarters, each beginning on its own multiple."""


def any_value(window: Window) -> np.ndarray:
    """Return bool `[K + 1, D]` that allows every duration everywhere."""
    return np.ones((len(window.clock), ev.DURATIONS), bool)


def single_values(window: Window) -> np.ndarray:
    """Return bool `[K + 1, D]`: the durations that one note value, in a triplet or not, can express there.

    A note over a barline counts as one value if its whole length is one.
    """
    measure = np.asarray(window.clock)[:, C_MEASURE]
    begins = np.searchsorted(measure, np.arange(measure.max() + 1))
    return _table()[(np.arange(len(measure)) - begins[measure]) % PHASES]


def _table() -> np.ndarray:
    ticks = ev.DURATION_TICKS
    table = np.zeros((PHASES, ev.DURATIONS), bool)
    for phase in range(PHASES):
        if phase % 3 == 0:
            table[phase] |= np.isin(ticks, list(BINARY_VALUES))
        for span in TRIPLET_SPANS:
            unit, place = span // 3, phase % span
            if place % unit == 0:
                table[phase] |= np.isin(ticks, [unit, 2 * unit]) & (place + ticks <= span)
    return table
