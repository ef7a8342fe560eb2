"""Drawing one class from masked logits."""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp


class Choice(NamedTuple):
    """A drawn class and its −log p under the logits as they came (temperature 1, nothing cut off)."""

    index: jax.Array
    nll: jax.Array


def draw(
    logits: jax.Array,
    uniform: jax.Array,
    temperature: jax.Array,
    top_p: jax.Array,
    preferred: jax.Array | None = None,
) -> Choice:
    """Draw from softmax(`logits` / `temperature`), cut to the likeliest classes that hold `top_p`.

    - `logits` `[V]`, illegal classes at `constraints.ILLEGAL`: never drawn while a legal one is there.
    - `preferred` `[V]`: logits to draw from instead; `logits` still give the choice's likelihood.
    - `uniform`: one number in [0, 1); the draw is a function of it (the inverse of the distribution).
    """
    log_probs = jax.nn.log_softmax(logits)
    wanted = logits if preferred is None else preferred
    probs = jax.nn.softmax(wanted / jnp.maximum(temperature, 1e-3))
    order = jnp.argsort(-probs)
    ranked = probs[order]
    reached = jnp.cumsum(ranked)
    kept = ((reached - ranked) < top_p) & (ranked > 0)
    ranked = jnp.where(kept, ranked, 0)
    reached = jnp.cumsum(ranked)
    last = jnp.maximum(kept.sum() - 1, 0)  # the likeliest class stays whatever `top_p` is
    place = jnp.minimum((reached <= uniform * reached[-1]).sum(), last)
    index = order[place].astype(jnp.int32)
    return Choice(index, -log_probs[index])
