"""Classes that are embedded: of lengths in ticks, of places in the metre, of tones above `do`."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from jaxmodels import events as ev

SPANS = np.array([0, 3, 4, 6, 8, 9, 12, 16, 18, 24, 30, 36, 48, 60, 72, 96, 120, 144, 192, 288, 384, 768])
NO_SPAN = len(SPANS)
"""The class of a span that doesn't exist."""
SPAN_CLASSES = len(SPANS) + 1
NO_TONE = 12
STRENGTH_COUNT = len(ev.STRENGTHS)


def span(ticks: jax.Array) -> jax.Array:
    """Return the class of a length in ticks: the last of `SPANS` that it reaches; negative is none."""
    reached = (ticks[..., None] >= SPANS).sum(axis=-1) - 1
    return jnp.where(ticks < 0, NO_SPAN, reached).astype(jnp.int32)
