"""How well what stands whole measures away (`jaxmodels.lags`) foretells a staff: what of it came true."""

from __future__ import annotations

import jax
import jax.numpy as jnp

from jaxmodels.lags import LAGS
from jaxmodels.repeats import LONG_RUN
from jaxmodels.state import State
from jaxmodels.window_layout import Window

RUNS = 2 * LAGS
"""How many numbers tell the runs: the last of `StaffView.numbers`, the third part of `PitchView.recall`."""


def streaks(state: State) -> jax.Array:
    """Return how well each lag has foretold the staff so far, `[S, LAGS]` from 0 to 1."""
    return jnp.minimum(state.streak, LONG_RUN) / LONG_RUN


def runs(window: Window, measure: jax.Array) -> jax.Array:
    """Return how well each lag foretells the music around each staff's segment, `[S, 2·LAGS]`, 0 to 1."""
    return window.runs[:, measure] / LONG_RUN
