"""How weights move: Adam with decoupled weight decay, their moving average, the rate over a training."""

from __future__ import annotations

from typing import Protocol

import jax
import jax.numpy as jnp
import numpy as np
import optax

from jaxmodels.train_state import TrainState


class Manner(Protocol):
    """The fields of a training's configuration that are read here."""

    @property
    def warmup_steps(self) -> int:
        """Steps of linear warm-up."""
        ...

    @property
    def peak_rate(self) -> float:
        """The rate after it."""
        ...

    @property
    def final_rate(self) -> float:
        """The share of it that is left at the end."""
        ...

    @property
    def weight_decay(self) -> float:
        """Of matrices, for each step, times the rate."""
        ...

    @property
    def clip_norm(self) -> float:
        """Length that a gradient is shortened to."""
        ...

    @property
    def ema_decay(self) -> float:
        """Of the moving average, when it has got going."""
        ...


def optimiser(config: Manner) -> optax.GradientTransformation:
    """Return Adam with decoupled weight decay after clipping; the rate is applied by the step itself."""
    return optax.chain(
        optax.clip_by_global_norm(config.clip_norm),
        optax.scale_by_adam(b1=0.9, b2=0.98),
        optax.add_decayed_weights(
            config.weight_decay, mask=lambda tree: jax.tree.map(lambda x: x.ndim > 1, tree)
        ),
    )


def learning_rate(config: Manner, step: int, fraction: float) -> float:
    """Return the rate: linear warm-up by step, cosine decay by the fraction of the training done."""
    warm = min(1.0, (step + 1) / max(1, config.warmup_steps))
    decay = config.final_rate + (1 - config.final_rate) * 0.5 * (1 + np.cos(np.pi * min(1.0, fraction)))
    return config.peak_rate * warm * float(decay)


def fresh_state(config: Manner, params: dict) -> TrainState:
    """Return the state before the first step; a step may be given it for good."""
    return TrainState(jnp.int32(0), params, jax.tree.map(jnp.copy, params), optimiser(config).init(params))


def moved(config: Manner, state: TrainState, gradients: dict, rate: jax.Array | float) -> TrainState:
    """Return the state after a step of `rate`, with the moving average that is validated and released."""
    updates, opt_state = optimiser(config).update(gradients, state.opt_state, state.params)
    params = jax.tree.map(lambda p, u: p - rate * u, state.params, updates)
    decay = jnp.minimum(config.ema_decay, (1 + state.step) / (10 + state.step))
    average = jax.tree.map(lambda old, new: decay * old + (1 - decay) * new, state.average, params)
    return TrainState(state.step + 1, params, average, opt_state)
