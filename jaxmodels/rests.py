"""How long a staff may be silent in the hole: a wish, not a rule of validity.

A staff that never rests around the hole shouldn't rest in it. Each staff has a longest rest; when that is
over, the staff is *due*. Where nothing else is left, a wish gives way.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp

from jaxmodels import events as ev
from jaxmodels.constraints import ILLEGAL, prefer
from jaxmodels.state import State
from jaxmodels.window_layout import C_MEASURE, X_END, X_MASK, X_START, Window

NEVER = 1 << 20
"""A tick that no hole reaches."""

LEAST_ROOM = 3
"""Ticks left in its segment below which a staff needn't begin another note."""


def due_ticks(window: Window, state: State, longest_rest: jax.Array) -> jax.Array:
    """Return the clock `[S]` by which each staff should begin its next note (`longest_rest` in ticks)."""
    segment = window.segment[:, window.clock[state.now, C_MEASURE]]
    due = jnp.maximum(state.voice_end.max(axis=1), segment[:, X_START]) + longest_rest
    wanted = window.valid & (segment[:, X_MASK] == 1) & (due + LEAST_ROOM <= segment[:, X_END])
    return jnp.where(wanted, due, NEVER)


def prefer_onsets(window: Window, state: State, logits: jax.Array, longest_rest: jax.Array) -> jax.Array:
    """Return the logits `[DELTAS + 1]` with all masked that would leave a staff silent beyond its due.

    Where no onset in time is legal, the earliest one is left.
    """
    onsets = jnp.append(state.now + jnp.asarray(ev.DELTA_TICKS), window.hole_ticks)
    in_time = onsets <= due_ticks(window, state, longest_rest).min()
    legal = logits > ILLEGAL / 2
    earliest = jnp.arange(ev.DELTAS + 1) == jnp.argmax(legal)
    return prefer(logits, jnp.where((in_time & legal).any(), in_time, earliest))


def prefer_staves(
    window: Window, state: State, onset: jax.Array, logits: jax.Array, longest_rest: jax.Array
) -> jax.Array:
    """Return the logits `[S]` with staves masked that would pass over a due one above them."""
    due = (due_ticks(window, state, longest_rest) <= onset) & (logits > ILLEGAL / 2)
    passed = jnp.cumsum(due) - due
    return prefer(logits, passed == 0)
