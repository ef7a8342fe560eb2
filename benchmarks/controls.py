"""Does a fill do what it is asked? Each control at five levels, and what came of it.

python benchmarks/controls.py --model wavenet --json benchmarks/results/controls-wavenet.json

The same holes of test works are filled at every level with the same dice; one candidate each, not ranked.
Measured are the mean of the statistic that the control names, over all filled staves, and, beside the
levels, the same of fills without a control and of the real music.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import jax
import numpy as np
from machine import save_result
from stepwise_model import stepwise_model

from bridge.character import FREE, MOST, Character
from bridge.character_levels import controls_told, widen_limits
from bridge.corpus.build import build_corpus
from bridge.models import DEFAULT_MODEL, Model
from jaxmodels import controls
from jaxmodels.data import Example, evaluation_holes, make_examples, stack
from jaxmodels.decode import fill_holes
from jaxmodels.hole_limits import limits_around
from jaxmodels.hole_notes import without_hole
from jaxmodels.passage import drawn_notes, real_passage
from jaxmodels.piece import M_DURATION
from jaxmodels.shards import load_corpus
from jaxmodels.window import make_window
from jaxmodels.window_layout import Hole, Sizes
from jaxmodels.wishes import make_wishes

LEVELS = range(-MOST, MOST + 1)
TASKS = ("continue", "infill")
MOST_EVENTS = 256
BATCH = 8
SIZES = Sizes(4, events=1)
UNITS = {
    "density": "onsets per quarter",
    "polyphony": "notes at once",
    "register": "mean pitch (MIDI)",
    "closeness": "share of known patterns",
}


def in_units(measured: np.ndarray) -> dict[str, float]:
    """Return the means of controls `[N, CONTROLS]`, log2 and octaves undone."""
    density, polyphony, register, closeness = np.nanmean(measured, axis=0)
    return {
        "density": float(2**density),
        "polyphony": float(2**polyphony),
        "register": float(controls.MIDDLE_PITCH + 12 * register),
        "closeness": float(closeness),
    }


def filled(model: Model, holes: Sequence[tuple[Example, Hole]], character: Character) -> np.ndarray:
    """Return what the fills are like, `[staves of all holes, CONTROLS]`."""
    rows = []
    for first in range(0, len(holes), BATCH):
        chunk = holes[first : first + BATCH]
        windows, rests = [], np.zeros(SIZES.staves, np.int32)
        for example, hole in chunk:
            limits = limits_around(example.piece, example.facts, hole)
            ranges = {staff: (0, 127) for staff in _to_fill(hole)}
            facts = type(limits.facts)(*(column.copy() for column in limits.facts))
            widen_limits(character, facts, ranges)
            told = controls_told(
                character, without_hole(example.piece, hole), facts, hole.staves, _to_fill(hole)
            )
            windows.append(make_window(example.piece, facts, hole._replace(controls=told), SIZES))
            longest = limits.longest_rest[list(hole.staves)]
            rests[: len(longest)] = np.maximum(rests[: len(longest)], longest)
        windows += [windows[0]] * (BATCH - len(windows))
        wishes = make_wishes(windows[0], MOST_EVENTS, rests, temperature=1.0, top_p=0.95)
        keys = jax.vmap(lambda number: jax.random.fold_in(jax.random.key(0), number))(
            np.arange(first, first + BATCH)
        )
        drawn = jax.device_get(
            fill_holes(model.config, model.params, stack(windows), SIZES.beats, MOST_EVENTS, keys, wishes)
        )
        for place, (example, hole) in enumerate(chunk):
            notes = drawn_notes(windows[place], drawn.events[place, : drawn.count[place]])
            rows.append(_measured(example, hole, notes))
    return np.concatenate(rows)


def _to_fill(hole: Hole) -> list[int]:
    return [staff for staff, masked in zip(hole.staves, hole.mask.any(axis=0), strict=True) if masked]


def _measured(example: Example, hole: Hole, notes: np.ndarray) -> np.ndarray:
    passage = real_passage(example.piece, hole)
    ticks = passage.measures[:, M_DURATION] @ passage.mask
    return controls.measure_controls(notes, passage.known, len(hole.staves), ticks)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--split", default="test", choices=["valid", "test"])
    parser.add_argument("--holes", type=int, default=48, help="holes of each task")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    model = stepwise_model(parser, args.model)
    corpus = load_corpus(build_corpus([], False)).select(args.split)
    examples = make_examples(corpus.pieces, corpus.style_indexes(model.config.styles))
    holes = [hole for task in TASKS for hole in evaluation_holes(examples, task, args.holes)]
    real = np.concatenate(
        [_measured(example, hole, real_passage(example.piece, hole).notes) for example, hole in holes]
    )
    table = {"real": in_units(real), "free": in_units(filled(model, holes, FREE)), "levels": {}}
    print(f"{'':10}" + "".join(f"{level:>8}" for level in LEVELS) + f"{'free':>10}{'real':>10}")
    for name in controls.NAMES:
        row = []
        for level in LEVELS:
            print(f"{name} {level}", file=sys.stderr)
            row.append(in_units(filled(model, holes, Character(**{name: level})))[name])
        table["levels"][name] = dict(zip(map(str, LEVELS), row, strict=True))
        beside = f"{table['free'][name]:10.2f}{table['real'][name]:10.2f}"
        print(f"{name:10}" + "".join(f"{value:8.2f}" for value in row) + beside + f"   {UNITS[name]}")
    results = {"model": args.model, "split": args.split, "holes": len(holes), **table}
    save_result(args.json, "controls", results)


if __name__ == "__main__":
    main()
