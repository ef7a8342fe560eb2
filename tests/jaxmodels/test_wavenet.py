from __future__ import annotations

from dataclasses import replace
from functools import cache, partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from untrained import CONFIG

from jaxmodels.config import ModelConfig
from jaxmodels.wavenet import WaveNet, WaveNetCarry

CONDITION = 5
LENGTH = 18
STEPS = 10
TWO_TAPS = CONFIG
THREE_TAPS = replace(CONFIG, kernel_size=3, dilations=(1, 2))


@cache
def parameters(config: ModelConfig) -> dict:
    """Return random parameters, without compiling an initialisation."""
    shapes = jax.eval_shape(WaveNet(config).init, jax.random.key(0), *inputs(config, LENGTH))
    rng = np.random.default_rng(3)
    return jax.tree.map(
        lambda leaf: jnp.asarray(rng.normal(size=leaf.shape) / np.sqrt(leaf.shape[0]), jnp.float32), shapes
    )


def inputs(config: ModelConfig, length: int) -> tuple[jax.Array, jax.Array]:
    rng = np.random.default_rng(length)
    return (
        jnp.asarray(rng.normal(size=(length, config.residual_channels)), jnp.float32),
        jnp.asarray(rng.normal(size=(length, CONDITION)), jnp.float32),
    )


@partial(jax.jit, static_argnums=0)
def full_pass(config: ModelConfig, variables: dict, x: jax.Array, condition: jax.Array) -> jax.Array:
    return WaveNet(config).apply(variables, x, condition)  # type: ignore[return-value]


@partial(jax.jit, static_argnums=0)
def primed(config: ModelConfig, variables: dict, x: jax.Array, condition: jax.Array):
    return WaveNet(config).apply(variables, x, condition, method=WaveNet.prime)


@partial(jax.jit, static_argnums=0)
def stepped(config: ModelConfig, variables: dict, carry: WaveNetCarry, x: jax.Array, condition: jax.Array):
    def one(carry: WaveNetCarry, row: tuple[jax.Array, jax.Array]):
        out, carry = WaveNet(config).apply(variables, carry, *row, method=WaveNet.step)  # type: ignore[misc]
        return carry, out

    return jax.lax.scan(one, carry, (x, condition))[1]


def rows_changed(config: ModelConfig, at: int, *, condition_too: bool) -> np.ndarray:
    """Return the outputs that differ in any bit after the input at `at` was moved."""
    variables = parameters(config)
    x, condition = inputs(config, LENGTH)
    before = full_pass(config, variables, x, condition)
    moved = condition.at[at].add(3.0) if condition_too else condition
    after = full_pass(config, variables, x.at[at].add(10.0), moved)
    return np.flatnonzero(np.any(np.asarray(before) != np.asarray(after), axis=1))


@pytest.mark.parametrize("config", [TWO_TAPS, THREE_TAPS], ids=["kernel 2", "kernel 3"])
@pytest.mark.parametrize("condition_too", [False, True])
def test_an_event_reaches_the_receptive_field_and_not_one_event_further(
    config: ModelConfig, condition_too: bool
) -> None:
    at = 3
    assert at + config.receptive_field < LENGTH
    changed = rows_changed(config, at, condition_too=condition_too)
    assert changed.tolist() == list(range(at, at + config.receptive_field))


def test_the_receptive_field_is_counted_from_kernel_and_dilations() -> None:
    assert TWO_TAPS.receptive_field == 1 + 1 + 2 + 4
    assert THREE_TAPS.receptive_field == 1 + 2 * (1 + 2)


@pytest.mark.parametrize("config", [TWO_TAPS, THREE_TAPS], ids=["kernel 2", "kernel 3"])
@pytest.mark.parametrize("prompt", [1, 2, 3, 7])  # shorter than every ring but the first, and longer
def test_steps_after_a_prompt_give_the_full_pass(config: ModelConfig, prompt: int) -> None:
    variables = parameters(config)
    x, condition = inputs(config, LENGTH)
    whole = full_pass(config, variables, x, condition)
    start, carry = primed(config, variables, x[:prompt], condition[:prompt])
    rows = slice(prompt, prompt + STEPS)
    rest = stepped(config, variables, carry, x[rows], condition[rows])
    np.testing.assert_allclose(np.concatenate([start, rest]), whole[: rows.stop], atol=1e-5)
    assert np.abs(whole).max() > 0.1
