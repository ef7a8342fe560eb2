"""How sure a mean over holes is: intervals from works drawn with replacement.

The percentile interval of B. Efron and R. Tibshirani, *An Introduction to the Bootstrap*, 1993, ch. 13.

Holes of one work resemble each other, so whole works are drawn. Every figure is a ratio of two sums over
holes (nats per notes, a metric's values per holes). The draws are the same for all figures of the same
works, so that differences are paired. H holes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

RESAMPLES = 2000
LEVEL = 0.95


class Estimate(NamedTuple):
    """A figure with the ends of its `LEVEL` interval; NaN where nothing was counted."""

    value: float
    low: float
    high: float


def ratio(sums: np.ndarray, works: np.ndarray, seed: int = 0) -> Estimate:
    """Return Σ`sums[:, 0]` / Σ`sums[:, 1]`.

    - `sums` `[H, 2]`: numerator and denominator of each hole; `works` int `[H]`: the work of each.
    """
    return _estimate(_ratios(sums, works, seed))


def gain(sums: np.ndarray, over: np.ndarray, works: np.ndarray, seed: int = 0) -> Estimate:
    """Return by which share the ratio of `sums` lies below that of `over`, both `[H, 2]`."""
    return _estimate(1 - _ratios(sums, works, seed) / _ratios(over, works, seed))


def difference(sums: np.ndarray, from_: np.ndarray, works: np.ndarray, seed: int = 0) -> Estimate:
    """Return the ratio of `sums` less that of `from_`, both `[H, 2]`."""
    return _estimate(_ratios(sums, works, seed) - _ratios(from_, works, seed))


def nearer(
    sums: np.ndarray, than: np.ndarray, to: np.ndarray, works: np.ndarray, seed: int = 0
) -> Estimate:
    """Return by how much nearer the ratio of `sums` is to that of `to` than the ratio of `than` is."""
    own, other, goal = (_ratios(each, works, seed) for each in (sums, than, to))
    return _estimate(np.abs(other - goal) - np.abs(own - goal))


def _ratios(sums: np.ndarray, works: np.ndarray, seed: int) -> np.ndarray:
    """Return the ratio of all holes, and after it those of the resampled works, float `[1 + RESAMPLES]`."""
    _, place = np.unique(works, return_inverse=True)
    per_work = np.stack(
        [np.bincount(place, weights=column) for column in np.asarray(sums, float).T], axis=1
    )
    if not len(per_work):
        return np.full(1 + RESAMPLES, np.nan)
    picks = np.random.default_rng(seed).integers(0, len(per_work), (RESAMPLES, len(per_work)))
    totals = np.concatenate([per_work.sum(axis=0)[None], per_work[picks].sum(axis=1)])
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(totals[:, 1] > 0, totals[:, 0] / totals[:, 1], np.nan)


def _estimate(ratios: np.ndarray) -> Estimate:
    drawn = ratios[1:][np.isfinite(ratios[1:])]
    if not len(drawn):
        return Estimate(float(ratios[0]), np.nan, np.nan)
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Estimate(float(ratios[0]), float(low), float(high))
