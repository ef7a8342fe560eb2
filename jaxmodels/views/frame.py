"""Where the context encoder's output for a moment lies."""

from __future__ import annotations

import jax
import jax.numpy as jnp

from jaxmodels.window_layout import C_TICK, CONTEXT_TICKS, FRAME_TICKS, Window


def context_frame(window: Window, onset: jax.Array) -> jax.Array:
    """Return the context encoder's frame at clock `onset`."""
    last = window.roll.shape[1] * FRAME_TICKS // CONTEXT_TICKS - 1
    return jnp.minimum(window.clock[onset, C_TICK] // CONTEXT_TICKS, last)
