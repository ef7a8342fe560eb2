"""How weights move: Adam with decoupled weight decay, and the learning rate over a training."""

from __future__ import annotations

from typing import Protocol

import jax
import numpy as np
import optax


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
