"""Every system fills the holes, and the fills are measured beside the real music."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import jax
import numpy as np

from bridge.alternatives import FillOptions
from bridge.evaluation.holes import TaskHoles
from bridge.evaluation.likelihood import NGRAM
from bridge.filling_task import CANDIDATES
from bridge.models import Model
from jaxmodels.baselines import copy_previous, random_in_key
from jaxmodels.data import Example
from jaxmodels.decode import fill_holes
from jaxmodels.hole_limits import Limits, limits_around
from jaxmodels.holes import TASKS
from jaxmodels.metrics import (
    groove_similarity,
    histogram_distance,
    mean_entropy,
    note_f1,
    rhythm_agreement,
)
from jaxmodels.ngram_sampling import NgramSampler
from jaxmodels.passage import Passage, drawn_notes, faults, real_passage
from jaxmodels.tonal_metrics import in_key_rate, triad_share
from jaxmodels.window import make_window
from jaxmodels.window_layout import Hole, Sizes, Window
from jaxmodels.wishes import make_wishes

COPY, RANDOM, REAL = "copy previous", "random in key", "real music"
BASELINES = (NGRAM, COPY, RANDOM)
MOST_EVENTS = 256
"""Twice as many as the real music of any hole; a fill that isn't through by then is called unfinished."""

SIZES = Sizes(4, events=1)

OWN_FIGURES: dict[str, Callable[[Passage], float]] = {
    "entropy_1": lambda passage: mean_entropy(passage, 1),
    "entropy_4": lambda passage: mean_entropy(passage, 4),
    "surroundings_distance": lambda passage: histogram_distance(passage.notes, passage.known),
    "groove_similarity": groove_similarity,
    "in_key": in_key_rate,
    "triads": triad_share,
}
"""What can be said of a fill by itself. Each has a `…_gap` beside it: |fill's − real music's| in a hole."""


@dataclass(frozen=True)
class TaskSamples:
    """What was measured on the fills of one task's holes.

    - `works` int `[H]`; `values`: system → metric → float `[H]`, NaN where a metric says nothing.
    - `faults`: system → notes that aren't legal; `unfinished`: system → fills that found no end.
    """

    works: np.ndarray
    values: dict[str, dict[str, np.ndarray]]
    faults: dict[str, int]
    unfinished: dict[str, int]


def measure_samples(
    holes: TaskHoles,
    style_names: Sequence[str],
    models: Sequence[Model],
    sampler: NgramSampler,
    seed: int,
    progress: Callable[[], None],
) -> TaskSamples:
    """Return the figures of all systems' fills; `progress`: after each hole."""
    systems = [*(model.name for model in models), *BASELINES, REAL]
    rows: dict[str, list[dict[str, float]]] = {system: [] for system in systems}
    wrong, unfinished = dict.fromkeys(systems, 0), dict.fromkeys(systems, 0)
    styled = [holes.for_styles(style_names, model.config.styles) for model in models]
    for place, (example, hole) in enumerate(holes.holes):
        real = real_passage(example.piece, hole)
        own = figures_of(real)
        each = [styles[place][1] for styles in styled]
        dice = np.random.SeedSequence([seed, TASKS.index(holes.task), place])
        for system, notes, complete in _fills(example, hole, each, real, models, sampler, dice):
            passage = real.filled(notes)
            rows[system].append(compared(passage, real, own))
            wrong[system] += faults(passage)
            unfinished[system] += not complete
        progress()
    values = {
        system: {name: np.array([row[name] for row in found]) for name in found[0]}
        for system, found in rows.items()
    }
    return TaskSamples(holes.works, values, wrong, unfinished)


def figures_of(passage: Passage) -> dict[str, float]:
    """Return all figures that a fill has by itself, NaN where one says nothing."""
    return {name: figure(passage) for name, figure in OWN_FIGURES.items()}


def compared(passage: Passage, real: Passage, real_figures: dict[str, float]) -> dict[str, float]:
    """Return all metrics of a fill: against the real music's notes, by itself, and the gaps between."""
    own = figures_of(passage)
    gaps = {f"{name}_gap": abs(own[name] - real_figures[name]) for name in own}
    return {
        "note_f1": note_f1(passage.notes, real.notes),
        "histogram_distance": histogram_distance(passage.notes, real.notes),
        "rhythm_agreement": rhythm_agreement(passage, real),
        **own,
        **gaps,
    }


def value_sums(values: np.ndarray) -> np.ndarray:
    """Return `[H, 2]`: each hole's value and 1, or two zeros where there is none."""
    there = ~np.isnan(values)
    return np.stack([np.where(there, values, 0.0), there], axis=1)


def _fills(
    example: Example,
    hole: Hole,
    styled: Sequence[Hole],
    real: Passage,
    models: Sequence[Model],
    sampler: NgramSampler,
    dice: np.random.SeedSequence,
) -> Iterator[tuple[str, np.ndarray, bool]]:
    """Yield each system's name, its notes, and whether it came to an end."""
    limits = limits_around(example.piece, example.facts, hole)
    staves = list(hole.staves)
    rests = np.zeros(SIZES.staves, np.int32)
    rests[: len(staves)] = limits.longest_rest[staves]
    manner = FillOptions(seed=0)  # how `jaxmuse fill` draws if nothing is said
    for model, own_hole in zip(models, styled, strict=True):
        window = make_window(example.piece, limits.facts, own_hole, SIZES)
        yield model.name, *_drawn(model, window, rests, manner, int(dice.generate_state(1)[0]))
    window = make_window(example.piece, limits.facts, hole, SIZES)
    rng = np.random.default_rng(dice)
    events, complete = sampler.fill(
        window, SIZES.beats, MOST_EVENTS, rests, rng, manner.temperature, manner.top_p
    )
    yield NGRAM, drawn_notes(window, events), complete
    yield COPY, copy_previous(real), True
    yield RANDOM, random_in_key(real, *_range(limits, staves), rng), True
    yield REAL, real.notes, True


def _drawn(
    model: Model, window: Window, rests: np.ndarray, manner: FillOptions, seed: int
) -> tuple[np.ndarray, bool]:
    """Return the likeliest of the candidates, and whether it came to an end."""
    wishes = make_wishes(window, MOST_EVENTS, rests, temperature=manner.temperature, top_p=manner.top_p)
    one = jax.tree.map(lambda array: np.asarray(array)[None], window)
    keys = jax.random.split(jax.random.key(seed), CANDIDATES)
    drawn = jax.device_get(
        fill_holes(model.stepwise(), model.params, one, SIZES.beats, MOST_EVENTS, keys, wishes)
    )
    each = drawn.nll / np.maximum(1, drawn.count)
    best = np.lexsort([each, ~drawn.complete | (drawn.count == 0)])[0]
    return drawn_notes(window, drawn.events[best, : drawn.count[best]]), bool(drawn.complete[best])


def _range(limits: Limits, staves: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    return limits.facts.lowest[staves], limits.facts.highest[staves]
