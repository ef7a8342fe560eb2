"""What the figures are read for: by how much a model beats what it should beat. Positive is better."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bridge.evaluation.likelihood import BORDERS, NGRAM, TaskLikelihood, left_only
from bridge.evaluation.samples import BASELINES, COPY, TaskSamples, value_sums
from jaxmodels.bootstrap import Estimate, difference, gain


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
NEARER = {
    "histogram_distance": "pitch classes nearer to the real ones",
    "groove_similarity_gap": "groove similarity nearer to the real one",
}


def likelihood_comparisons(
    task: str, measured: TaskLikelihood, models: Sequence[str]
) -> Iterator[Comparison]:
    """Yield how far each model's nats per note lie below its own left-only ones, and the 5-gram's."""
    for model in models:
        blind = left_only(model)
        for against in (blind, NGRAM):
            estimate = gain(measured.sums[model], measured.sums[against], measured.works)
            yield Comparison(task, model, "nats per note below", against, True, estimate)
        if task == "infill":
            near, far = measured.distances[model][:, 0], measured.distances[blind][:, 0]
            figure = f"nats per note below, last {BORDERS[0]} ticks"
            yield Comparison(task, model, figure, blind, True, gain(near, far, measured.works))


def sample_comparisons(task: str, measured: TaskSamples, models: Sequence[str]) -> Iterator[Comparison]:
    """Yield how each model's fills compare to the copied measure, and to the best baseline."""
    for model in models:
        copied, own = (value_sums(measured.values[system]["note_f1"]) for system in (COPY, model))
        yield Comparison(task, model, "note F1 above", COPY, False, difference(own, copied, measured.works))
        for metric, words in NEARER.items():
            best = min(BASELINES, key=lambda system: np.nanmean(measured.values[system][metric]))
            theirs, own = (value_sums(measured.values[system][metric]) for system in (best, model))
            estimate = difference(theirs, own, measured.works)
            yield Comparison(task, model, words, BEST, False, estimate, baseline=best)
