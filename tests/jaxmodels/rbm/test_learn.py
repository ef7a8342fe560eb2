"""Learning: the contrast points where the exact gradient does, and a toy set is learnt."""

from __future__ import annotations

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from tiny_rbm import random_rbm

from jaxmodels.rbm.config import FitConfig
from jaxmodels.rbm.energy import Rbm, free_energy, init_rbm
from jaxmodels.rbm.learn import begin, contrast, learn
from jaxmodels.rbm.likelihood import all_states, exact_log_z, mean_nats

DATA = np.array([[1, 1, 0, 0, 1, 0], [0, 0, 1, 1, 0, 1], [1, 0, 1, 0, 1, 0]], np.float32)


def exact_gradient(rbm: Rbm, data: np.ndarray) -> Rbm:
    def nats(rbm: Rbm) -> jax.Array:
        return free_energy(rbm, data).mean() + jax.nn.logsumexp(
            -free_energy(rbm, all_states(data.shape[1]))
        )

    return jax.grad(nats)(rbm)


@pytest.mark.parametrize(
    ("method", "sweeps", "likeness"), [("cd", 1, 0.8), ("cd", 30, 0.97), ("pcd", 30, 0.97)]
)
def test_the_contrast_points_where_the_exact_gradient_does(
    method: str, sweeps: int, likeness: float
) -> None:
    rbm = random_rbm(6, 4, seed=1, scale=0.5)
    data = np.tile(DATA, (2000, 1))
    config = FitConfig(method=method, sweeps=sweeps, batch_size=len(data))
    gradient, _ = contrast(config, jax.tree.map(jnp.asarray, rbm), data, 1 - data, jax.random.key(0))
    for found, exact in zip(gradient, exact_gradient(rbm, DATA), strict=True):
        cosine = (found * exact).sum() / jnp.linalg.norm(found) / jnp.linalg.norm(exact)
        assert float(cosine) > likeness


@pytest.mark.parametrize("method", ["cd", "pcd"])
def test_a_toy_set_is_learnt(method: str) -> None:
    config = FitConfig(
        method=method, sweeps=3, batch_size=30, steps=2000, peak_rate=0.02, weight_decay=0, ema_decay=0.9
    )
    rng = np.random.default_rng(0)
    rbm = init_rbm(DATA.mean(axis=0), 8, seed=0)
    before = mean_nats(rbm, DATA, exact_log_z(rbm))
    learning = begin(config, rbm, rng.integers(0, 2, (30, 6)))
    learning = learn(config, learning, DATA[rng.integers(0, 3, (2000, 30))].astype(np.uint8))
    after = mean_nats(learning.average, DATA, exact_log_z(learning.average))
    assert before > 3
    assert after < 2  # three states, equally likely, would be log 3 at best; all 64 are log 64


def test_training_is_a_function_of_its_seed() -> None:
    config = FitConfig(batch_size=3, steps=40)
    batches = np.tile(DATA, (40, 1, 1))
    rbm = init_rbm(DATA.mean(axis=0), 4, seed=0)
    first, again, other = (
        learn(each, begin(each, rbm, DATA), batches).rbm
        for each in (config, config, replace(config, seed=1))
    )
    np.testing.assert_array_equal(first.weights, again.weights)
    assert (np.asarray(first.weights) != np.asarray(other.weights)).any()


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"method": "sgd"}, "method must be one of cd, pcd, got 'sgd'"),
        ({"sweeps": 0}, "sweeps must be at least 1, got 0"),
        ({"peak_rate": 0}, "peak_rate must be positive, got 0"),
        ({"ema_decay": 1}, r"ema_decay must lie in \[0, 1\), got 1"),
    ],
)
def test_a_training_that_cannot_be_is_refused(values: dict, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        FitConfig(**values)
