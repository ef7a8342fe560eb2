"""log Z: exact by enumeration for small RBMs, else estimated by annealed importance sampling.

R runs, K + 1 inverse temperatures, V visible units, H hidden units.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from jaxmodels.rbm.energy import Rbm, free_energy, hidden_logits, visible_logits
from jaxmodels.rbm.gibbs import bernoulli

MOST_ENUMERATED = 20
"""Units of the smaller side up to which Z is summed exactly: a million terms."""


def exact_log_z(rbm: Rbm) -> float:
    """Return log Z, summed over all states of the smaller side; the other side is summed out in each.

    Raises `ValueError` for an RBM with more than `MOST_ENUMERATED` units on both sides.
    """
    visible, hidden = rbm.weights.shape
    if min(visible, hidden) > MOST_ENUMERATED:
        raise ValueError(
            f"{visible} visible and {hidden} hidden units can't be enumerated (over {MOST_ENUMERATED})"
        )
    if hidden < visible:
        rbm = Rbm(rbm.weights.T, rbm.hidden_bias, rbm.visible_bias)
    states = all_states(len(rbm.visible_bias))
    return float(jax.nn.logsumexp(-free_energy(rbm, states)))


def all_states(units: int) -> jax.Array:
    """Return all states of so many binary units, float32 `[2^units, units]`."""
    return ((jnp.arange(2**units)[:, None] >> jnp.arange(units)) & 1).astype(jnp.float32)


class LogZ(NamedTuple):
    """An estimate of log Z: `low` and `high` are log(Ẑ ∓ 3σ̂), by the spread of the runs' weights."""

    value: float
    low: float
    high: float


def ladder(steps: int) -> np.ndarray:
    """Return `steps` + 1 inverse temperatures from 0 to 1, denser towards 1, where most changes."""
    share = np.arange(steps + 1) / steps
    return (1 - (1 - share) ** 1.5).astype(np.float32)


def ais_log_z(rbm: Rbm, base_logits: np.ndarray, steps: int, runs: int, seed: int) -> LogZ:
    """Return log Z by annealed importance sampling (Salakhutdinov & Murray 2008, §4.1).

    - `base_logits` `[V]`: of independent visible units, as frequent as in the data, that the runs begin
      with: the "base-rate" RBM of their §4.1.3; `steps`: intermediate distributions.

    Unbiased for Z, hence in the mean too low for log Z, the less so the more steps and runs.
    """
    key, first = jax.random.split(jax.random.key(seed))
    base = jnp.asarray(base_logits, jnp.float32)
    start = bernoulli(first, jnp.broadcast_to(base, (runs, len(base))))
    log_weights = anneal(rbm, base, start, jnp.asarray(ladder(steps)), key)
    return _estimate(np.asarray(log_weights, np.float64) + _base_log_z(rbm, base))


def reverse_ais_log_z(rbm: Rbm, base_logits: np.ndarray, samples: jax.Array, steps: int, seed: int) -> LogZ:
    """Return log Z by the same ladder walked down from the RBM's own `samples` `[R, V]`.

    With exact samples it is unbiased for 1 / Z, hence in the mean too high for log Z (Burda et al. 2015,
    *Accurate and Conservative Estimates of MRF Log-likelihood using Reverse Annealing*, §4): both ways
    agree only where the ladder is fine enough.
    """
    base = jnp.asarray(base_logits, jnp.float32)
    down = jnp.asarray(ladder(steps)[::-1].copy())
    log_weights = np.asarray(anneal(rbm, base, samples, down, jax.random.key(seed)), np.float64)
    inverse = _estimate(log_weights - _base_log_z(rbm, base))
    return LogZ(-inverse.value, -inverse.high, -inverse.low)


@partial(jax.jit)
def anneal(
    rbm: Rbm, base: jax.Array, visible: jax.Array, inverse_temperatures: jax.Array, key: jax.Array
) -> jax.Array:
    """Return each run's log weight `[R]`: Σₖ log p*ₖ(v) − log p*ₖ₋₁(v), v moved by Tₖ after each.

    p*_β(v) = exp((1 − β) a·v) · exp(β b·v) · Πⱼ (1 + exp(β (cⱼ + (v·W)ⱼ))), their equation 16 with a base
    of no hidden unit; T_β draws the hidden units of p*_β, then the visible ones (their equations 17 to
    20).
    """

    def log_p(beta: jax.Array, visible: jax.Array) -> jax.Array:
        biased = visible @ ((1 - beta) * base + beta * rbm.visible_bias)
        return biased + jax.nn.softplus(beta * hidden_logits(rbm, visible)).sum(-1)

    def step(carry: tuple, now: tuple) -> tuple:
        visible, total = carry
        before, beta, key = now
        total += log_p(beta, visible) - log_p(before, visible)
        up, down = jax.random.split(key)
        hidden = bernoulli(up, beta * hidden_logits(rbm, visible))
        logits = (1 - beta) * base + beta * visible_logits(rbm, hidden)
        return (bernoulli(down, logits), total), None

    betas = inverse_temperatures
    keys = jax.random.split(key, len(betas) - 1)
    start = (visible, jnp.zeros(visible.shape[0]))
    return jax.lax.scan(step, start, (betas[:-1], betas[1:], keys))[0][1]


def _base_log_z(rbm: Rbm, base: jax.Array) -> float:
    return float(jax.nn.softplus(base).sum() + len(rbm.hidden_bias) * np.log(2))


def _estimate(log_weights: np.ndarray) -> LogZ:
    top = log_weights.max()
    weights = np.exp(log_weights - top)
    mean, spread = weights.mean(), 3 * weights.std(ddof=1) / np.sqrt(len(weights))
    low = top + np.log(mean - spread) if mean > spread else -np.inf
    return LogZ(float(top + np.log(mean)), float(low), float(top + np.log(mean + spread)))


def mean_nats(rbm: Rbm, visible: np.ndarray, log_z: float) -> float:
    """Return the mean −log p(v) of `visible` `[N, V]` in nats, given log Z."""
    chunks = [visible[start : start + 4096] for start in range(0, len(visible), 4096)]
    total = sum(float(free_energy(rbm, jnp.asarray(chunk, jnp.float32)).sum()) for chunk in chunks)
    return total / len(visible) + log_z
