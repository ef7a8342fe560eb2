"""Nats per note in the holes of works that no model saw: the model against its simpler relations.

python benchmarks/likelihood.py --model checkpoints/wavenet-base --json likelihood.json

Rows: the model; the same model with all hidden that sounds from the hole on (left-only); an interpolated
5-gram over the same events; uniform over what the constraints allow. Columns: the four tasks.
Intervals are 95 % bootstrap intervals over works.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import jax
import numpy as np

from bridge.corpus.build import build_corpus
from jaxmodels.checkpoint import load_model
from jaxmodels.config import ModelConfig
from jaxmodels.data import WindowSampler, evaluation_holes, make_examples
from jaxmodels.evaluate import batch_losses, evaluation_batches, score_batches
from jaxmodels.holes import TASKS
from jaxmodels.ngram import EventNgram
from jaxmodels.shards import load_corpus
from jaxmodels.window import make_window
from jaxmodels.window_layout import E_CLOCK, Sizes

NGRAM_WINDOWS = 20_000
RESAMPLES = 2000
DISTANCES = (24, 48, 96, 192)
"""Ticks before the hole's end at which the infill figures are parted."""


def interval(per_hole: np.ndarray, works: np.ndarray) -> tuple[float, float]:
    """Return the 95 % interval of nats per note, works drawn with replacement."""
    rng = np.random.default_rng(0)
    sums = np.stack([np.bincount(works, weights=column) for column in per_hole.T], axis=1)
    sums = sums[np.unique(works)]
    picks = rng.integers(0, len(sums), (RESAMPLES, len(sums)))
    totals = sums[picks].sum(axis=1)
    low, high = np.quantile(totals[:, 0] / np.maximum(1, totals[:, 1]), [0.025, 0.975])
    return float(low), float(high)


def by_distance(config: ModelConfig, params: dict, holes: list, left_only: bool) -> dict[str, float]:
    """Return nats per note by how far, in ticks, the note's onset lies before the hole's end."""
    distances, nats = [], []
    for batch, beats, used in evaluation_batches(holes, left_only=left_only):
        losses = jax.device_get(batch_losses(config, params, batch, beats))
        total = sum(losses[:4])
        for row in range(used):
            count = int(batch.event_count[row])
            distances.append(batch.hole_ticks[row] - batch.events[row, :count, E_CLOCK])
            nats.append(total[row, :count])
    distance, nat = np.concatenate(distances), np.concatenate(nats)
    borders = zip((0, *DISTANCES), (*DISTANCES, 1 << 20), strict=True)
    inside = {low: nat[(distance > low) & (distance <= high)] for low, high in borders}
    return {str(low): float(values.mean()) for low, values in inside.items() if len(values)}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", type=Path, default=Path("checkpoints/wavenet-base"))
    parser.add_argument("--corpus", type=Path, help="a corpus.npz; the default corpus is built otherwise")
    parser.add_argument("--split", default="test", choices=["valid", "test"])
    parser.add_argument("--holes", type=int, default=320, help="holes for each task")
    parser.add_argument("--styles", nargs="*", help="only works of these styles")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()

    corpus = load_corpus(args.corpus or build_corpus([], False))
    config, params = load_model(args.model)
    train, test = (corpus.select(split) for split in ("train", args.split))
    print("counting 5-grams …", file=sys.stderr)
    ngram = EventNgram(5)
    sampler = WindowSampler(
        make_examples(train.pieces, train.style_indexes(config.styles)), Sizes(4), smallest=1
    )
    rng = np.random.default_rng(0)
    ngram.fit(sampler.window(rng) for _ in range(NGRAM_WINDOWS))
    examples = make_examples(test.pieces, test.style_indexes(config.styles))
    if args.styles:
        wanted = {config.styles.index(name) for name in args.styles}
        examples = [example for example in examples if example.style in wanted]
    numbers = {id(example.piece): number for number, example in enumerate(examples)}
    nothing = jax.tree.map(np.zeros_like, params)

    table: dict[str, dict] = {}
    for task in TASKS:
        print(f"measuring {task} …", file=sys.stderr)
        holes = evaluation_holes(examples, task, args.holes)
        works = np.array([numbers[id(example.piece)] for example, _ in holes])
        batches = evaluation_batches(holes)
        two_sided = score_batches(config, params, batches)
        left = score_batches(config, params, evaluation_batches(holes, left_only=True))
        uniform = score_batches(config, nothing, batches)
        windows = [make_window(e.piece, e.facts, hole, Sizes(4)) for e, hole in holes]
        counted = np.array([[ngram.nll(window), window.event_count] for window in windows])
        rows = {
            "model": two_sided.per_hole,
            "left-only": left.per_hole,
            "5-gram": counted,
            "uniform": uniform.per_hole,
        }
        table[task] = {
            name: {"nll": float(per[:, 0].sum() / per[:, 1].sum()), "interval": interval(per, works)}
            for name, per in rows.items()
        }
        table[task]["heads"] = {
            head: getattr(two_sided, head) for head in ("delta", "staff", "pitch", "duration")
        }
        if task == "infill":
            table[task]["by_distance"] = {
                name: by_distance(config, params, holes, left_only)
                for name, left_only in (("model", False), ("left-only", True))
            }
            print(json.dumps(table[task]["by_distance"]), file=sys.stderr)
        table[task]["notes"], table[task]["works"] = two_sided.notes, len(np.unique(works))
        cells = "  ".join(
            f"{name} {row['nll']:.3f} [{row['interval'][0]:.3f}, {row['interval'][1]:.3f}]"
            for name, row in table[task].items()
            if name in rows
        )
        print(f"{task:9} {table[task]['notes']:6} notes  {cells}", flush=True)
    result = {
        "model": str(args.model),
        "split": args.split,
        "styles": args.styles,
        "holes": args.holes,
        "tasks": table,
    }
    if args.json:
        args.json.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
