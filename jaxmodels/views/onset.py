"""What each next onset that may be drawn would coincide with."""

from __future__ import annotations

import jax
import jax.numpy as jnp

from jaxmodels import events as ev
from jaxmodels import lags
from jaxmodels.constraints import fresh_masks
from jaxmodels.lags import LAGS
from jaxmodels.staff_facts import MAX_LAYERS
from jaxmodels.state import State
from jaxmodels.views.classes import STRENGTH_COUNT
from jaxmodels.window_layout import C_KNOWN_ONSETS, C_MEASURE, C_STRENGTH, Window

DELTA_FEATURES = STRENGTH_COUNT + 8 + LAGS


def delta_candidates(window: Window, state: State) -> jax.Array:
    """Return float `[DELTAS + 1, DELTA_FEATURES]`: what each next onset, or the end, coincides with."""
    onsets = jnp.minimum(
        jnp.concatenate([state.now + jnp.asarray(ev.DELTA_TICKS), window.hole_ticks[None]]),
        window.hole_ticks,
    )
    row = window.clock[onsets]
    usable = jnp.arange(MAX_LAYERS) < window.layers[:, None]
    written = usable & window.valid[:, None] & (state.voice_end > 0)
    ends = jnp.where(written, state.voice_end, -1)
    meets = (ends[..., None] == onsets).any(axis=1)
    silent = (ends[..., None] <= onsets).all(axis=(0, 1))
    ready = jnp.pad(fresh_masks(window, state).T, ((0, 0), (0, 1)))
    going_on = ready & meets
    features = [
        jax.nn.one_hot(row[:, C_STRENGTH], STRENGTH_COUNT),
        (ready.sum(axis=0) / 4)[:, None],
        (going_on.sum(axis=0) / 4)[:, None],
        going_on.any(axis=0)[:, None],
        meets.any(axis=0)[:, None],
        (meets.sum(axis=0) / 4)[:, None],
        silent[:, None],
        (row[:, C_KNOWN_ONSETS] > 0)[:, None],
        (row[:, C_MEASURE] != window.clock[state.now, C_MEASURE])[:, None],
        lags.onsets_at_lags(window, state.line, onsets) / 4,
    ]
    return jnp.concatenate([jnp.asarray(feature, jnp.float32) for feature in features], axis=-1)
