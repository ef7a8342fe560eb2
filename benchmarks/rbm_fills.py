"""Fills by the restricted Boltzmann machine in works that it never saw, beside copies and the real music.

python benchmarks/rbm_fills.py --json benchmarks/results/rbm_fills.json

The holes are those of `jaxmuse evaluate` (the test split without near-duplicates; continue, infill and
whole staves: an RBM fills measures on end), the figures too (docs/evaluation.md); one fill a hole, not
ranked. `lstm` and `wavenet` fill the same holes. An illegal note would break a measure or leave the hole.
Seconds are medians over the holes; a fill that had anything to trace or compile is made again and only
then timed.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import jax
import numpy as np
from machine import save_result

from bridge.errors import JaxmuseError
from bridge.evaluation.holes import TaskHoles, cut_holes
from bridge.evaluation.samples import compared, figures_of
from bridge.evaluation.works import choose_works
from bridge.models import Model, load_model
from bridge.rbm_filling import rbm_of
from jaxmodels.baselines import copy_previous
from jaxmodels.data import Example
from jaxmodels.decode import fill_holes
from jaxmodels.hole_limits import Limits, limits_around
from jaxmodels.hole_notes import without_hole
from jaxmodels.passage import drawn_notes, faults, real_passage
from jaxmodels.piece import DURATION, M_ONSET, ONSET, PITCH, STAFF
from jaxmodels.rbm.config import RbmConfig
from jaxmodels.rbm.fill import fill_hole
from jaxmodels.rbm.hole import Hole as RbmHole
from jaxmodels.rbm.roll import step_for
from jaxmodels.window import make_window
from jaxmodels.window_layout import D_CLOCK, D_PITCH, D_STAFF, D_TICKS, Hole, Sizes
from jaxmodels.wishes import make_wishes

TASKS = ("continue", "infill", "staff")
METRICS = ("note_f1", "histogram_distance", "rhythm_agreement", "in_key", "triads")
SIZES = Sizes(4)
MOST_EVENTS = 512
TOP_P = 0.95
HOLES = 16
"""Of each task: three models fill them within four minutes on one core."""

COMPILING = "/jax/core/compile"
"""What JAX's events begin with that tell of tracing and compiling."""


def by_rbm(model: Model, example: Example, hole: Hole, limits: Limits, seed: int) -> np.ndarray:
    """Return the RBM's notes, as a passage has them, `[N, 4]`."""
    config, rbm = rbm_of(model)
    rows, columns = np.flatnonzero(hole.mask.any(axis=1)), np.flatnonzero(hole.mask.any(axis=0))
    start, stop = hole.first + int(rows[0]), hole.first + int(rows[-1]) + 1
    piece = without_hole(example.piece, hole)
    rests = limits.longest_rest >= step_for(piece, config.step_ticks)
    asked = RbmHole(tuple(hole.staves[place] for place in columns), start, stop, stop, rests)
    written = fill_hole(config, rbm, [piece], limits.facts, asked, jax.random.key(seed))
    events = written.events[0, : written.count[0]]
    notes = np.zeros((len(events), 4), np.int32)
    notes[:, [ONSET, STAFF, PITCH, DURATION]] = events[:, [D_CLOCK, D_STAFF, D_PITCH, D_TICKS]]
    notes[:, ONSET] += piece.measures[start, M_ONSET] - piece.measures[hole.first, M_ONSET]
    notes[:, STAFF] = np.searchsorted(hole.staves, notes[:, STAFF])
    return notes


def by_steps(model: Model, example: Example, hole: Hole, limits: Limits, seed: int) -> np.ndarray:
    """Return a stepwise model's notes, drawn as `jaxmuse fill` does, `[N, 4]`."""
    window = make_window(example.piece, limits.facts, hole._replace(style=0), SIZES)
    rests = np.zeros(SIZES.staves, np.int32)
    rests[: len(hole.staves)] = limits.longest_rest[list(hole.staves)]
    wishes = make_wishes(window, MOST_EVENTS, rests, top_p=TOP_P)
    one = jax.tree.map(lambda array: np.asarray(array)[None], window)
    keys = jax.random.key(seed)[None]
    drawn = fill_holes(model.stepwise(), model.params, one, SIZES.beats, MOST_EVENTS, keys, wishes)
    return drawn_notes(window, np.asarray(drawn.events)[0, : int(drawn.count[0])])


