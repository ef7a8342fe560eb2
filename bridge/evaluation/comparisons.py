"""What the figures are read for: by how much a model beats what it should beat. Positive is better.

*Nearer* is to the real music: of distances measured in each hole, or of figures' means over all holes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bridge.evaluation.likelihood import BORDERS, NGRAM, TaskLikelihood, left_only
from bridge.evaluation.samples import BASELINES, COPY, REAL, TaskSamples, value_sums
from jaxmodels.bootstrap import Estimate, difference, gain, nearer, ratio


@dataclass(frozen=True)
class Comparison:
    """`model` is by `estimate` better than `against` in `figure`.

    - `share`: the estimate is a share of the other's figure, else a difference.
    - `baseline`: which one is meant by `BEST`, else empty.
    """

    task: str
    model: str
    figure: str
    against: str
    share: bool
    estimate: Estimate
    baseline: str = ""


BEST = "best baseline"
DISTANCES = {
    "histogram_distance": "pitch classes nearer",
    "groove_similarity_gap": "groove nearer, hole by hole",
}
MEANS = {
    "groove_similarity": "groove nearer, in the mean",
    "triads": "triads nearer, in the mean",
}


def likelihood_comparisons(
    task: str, measured: TaskLikelihood, models: Sequence[str]
) -> Iterator[Comparison]:
    """Yield how far each model's nats per note lie below its own left-only ones, and the 5-gram's."""
    for model in models:
        blind = left_only(model)
        for against in (blind, NGRAM):
            own, other = measured.sums[model], measured.sums[against]
            yield Comparison(task, model, "nats below", against, True, gain(own, other, measured.works))
            if task == "staff" and measured.alone.any():
                alone = measured.alone
                estimate = gain(own[alone], other[alone], measured.works[alone])
                yield Comparison(task, model, "nats below, one staff hidden", against, True, estimate)
        if task == "infill":
            near, far = measured.distances[model][:, 0], measured.distances[blind][:, 0]
            figure = f"nats below, last {BORDERS[0]} ticks"
            yield Comparison(task, model, figure, blind, True, gain(near, far, measured.works))


def sample_comparisons(task: str, measured: TaskSamples, models: Sequence[str]) -> Iterator[Comparison]:
    """Yield how each model's fills compare to the copied measure, and to each figure's best baseline."""
    works = measured.works

    def sums(system: str, metric: str) -> np.ndarray:
        return value_sums(measured.values[system][metric])

    for model in models:
        f1 = difference(sums(model, "note_f1"), sums(COPY, "note_f1"), works)
        yield Comparison(task, model, "note F1 above", COPY, False, f1)
        for metric, words in DISTANCES.items():
            best = _least({system: ratio(sums(system, metric), works).value for system in BASELINES})
            estimate = difference(sums(best, metric), sums(model, metric), works)
            yield Comparison(task, model, words, BEST, False, estimate, baseline=best)
        for metric, words in MEANS.items():
            goal = ratio(sums(REAL, metric), works).value
            best = _least(
                {system: abs(ratio(sums(system, metric), works).value - goal) for system in BASELINES}
            )
            estimate = nearer(sums(model, metric), sums(best, metric), sums(REAL, metric), works)
            yield Comparison(task, model, words, BEST, False, estimate, baseline=best)


def _least(values: dict[str, float]) -> str:
    """Return whose value is the least; one that says nothing (NaN) is never the best."""
    return min(values, key=lambda system: np.nan_to_num(values[system], nan=np.inf))
