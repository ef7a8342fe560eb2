"""Is a model learnt by heart? Nats per note in works that it was trained on, validated on, tested on.

python benchmarks/splits.py --model wavenet --json benchmarks/results/splits-wavenet.json

Untransposed, all that is around the hole known, over all works of a split and over its chorales alone.
Splits differ in how hard their works are too, so only a training figure far below both others tells.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from machine import save_result
from stepwise_model import stepwise_model

from bridge.corpus.build import build_corpus
from bridge.models import DEFAULT_MODEL
from jaxmodels.data import evaluation_holes, make_examples
from jaxmodels.evaluate import evaluation_batches, score_batches
from jaxmodels.holes import TASKS
from jaxmodels.shards import SPLITS, load_corpus

CHORALE = "chorale"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--holes", type=int, default=96, help="holes of each task")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    model = stepwise_model(parser, args.model)
    whole = load_corpus(build_corpus([], False))
    rows: dict[str, dict[str, dict[str, float]]] = {}
    print(f"{'':20}" + "".join(f"{task:>10}" for task in TASKS))
    for split in SPLITS:
        corpus = whole.select(split)
        examples = make_examples(corpus.pieces, corpus.style_indexes(model.config.styles))
        chorales = [example for example in examples if model.config.styles[example.style] == CHORALE]
        for name, chosen in (("all works", examples), ("chorales", chorales)):
            found = {}
            for task in TASKS:
                batches = evaluation_batches(evaluation_holes(chosen, task, args.holes, seed=5))
                found[task] = score_batches(model.config, model.params, batches).total
            rows.setdefault(name, {})[split] = found
            figures = "".join(f"{value:10.3f}" for value in found.values())
            print(f"{name + ', ' + split:20}{figures}", flush=True)
    save_result(args.json, "splits", {"model": args.model, "holes": args.holes, "nats": rows})


if __name__ == "__main__":
    main()
