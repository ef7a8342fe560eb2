"""All that is measured of models on works, in order, with the share of the work that is done."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from bridge.errors import UsageError
from bridge.evaluation import likelihood, result, samples
from bridge.evaluation.comparisons import likelihood_comparisons, sample_comparisons
from bridge.evaluation.holes import TaskHoles, cut_holes
from bridge.evaluation.works import Works
from bridge.models import Model
from bridge.training.hardware import describe_machine, package_versions
from jaxmodels.evaluate import EVALUATION_BATCH
from jaxmodels.ngram_sampling import NgramSampler

NGRAM_COST, BATCH_COST, FILL_COST, BASELINES_COST = 3, 500, 55, 50
"""Rough milliseconds of a window for the 5-gram, a batch of holes scored, a hole filled by a model and by
all baselines: for the progress bar."""


def measure(
    models: Sequence[Model],
    works: Works,
    holes: int,
    seed: int,
    progress: Callable[[float], None] | None = None,
) -> dict[str, Any]:
    """Return all figures of `models` on `works`, as docs/evaluation.md describes them, ready for JSON.

    - `holes`: how many of each task; `progress`: hears the share done, rising.

    Raises `UsageError` where no work has room for a hole, `ModelError` for weights that don't fit.
    """
    started = time.perf_counter()
    cut = cut_holes(works.corpus, holes, seed)
    if not cut:
        raise UsageError(
            "no measure is fit to be filled", where=works.source, fix="Name scores with notes in them."
        )
    bar = _Bar(_cost(cut, len(models)), progress)
    ngram = likelihood.fit_ngram(works.train, seed, bar.step(NGRAM_COST))
    sampler = NgramSampler(ngram)
    styles, names = works.corpus.style_names, [model.name for model in models]
    hole_cost = FILL_COST * len(models) + BASELINES_COST
    nats, fills, comparisons = {}, {}, []
    for task, task_holes in cut.items():
        scored = likelihood.measure_likelihood(task_holes, styles, models, ngram, bar.step(BATCH_COST))
        filled = samples.measure_samples(task_holes, styles, models, sampler, seed, bar.step(hole_cost))
        nats[task], fills[task] = result.likelihood_record(scored), result.samples_record(filled)
        comparisons += likelihood_comparisons(task, scored, names)
        comparisons += sample_comparisons(task, filled, names)
    return {
        "format": result.FORMAT,
        "models": [result.model_record(model) for model in models],
        "works": result.works_record(works),
        "holes": holes,
        "seed": seed,
        "likelihood": nats,
        "samples": fills,
        "comparisons": [result.comparison_record(each) for each in comparisons],
        "seconds": round(time.perf_counter() - started, 1),
        "machine": describe_machine(),
        "versions": package_versions(),
    }


def _cost(cut: dict[str, TaskHoles], models: int) -> int:
    counts = [len(task.holes) for task in cut.values()]
    batches = sum(-(-count // EVALUATION_BATCH) for count in counts)
    scored = BATCH_COST * batches * (2 * models + 1)  # two-sided, left-only; uniform
    filled = (FILL_COST * models + BASELINES_COST) * sum(counts)
    return NGRAM_COST * likelihood.NGRAM_WINDOWS + scored + filled


class _Bar:
    """Turns steps of known cost into the share done, told some hundred times in all."""

    def __init__(self, total: int, progress: Callable[[float], None] | None) -> None:
        self.total, self.done, self.told, self.progress = total, 0, 0.0, progress

    def step(self, cost: int) -> Callable[[], None]:
        """Return what is to be called after each step of this cost."""

        def stepped() -> None:
            self.done += cost
            share = self.done / self.total
            if self.progress and share >= self.told + 0.005:
                self.told = share
                self.progress(share)

        return stepped
