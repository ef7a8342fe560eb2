"""What each end that a new note may have would coincide with."""

from __future__ import annotations

import jax
import jax.numpy as jnp

from jaxmodels import events as ev
from jaxmodels import lags
from jaxmodels.lags import LAGS
from jaxmodels.state import State
from jaxmodels.views.classes import STRENGTH_COUNT
from jaxmodels.window_layout import C_KNOWN_ONSETS, C_MEASURE, C_PASSED, C_STRENGTH, X_END, Window

DURATION_FEATURES = STRENGTH_COUNT + 7 + LAGS


def duration_candidates(window: Window, state: State, onset: jax.Array, staff: jax.Array) -> jax.Array:
    """Return float `[DURATIONS, DURATION_FEATURES]`: what each end of a note would coincide with."""
    here = window.clock[onset]
    ends = onset + jnp.asarray(ev.DURATION_TICKS)
    until = window.segment[staff, here[C_MEASURE], X_END]
    row = window.clock[jnp.minimum(ends, window.hole_ticks)]
    running = state.voice_end > onset
    meets = (running[..., None] & (state.voice_end[..., None] == ends)).any(axis=(0, 1))
    began = state.voice_start == onset
    like = (began[..., None] & (state.voice_end[..., None] == ends)).any(axis=1)
    at_end = ends == until
    within = row[:, C_PASSED] - window.clock[jnp.minimum(onset + 1, window.hole_ticks), C_PASSED]
    found = jax.tree.map(lambda each: each[staff], lags.lag_view(window, state.line, onset))
    features = [
        jax.nn.one_hot(row[:, C_STRENGTH], STRENGTH_COUNT),
        meets[:, None],
        like.any(axis=0)[:, None],
        like[staff][:, None],
        at_end[:, None],
        (row[:, C_KNOWN_ONSETS] > 0)[:, None],
        ((row[:, C_MEASURE] != here[C_MEASURE]) & (row[:, C_STRENGTH] != 0))[:, None],
        (jnp.clip(within, 0, 4) / 4)[:, None],
        found.there & (found.ticks == jnp.asarray(ev.DURATION_TICKS)[:, None]),
    ]
    return jnp.concatenate([jnp.asarray(feature, jnp.float32) for feature in features], axis=-1)
