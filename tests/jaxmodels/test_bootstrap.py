"""Intervals over works: the right middle, the right width, the same every time."""

from __future__ import annotations

import numpy as np
import pytest

from jaxmodels.bootstrap import difference, gain, nearer, ratio


def sums(values: np.ndarray) -> np.ndarray:
    return np.stack([values, np.ones(len(values))], axis=1)


def test_a_ratio_of_sums_not_a_mean_of_ratios() -> None:
    holes = np.array([[10.0, 1], [10, 9]])
    assert ratio(holes, np.array([0, 1])).value == 2


def test_the_interval_has_the_width_of_the_normal_one() -> None:
    values = np.random.default_rng(0).normal(5, 2, 400)
    estimate = ratio(sums(values), np.arange(400))
    half = 1.96 * values.std() / 20
    assert estimate.value == pytest.approx(values.mean())
    assert estimate.low == pytest.approx(values.mean() - half, abs=half / 5)
    assert estimate.high == pytest.approx(values.mean() + half, abs=half / 5)


def test_holes_of_one_work_are_drawn_together() -> None:
    values = np.random.default_rng(0).normal(0, 1, 20)
    alone = ratio(sums(values), np.arange(20))
    doubled = ratio(sums(np.repeat(values, 10)), np.repeat(np.arange(20), 10))
    assert doubled == pytest.approx(alone)


def test_it_is_the_same_every_time() -> None:
    values = sums(np.random.default_rng(1).normal(0, 1, 30))
    works = np.arange(30) // 2
    assert ratio(values, works) == ratio(values, works)
    assert ratio(values, works) != ratio(values, works, seed=1)


def test_comparisons_are_paired() -> None:
    noise = np.random.default_rng(2).normal(10, 5, 50)
    works = np.arange(50)
    better = difference(sums(noise + 1), sums(noise), works)
    assert better == pytest.approx((1, 1, 1))
    assert gain(sums(0.8 * noise), sums(noise), works) == pytest.approx((0.2, 0.2, 0.2))


def test_nearer_is_the_difference_of_two_distances() -> None:
    noise = np.random.default_rng(3).normal(0, 1, 50)
    estimate = nearer(sums(noise - 1), sums(noise + 3), sums(noise), np.arange(50))
    assert estimate == pytest.approx((2, 2, 2))


def test_nothing_counted_is_nan() -> None:
    assert np.isnan(ratio(np.zeros((3, 2)), np.arange(3))).all()
    assert np.isnan(ratio(np.zeros((0, 2)), np.arange(0))).all()
