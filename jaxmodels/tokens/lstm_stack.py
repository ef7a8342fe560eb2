"""Stacked LSTM layers up to their last hidden state, with a gradient written for the CPU.

    i, f, o = σ(x·W + h·U + b), a = tanh(…);  c ← f·c + i·a;  h ← o·tanh(c)      (Keras's order: i, f, a, o)

All layers go through one step together, so that what passes between them stays in the processor's cache;
W and U are one kernel over x and h side by side. The automatic gradient is the same but slower. σ(x) = ½ +
½·tanh(x/2) makes the four gates one tanh over one block of memory.

B batch, T tokens, N channels of a layer, G = 4·N gates, K = channels of the layer below + N.
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
    squashed = jnp.array([0.5, 0.5, 1.0, 0.5], gates.dtype).repeat(past.shape[-1])
    opened = jnp.tanh(gates * squashed) * squashed + (1 - squashed)
    take, keep, candidate, show = jnp.split(opened, 4, axis=-1)
    state = keep * past + take * candidate
    return show * jnp.tanh(state), state, opened


@partial(jax.custom_vjp, nondiff_argnums=(3,))
def last_hidden(
    given_TBG: jax.Array, kernels: tuple[jax.Array, ...], biases: tuple[jax.Array, ...], products: str
) -> jax.Array:
    """Return the top layer's hidden state `[B, N]` after T steps from zero states.

    - `given_TBG`: what tokens and bias add to the lowest layer's gates.
    - `kernels`: `[N, G]` of the lowest layer, `[K, G]` of the others; `biases`: `[G]` of the others.
    """
    return _forward(given_TBG, kernels, biases, products)[0]


def _forward(given_TBG: jax.Array, kernels: Any, biases: Any, products: str) -> Any:
    """Return the last hidden state, and for each layer what the way back needs of each step."""
    factors = [kernel.astype(products) for kernel in kernels]

    def step(carried: Any, given_BG: jax.Array) -> Any:
        after, kept, below = [], [], None
        for layer, (hidden, past) in enumerate(carried):
            inputs = hidden if below is None else jnp.concatenate([below, hidden], axis=-1)
            added = given_BG if below is None else biases[layer - 1]
            now, state, opened = cell(added + product(inputs, factors[layer], products), past)
            below = now.astype(products)
            after.append((below, state))
            kept.append((inputs.T, opened, past, state))
        return tuple(after), tuple(kept)

    batch = given_TBG.shape[1]
    widths = [kernel.shape[1] // 4 for kernel in kernels]
    start = tuple((jnp.zeros((batch, width), products), jnp.zeros((batch, width))) for width in widths)
    carried, kept = jax.lax.scan(step, start, given_TBG)
    return carried[-1][0].astype(jnp.float32), kept


def _remembering(given_TBG: jax.Array, kernels: Any, biases: Any, products: str) -> Any:
    hidden, kept = _forward(given_TBG, kernels, biases, products)
    return hidden, (kept, kernels)


def _backward(products: str, remembered: Any, wanted_BN: jax.Array) -> Any:
    """Return the gradients of what the lowest layer was given, of kernels and biases."""
    kept, kernels = remembered
    backwards = jax.lax.optimization_barrier(tuple(kernel.T.astype(products) for kernel in kernels))
    top = len(kernels) - 1

    def step(carried: Any, step_kept: Any) -> Any:
        d_states, d_kernels, d_biases = carried
        d_below, d_given, before = None, None, []
        kernel_sums, bias_sums = list(d_kernels), list(d_biases)
        for layer in range(top, -1, -1):
            inputs_KB, opened, past, state = step_kept[layer]
            d_hidden, d_state = d_states[layer]
            d_hidden = d_hidden if d_below is None else d_hidden + d_below
            d_given, d_state = _gates_backward(d_hidden, d_state, opened, past, state)
            d_inputs = product(d_given, backwards[layer], products)
            kernel_sums[layer] += product(inputs_KB, d_given, products)
            if layer:
                bias_sums[layer - 1] += d_given.sum(0)
            channels = state.shape[1]
            before.insert(0, (d_inputs[:, -channels:], d_state))
            d_below = d_inputs[:, :-channels]
        return (tuple(before), tuple(kernel_sums), tuple(bias_sums)), d_given

    d_states = [(jnp.zeros_like(each[2][0]), jnp.zeros_like(each[2][0])) for each in kept]
    d_states[top] = (wanted_BN, d_states[top][1])
    sums = tuple(jnp.zeros_like(kernel) for kernel in kernels)
    bias_sums = tuple(jnp.zeros(kernel.shape[1]) for kernel in kernels[1:])
    start = (tuple(d_states), sums, bias_sums)
    (_, d_kernels, d_biases), d_given = jax.lax.scan(step, start, kept, reverse=True)
    return d_given, d_kernels, d_biases


def _gates_backward(
    d_hidden: jax.Array, d_state: jax.Array, opened: jax.Array, past: jax.Array, state: jax.Array
) -> tuple[jax.Array, jax.Array]:
    """Return the gradients `[B, G]` of the gates and `[B, N]` of the cell state before a step."""
    take, keep, candidate, show = jnp.split(opened, 4, axis=-1)
    # the barriers keep XLA from computing these again for each of the four gates
    d_hidden, shown = jax.lax.optimization_barrier((d_hidden, jnp.tanh(state)))
    d_state = jax.lax.optimization_barrier(d_state + d_hidden * show * (1 - shown**2))
    d_opened = jnp.concatenate([d_state, d_state, d_state, d_hidden], axis=-1)
    d_opened *= jnp.concatenate([candidate, past, take, shown], axis=-1)
    of_candidate = jnp.arange(opened.shape[1]) // state.shape[1] == 2
    slopes = jnp.where(of_candidate, 1 - opened**2, opened * (1 - opened))
    return d_opened * slopes, d_state * keep


last_hidden.defvjp(_remembering, _backward)
