"""Dropout from a counter's hash, which costs a CPU less than JAX's own random bits.

The hash is the 32-bit finaliser of MurmurHash3 (A. Appleby, public domain), of each number's place and two
words of the key. For leaving out numbers at random it needn't be more.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp


def dropped(values: jax.Array, rate: float, key: jax.Array) -> jax.Array:
    """Return `values` with a share `rate` of them 0 and the others scaled up to keep the mean."""
    first, second = jax.random.bits(key, (2,), jnp.uint32)
    place = jax.lax.iota(jnp.uint32, values.size).reshape(values.shape)
    hashed = _mixed(_mixed(place + first) ^ second)
    kept = hashed >= jnp.uint32(min(round(rate * 2**32), 2**32 - 1))
    return jnp.where(kept, values / (1 - rate), 0.0)


def _mixed(word: jax.Array) -> jax.Array:
    word = (word ^ (word >> 16)) * jnp.uint32(0x85EBCA6B)
    word = (word ^ (word >> 13)) * jnp.uint32(0xC2B2AE35)
    return word ^ (word >> 16)
