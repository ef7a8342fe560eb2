"""Drawing one class from masked logits.

V classes.
"""

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

    Classes as likely as the last that is needed to hold `top_p` are kept too; the likeliest always is.
    """
    log_probs = jax.nn.log_softmax(logits)
    wanted = logits if preferred is None else preferred
    probs = jax.nn.softmax(wanted / jnp.maximum(temperature, 1e-3))
    likelier = jnp.where(probs > probs[:, None], probs, 0).sum(axis=1)  # cheaper in a loop than sorting
    kept = ((likelier < top_p) | (probs == probs.max())) & (probs > 0)
    count = probs.shape[0]
    up_to = jnp.arange(count)[:, None] >= jnp.arange(count)
    reached = jnp.where(up_to & kept, probs, 0).sum(axis=1)
    last = count - 1 - jnp.argmax(kept[::-1])
    index = jnp.minimum((reached <= uniform * reached[-1]).sum(), last).astype(jnp.int32)
    return Choice(index, -log_probs[index])
