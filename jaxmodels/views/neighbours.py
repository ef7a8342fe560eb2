"""The notes nearest to a staff: what the staves above and below it sound, and the lowest of all."""

from __future__ import annotations

import jax
import jax.numpy as jnp

from jaxmodels import events as ev


def lowest_of(sounding: jax.Array) -> jax.Array:
    """Return the lowest pitch of bool `[…, 128]`, −1 if there is none."""
    return jnp.where(sounding.any(axis=-1), jnp.argmax(sounding, axis=-1), -1)


def above(sounding_SP: jax.Array, last: jax.Array, staff: jax.Array) -> jax.Array:
    """Return the lowest note of the staff above, its `last` where it is silent, −1 if there is neither."""
    neighbour = jnp.maximum(staff - 1, 0)
    pitch = lowest_of(sounding_SP[neighbour])
    return jnp.where(staff > 0, jnp.where(pitch >= 0, pitch, last[neighbour]), -1)


def below(sounding_SP: jax.Array, last: jax.Array, staff: jax.Array) -> jax.Array:
    """Return the highest note of the staff below, its `last` where it is silent, −1 if there is neither."""
    count = sounding_SP.shape[0]
    neighbour = jnp.minimum(staff + 1, count - 1)
    upside_down = lowest_of(sounding_SP[neighbour, ::-1])
    pitch = jnp.where(upside_down >= 0, ev.PITCHES - 1 - upside_down, last[neighbour])
    return jnp.where(staff + 1 < count, pitch, -1)
