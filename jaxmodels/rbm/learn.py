"""Learning: contrastive divergence and its persistent form, jitted, many updates in one call.

The gradient of −log p(v) is ∂F(v)/∂θ minus its mean under the model. Contrastive divergence (CD-k; Hinton
2002, §2) takes that mean over samples that k Gibbs sweeps lead away from the data; its persistent form
(PCD; Tieleman 2008, *Training Restricted Boltzmann Machines using Approximations to the Likelihood
Gradient*) over chains that go on from one update to the next.

B vectors of a batch, as many chains; V visible units.
"""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax

from jaxmodels.rbm.config import FitConfig
from jaxmodels.rbm.energy import Rbm, free_energy
from jaxmodels.rbm.gibbs import gibbs


class Learning(NamedTuple):
    """A training on its way: `rbm`, its running `average`, Adam's state, `chains` `[B, V]`, `step`."""

    rbm: Rbm
    average: Rbm
    optimiser: Any
    chains: jax.Array
    step: jax.Array


def optimiser(config: FitConfig) -> optax.GradientTransformation:
    """Return Adam with decay of the weights alone, at a rate that falls linearly to 0."""
    decayed = Rbm(weights=True, visible_bias=False, hidden_bias=False)
    rate = optax.linear_schedule(config.peak_rate, 0.0, config.steps)
    return optax.adamw(rate, weight_decay=config.weight_decay, mask=decayed)


def begin(config: FitConfig, rbm: Rbm, chains: jax.Array | np.ndarray) -> Learning:
    """Return the start of a training; `chains` `[B, V]`: vectors that the persistent chains begin at."""
    return Learning(rbm, rbm, optimiser(config).init(rbm), jnp.asarray(chains, jnp.float32), jnp.int32(0))


@partial(jax.jit, static_argnums=0)
def learn(config: FitConfig, learning: Learning, batches: jax.Array) -> Learning:
    """Return the training after an update for each of `batches` `[n, B, V]` (zeros and ones, any dtype)."""

    def update(now: Learning, batch: jax.Array) -> tuple[Learning, None]:
        data = batch.astype(jnp.float32)
        key = jax.random.fold_in(jax.random.key(config.seed), now.step)
        gradient, chains = contrast(config, now.rbm, data, now.chains, key)
        changes, state = optimiser(config).update(gradient, now.optimiser, now.rbm)
        rbm: Rbm = optax.apply_updates(now.rbm, changes)  # type: ignore[assignment]
        kept = jnp.minimum(config.ema_decay, (1 + now.step) / (10 + now.step))
        average = jax.tree.map(lambda old, new: kept * old + (1 - kept) * new, now.average, rbm)
        return Learning(rbm, average, state, chains, now.step + 1), None

    return jax.lax.scan(update, learning, batches)[0]


def contrast(
    config: FitConfig, rbm: Rbm, data: jax.Array, chains: jax.Array, key: jax.Array
) -> tuple[Rbm, jax.Array]:
    """Return the estimated gradient of the mean −log p(data), and the chains where the sweeps left them."""
    start = chains if config.method == "pcd" else data
    free = jnp.zeros(data.shape[-1], bool)
    chains = jax.lax.stop_gradient(gibbs(rbm, start, free, jnp.ones(config.sweeps), key))

    def difference(rbm: Rbm) -> jax.Array:
        return free_energy(rbm, data).mean() - free_energy(rbm, chains).mean()

    return jax.grad(difference)(rbm), chains
