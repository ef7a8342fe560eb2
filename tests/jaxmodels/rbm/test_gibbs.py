"""Chains: clamped units stay, marginals are the exact ones, a seed says all."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_rbm import random_rbm

from jaxmodels.rbm.energy import free_energy
from jaxmodels.rbm.gibbs import annealing, gibbs
from jaxmodels.rbm.likelihood import all_states


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**31), st.lists(st.booleans(), min_size=12, max_size=12))
def test_clamped_units_never_change(seed: int, clamped: list[bool]) -> None:
    rbm = random_rbm(12, 5, seed=3)
    visible = np.random.default_rng(seed).integers(0, 2, (7, 12)).astype(np.float32)
    mask = np.array(clamped)
    after = np.asarray(gibbs(rbm, visible, mask, annealing(20), jax.random.key(seed)))
    np.testing.assert_array_equal(after[:, mask], visible[:, mask])
    assert set(np.unique(after)) <= {0, 1}


@pytest.mark.parametrize("clamped", [[], [0, 4]])
def test_a_chains_marginals_are_the_exact_ones(clamped: list[int]) -> None:
    rbm = random_rbm(6, 4, seed=4)
    mask = np.isin(np.arange(6), clamped)
    start = np.tile(mask.astype(np.float32), (20_000, 1))
    drawn = gibbs(rbm, start, mask, jnp.ones(60), jax.random.key(0))
    states = all_states(6)
    fits = (states[:, clamped] == 1).all(axis=1)
    share = jax.nn.softmax(jnp.where(fits, -free_energy(rbm, states), -jnp.inf))
    np.testing.assert_allclose(drawn.mean(axis=0), share @ states, atol=4 * 0.5 / np.sqrt(20_000))


def test_the_same_key_gives_the_same_samples_and_another_gives_others() -> None:
    rbm, start = random_rbm(12, 5), np.zeros((4, 12), np.float32)
    first, again, other = (
        np.asarray(gibbs(rbm, start, np.zeros(12, bool), jnp.ones(5), jax.random.key(seed)))
        for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_cold_chains_lie_lower_than_warm_ones() -> None:
    rbm, start = random_rbm(12, 6, seed=5), np.zeros((200, 12))
    cold, warm = (
        free_energy(
            rbm, gibbs(rbm, start, np.zeros(12, bool), annealing(50, temperature=value), jax.random.key(0))
        )
        for value in (0.1, 1.0)
    )
    assert float(cold.mean()) < float(warm.mean()) - 1
    assert float(cold.min()) == pytest.approx(float(free_energy(rbm, all_states(12)).min()), abs=1e-3)


def test_annealing_ends_at_the_temperature() -> None:
    betas = annealing(10, temperature=2.0)
    assert len(betas) == 10
    assert betas[-1] == 0.5
    assert (np.diff(betas) >= 0).all()
    for wrong in ({"sweeps": 0}, {"sweeps": 3, "temperature": 0.0}):
        with pytest.raises(ValueError, match="must be"):
            annealing(**wrong)
