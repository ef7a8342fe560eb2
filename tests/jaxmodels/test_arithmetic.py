"""How benchmarks/arithmetic.py counts: matrix products against counts by hand, and programs."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import jax
import jax.numpy as jnp
import pytest
from loaded_script import loaded_script
from untrained import CONFIG

from jaxmodels.config import ModelConfig
from jaxmodels.model import BACKBONES

T, CONDITION = 20, 5
LSTM = replace(CONFIG, kind="lstm", lstm_channels=7, lstm_layers=2)


@pytest.fixture(scope="module")
def arithmetic() -> ModuleType:
    return loaded_script("benchmarks/arithmetic.py")


def wavenet_products(config: ModelConfig) -> int:
    """Condition of all layers; per layer the gates of K taps and the way out; the last."""
    residual, skip, layers = config.residual_channels, config.skip_channels, len(config.dilations)
    gates = config.kernel_size * residual * 2 * residual + residual * (residual + skip)
    return 2 * T * (CONDITION * 2 * residual * layers + layers * gates + skip * config.head_channels)


def lstm_products(config: ModelConfig) -> int:
    """Condition of all layers; per layer the input, the recurrence (a scan) and the skip; the last."""
    channels, layers, skip = config.lstm_channels, config.lstm_layers, config.skip_channels
    inputs = config.residual_channels + (layers - 1) * channels
    recurrent = layers * channels * 4 * channels
    return (
        2
        * T
        * (
            CONDITION * 4 * channels * layers
            + inputs * 4 * channels
            + recurrent
            + layers * channels * skip
            + skip * config.head_channels
        )
    )


@pytest.mark.parametrize(
    ("config", "products"), [(CONFIG, wavenet_products(CONFIG)), (LSTM, lstm_products(LSTM))]
)
def test_a_backbone_has_the_products_that_are_counted_by_hand(
    arithmetic: ModuleType, config: ModelConfig, products: int
) -> None:
    x, condition = jnp.zeros((T, config.residual_channels)), jnp.zeros((T, CONDITION))
    backbone = BACKBONES[config.kind](config)
    variables = jax.eval_shape(backbone.init, jax.random.key(0), x, condition)
    traced = jax.jit(backbone.apply).trace(variables, x, condition)
    assert arithmetic.product_flops(traced.jaxpr.jaxpr) == products


def test_the_gradient_of_a_product_is_two_more(arithmetic: ModuleType) -> None:
    left, right = jnp.zeros((3, 4)), jnp.zeros((4, 5))
    gradient = jax.jit(jax.grad(lambda left, right: jnp.tanh(left @ right).sum(), argnums=(0, 1)))
    assert arithmetic.product_flops(gradient.trace(left, right).jaxpr.jaxpr) == 3 * 2 * 3 * 4 * 5


def test_a_batch_and_a_scan_multiply(arithmetic: ModuleType) -> None:
    def repeated(batch: jax.Array, square: jax.Array) -> jax.Array:
        return jax.lax.scan(lambda x, _: (jax.vmap(lambda row: row @ square)(x), None), batch, length=6)[0]

    traced = jax.jit(repeated).trace(jnp.zeros((7, 4)), jnp.zeros((4, 4)))
    assert arithmetic.product_flops(traced.jaxpr.jaxpr) == 6 * 2 * 7 * 4 * 4


def test_programs_are_counted_once_for_each_shape(arithmetic: ModuleType) -> None:
    inputs = [jnp.zeros(3), jnp.zeros(3), jnp.zeros(4), jnp.zeros(3)]
    doubled = jax.jit(lambda x: 2 * x)
    with arithmetic.Compilations() as compilations:
        for each in inputs:
            doubled(each)
    doubled(jnp.zeros(5))
    assert compilations.count == 2


def test_the_machine_multiplies(arithmetic: ModuleType) -> None:
    assert arithmetic.peak_flops(64, 2) > 1e6
