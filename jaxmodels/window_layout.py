"""A window of a piece around the hole to be filled: sizes, arrays and the names of their columns.

Sizes: S staves, F frames of 6 ticks, K ticks of the hole clock, M measures of the hole, E events of the
hole, P prompt events.

The **hole clock** counts only ticks of measures in which something is masked, so that gaps between masked
measures vanish; `clock` tables lead back to the window's time. A **segment** is a run of masked measures
in one staff: notes that cross its ends are cut there.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from jaxmodels import events as ev
from jaxmodels.piece import TICKS_PER_QUARTER

FRAME_TICKS = 6
CONTEXT_TICKS = 12
"""One output of the context encoder covers this many ticks."""

INTERVAL_LIMIT = 24
NO_INTERVAL = 2 * INTERVAL_LIMIT + 1
START_PITCH = ev.PITCHES
START_DURATION = ev.DURATIONS
PROGRAM_FAMILIES = 18  # 16 of General MIDI, unknown, not pitched

T_PITCH, T_DURATION, T_DELTA, T_STAFF, T_FRAME, T_STRENGTH, T_INTERVAL, T_TONIC = range(8)
C_TICK, C_BEAT, C_GRID, C_STRENGTH, C_TONIC, C_KNOWN_ONSETS, C_MEASURE, C_PERIOD, C_PASSED = range(9)
"""`C_PERIOD`: ticks of a whole measure of the metre; `C_PASSED`: known onset ticks in the hole so far."""

CLOCK_COLUMNS = 9
L_PITCH, L_STEP, L_TICKS = range(3)
NO_STEP = 127
"""The step of a staff's first note."""

X_MASK, X_START, X_END, X_PREV_LOW, X_PREV_TOP, X_PREV_AGO, X_NEXT, X_NEXT_AFTER = range(8)
E_CLOCK, E_DELTA, E_STAFF, E_PITCH, E_DURATION, E_TICKS = range(6)
D_CLOCK, D_STAFF, D_PITCH, D_TICKS, D_VOICE = range(5)
"""Columns of drawn events: onset on the hole clock, staff, pitch, ticks, and the voice, counted from 1."""

FRAME_FEATURES = 25

Array = Any
"""NumPy on the host, JAX inside jitted code: the same window is read in both."""


class Sizes(NamedTuple):
    """Static sizes of a window's arrays; windows of equal sizes share compiled code."""

    staves: int
    frames: int = 256
    clock: int = 768
    measures: int = 16
    events: int = 128
    prompt: int = 64

    @property
    def beats(self) -> int:
        """Upper bound of the quarters begun in the hole."""
        return self.clock // TICKS_PER_QUARTER + self.measures + 1


class Window(NamedTuple):
    """One window (stack them for a batch); integers unless said otherwise.

    - `roll` uint8 `[S, F, 128]`: known notes, bit 0 sounding, bit 1 beginning; `offset` float32 `[S, F]`.
    - `line` `[S, F, 3]` (`L_*`): of the known chord that begins in a frame of a staff, its top's pitch (−1
      where none begins), the step to it from the top before, its length in ticks.
    - `known`, `hole` bool `[S, F]`; `frame` float32 `[F, FRAME_FEATURES]`; `frame_tonic` `[F]`.
    - `program`, `lowest`, `highest`, `polyphony`, `layers` `[S]`; `valid` bool `[S]`; `style` scalar.
    - `controls` float32 `[S, CONTROLS]`: what the staff's new notes should be like, NaN where unsaid.
    - `prompt` `[P, 8]` (`T_*` columns), the last known events before the hole; `prompt_valid` bool `[P]`.
    - `clock` `[K + 1, 9]` (`C_*`); `segment` `[S, M, 8]` (`X_*`); `hole_ticks` scalar.
    - `runs` `[S, M, 2·LAGS]`: how far the music before and after a segment repeats itself (`repeats`).
    - `events` `[E, 6]` (`E_*`), the hole's real notes; `event_count` scalar; `complete`: all of them fit.
    """

    roll: Array
    offset: Array
    line: Array
    known: Array
    hole: Array
    frame: Array
    frame_tonic: Array
    program: Array
    lowest: Array
    highest: Array
    polyphony: Array
    layers: Array
    valid: Array
    style: Array
    controls: Array
    prompt: Array
    prompt_valid: Array
    clock: Array
    segment: Array
    runs: Array
    hole_ticks: Array
    events: Array
    event_count: Array
    complete: Array


class Hole(NamedTuple):
    """What to cut out of a piece.

    - `first`, `last`: the window's measures, `last` exclusive; `staves`: piece staves in the window.
    - `mask` bool `[last - first, len(staves)]`: measure × staff cells to fill.
    - `shift`: transposition in semitones; `style`: index, 0 unknown; `left_only`: hide all that
      begins from the hole's first tick on.
    - `controls` float `[len(staves), CONTROLS]`: see `Window`; None says nothing.
    """

    first: int
    last: int
    staves: tuple[int, ...]
    mask: np.ndarray
    shift: int = 0
    style: int = 0
    left_only: bool = False
    controls: np.ndarray | None = None
