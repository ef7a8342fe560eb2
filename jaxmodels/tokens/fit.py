"""Training: an epoch is one program that scans over batches lying on the device, and so is a validation.

As Keras's `fit` does it: a new order of the windows in each epoch, a last batch that may be smaller, Adam,
the mean loss of the epoch's batches with dropout on, then the validation loss with dropout off.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax

from jaxmodels.tokens.config import FitConfig, TokenConfig
from jaxmodels.tokens.model import build_model, init_params
from jaxmodels.tokens.windows import Windows


class FitState(NamedTuple):
    """What a step changes: weights, optimiser, and the key that the next epoch is drawn from."""

    params: dict
    optimiser: Any
    key: jax.Array


class Epoch(NamedTuple):
    """One epoch: its number from 1, mean losses in nats per token, seconds with and without validation."""

    number: int
    train: float
    valid: float
    seconds: float
    train_seconds: float


def fresh_state(config: TokenConfig, fit_config: FitConfig) -> FitState:
    """Return the state before the first epoch."""
    params = init_params(config, fit_config.seed)
    return FitState(params, _adam(fit_config).init(params), jax.random.key(fit_config.seed + 1))


@partial(jax.jit, static_argnums=(0, 1), donate_argnums=(2,))
def train_epoch(
    config: TokenConfig,
    fit_config: FitConfig,
    state: FitState,
    tokens_NT: jax.Array,
    following_N: jax.Array,
) -> tuple[FitState, jax.Array]:
    """Return the state after all windows in a new order, and their mean loss on the way."""
    key, order_key, dropout_key = jax.random.split(state.key, 3)
    order, weight = _batches(jax.random.permutation(order_key, len(following_N)), fit_config.batch_size)
    steps = jnp.arange(len(order))

    def step(carried: tuple[dict, Any], given: Any) -> tuple[tuple[dict, Any], jax.Array]:
        number, chosen, weight = given
        dropped = jax.random.fold_in(dropout_key, number)
        return train_step(
            config, fit_config, carried, tokens_NT[chosen], following_N[chosen], weight, dropped
        )

    carried, losses = jax.lax.scan(step, (state.params, state.optimiser), (steps, order, weight))
    return FitState(*carried, key), (losses * weight.sum(1)).sum() / len(following_N)


def train_step(
    config: TokenConfig,
    fit_config: FitConfig,
    carried: tuple[dict, Any],
    tokens_BT: jax.Array,
    following_B: jax.Array,
    weight_B: jax.Array,
    key: jax.Array,
) -> tuple[tuple[dict, Any], jax.Array]:
    """Return weights and optimiser after one batch, and its mean loss over the windows of weight 1."""
    params, optimiser = carried

    def loss_of(params: dict) -> jax.Array:
        nats_B = token_nats(config, params, tokens_BT, following_B, key)
        return (nats_B * weight_B).sum() / weight_B.sum()

    loss, gradients = jax.value_and_grad(loss_of)(params)
    updates, optimiser = _adam(fit_config).update(gradients, optimiser, params)
    return (optax.apply_updates(params, updates), optimiser), loss  # type: ignore[return-value]


@partial(jax.jit, static_argnums=(0, 1))
def validation_loss(
    config: TokenConfig, batch_size: int, params: dict, tokens_NT: jax.Array, following_N: jax.Array
) -> jax.Array:
    """Return the mean loss of all windows, dropout off."""
    order, weight = _batches(jnp.arange(len(following_N)), batch_size)

    def batch(given: Any) -> jax.Array:
        chosen, weight = given
        return (token_nats(config, params, tokens_NT[chosen], following_N[chosen]) * weight).sum()

    return jax.lax.map(batch, (order, weight)).sum() / len(following_N)


def token_nats(
    config: TokenConfig,
    params: dict,
    tokens_BT: jax.Array,
    following_B: jax.Array,
    key: jax.Array | None = None,
) -> jax.Array:
    """Return each window's −log p(token that follows) `[B]`; dropout is on where there is a `key`."""
    rngs = None if key is None else {"dropout": key}
    model = build_model(config)
    logits_BV: Any = model.apply({"params": params}, tokens_BT, train=key is not None, rngs=rngs)
    return optax.softmax_cross_entropy_with_integer_labels(logits_BV, following_B)


def fit(
    train: Windows,
    valid: Windows,
    config: TokenConfig,
    fit_config: FitConfig,
    report: Callable[[Epoch, dict], None] | None = None,
) -> tuple[dict, list[Epoch]]:
    """Train for `fit_config.epochs`; return the weights that validate best, and all epochs.

    - `report`: is given each epoch and the best weights so far, in NumPy; what it raises ends the fit.

    Without windows to validate on, the validation losses are NaN and the last weights are the best. Raises
    `ValueError` where there is no window to train on, `FloatingPointError` for a loss that is no number.
    """
    if not len(train.work):
        raise ValueError("there is no window to train on")
    tokens, following, valid_tokens, valid_following = map(
        jnp.asarray, (train.tokens, train.following, valid.tokens, valid.following)
    )
    state = fresh_state(config, fit_config)
    best, epochs = jax.device_get(state.params), []
    for number in range(1, fit_config.epochs + 1):
        began = time.perf_counter()
        state, train_loss = train_epoch(config, fit_config, state, tokens, following)
        train_loss = float(train_loss)
        trained = time.perf_counter()
        valid_loss = np.nan
        if len(valid.work):
            valid_loss = float(
                validation_loss(config, fit_config.batch_size, state.params, valid_tokens, valid_following)
            )
        ended = time.perf_counter()
        if not np.isfinite(train_loss) or (len(valid.work) and not np.isfinite(valid_loss)):
            raise FloatingPointError(f"the losses of epoch {number} are {train_loss} and {valid_loss}")
        if not any(epoch.valid <= valid_loss for epoch in epochs):
            best = jax.device_get(state.params)
        epochs.append(Epoch(number, train_loss, valid_loss, ended - began, trained - began))
        if report:
            report(epochs[-1], best)
    return best, epochs


def _adam(fit_config: FitConfig) -> optax.GradientTransformation:
    return optax.adam(fit_config.rate, eps=fit_config.epsilon)


def _batches(order_N: jax.Array, size: int) -> tuple[jax.Array, jax.Array]:
    """Return indexes `[batches, size]` and weights: 1, and 0 for what fills the last batch up."""
    count = len(order_N)
    missing = -count % size
    weight = (jnp.arange(count + missing) < count).astype(jnp.float32)
    return jnp.resize(order_N, (count + missing,)).reshape(-1, size), weight.reshape(-1, size)
