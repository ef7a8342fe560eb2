from __future__ import annotations

from dataclasses import replace
from functools import cache, partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from untrained import CONFIG

from jaxmodels.lstm import FORGET_BIAS, Lstm, LstmCarry

CONDITION = 5
LENGTH = 12
STACKED = replace(CONFIG, kind="lstm", lstm_channels=7, lstm_layers=2)


def inputs() -> tuple[jax.Array, jax.Array]:
    rng = np.random.default_rng(LENGTH)
    return (
        jnp.asarray(rng.normal(size=(LENGTH, STACKED.residual_channels)), jnp.float32),
        jnp.asarray(rng.normal(size=(LENGTH, CONDITION)), jnp.float32),
    )


@cache
def parameters() -> dict:
    shapes = jax.eval_shape(Lstm(STACKED).init, jax.random.key(0), *inputs())
    rng = np.random.default_rng(3)
    return jax.tree.map(
        lambda leaf: jnp.asarray(rng.normal(size=leaf.shape) / np.sqrt(leaf.shape[0]), jnp.float32), shapes
    )


@jax.jit
def full_pass(variables: dict, x: jax.Array, condition: jax.Array) -> jax.Array:
    return Lstm(STACKED).apply(variables, x, condition)  # type: ignore[return-value]


@partial(jax.jit, static_argnums=3)
def primed_then_stepped(variables: dict, x: jax.Array, condition: jax.Array, prompt: int) -> jax.Array:
    def one(carry: LstmCarry, row: tuple[jax.Array, jax.Array]):
        out, carry = Lstm(STACKED).apply(variables, carry, *row, method=Lstm.step)  # type: ignore[misc]
        return carry, out

    start, carry = Lstm(STACKED).apply(variables, x[:prompt], condition[:prompt], method=Lstm.prime)  # type: ignore[misc]
    return jnp.concatenate([start, jax.lax.scan(one, carry, (x[prompt:], condition[prompt:]))[1]])


@pytest.mark.parametrize("prompt", [1, 5])
def test_steps_after_a_prompt_give_the_full_pass(prompt: int) -> None:
    whole = full_pass(parameters(), *inputs())
    np.testing.assert_allclose(primed_then_stepped(parameters(), *inputs(), prompt), whole, atol=1e-5)
    assert np.abs(whole).max() > 0.1


@pytest.mark.parametrize("condition_too", [False, True])
def test_an_event_changes_itself_and_all_that_follows(condition_too: bool) -> None:
    at = 4
    x, condition = inputs()
    before = np.asarray(full_pass(parameters(), x, condition))
    moved = condition.at[at].add(3.0) if condition_too else condition
    after = np.asarray(full_pass(parameters(), x.at[at].add(0.0 if condition_too else 3.0), moved))
    changed = np.flatnonzero((before != after).any(axis=1))
    assert changed.tolist() == list(range(at, LENGTH))


def test_one_layer_is_the_equations_of_the_paper() -> None:
    config = replace(STACKED, lstm_layers=1)
    x, condition = inputs()
    variables = jax.tree.map(
        lambda leaf: jnp.asarray(
            np.random.default_rng(leaf.size).normal(size=leaf.shape) * 0.3, jnp.float32
        ),
        jax.eval_shape(Lstm(config).init, jax.random.key(0), x, condition),
    )
    weights = jax.tree.map(np.asarray, variables["params"])
    hidden, cell, rows = np.zeros(7), np.zeros(7), []
    for row, about in zip(np.asarray(x), np.asarray(condition), strict=True):
        gates = row @ weights["input_0"]["kernel"] + weights["input_0"]["bias"]
        gates += hidden @ weights["recurrent_0"] + about @ weights["condition"]["kernel"]
        forget, take, show, candidate = np.split(gates, 4)
        sigmoid = lambda value: 1 / (1 + np.exp(-value))  # noqa: E731 the formula as it is written
        cell = sigmoid(forget + FORGET_BIAS) * cell + sigmoid(take) * np.tanh(candidate)
        hidden = sigmoid(show) * np.tanh(cell)
        rows.append(hidden @ weights["skip_0"]["kernel"] + weights["skip_0"]["bias"])
    last = weights["last"]
    expected = np.maximum(np.maximum(np.stack(rows), 0) @ last["kernel"] + last["bias"], 0)
    np.testing.assert_allclose(Lstm(config).apply(variables, x, condition), expected, atol=1e-5)  # type: ignore[arg-type]
