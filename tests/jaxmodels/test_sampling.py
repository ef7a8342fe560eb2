from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from jaxmodels.constraints import ILLEGAL
from jaxmodels.sampling import draw

GRID = (np.arange(4000) + 0.5) / 4000
LOGITS = np.array([1.0, ILLEGAL, 0.0, -1.0, 2.0, ILLEGAL], np.float32)

draw_many = jax.jit(jax.vmap(draw, in_axes=(None, 0, None, None)))


def frequencies(logits: np.ndarray, temperature: float = 1.0, top_p: float = 1.0) -> np.ndarray:
    index = draw_many(jnp.asarray(logits), jnp.asarray(GRID), temperature, top_p).index
    return np.bincount(np.asarray(index), minlength=len(logits)) / len(GRID)


def softmax(logits: np.ndarray) -> np.ndarray:
    weights = np.exp(logits - logits.max())
    return weights / weights.sum()


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_classes_are_drawn_as_often_as_they_are_likely(temperature: float) -> None:
    expected = softmax(LOGITS / np.float32(temperature))
    np.testing.assert_allclose(frequencies(LOGITS, temperature), expected, atol=1e-3)


def test_top_p_keeps_the_likeliest_classes_that_reach_it() -> None:
    probs = np.array([0.5, 0.3, 0.15, 0.05])
    logits = np.log(probs).astype(np.float32)
    np.testing.assert_allclose(frequencies(logits, top_p=0.6), [0.625, 0.375, 0, 0], atol=1e-3)
    np.testing.assert_allclose(frequencies(logits, top_p=0.4), [1, 0, 0, 0])
    np.testing.assert_allclose(frequencies(logits, top_p=0.0), [1, 0, 0, 0])


@pytest.mark.parametrize("temperature", [0.0, 1e-3, 1.0, 1e3])
@pytest.mark.parametrize("top_p", [0.01, 0.95, 1.0])
def test_an_illegal_class_is_never_drawn(temperature: float, top_p: float) -> None:
    uniform = jnp.asarray([0.0, 0.5, np.nextafter(np.float32(1), np.float32(0))])
    for logits in (LOGITS, np.array([ILLEGAL] * 5 + [-30.0], np.float32), LOGITS - 80):
        index = np.asarray(draw_many(jnp.asarray(logits), uniform, temperature, top_p).index)
        assert (logits[index] > ILLEGAL / 2).all()


def test_no_temperature_is_the_likeliest_class() -> None:
    np.testing.assert_array_equal(frequencies(LOGITS, temperature=0.0), [0, 0, 0, 0, 1, 0])


def test_the_likelihood_is_that_of_the_model_whatever_was_cut() -> None:
    drawn = draw_many(jnp.asarray(LOGITS), jnp.asarray(GRID[::100]), 0.7, 0.8)
    np.testing.assert_allclose(drawn.nll, -np.log(softmax(LOGITS)[np.asarray(drawn.index)]), atol=1e-5)
