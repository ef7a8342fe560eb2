"""The event vocabulary: one event is one note, drawn as Δonset → staff → pitch → duration.

Times are ticks, 24 to the quarter. `python -m jaxmodels.events` prints the tables.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from jaxmodels.piece import TICKS_PER_QUARTER

PITCHES = 128

DURATION_TICKS = np.array(
    # 32nd, 16th triplet, 16th, 8th triplet, dotted 16th, 8th, … up to a longa;
    # values in between are what ties make of them.
    [
        *(3, 4, 6, 8, 9, 12, 15, 16, 18, 20, 21, 24, 27, 28, 30, 32, 33, 36, 40, 42, 44, 45, 48),
        *(52, 54, 56, 60, 64, 66, 72, 78, 80, 84, 88, 90, 96, 102, 104, 108, 112, 120, 132, 144),
        *(156, 168, 180, 192, 216, 240, 264, 288, 336, 384),
    ],
    np.int32,
)
DURATIONS = len(DURATION_TICKS)

_FINE_DELTA = 4 * TICKS_PER_QUARTER  # each tick is a class of its own below a whole note
DELTA_TICKS = np.concatenate(
    [np.arange(_FINE_DELTA), np.arange(_FINE_DELTA, 16 * TICKS_PER_QUARTER + 1, 12)]
).astype(np.int32)
DELTAS = len(DELTA_TICKS)
END = DELTAS
"""The Δonset class after the last one: no further note in the hole."""

# Where in a quarter (tick mod 24) a note may begin or end: on the binary grid (32nds), on the
# triplet grid (16th triplets), on both, or on neither.
ON_BOTH, ON_BINARY, ON_TRIPLET, OFF_GRID = range(4)
GRID_OF_TICK = np.array(
    [
        ON_BOTH
        if tick % 12 == 0
        else ON_BINARY
        if tick % 3 == 0
        else ON_TRIPLET
        if tick % 4 == 0
        else OFF_GRID
        for tick in range(TICKS_PER_QUARTER)
    ],
    np.int32,
)

STRENGTHS = ("downbeat", "half", "beat", "eighth", "16th", "32nd", "triplet", "other")


def nearest_class(ticks: np.ndarray, table: np.ndarray) -> np.ndarray:
    """Return for each of `ticks` the index of the nearest value in the ascending `table`."""
    right = np.clip(np.searchsorted(table, ticks), 0, len(table) - 1)
    left = np.maximum(right - 1, 0)
    return np.where(np.abs(table[left] - ticks) <= np.abs(table[right] - ticks), left, right).astype(
        np.int32
    )


def is_compound(beats: int, beat_type: int) -> bool:
    """Whether a metre's beats are dotted: 6/8, 9/8, 12/16 and the like."""
    return beats % 3 == 0 and beats > 3 and beat_type >= 8


@lru_cache(maxsize=256)
def strengths(beats: int, beat_type: int, duration_tick: int, pickup_tick: int = 0) -> np.ndarray:
    """Return the metrical strength of every tick of a measure, index into `STRENGTHS`, `[duration_tick]`.

    - `pickup_tick`: how much of the metre is missing in front of the measure.

    Kept, as a piece has few kinds of measures, and therefore not to be written to.
    """
    tick = np.arange(duration_tick) + pickup_tick
    unit = max(1, 4 * TICKS_PER_QUARTER // beat_type)
    beat = 3 * unit if is_compound(beats, beat_type) else unit
    groups = max(1, round(beats * unit / beat))
    half = beat * (groups // 2) if groups % 2 == 0 and groups > 2 else 0
    out = np.full(duration_tick, STRENGTHS.index("other"), np.int32)
    for name, step in (("triplet", 4), ("32nd", 3), ("16th", 6), ("eighth", 12), ("beat", beat)):
        out[tick % step == 0] = STRENGTHS.index(name)
    if half:
        out[tick % half == 0] = STRENGTHS.index("half")
    out[tick % max(1, beats * unit) == 0] = STRENGTHS.index("downbeat")
    out.flags.writeable = False
    return out


def describe() -> str:
    """Return the vocabulary as text."""
    return "\n".join(
        [
            f"delta     {DELTAS} classes and END: {DELTA_TICKS[0]}…{_FINE_DELTA - 1} by 1, "
            f"then by 12 to {DELTA_TICKS[-1]} ticks",
            "staff     a pointer over the staves of the window",
            f"pitch     {PITCHES} MIDI numbers",
            f"duration  {DURATIONS} classes: {' '.join(map(str, DURATION_TICKS))} ticks",
        ]
    )


if __name__ == "__main__":
    print(describe())
