"""Gibbs sampling: many chains as one batch, some units clamped, annealed, jitted.

N chains, V visible units, T sweeps.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from jaxmodels.rbm.energy import Rbm, hidden_logits, visible_logits


def bernoulli(key: jax.Array, logits: jax.Array) -> jax.Array:
    """Return float32 zeros and ones that are one with probability σ(`logits`)."""
    return (jax.random.uniform(key, logits.shape) < jax.nn.sigmoid(logits)).astype(jnp.float32)


@jax.jit
def gibbs(
    rbm: Rbm,
    visible: jax.Array,
    clamped: jax.Array,
    inverse_temperatures: jax.Array,
    key: jax.Array,
) -> jax.Array:
    """Return the chains `[N, V]` after one sweep at each of `inverse_temperatures` `[T]`.

    - `visible` float32 `[N, V]`: where the chains begin; `clamped` bool `[V]` or `[N, V]`: units that
      keep their value, bit for bit.

    A sweep draws h given v, then v given h, both at energies multiplied by the inverse temperature.
    Sampling at rising ones anneals (Kirkpatrick et al. 1983); at 1 throughout it is the RBM's own
    chain.
    """

    def sweep(visible: jax.Array, now: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, None]:
        beta, key = now
        up, down = jax.random.split(key)
        hidden = bernoulli(up, beta * hidden_logits(rbm, visible))
        drawn = bernoulli(down, beta * visible_logits(rbm, hidden))
        return jnp.where(clamped, visible, drawn), None

    keys = jax.random.split(key, inverse_temperatures.shape[0])
    return jax.lax.scan(sweep, visible, (inverse_temperatures, keys))[0]


def annealing(
    sweeps: int, start: float = 0.3, temperature: float = 1.0, settled: float = 0.4
) -> np.ndarray:
    """Return the inverse temperatures `[sweeps]` of a cooling chain: linear from `start`, then constant.

    - `settled`: share of the sweeps at `1 / temperature`. Raises `ValueError` for what can't be.
    """
    if sweeps < 1:
        raise ValueError(f"sweeps must be at least 1, got {sweeps}")
    if not temperature > 0:
        raise ValueError(f"temperature must be positive, got {temperature}")
    last = max(1, round(settled * sweeps))
    rising = np.linspace(start, 1.0, sweeps - last, endpoint=False)
    return (np.concatenate([rising, np.ones(last)]) / temperature).astype(np.float32)
