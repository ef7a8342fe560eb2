"""What makes held-out nats fall: one thing changed at a time, everything else as it is.

python benchmarks/ablations.py --json benchmarks/results/ablations.json

Trains a small model (about a third of the released one's parameters) for each row, on the same batches in
the same order, and takes its best validation. Rows that are in the JSON already are kept, so that a stopped
run goes on. Small and short trainings rank changes; they don't say how large a difference is in a long one.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from knowledge import HIDDEN, Replacements, replaced
from machine import save_result

from bridge.corpus.build import build_corpus
from bridge.models import use_compilation_cache
from jaxmodels import data, holes
from jaxmodels.config import ModelConfig, TrainConfig, with_values
from jaxmodels.data import Example, make_examples
from jaxmodels.holes import TASKS
from jaxmodels.shards import load_corpus
from jaxmodels.train import train

SMALL = {
    "context_channels": 32,
    "residual_channels": 48,
    "skip_channels": 48,
    "head_channels": 96,
    "staff_channels": 24,
    "lstm_channels": 128,
}
WIDE = {name: 2 * size for name, size in SMALL.items()}


@dataclass(frozen=True)
class Variant:
    """One row: fields of the configurations, functions and constants to replace, or another style.

    - `predicted`: what was expected of it before it was measured, and why; `length`: of the training,
      as a share of the others'.
    """

    predicted: str
    values: dict[str, Any] = field(default_factory=dict)
    replacements: Callable[[], Replacements] = dict
    styles: bool = True
    length: float = 1.0


VARIANTS = {
    "as it is": Variant("–"),
    "another seed": Variant("within .01: how much is chance", {"seed": 1}),
    "LSTM": Variant("equal: the heads see the state", {"kind": "lstm"}),
    "16 windows in a batch, half the steps": Variant(
        "worse: steps are what is short", {"batch_size": 16}, length=0.5
    ),
    "no dropout": Variant("better: nothing is overfitted yet", {"dropout": 0.0}),
    "dropout .2": Variant("worse", {"dropout": 0.2}),
    "no averaged weights": Variant("equal: the rate has fallen by then", {"ema_decay": 0.0}),
    "half the learning rate": Variant("worse in a short training", {"peak_rate": 1e-3}),
    "twice the learning rate": Variant("a little better in a short training", {"peak_rate": 4e-3}),
    "twice as wide": Variant("better by .05, at three times the price", WIDE),
    "context of half the depth": Variant("worse with staves and cells", {"context_dilations": (1, 4, 16)}),
    "more staves and cells": Variant(
        "better there, worse elsewhere",
        replacements=lambda: {(holes, "TASK_SHARES"): (0.2, 0.2, 0.35, 0.25)},
    ),
    **{
        name: Variant(predicted, replacements=HIDDEN[name])
        for name, predicted in {
            "no repeats": "much worse, with tunes most",
            "no runs": "worse when infilling",
            "no neighbours": "worse with staves and cells",
            "nothing ahead at the heads": "a little worse with staves and cells",
        }.items()
    },
    "one kernel of intervals": Variant("worse by .01", {"interval_kernels": 1}),
    "no controls told": Variant(
        "a little better: nothing to be learnt beside", replacements=lambda: {(data, "CONTROLS_SHARE"): 0.0}
    ),
    "no styles told": Variant("worse by .02", styles=False),
}
assert {name for name in VARIANTS if name in HIDDEN} == set(HIDDEN)


def best_of(variant: Variant, examples: list[list[Example]], styles: tuple[str, ...], steps: int) -> dict:
    """Train one row and return its parameters' best validation."""
    values: dict[str, Any] = SMALL | variant.values
    model_config = with_values(ModelConfig(styles=styles), values)
    steps = max(1, round(steps * variant.length))
    config = with_values(
        TrainConfig(steps=steps, warmup_steps=100, valid_every=max(1, steps // 2), valid_windows=480),
        values,
    )
    assert not values, f"there are no such fields: {', '.join(values)}"
    if not variant.styles:
        examples = [[dataclasses.replace(each, style=0) for each in part] for part in examples]
    folder = Path(tempfile.mkdtemp())
    started = time.perf_counter()
    try:
        with replaced(variant.replacements()):
            best = train(*examples, folder, model_config, config)
    finally:
        shutil.rmtree(folder)
    nats = {task: best[f"valid_{task}"] for task in TASKS}
    told = {"predicted": variant.predicted, **nats}
    return {**told, "mean": best["valid"], "step": best["step"], "seconds": time.perf_counter() - started}


def main() -> None:
    """Train and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--steps", type=int, default=600)
    parser.add_argument("--only", nargs="*", default=[], metavar="ROW")
    parser.add_argument("--json", type=Path, required=True)
    args = parser.parse_args()
    if unknown := [name for name in args.only if name not in VARIANTS]:
        parser.error(f"no such row: {', '.join(unknown)}; there are {', '.join(VARIANTS)}")
    use_compilation_cache()
    corpus = load_corpus(build_corpus([], False))
    styles = tuple(corpus.style_names)
    parts = [corpus.select(split) for split in ("train", "valid")]
    examples = [make_examples(part.pieces, part.style_indexes(styles)) for part in parts]
    rows: dict[str, dict] = {}
    if args.json.is_file():
        done = json.loads(args.json.read_text("utf-8"))["results"]
        rows = done["rows"] if done["steps"] == args.steps else {}
    for name, variant in VARIANTS.items():
        if (args.only and name not in args.only) or name in rows:
            continue
        print(f"{name} …", file=sys.stderr, flush=True)
        rows[name] = best_of(variant, examples, styles, args.steps)
        save_result(args.json, "ablations", {"steps": args.steps, "rows": rows})
    print(f"{'':28}" + "".join(f"{task:>10}" for task in (*TASKS, "mean")))
    for name, row in rows.items():
        print(f"{name:28}" + "".join(f"{row[task]:10.3f}" for task in (*TASKS, "mean")))


if __name__ == "__main__":
    main()
