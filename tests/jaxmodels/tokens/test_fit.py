"""Training, splitting, keeping and generating, on tiny models."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from jaxmodels.checkpoint import CheckpointError
from jaxmodels.tokens.checkpoint import is_token_model, load_model, save_model
from jaxmodels.tokens.config import KINDS, PRODUCTS, FitConfig, TokenConfig
from jaxmodels.tokens.fit import fit, fresh_state, token_nats, train_epoch, train_step, validation_loss
from jaxmodels.tokens.generate import generate
from jaxmodels.tokens.model import build_model, init_params
from jaxmodels.tokens.windows import Windows, held_out_windows, held_out_works, windows_of

WORDS = tuple("abcdefg")
FIT = FitConfig(epochs=2, batch_size=8)


def config_of(kind: str) -> TokenConfig:
    return TokenConfig(
        kind, WORDS, 8, embedding=6, filters=(4, 5), dilations=(1, 2), lstm_channels=(4, 3), dense=8
    )


def made(works: int = 5, length: int = 19) -> Windows:
    dice = np.random.default_rng(0)
    return windows_of([dice.integers(0, 7, length).astype(np.int32) for _ in range(works)], 8)


def test_windows_are_followed_by_what_follows_and_end_with_their_work() -> None:
    windows = windows_of([np.arange(10), np.arange(8), np.arange(100, 109)], 8)
    assert windows.tokens[:, 0].tolist() == [0, 1, 100]
    assert windows.following.tolist() == [8, 9, 108]
    assert windows.work.tolist() == [0, 0, 2]


def test_no_sequence_is_long_enough() -> None:
    assert windows_of([np.arange(8)], 8).tokens.shape == (0, 8)


def test_works_are_held_out_whole_and_windows_are_not() -> None:
    windows = made(10)
    by_work, by_window = held_out_works(windows, 0), held_out_windows(windows, 0)
    assert not set(windows.work[by_work]) & set(windows.work[~by_work])
    assert by_work.sum() == by_window.sum() == len(windows.work) // 5
    assert set(windows.work[by_window]) & set(windows.work[~by_window])


@pytest.mark.parametrize("kind", KINDS)
def test_an_epoch_is_its_steps_one_by_one(kind: str) -> None:
    config, windows = config_of(kind), made(2, 18)  # 20 windows: two whole batches and a half one
    tokens, following = jnp.asarray(windows.tokens), jnp.asarray(windows.following)
    state = fresh_state(config, FIT)
    _, order_key, dropout_key = jax.random.split(state.key, 3)
    order = np.asarray(jax.random.permutation(order_key, 20))
    step = jax.jit(train_step, static_argnums=(0, 1))
    carried, losses = (state.params, state.optimiser), []
    for number, chosen in enumerate((order[:8], order[8:16], order[16:])):
        filled = np.resize(np.concatenate([chosen, order]), 8)
        weight = (np.arange(8) < len(chosen)).astype(np.float32)
        key = jax.random.fold_in(dropout_key, number)
        carried, loss = step(
            config, FIT, carried, tokens[filled], following[filled], jnp.asarray(weight), key
        )
        losses.append(float(loss) * len(chosen))
    scanned, mean = train_epoch(config, FIT, fresh_state(config, FIT), tokens, following)
    assert float(mean) == pytest.approx(sum(losses) / 20, rel=1e-5)
    for one, other in zip(jax.tree.leaves(carried[0]), jax.tree.leaves(scanned.params), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-5)


def test_validation_counts_each_window_once() -> None:
    config, windows = config_of("tutorial-lstm"), made(2, 18)
    params = init_params(config, 0)
    whole = token_nats(config, params, jnp.asarray(windows.tokens), jnp.asarray(windows.following)).mean()
    batched = validation_loss(config, 8, params, windows.tokens, windows.following)
    assert float(batched) == pytest.approx(float(whole), rel=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_a_tiny_set_is_learnt_and_the_best_is_kept(kind: str) -> None:
    pattern = np.resize(np.array([0, 1, 2, 3, 4, 5, 6], np.int32), 40)
    windows = windows_of([pattern], 8)
    seen = []
    config = config_of(kind)
    best, epochs = fit(
        windows, windows, config, FitConfig(200, 8, 1e-2), lambda epoch, _: seen.append(epoch.number)
    )
    assert seen == list(range(1, 201))
    assert epochs[-1].valid < 0.5 < epochs[0].valid
    lowest = min(epoch.valid for epoch in epochs)
    assert float(validation_loss(config, 8, best, windows.tokens, windows.following)) == pytest.approx(
        lowest, rel=1e-4
    )
    assert generate(config, best, pattern[:8], 7, 0.0, 0, windowed=True).tolist() == [1, 2, 3, 4, 5, 6, 0]


def test_nothing_to_train_on_is_refused() -> None:
    nothing = windows_of([], 8)
    with pytest.raises(ValueError, match="no window"):
        fit(nothing, nothing, config_of("tutorial-lstm"), FIT)


def strong(config: TokenConfig) -> dict:
    """Return weights large enough that rounded products show in the logits."""
    return jax.tree.map(lambda leaf: 3 * leaf, init_params(config, 3))


def applied(config: TokenConfig, method: str = "__call__") -> Callable:
    """Return a compiled method of the model with `strong` weights."""
    weights = {"params": strong(config)}
    return jax.jit(lambda *given: build_model(config).apply(weights, *given, method=method))


@pytest.mark.parametrize("way", ["", "_window"])
@pytest.mark.parametrize("products", PRODUCTS)
@pytest.mark.parametrize("kind", KINDS)
def test_steps_give_what_windows_give(kind: str, products: str, way: str) -> None:
    config = replace(config_of(kind), products=products)
    whole, prime, step = (applied(config, method) for method in ("__call__", "prime" + way, "step" + way))
    tokens = jnp.array([0, 3, 2, 6, 1, 1, 4, 5, 2, 0], jnp.int32)
    logits, carry = prime(tokens[:8])
    np.testing.assert_allclose(logits, whole(tokens[None, :8])[0], atol=1e-5)
    for place in (8, 9):
        logits, carry = step(carry, tokens[place])
        # the LSTM forgets nothing where it isn't told to
        first = 0 if kind == "tutorial-lstm" and not way else place - 7
        np.testing.assert_allclose(logits, whole(tokens[None, first : place + 1])[0], atol=1e-5)


@pytest.mark.parametrize("way", ["", "_window"])
@pytest.mark.parametrize("kind", KINDS)
def test_rounded_products_show_in_steps(kind: str, way: str) -> None:
    tokens = jnp.array([0, 3, 2, 6, 1, 1, 4, 5], jnp.int32)
    logits = []
    for products in PRODUCTS:
        config = replace(config_of(kind), products=products)
        carry = applied(config, "prime" + way)(tokens)[1]
        logits.append(applied(config, "step" + way)(carry, tokens[0])[0])
    assert float(jnp.abs(logits[0] - logits[1]).max()) > 1e-4


@pytest.mark.parametrize("kind", KINDS)
def test_windowed_tokens_are_the_tutorial_s_loop(kind: str) -> None:
    config, seen = config_of(kind), [0, 3, 2, 6, 1, 1, 4, 5]
    got = generate(config, strong(config), np.array(seen), 12, 0.0, 0, windowed=True)
    logits = applied(config)
    for _ in range(12):
        seen.append(int(jnp.argmax(logits(jnp.array([seen[-8:]]))[0])))
    assert got.tolist() == seen[8:]


def test_a_validation_loss_that_is_no_number_ends_the_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jaxmodels.tokens.fit.validation_loss", lambda *_: np.nan)
    with pytest.raises(FloatingPointError, match="losses of epoch 1"):
        fit(made(), made(), config_of("tutorial-lstm"), FIT)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_gives_the_same_tokens(kind: str) -> None:
    config = config_of(kind)
    params, prompt = init_params(config, 0), np.arange(8) % 7
    first, again, other = (generate(config, params, prompt, 30, 1.0, seed).tolist() for seed in (1, 1, 2))
    assert first == again != other
    assert set(first) <= set(range(7))


def test_a_low_temperature_comes_near_the_likeliest() -> None:
    config = config_of("tutorial-lstm")
    params, prompt = init_params(config, 0), np.arange(8) % 7
    cold = generate(config, params, prompt, 20, 1e-6, 5)
    assert cold.tolist() == generate(config, params, prompt, 20, 0.0, 0).tolist()


def test_wrong_prompts_are_refused() -> None:
    config = config_of("tutorial-lstm")
    with pytest.raises(ValueError, match="8 tokens"):
        generate(config, {}, np.zeros(7), 1, 1.0, 0)
    with pytest.raises(ValueError, match="below 7"):
        generate(config, {}, np.full(8, 7), 1, 1.0, 0)


@pytest.mark.parametrize("kind", KINDS)
def test_a_model_comes_back_from_its_folder(kind: str, tmp_path: Path) -> None:
    config = config_of(kind)
    params, prompts = init_params(config, 0), np.zeros((2, 8), np.int32)
    save_model(tmp_path / "m", config, params, prompts, {"epoch": 1})
    assert is_token_model(tmp_path / "m")
    again, weights, openings = load_model(tmp_path / "m")
    assert again == config
    assert openings.tolist() == prompts.tolist()
    jax.tree.map(np.testing.assert_array_equal, dict(params), weights)


def test_damaged_folders_are_told_of(tmp_path: Path) -> None:
    assert not is_token_model(tmp_path)
    with pytest.raises(CheckpointError, match="can't be read"):
        load_model(tmp_path)
    config = config_of("tutorial-lstm")
    save_model(tmp_path, config, init_params(config, 0), np.zeros((1, 7), np.int32), {})
    with pytest.raises(CheckpointError, match="openings"):
        load_model(tmp_path)
