"""Annealed importance sampling, against the exact sum."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from tiny_rbm import random_rbm

from jaxmodels.rbm.energy import free_energy
from jaxmodels.rbm.gibbs import gibbs
from jaxmodels.rbm.likelihood import (
    ais_log_z,
    all_states,
    exact_log_z,
    ladder,
    mean_nats,
    reverse_ais_log_z,
)


@pytest.mark.parametrize("seed", range(4))
def test_the_estimate_holds_the_exact_value_in_its_interval(seed: int) -> None:
    rbm = random_rbm(16, 10, seed)
    found = ais_log_z(rbm, np.zeros(16), steps=1000, runs=200, seed=seed)
    exact = exact_log_z(rbm)
    assert found.low <= exact <= found.high
    assert found.high - found.low < 0.3
    assert found.value == pytest.approx(exact, abs=0.1)


def test_a_better_base_changes_nothing_but_the_spread() -> None:
    rbm = random_rbm(16, 10, 1)
    found = ais_log_z(rbm, rbm.visible_bias, steps=300, runs=200, seed=0)
    assert found.low <= exact_log_z(rbm) <= found.high


def test_the_way_back_gives_the_same() -> None:
    rbm = random_rbm(16, 10, 2)
    samples = gibbs(rbm, np.zeros((300, 16)), np.zeros(16, bool), jnp.ones(300), jax.random.key(0))
    found = reverse_ais_log_z(rbm, np.zeros(16), samples, steps=1000, seed=0)
    assert found.low <= exact_log_z(rbm) <= found.high


def test_the_likelihoods_of_all_states_add_up_to_one() -> None:
    rbm = random_rbm(8, 5)
    states = np.asarray(all_states(8))
    log_z = exact_log_z(rbm)
    assert np.exp(-np.asarray(free_energy(rbm, states)) - log_z).sum() == pytest.approx(1, abs=1e-4)
    nats = [mean_nats(rbm, states[i : i + 1], log_z) for i in range(4)]
    assert mean_nats(rbm, states[:4], log_z) == pytest.approx(np.mean(nats), rel=1e-5)


def test_the_ladder_rises_from_0_to_1() -> None:
    betas = ladder(50)
    assert (betas[0], betas[-1], len(betas)) == (0, 1, 51)
    assert (np.diff(betas) > 0).all()
