"""Training's throughput: steps and notes per second, what a batch costs, what bounds the step.

python benchmarks/training.py --model wavenet --json benchmarks/results/training-wavenet.json

Trains the default configuration on the first batches of a training. Three loops over the same batches take
turns: with batches that are there already, with batches that a thread makes ahead (as `jaxmuse train`
has it), and with batches that the loop makes itself after it has started a step. Figures are those of each
loop's quickest round. MFU, the share of the machine's arithmetic that the model's matrix products use, is
against a large product of two matrices that is timed in the same run.

On an accelerator `--matmul-precision BF16_BF16_F32` multiplies in bfloat16; so does a training with
`JAX_DEFAULT_MATMUL_PRECISION=BF16_BF16_F32 jaxmuse train`. XLA's CPU backend ignores it.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jax
import numpy as np
from arithmetic import Compilations, peak_flops
from machine import save_result
from training_loops import Batch, Trainer, blocked_steps, first_steps, loop

from bridge.corpus.build import build_corpus
from bridge.models import use_compilation_cache
from jaxmodels.config import KINDS, ModelConfig, TrainConfig
from jaxmodels.data import TrainingData, make_examples
from jaxmodels.shards import load_corpus


def making_seconds(data: TrainingData, steps: int) -> list[float]:
    """Return what making each of the first batches takes, nothing else running."""
    seconds = []
    for step in range(steps):
        started = time.perf_counter()
        data.batch(step)
        seconds.append(time.perf_counter() - started)
    return seconds


def measure(trainer: Trainer, data: TrainingData, steps: int, rounds: int, product: int) -> dict[str, Any]:
    """Return all figures of a model."""
    making = making_seconds(data, steps)
    batches = [data.batch(step) for step in range(steps)]
    shapes = first_steps(trainer, batches)
    peaks = [peak_flops(product, 10)]
    loops: dict[str, list[dict[str, float]]] = {"there": [], "thread": [], "between": []}
    with Compilations() as later:
        blocked_steps(trainer, batches, shapes)
    for turn in range(rounds):
        print(f"  round {turn + 1} of {rounds}", file=sys.stderr)
        with later:
            loops["there"].append(loop(trainer, batches, steps))
            ahead = data.batches(0)
            loops["thread"].append(loop(trainer, ahead, steps))
            ahead.close()
            loops["between"].append(loop(trainer, _in_line(data), steps))
        peaks.append(peak_flops(product, 10))
    notes = sum(int(batch.event_count.sum()) for _, batch in batches)
    flops = sum(shapes[sizes.staves]["product_flops"] for sizes, _ in batches)
    quickest = {name: min(found, key=lambda each: each["seconds"]) for name, found in loops.items()}
    for each in quickest.values():
        each["steps_per_second"] = steps / each["seconds"]
        each["notes_per_second"] = notes / each["seconds"]
    peak = max(peaks)
    for shape in shapes.values():
        shape["mfu"] = shape["product_flops"] / shape["step_seconds"] / peak
    return {
        "steps": steps,
        "notes": notes,
        "parameters": sum(leaf.size for leaf in jax.tree.leaves(trainer.state.params)),
        "state_bytes": sum(leaf.nbytes for leaf in jax.tree.leaves(trainer.state)),
        "batch_seconds": float(np.mean(making)),
        "slowest_batch_seconds": max(making),
        "shapes": shapes,
        "programs_later": later.count,
        "loops": quickest,
        "rounds": loops,
        "peak_flops_per_second": peak,
        "step_flops": flops / steps,
        "mfu": flops / quickest["there"]["seconds"] / peak,
    }


def _in_line(data: TrainingData) -> Iterator[Batch]:
    step = 0
    while True:
        yield data.batch(step)
        step += 1


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, help="a corpus .npz; music21's own if none is given")
    parser.add_argument("--model", default=KINDS[0], choices=KINDS)
    parser.add_argument("--batch-size", type=int, default=TrainConfig.batch_size)
    parser.add_argument("--steps", type=int, default=24, help="steps of a loop")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--product", type=int, default=1024, help="rows of the matrices that tell the peak")
    parser.add_argument("--matmul-precision", help="jax_default_matmul_precision; float32 if none is given")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    for name in ("steps", "rounds", "product"):
        if getattr(args, name) < 1:
            parser.error(f"--{name} must be at least 1, got {getattr(args, name)}")
    use_compilation_cache()
    if args.matmul_precision:
        try:
            jax.config.update("jax_default_matmul_precision", args.matmul_precision)
        except ValueError as error:
            parser.error(f"--matmul-precision: {error}")
    try:
        config = TrainConfig(batch_size=args.batch_size)
        corpus = load_corpus(args.corpus or build_corpus([], False)).select("train")
    except (OSError, ValueError) as error:
        parser.error(str(error))
    model_config = ModelConfig(kind=args.model, styles=tuple(corpus.style_names))
    examples = make_examples(corpus.pieces, corpus.style_indexes(model_config.styles))
    data = TrainingData(examples, config.batch_size, config.seed)
    print(f"{args.model}, {args.steps} steps", file=sys.stderr)
    trainer = Trainer(model_config, config, data.batch(0))
    results = {
        "model": args.model,
        "batch_size": config.batch_size,
        "matmul_precision": args.matmul_precision or "float32",
        "device": jax.devices()[0].device_kind,
        **measure(trainer, data, args.steps, args.rounds, args.product),
    }
    report(results)
    save_result(args.json, "training", results)


def report(results: dict[str, Any]) -> None:
    """Print the figures."""
    for staves, shape in results["shapes"].items():
        print(
            f"{staves} staves, {shape['windows']} windows: {shape['step_seconds']:.3f} s a step, "
            f"{shape['product_flops'] / 1e9:.2f} GFLOP of products "
            f"(XLA counts {shape['xla_flops'] / 1e9:.2f}), "
            f"MFU {shape['mfu']:.0%}, first step {shape['first_seconds']:.0f} s"
        )
    print(f"a batch takes {1000 * results['batch_seconds']:.1f} ms to make")
    for name, each in results["loops"].items():
        print(
            f"batches {name}: {each['steps_per_second']:.2f} steps/s, "
            f"{each['notes_per_second']:,.0f} notes/s, no work left before {each['starved']} steps"
        )
    print(
        f"peak {results['peak_flops_per_second'] / 1e9:.1f} GFLOP/s, MFU {results['mfu']:.0%}, "
        f"programs compiled after the first steps: {results['programs_later']}"
    )


if __name__ == "__main__":
    main()
