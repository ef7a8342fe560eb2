"""An LSTM layer over whole sequences, with a gradient written for the CPU.

    i, f, o = σ(given + h·U), a = tanh(…);  c ← f·c + i·a;  h ← o·tanh(c)        (Keras's order: i, f, a, o)

What is automatic is correct too, but slower: it adds to U's gradient in every step, where one product over
all steps does. σ(x) = ½ + ½·tanh(x/2) makes the four gates one tanh over one block of memory.

B batch, T tokens, N channels.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp


def product(left: jax.Array, right: jax.Array, products: str) -> jax.Array:
    """Return float32 `left @ right` `[…, K] @ [K, M]`, the factors rounded to `products` before."""
    dimensions = (((left.ndim - 1,), (0,)), ((), ()))
    return jax.lax.dot_general(
        left.astype(products), right.astype(products), dimensions, preferred_element_type=jnp.float32
    )


def cell(gates: jax.Array, past: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:
    """Return hidden and cell state `[…, N]`, and the opened gates `[…, 4·N]`, after one step.

    - `gates`: `[…, 4·N]`, before the nonlinearities; `past`: the cell state before.
    """
    channels = past.shape[-1]
    squashed = jnp.array([0.5, 0.5, 1.0, 0.5], gates.dtype).repeat(channels)
    opened = jnp.tanh(gates * squashed) * squashed + (1 - squashed)
    take, keep, candidate, show = jnp.split(opened, 4, axis=-1)
    state = keep * past + take * candidate
    return show * jnp.tanh(state), state, opened


@partial(jax.custom_vjp, nondiff_argnums=(2,))
def lstm_layer(given_TBG: jax.Array, recurrent_NG: jax.Array, products: str) -> jax.Array:
    """Return the hidden states `[T, B, N]` from zero states on; G = 4·N.

    - `given_TBG`: what the layer's inputs and its bias add to the gates.
    """
    return _forward(given_TBG, recurrent_NG, products)[0]


def _forward(given_TBG: jax.Array, recurrent_NG: jax.Array, products: str) -> Any:
    """Return hidden states, cell states and opened gates of all steps."""
    factor = recurrent_NG.astype(products)

    def step(past: Any, given_BG: jax.Array) -> Any:
        hidden, state, opened = cell(given_BG + product(past[0], factor, products), past[1])
        return (hidden, state), (hidden, state, opened)

    zeros = jnp.zeros((given_TBG.shape[1], recurrent_NG.shape[0]))
    return jax.lax.scan(step, (zeros, zeros), given_TBG)[1]


def _remembering(given_TBG: jax.Array, recurrent_NG: jax.Array, products: str) -> Any:
    hidden, state, opened = _forward(given_TBG, recurrent_NG, products)
    return hidden, (hidden, state, opened, recurrent_NG)


def _backward(products: str, kept: Any, wanted_TBN: jax.Array) -> Any:
    hidden, state, opened, recurrent_NG = kept
    channels, gates = recurrent_NG.shape
    backwards = jax.lax.optimization_barrier(recurrent_NG.T.astype(products))
    of_candidate = jnp.arange(gates) // channels == 2

    def step(carried: Any, step_values: Any) -> Any:
        d_hidden, d_state = carried
        wanted, after, before, opened = step_values
        take, keep, candidate, show = jnp.split(opened, 4, axis=-1)
        # the barriers keep XLA from computing these again for each of the four gates
        d_hidden, shown = jax.lax.optimization_barrier((d_hidden + wanted, jnp.tanh(after)))
        d_state = jax.lax.optimization_barrier(d_state + d_hidden * show * (1 - shown**2))
        d_opened = jnp.concatenate([d_state, d_state, d_state, d_hidden], axis=-1)
        d_opened *= jnp.concatenate([candidate, before, take, shown], axis=-1)
        d_gates = d_opened * jnp.where(of_candidate, 1 - opened**2, opened * (1 - opened))
        return (product(d_gates, backwards, products), d_state * keep), d_gates

    zeros = jnp.zeros_like(wanted_TBN[0])
    steps = (wanted_TBN, state, _delayed(state), opened)
    d_given = jax.lax.scan(step, (zeros, zeros), steps, reverse=True)[1]
    before = _delayed(hidden).reshape(-1, channels)
    return d_given, product(before.T, d_given.reshape(-1, gates), products)


def _delayed(values: jax.Array) -> jax.Array:
    return jnp.concatenate([jnp.zeros_like(values[:1]), values[:-1]])


lstm_layer.defvjp(_remembering, _backward)