def watch_compiling() -> list[str]:
    """Return a list that grows with everything that JAX traces or compiles from now on."""
    seen: list[str] = []

    def listen(event: str, seconds: float, **more: object) -> None:
        if event.startswith(COMPILING):
            seen.append(event)

    jax.monitoring.register_event_duration_secs_listener(listen)
    return seen


def timed(fill: Callable[[], np.ndarray], compiled: list[str]) -> tuple[np.ndarray, float]:
    """Return a fill's notes and its seconds, those of a second one if the first had to compile."""
    for _ in range(2):
        before, started = len(compiled), time.perf_counter()
        notes = fill()
        seconds = time.perf_counter() - started
        if len(compiled) == before:
            break
    return notes, seconds


def fills(
    models: list[Model], holes: TaskHoles, spent: dict[str, list[float]], compiled: list[str]
) -> Iterator[tuple[str, dict[str, float], int]]:
    """Yield each system's name, the figures of its fill, and its illegal notes, hole by hole."""
    for place, (example, hole) in enumerate(holes.holes):
        real = real_passage(example.piece, hole)
        own = figures_of(real)
        limits = limits_around(example.piece, example.facts, hole)
        notes = {"real music": real.notes, "copy previous": copy_previous(real)}
        for model in models:
            fill = by_rbm if isinstance(model.config, RbmConfig) else by_steps
            ready = partial(fill, model, example, hole, limits, place)
            notes[model.name], seconds = timed(ready, compiled)
            spent[model.name].append(seconds)
        for name, each in notes.items():
            passage = real.filled(each)
            yield name, compared(passage, real, own), faults(passage)


def measure(
    models: list[Model], holes: TaskHoles, spent: dict[str, list[float]], compiled: list[str]
) -> dict[str, Any]:
    """Return each system's mean figures and illegal notes."""
    rows: dict[str, list[dict[str, float]]] = {}
    illegal: dict[str, int] = {}
    for name, figures, wrong in fills(models, holes, spent, compiled):
        rows.setdefault(name, []).append(figures)
        illegal[name] = illegal.get(name, 0) + wrong
    return {
        name: {metric: float(np.nanmean([row[metric] for row in found])) for metric in METRICS}
        | {"illegal_notes": illegal[name]}
        for name, found in rows.items()
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--model", action="append", help="again for more; rbm, lstm and wavenet if left out"
    )
    parser.add_argument("--holes", type=int, default=HOLES, help="holes of each task")
    parser.add_argument("--styles", default="", help="only works of this style, such as chorale")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    try:
        models = [load_model(name) for name in args.model or ("rbm", "lstm", "wavenet")]
    except JaxmuseError as error:
        parser.error(str(error))
    compiled = watch_compiling()
    works = choose_works([], None, [args.styles] if args.styles else [])
    cut = cut_holes(works.corpus, args.holes, seed=0)
    spent: dict[str, list[float]] = {model.name: [] for model in models}
    found = {}
    for task in TASKS:
        found[task] = measure(models, cut[task], spent, compiled)
        for name, figures in found[task].items():
            print(f"{task:9}{name:15}" + "  ".join(f"{key} {value:.3f}" for key, value in figures.items()))
            sys.stdout.flush()
    seconds = {name: statistics.median(each) for name, each in spent.items()}
    print("seconds a fill: " + ", ".join(f"{name} {value:.2f}" for name, value in seconds.items()))
    results = {"works": len(works.corpus.pieces), "styles": args.styles, "holes": args.holes}
    save_result(args.json, "rbm_fills", results | {"tasks": found, "seconds_per_fill": seconds})


if __name__ == "__main__":
    main()
