"""What it is worth to ask both released models and to mix their answers: nats per note.

python benchmarks/ensemble.py --json benchmarks/results/ensemble.json

Each choice (onset, staff, pitch, duration) is given the mean of the models' probabilities. Measured on the
fixed holes of the split to validate on. Two models cost twice the time of one.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from machine import save_result
from stepwise_model import stepwise_model

from bridge.corpus.build import build_corpus
from jaxmodels.data import evaluation_holes, make_examples
from jaxmodels.evaluate import evaluation_batches, hole_losses, task_score
from jaxmodels.holes import TASKS
from jaxmodels.shards import load_corpus


def mixed(losses: list[list[np.ndarray]]) -> list[np.ndarray]:
    """Return each hole's nats, `[notes + 1, heads]`, under the mean of the models' probabilities."""
    return [
        -np.logaddexp.reduce(-np.stack(hole), axis=0) + np.log(len(hole))
        for hole in zip(*losses, strict=True)
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--models", nargs="+", default=["wavenet", "lstm"])
    parser.add_argument("--holes", type=int, default=48, help="holes of each task")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    models = [stepwise_model(parser, name) for name in args.models]
    corpus = load_corpus(build_corpus([], False)).select("valid")
    rows: dict[str, dict[str, float]] = {}
    for task in TASKS:
        losses = []
        for name, model in zip(args.models, models, strict=True):
            examples = make_examples(corpus.pieces, corpus.style_indexes(model.config.styles))
            batches = evaluation_batches(evaluation_holes(examples, task, args.holes, seed=1))
            losses.append(hole_losses(model.config, model.params, batches))
            rows.setdefault(name, {})[task] = task_score(losses[-1]).total
        rows.setdefault(" + ".join(args.models), {})[task] = task_score(mixed(losses)).total
    print(f"{'':28}" + "".join(f"{task:>10}" for task in TASKS))
    for name, row in rows.items():
        print(f"{name:28}" + "".join(f"{value:10.3f}" for value in row.values()))
    save_result(args.json, "ensemble", {"split": "valid", "holes": args.holes, "nats": rows})


if __name__ == "__main__":
    main()
