"""What a trained model leans on: nats per note when one kind of knowledge is taken from it, or given.

python benchmarks/reliance.py --model wavenet --json benchmarks/results/reliance-wavenet.json

The model stays as it was trained, so this says what it uses, not what it could do if trained without.
Measured on the fixed holes of the split to validate on.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from knowledge import HIDDEN, replaced
from machine import save_result
from stepwise_model import stepwise_model

from bridge.corpus.build import build_corpus
from bridge.models import DEFAULT_MODEL
from jaxmodels.data import evaluation_holes, make_examples
from jaxmodels.evaluate import evaluation_batches, score_batches
from jaxmodels.holes import TASKS
from jaxmodels.shards import load_corpus
from jaxmodels.window import hole_controls


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--split", default="valid", choices=["valid", "test"])
    parser.add_argument("--holes", type=int, default=48, help="holes of each task")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    model = stepwise_model(parser, args.model)
    corpus = load_corpus(build_corpus([], False)).select(args.split)
    examples = make_examples(corpus.pieces, corpus.style_indexes(model.config.styles))
    holes = {task: evaluation_holes(examples, task, args.holes, seed=1) for task in TASKS}

    def nats(change: Callable[[Any, Any], Any] = lambda example, hole: hole) -> dict[str, float]:
        scores = {}
        for task, cut in holes.items():
            batches = evaluation_batches([(example, change(example, hole)) for example, hole in cut])
            scores[task] = score_batches(model.config, model.params, batches).total
        return scores

    rows: dict[str, dict[str, float]] = {}

    def tell(name: str, scores: dict[str, float]) -> None:
        rows[name] = scores
        print(f"{name:28}" + "".join(f"{value:10.3f}" for value in scores.values()), flush=True)

    print(f"{'':28}" + "".join(f"{task:>10}" for task in TASKS))
    tell("as it is", nats())
    tell("style unknown", nats(lambda example, hole: hole._replace(style=0)))
    tell("controls told", nats(lambda e, hole: hole._replace(controls=hole_controls(e.piece, hole))))
    for name, taken in HIDDEN.items():
        print(name, file=sys.stderr)
        with replaced(taken()):
            tell(name, nats())
    asked = {"model": args.model, "split": args.split, "holes": args.holes}
    save_result(args.json, "reliance", {**asked, "nats": rows})


if __name__ == "__main__":
    main()
