"""What the same staff plays whole measures away: music repeats itself, and a note's place tells where.

A **lag** is a number of measures of the present metre, back (to what is known or was just written) or, if
negative, ahead (to what is known there). At each, one finds the chord that begins at the same place of
the measure: its top, the step that led to it, its length. A **streak** counts how many notes on end
repeated the step and the length found at a lag. No parameters, no batch axis.

S staves, F frames, L lags.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from jaxmodels.window_layout import (
    C_MEASURE,
    C_PERIOD,
    C_TICK,
    FRAME_TICKS,
    L_PITCH,
    L_STEP,
    L_TICKS,
    NO_STEP,
    X_MASK,
    Window,
)

LAG_MEASURES = (1, 2, 4, 8, -1, -2)
LAGS = len(LAG_MEASURES)


class LagView(NamedTuple):
    """What stands at each lag, `[S, L]`: `there` bool, the others int32 and meaningless where it isn't."""

    there: jax.Array
    pitch: jax.Array
    step: jax.Array
    ticks: jax.Array


def lag_view(window: Window, line: jax.Array, onset: jax.Array) -> LagView:
    """Return what every staff plays at the lags of clock `onset`; `line` is `State.line`."""
    frames, inside = _frames(window, line, onset)
    found = line[:, frames]
    there = inside & (found[..., L_PITCH] >= 0)
    return LagView(there, found[..., L_PITCH], found[..., L_STEP], found[..., L_TICKS])


def onsets_at_lags(window: Window, line: jax.Array, onsets: jax.Array) -> jax.Array:
    """Return how many staves begin a note at the lags of each onset `[N]`, of those to be filled in its
    measure: int32 `[N, L]`.
    """
    frames, inside = _frames(window, line, onsets)
    filled = window.valid[:, None] & (window.segment[:, window.clock[onsets, C_MEASURE], X_MASK] == 1)
    begins = (line[..., L_PITCH] >= 0)[:, frames] & filled[..., None]
    return jnp.where(inside, begins.sum(axis=0), 0)


def continued(
    window: Window,
    line: jax.Array,
    streak: jax.Array,
    onset: jax.Array,
    staff: jax.Array,
    note: jax.Array,
    same_chord: jax.Array,
) -> tuple[jax.Array, jax.Array]:
    """Return `line` and `streak` after `note` (int32 `[3]`, columns `L_*`) of `staff` at clock `onset`.

    - `same_chord`: it stands below a top that is there already, and changes nothing.

    Of two chords that begin in one frame, the line keeps the first, as `window_tables.line_table` does.
    """
    found = lag_view(window, line, onset)
    repeats = (
        found.there[staff] & (found.step[staff] == note[L_STEP]) & (found.ticks[staff] == note[L_TICKS])
    )
    repeats &= note[L_STEP] != NO_STEP
    counted = jnp.where(repeats, streak[staff] + 1, 0)
    here = jnp.arange(line.shape[0]) == staff
    begun = here[:, None] & (jnp.arange(line.shape[1]) == window.clock[onset, C_TICK] // FRAME_TICKS)
    return (
        jnp.where((begun & (line[..., L_PITCH] < 0))[..., None], note, line),
        jnp.where((here & ~same_chord)[:, None], counted, streak),
    )


def _frames(window: Window, line: jax.Array, onset: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Return the frame at each lag of `onset`, `[…, L]`, and whether it lies in the window."""
    row = window.clock[onset]
    ticks = row[..., C_TICK, None] - row[..., C_PERIOD, None] * jnp.asarray(np.array(LAG_MEASURES))
    frames = ticks // FRAME_TICKS
    inside = (frames >= 0) & (frames < line.shape[1])
    return jnp.where(inside, frames, 0), inside
