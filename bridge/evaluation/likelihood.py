"""How likely the real music of the holes is to each system, in nats."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import jax
import numpy as np

from bridge.evaluation.holes import TaskHoles
from bridge.models import Model, weights_that_fit
from jaxmodels.data import WindowSampler, make_examples
from jaxmodels.evaluate import HEADS, by_distance, evaluation_batches, hole_losses, task_score
from jaxmodels.ngram import EventNgram
from jaxmodels.shards import Corpus
from jaxmodels.window import make_window
from jaxmodels.window_layout import Sizes

NGRAM, UNIFORM = "5-gram", "uniform"
NGRAM_WINDOWS = 20_000
BORDERS = (24, 48, 96, 192)
"""Ticks before the hole's end at which figures are parted."""


@dataclass
class TaskLikelihood:
    """Nats in the holes of one task; a system is a model, a model that sees only the left, or a baseline.

    - `works` int `[H]`: the work of each hole; `alone` bool `[H]`: it hides notes of one staff only.
    - `sums`: system → `[H, 2]`, nats (the hole's end counted in) and notes of each hole.
    - `heads`: system → head → nats per note; `distances`: system → `[H, len(BORDERS) + 1, 2]`, nats and
      notes by distance to the hole's end.
    """

    works: np.ndarray
    alone: np.ndarray
    sums: dict[str, np.ndarray] = field(default_factory=dict)
    heads: dict[str, dict[str, float]] = field(default_factory=dict)
    distances: dict[str, np.ndarray] = field(default_factory=dict)


def left_only(model: str) -> str:
    """Return the name of `model` blind from the hole on."""
    return f"{model}, left only"


def fit_ngram(train: Corpus, seed: int, progress: Callable[[], None]) -> EventNgram:
    """Return the 5-gram counted on windows of `train` as models train on them; `progress`: after each."""
    sampler = WindowSampler(make_examples(train.pieces, train.styles.tolist()), Sizes(4), smallest=1)
    rng = np.random.default_rng(seed)

    def windows():
        for _ in range(NGRAM_WINDOWS):
            yield sampler.window(rng)
            progress()

    ngram = EventNgram(5)
    ngram.fit(windows())
    return ngram


def measure_likelihood(
    holes: TaskHoles,
    style_names: Sequence[str],
    models: Sequence[Model],
    ngram: EventNgram,
    progress: Callable[[], None],
) -> TaskLikelihood:
    """Return what all systems make of the holes; `progress`: after each batch of a neural one."""
    measured = TaskLikelihood(
        holes.works, np.array([hole.mask.any(axis=0).sum() == 1 for _, hole in holes.holes])
    )
    for model in models:
        styled = holes.for_styles(style_names, model.config.styles)
        for name, blind in ((model.name, False), (left_only(model.name), True)):
            batches = evaluation_batches(styled, left_only=blind)
            with weights_that_fit(model.name):
                losses = hole_losses(model.stepwise(), model.params, batches, progress)
            score = task_score(losses)
            measured.sums[name] = score.per_hole
            measured.heads[name] = {head: getattr(score, head) for head in HEADS}
            measured.distances[name] = by_distance(batches, losses, BORDERS)
    windows = [make_window(e.piece, e.facts, hole, Sizes(4)) for e, hole in holes.holes]
    measured.sums[NGRAM] = np.array([(ngram.nll(window), window.event_count) for window in windows], float)
    model = models[0]  # any will do: without weights, all find all that is legal equally likely
    indifferent = jax.tree.map(np.zeros_like, model.params)
    batches = evaluation_batches(holes.for_styles(style_names, model.config.styles))
    losses = hole_losses(model.stepwise(), indifferent, batches, progress)
    measured.sums[UNIFORM] = task_score(losses).per_hole
    return measured
