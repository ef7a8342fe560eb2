"""The RBM itself: its energy, its free energy and the conditionals that Gibbs sampling draws from.

A restricted Boltzmann machine joins binary visible units v to binary hidden units h by

    E(v, h) = −b·v − c·h − v·W·h,    p(v, h) = exp(−E(v, h)) / Z

(Hinton 2002, *Training Products of Experts by Minimizing Contrastive Divergence*, §6). Summing the hidden
units out gives the free energy F(v) = −b·v − Σⱼ softplus(cⱼ + (v·W)ⱼ), with p(v) = exp(−F(v)) / Z
(Boulanger-Lewandowski et al. 2012, *Modeling Temporal Dependencies in High-Dimensional Sequences*, §2).

V visible units, H hidden units, `...` any leading axes.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

CERTAIN = 15.0
"""Largest logit that a unit's frequency is given: a unit that was never on stays possible."""


class Rbm(NamedTuple):
    """float32 parameters: `weights` `[V, H]`, `visible_bias` `[V]`, `hidden_bias` `[H]`."""

    weights: Any
    visible_bias: Any
    hidden_bias: Any


def init_rbm(visible_mean: np.ndarray, hidden: int, seed: int, scale: float = 0.01) -> Rbm:
    """Return an RBM that begins with the units' own frequencies `visible_mean` `[V]` and weak weights.

    Biases log(p / (1 − p)), weights normal with standard deviation `scale` (Hinton 2010, *A Practical
    Guide to Training Restricted Boltzmann Machines*, §8).
    """
    weights = scale * jax.random.normal(jax.random.key(seed), (len(visible_mean), hidden))
    return Rbm(weights, jnp.asarray(frequency_logits(visible_mean)), jnp.zeros(hidden))


def frequency_logits(mean: np.ndarray) -> np.ndarray:
    """Return the logits of units that are on with frequency `mean`, cut at `CERTAIN`."""
    mean = np.clip(np.asarray(mean, np.float64), 1e-9, 1 - 1e-9)
    return np.clip(np.log(mean / (1 - mean)), -CERTAIN, CERTAIN).astype(np.float32)


def hidden_logits(rbm: Rbm, visible: jax.Array) -> jax.Array:
    """Return the logits `[..., H]` of p(hⱼ = 1 | v), factorised over the hidden units."""
    return visible @ rbm.weights + rbm.hidden_bias


def visible_logits(rbm: Rbm, hidden: jax.Array) -> jax.Array:
    """Return the logits `[..., V]` of p(vᵢ = 1 | h), factorised over the visible units."""
    return hidden @ rbm.weights.T + rbm.visible_bias


def energy(rbm: Rbm, visible: jax.Array, hidden: jax.Array) -> jax.Array:
    """Return E(v, h), `[...]`."""
    return -(visible @ rbm.visible_bias) - (hidden * hidden_logits(rbm, visible)).sum(-1)


def free_energy(rbm: Rbm, visible: jax.Array) -> jax.Array:
    """Return F(v), `[...]`; −log p(v) is F(v) + log Z."""
    return -(visible @ rbm.visible_bias) - jax.nn.softplus(hidden_logits(rbm, visible)).sum(-1)


def flip_log_odds(rbm: Rbm, visible: jax.Array, units: np.ndarray) -> jax.Array:
    """Return the logits `[n]` of p(vᵢ = 1 | all other units) for `units` `[n]` of a vector `visible` `[V]`.

    What Besag's pseudo-likelihood (1975) is a product of.
    """
    weights = rbm.weights[units]
    off = (
        hidden_logits(rbm, visible) - visible[units, None] * weights
    )  # [n, H]: each unit taken out in turn
    gained = jax.nn.softplus(off + weights) - jax.nn.softplus(off)
    return rbm.visible_bias[units] + gained.sum(-1)


def pseudo_nats(
    rbm: Rbm, visible: jax.Array, units: np.ndarray, counted: jax.Array | bool = True
) -> jax.Array:
    """Return −Σ log p(vᵢ | all other units) over `units` `[n]` of each of `visible` `[N, V]`, `[N]`.

    - `counted` bool `[n]`: which of them are summed over.
    """
    odds = jax.lax.map(lambda each: flip_log_odds(rbm, each, units), visible)
    nats = jax.nn.softplus(jnp.where(visible[:, units] > 0, -odds, odds))
    return jnp.where(counted, nats, 0).sum(axis=1)
