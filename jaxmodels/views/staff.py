"""Each staff at a moment: how long since, until and to what, and what it was foretold."""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp

from jaxmodels import lags
from jaxmodels.staff_facts import MAX_LAYERS
from jaxmodels.state import State, anchors
from jaxmodels.views import repetition
from jaxmodels.views.classes import NO_TONE, span
from jaxmodels.window_layout import (
    C_MEASURE,
    C_STRENGTH,
    C_TONIC,
    X_END,
    X_MASK,
    X_NEXT,
    X_NEXT_AFTER,
    Window,
)


class StaffView(NamedTuple):
    """Each staff at a moment, `[S]`, int32 unless said otherwise.

    - `remaining`, `ago`, `to_end`, `next_after`: classes of `SPANS`: until its first voice is free, since
      its last onset, to the end of its segment, and to its next known note after that.
    - `tone`: degree of its last pitch above `do`, `NO_TONE` before the first; `chord`: 1 if it has the last
      event and that began now, so that a note would join its chord; `strength`: of the place in the metre.
    - `inside` bool: it has something to fill here; `numbers` float `[S, …]`: the rest.
    """

    remaining: jax.Array
    ago: jax.Array
    to_end: jax.Array
    next_after: jax.Array
    tone: jax.Array
    chord: jax.Array
    inside: jax.Array
    strength: jax.Array
    numbers: jax.Array


def staff_view(window: Window, state: State, onset: jax.Array) -> StaffView:
    """Return how each staff stands at clock `onset`."""
    row = window.clock[onset]
    segment = window.segment[:, row[C_MEASURE]]
    past = anchors(window, state, onset)
    usable = jnp.arange(MAX_LAYERS) < window.layers[:, None]
    written = usable & (state.voice_end > 0)
    ends = jnp.where(usable, state.voice_end, 1 << 20).min(axis=1)
    to_end = segment[:, X_END] - onset
    known_next = segment[:, X_NEXT] >= 0
    low, upcoming = past.low, segment[:, X_NEXT]
    numbers = jnp.stack(
        [
            jnp.where(low >= 0, low - 64, 0) / 24,
            jnp.where(low >= 0, low - window.lowest, 0) / 24,
            jnp.where(low >= 0, window.highest - low, 0) / 24,
            jnp.where(known_next & (low >= 0), upcoming - low, 0) / 12,
            (window.lowest + window.highest - 128) / 48,
            (window.highest - window.lowest) / 48,
            (window.polyphony - 1) / 4,
            window.layers - 1.0,
            (written & (state.voice_end == onset)).any(axis=1),
            *lags.lag_view(window, state.line, onset).there.T,
            *repetition.streaks(state).T,
            *repetition.runs(window, row[C_MEASURE]).T,
        ],
        axis=-1,
    )
    staves = jnp.arange(window.program.shape[0])
    return StaffView(
        remaining=span(jnp.maximum(ends - onset, 0)),
        ago=span(past.ago),
        to_end=span(to_end),
        next_after=span(jnp.where(known_next, to_end + segment[:, X_NEXT_AFTER], -1)),
        tone=jnp.where(low >= 0, (low - row[C_TONIC]) % 12, NO_TONE),
        chord=((onset == state.now) & (staves == state.staff)).astype(jnp.int32),
        inside=window.valid & (segment[:, X_MASK] == 1),
        strength=jnp.broadcast_to(row[C_STRENGTH], staves.shape),
        numbers=numbers.astype(jnp.float32),
    )
