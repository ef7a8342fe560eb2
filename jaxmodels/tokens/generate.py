"""New tokens after a prompt, in one program: the likeliest of each step, or drawn."""

from __future__ import annotations

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from jaxmodels.tokens.config import TokenConfig
from jaxmodels.tokens.model import build_model


def generate(
    config: TokenConfig,
    params: dict,
    prompt_T: np.ndarray,
    count: int,
    temperature: float,
    seed: int,
    windowed: bool = False,
) -> np.ndarray:
    """Return `count` tokens, int32 `[count]`, after `config.window` tokens of prompt.

    - `temperature`: logits are divided by it; 0 takes the likeliest token, as the tutorial does.
    - `windowed`: each token comes from the last window alone, as in the tutorial. Else the LSTM keeps its
      states, so that it remembers the prompt and all that followed; the WaveNet can't.

    Raises `ValueError` for a prompt of another length or with unknown tokens.
    """
    prompt_T = np.asarray(prompt_T, np.int32)
    if prompt_T.shape != (config.window,):
        raise ValueError(f"the prompt must be {config.window} tokens, got shape {prompt_T.shape}")
    if prompt_T.min() < 0 or prompt_T.max() >= len(config.vocabulary):
        raise ValueError(f"the prompt's tokens must lie below {len(config.vocabulary)}")
    if temperature < 0 or count < 0:
        raise ValueError(f"temperature and count must be at least 0, got {temperature} and {count}")
    greedy = temperature == 0
    heat, key = 1.0 if greedy else temperature, jax.random.key(seed)
    return np.asarray(_generate(config, params, prompt_T, count, greedy, windowed, heat, key))


@partial(jax.jit, static_argnums=(0, 3, 4, 5))
def _generate(
    config: TokenConfig,
    params: dict,
    prompt_T: jax.Array,
    count: int,
    greedy: bool,
    windowed: bool,
    temperature: jax.Array | float,
    key: jax.Array,
) -> jax.Array:
    model = build_model(config)
    kind = type(model)
    weights = {"params": params}
    prime, onward = (kind.prime_window, kind.step_window) if windowed else (kind.prime, kind.step)
    # all noise is drawn before the loop: adding it and taking the largest draws from the softmax (Gumbel)
    noise_MV = jax.random.gumbel(key, (count, len(config.vocabulary))) * (0.0 if greedy else 1.0)

    def step(carried: Any, noise_V: jax.Array) -> Any:
        logits_V, carry = carried
        token = jnp.argmax(logits_V / temperature + noise_V).astype(jnp.int32)
        return model.apply(weights, carry, token, method=onward), token

    start: Any = model.apply(weights, prompt_T, method=prime)
    return jax.lax.scan(step, start, noise_MV)[1]
