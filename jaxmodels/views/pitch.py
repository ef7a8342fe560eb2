"""The harmony and the lines that a new pitch joins."""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp

from jaxmodels import lags
from jaxmodels.controls import MIDDLE_PITCH, REGISTER
from jaxmodels.lags import LAGS
from jaxmodels.state import State, anchors
from jaxmodels.views import repetition
from jaxmodels.views.neighbours import above, below, lowest_of
from jaxmodels.window_layout import C_MEASURE, C_TICK, C_TONIC, FRAME_TICKS, NO_STEP, X_END, X_NEXT, Window

AROUND = 36
"""How far, in semitones, the harmony around the last pitch is shown."""
SOON = 24
"""Ticks ahead at which the known staves are heard once more."""


class PitchView(NamedTuple):
    """The harmony and the lines that a new pitch joins; pitches are −1 if there is none.

    - `anchors` `[ANCHORS]`: the staff's last pitch, its chord's top, its next known pitch; the nearest note
      of the staff above and of the one below, sounding now, else their last; the lowest that sounds.
    - `low`: the first of them; `tonic`: pitch class of `do`.
    - `heard` float `[MOMENTS, 128]`: what sounds now, what did before (in the known staves one tick
      earlier; of the new notes, all that sounded after the onset before, even if a rest followed), what
      will in the known staves `SOON` ticks later, and in all of them when the segment is over; `around`
      `[MOMENTS, 2·AROUND + 1]`: the same, centred on `low`.
    - `copies` `[2·LAGS]`: the pitch at each lag, and the one that repeats its step; `recall` float
      `[6·LAGS]`: what is found at the lags, as numbers, the runs third.
    - `asked` float `[2·CONTROLS + 1]`: the staff's controls, each said or not, and how far the
      register asked for lies from `low`.
    """

    anchors: jax.Array
    low: jax.Array
    tonic: jax.Array
    heard: jax.Array
    around: jax.Array
    copies: jax.Array
    recall: jax.Array
    asked: jax.Array


ANCHORS, COPIES = 6, 2 * LAGS
MOMENTS = 4
"""Rows of `PitchView.heard`."""

RECALLED_BEFORE_RUNS = 2 * LAGS
"""How many numbers of `PitchView.recall` come before the runs: what is there, and the streaks."""


def pitch_view(window: Window, state: State, onset: jax.Array, staff: jax.Array) -> PitchView:
    """Return what `staff` hears when it begins a note at clock `onset`."""
    row = window.clock[onset]
    past = anchors(window, state, onset)
    tick, last_frame = row[C_TICK], window.roll.shape[1] - 1

    def known(tick: jax.Array) -> jax.Array:
        return (window.roll[:, jnp.clip(tick // FRAME_TICKS, 0, last_frame)] & 1).astype(bool)

    segment = window.segment[staff, row[C_MEASURE]]
    after = window.clock[jnp.maximum(segment[X_END] - 1, 0), C_TICK] + 1
    sounding_SP = known(tick) | (state.sounding_until > onset)
    hole_before = jnp.where(onset > state.now, (state.sounding_until > state.now).any(axis=0), state.before)
    now = sounding_SP.any(axis=0)
    heard = jnp.stack(
        [
            now,
            known(tick - 1).any(axis=0) | hole_before,
            known(tick + SOON).any(axis=0),
            known(after).any(axis=0),
        ]
    ).astype(jnp.float32)
    low, top = past.low[staff], past.top[staff]
    padded = jnp.pad(heard, ((0, 0), (AROUND, AROUND)))
    around = jax.lax.dynamic_slice(padded, (0, jnp.maximum(low, 0)), (MOMENTS, 2 * AROUND + 1))
    found = jax.tree.map(lambda each: each[staff], lags.lag_view(window, state.line, onset))
    stepped = found.there & (found.step != NO_STEP) & (top >= 0)
    return PitchView(
        anchors=jnp.stack(
            [
                low,
                top,
                segment[X_NEXT],
                above(sounding_SP, past.low, staff),
                below(sounding_SP, past.top, staff),
                lowest_of(now),
            ]
        ),
        low=low,
        tonic=row[C_TONIC],
        heard=heard,
        around=jnp.where(low >= 0, around, 0),
        copies=jnp.concatenate(
            [jnp.where(found.there, found.pitch, -1), jnp.where(stepped, top + found.step, -1)]
        ),
        recall=jnp.concatenate(
            [
                found.there,
                repetition.streaks(state)[staff],
                repetition.runs(window, row[C_MEASURE])[staff],
                jnp.where(stepped, found.step, 0) / 12,
                jnp.where(found.there & (low >= 0), found.pitch - low, 0) / 12,
            ]
        ).astype(jnp.float32),
        asked=_asked(window.controls[staff], low),
    )


def _asked(controls: jax.Array, low: jax.Array) -> jax.Array:
    """Return `PitchView.asked` of a staff whose last pitch is `low`."""
    said = ~jnp.isnan(controls)
    away = 12 * controls[REGISTER] + MIDDLE_PITCH - low
    away = jnp.where(said[REGISTER] & (low >= 0), away, 0) / 12
    return jnp.concatenate([jnp.where(said, controls, 0), said, away[None]]).astype(jnp.float32)
