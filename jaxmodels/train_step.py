"""One step of training: loss, gradients, Adam, and the moving average that is validated and released."""

from __future__ import annotations

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp

from jaxmodels.config import ModelConfig, TrainConfig
from jaxmodels.model import Model, build_model
from jaxmodels.optimiser import moved
from jaxmodels.train_state import TrainState
from jaxmodels.window_layout import Window


def loss_per_note(model: Model, params: dict, batch: Window, beats: int, key: jax.Array) -> jax.Array:
    """Return the batch's nats per note, dropout on."""
    keys = jax.random.split(key, batch.hole_ticks.shape[0])

    def one(window: Window, key: jax.Array) -> Any:
        return model.apply(
            {"params": params}, window, beats, train=True, method=Model.losses, rngs={"dropout": key}
        )

    losses = jax.vmap(one)(batch, keys)
    total = losses.delta.sum() + losses.staff.sum() + losses.pitch.sum() + losses.duration.sum()
    return total / jnp.maximum(1, batch.event_count.sum())


@partial(jax.jit, static_argnums=(0, 1, 4), donate_argnums=(2,))
def train_step(
    model_config: ModelConfig,
    config: TrainConfig,
    state: TrainState,
    batch: Window,
    beats: int,
    rate: float,
) -> tuple[TrainState, jax.Array]:
    """Return the next state and the loss before the step, in nats per note."""
    model = build_model(model_config)
    key = jax.random.fold_in(jax.random.key(config.seed), state.step)
    loss, gradients = jax.value_and_grad(lambda params: loss_per_note(model, params, batch, beats, key))(
        state.params
    )
    return moved(config, state, gradients, rate), loss
