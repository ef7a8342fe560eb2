"""The layers are what they claim to be: causal, an LSTM with the right gradient, Keras's first weights."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from jaxmodels.tokens.config import TokenConfig
from jaxmodels.tokens.dropout import dropped
from jaxmodels.tokens.lstm_stack import cell, last_hidden
from jaxmodels.tokens.model import build_model, init_params

WORDS = tuple("abcdefg")
CONFIG = TokenConfig("tutorial-wavenet", WORDS, embedding=5, filters=(4, 6), dilations=(1, 3), dense=8)


@pytest.mark.parametrize("layer", [0, 1])
def test_a_convolution_sees_what_is_earlier_up_to_its_reach(layer: int) -> None:
    params = init_params(CONFIG, 0)
    reach = 2 * CONFIG.dilations[layer]
    model = build_model(CONFIG)
    if layer:
        x = jax.random.normal(jax.random.key(0), (1, 20, 4))
        other = x.at[0, 10].add(1.0)
    else:
        x = jnp.arange(20)[None] % 7
        other = x.at[0, 10].set(5)

    def convolved(x: jax.Array) -> np.ndarray:
        return np.asarray(model.apply({"params": params}, x, layer, method="convolved"))[0]

    changed = np.flatnonzero(np.abs(convolved(x) - convolved(other)).max(axis=1) > 1e-6)
    assert changed.tolist() == [10, 10 + reach // 2, 10 + reach]


def test_the_first_convolution_is_one_of_embeddings() -> None:
    params = init_params(CONFIG, 1)
    tokens = np.arange(12)[None] % 7
    got = build_model(CONFIG).apply({"params": params}, tokens, 0, method="convolved")
    wanted = jax.lax.conv_general_dilated(
        jnp.asarray(params["embedding"])[tokens],
        params["kernel_0"],
        (1,),
        [(2, 0)],
        dimension_numbers=("NWC", "WIO", "NWC"),
    )
    np.testing.assert_allclose(np.asarray(got), wanted + params["bias_0"], atol=1e-6)


def stack() -> tuple:
    """Return what two layers of 3 and 2 channels are given: 6 steps, a batch of 2."""
    keys = jax.random.split(jax.random.key(0), 4)
    shapes = ((6, 2, 12), (3, 12), (5, 8), (8,))
    given, low, high, bias = (
        jax.random.normal(key, shape) for key, shape in zip(keys, shapes, strict=True)
    )
    return given, (low, high), (bias,)


def test_the_layers_and_their_gradient_are_those_of_single_steps() -> None:
    weights = jax.random.normal(jax.random.key(2), (2, 2))

    def plain(given: jax.Array, kernels: tuple, biases: tuple) -> jax.Array:
        states = [(jnp.zeros((2, 3)), jnp.zeros((2, 3))), (jnp.zeros((2, 2)), jnp.zeros((2, 2)))]
        for step in given:
            for layer, (hidden, state) in enumerate(states):
                inputs = jnp.concatenate([states[0][0], hidden], -1) if layer else hidden
                gates = (biases[0] if layer else step) + inputs @ kernels[layer]
                take, keep, candidate, show = jnp.split(gates, 4, axis=-1)
                state = jax.nn.sigmoid(keep) * state + jax.nn.sigmoid(take) * jnp.tanh(candidate)
                states[layer] = (jax.nn.sigmoid(show) * jnp.tanh(state), state)
        return (states[1][0] * weights).sum()

    def fast(given: jax.Array, kernels: tuple, biases: tuple) -> jax.Array:
        return (last_hidden(given, kernels, biases, "float32") * weights).sum()

    got = jax.jit(jax.value_and_grad(fast, (0, 1, 2)))(*stack())
    wanted = jax.jit(jax.value_and_grad(plain, (0, 1, 2)))(*stack())
    for mine, theirs in zip(jax.tree.leaves(got), jax.tree.leaves(wanted), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-4, atol=1e-5)


def test_rounded_products_stay_near() -> None:
    exact, rounded = (last_hidden(*stack(), products) for products in ("float32", "bfloat16"))
    assert rounded.dtype == jnp.float32
    assert 0 < float(jnp.abs(exact - rounded).max()) < 0.03


def test_a_closed_cell_keeps_nothing() -> None:
    hidden, state, _ = cell(jnp.full(12, -50.0), jnp.ones(3))
    assert float(jnp.abs(hidden).max()) < 1e-6
    assert float(jnp.abs(state).max()) < 1e-6


def test_dropout_leaves_out_its_share_and_keeps_the_mean() -> None:
    values = jnp.ones((100, 1000))
    first, second = (np.asarray(dropped(values, 0.2, jax.random.key(seed))) for seed in (0, 1))
    assert np.mean(first == 0) == pytest.approx(0.2, abs=0.005)
    assert np.mean(first) == pytest.approx(1, abs=0.01)
    assert np.mean((first == 0) & (second == 0)) == pytest.approx(0.04, abs=0.004)
    beside = np.mean((first[:, 1:] == 0) & (first[:, :-1] == 0))
    assert beside == pytest.approx(0.04, abs=0.004)


def test_first_weights_are_keras_s() -> None:
    params = init_params(TokenConfig("tutorial-lstm", WORDS), 0)
    assert np.abs(params["embedding"]).max() <= 0.05
    assert params["bias_0"].reshape(4, 128).mean(axis=1).tolist() == [0, 1, 0, 0]
    assert np.abs(params["input_0"]).max() <= np.sqrt(6 / (100 + 512))
    recurrent = np.asarray(params["recurrent_1"])
    np.testing.assert_allclose(recurrent @ recurrent.T, np.eye(128), atol=1e-4)


def test_the_sizes_are_the_tutorial_s() -> None:
    words = tuple(map(str, range(125)))
    counts = [
        sum(leaf.size for leaf in jax.tree.leaves(init_params(TokenConfig(kind, words), 0)))
        for kind in ("tutorial-wavenet", "tutorial-lstm")
    ]
    assert counts == [252_945, 326_481]  # what Keras counts


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"kind": "gru"}, "kind"),
        ({"vocabulary": ("a",)}, "vocabulary"),
        ({"dropout": 1.0}, "dropout"),
        ({"dilations": (1,)}, "dilations"),
        ({"window": 4}, "window"),
        ({"dense": 0}, "sizes"),
        ({"products": "int8"}, "products"),
    ],
)
def test_sizes_that_can_t_be_are_refused(values: dict, named: str) -> None:
    with pytest.raises(ValueError, match=f"^{named}"):
        TokenConfig(**{"kind": "tutorial-lstm", "vocabulary": WORDS, **values})
