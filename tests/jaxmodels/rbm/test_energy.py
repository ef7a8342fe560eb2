"""The equations, against sums over all states."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from tiny_rbm import random_rbm

from jaxmodels.rbm.energy import Rbm, energy, flip_log_odds, free_energy, frequency_logits, init_rbm
from jaxmodels.rbm.likelihood import all_states, exact_log_z


def test_the_free_energy_is_the_energy_with_the_hidden_units_summed_out() -> None:
    rbm = random_rbm(5, 4)
    visible, hidden = all_states(5), all_states(4)
    joint = -energy(rbm, visible[:, None], jnp.broadcast_to(hidden, (32, 16, 4)))
    np.testing.assert_allclose(-free_energy(rbm, visible), jax.nn.logsumexp(joint, axis=1), rtol=1e-5)
    assert exact_log_z(rbm) == pytest.approx(float(jax.nn.logsumexp(joint)), rel=1e-6)


def test_z_is_the_same_from_either_side() -> None:
    rbm = random_rbm(7, 3, seed=1)
    turned = Rbm(rbm.weights.T, rbm.hidden_bias, rbm.visible_bias)
    over_visible = float(jax.nn.logsumexp(-free_energy(rbm, all_states(7))))
    assert exact_log_z(rbm) == pytest.approx(over_visible, rel=1e-6)
    assert exact_log_z(turned) == pytest.approx(over_visible, rel=1e-6)


def test_a_large_rbm_is_not_enumerated() -> None:
    with pytest.raises(ValueError, match="30 visible and 25 hidden units can't be enumerated"):
        exact_log_z(random_rbm(30, 25))


def test_the_log_odds_of_a_flip_are_those_of_the_two_free_energies() -> None:
    rbm = random_rbm(6, 4, seed=2)
    visible = jnp.array([1.0, 0, 1, 1, 0, 0])
    units = np.array([0, 3, 5])
    for unit, odds in zip(units, flip_log_odds(rbm, visible, units), strict=True):
        on, off = (free_energy(rbm, visible.at[unit].set(value)) for value in (1.0, 0.0))
        assert float(odds) == pytest.approx(float(off - on), rel=1e-4)


def test_an_rbm_begins_with_the_units_frequencies() -> None:
    mean = np.array([0.5, 0.1, 0.0])
    rbm = init_rbm(mean, 3, seed=0, scale=0.0)
    np.testing.assert_allclose(jax.nn.sigmoid(rbm.visible_bias[:2]), mean[:2], rtol=1e-5)
    assert np.isfinite(frequency_logits(mean)).all()
