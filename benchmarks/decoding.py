"""Notes drawn in a second: a backbone's cached steps against full passes and against the limit.

python benchmarks/decoding.py --json decoding.json

All go through the same `fill_holes`, with the arguments of a real fill; only the backbone's `step` differs:
what it carries along, or once more everything so far, or (WaveNet) the receptive field. *Backbone* is the
same without heads and views, on made-up inputs. Compiled before; medians of `--runs`. The limit of a step
is what reading the weights that it uses takes this machine, or their multiplications and additions for all
alternatives at the speed of its matrix products, whichever is longer.
"""

from __future__ import annotations

import argparse
import dataclasses
import inspect
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jax
import numpy as np
from machine import save_result
from recomputing import backbone_alone, ways_of
from stepwise_model import stepwise_model

import jaxmodels.decode
from bridge.fill import FillOptions, fill_document
from bridge.models import DEFAULT_MODEL, Model
from bridge.open import open_document
from bridge.regions import Selection, resolve
from jaxmodels.decode import Drawn, fill_holes
from jaxmodels.model import BACKBONES, CARRY_AXES

ROOM_STEP = 64

STEPLESS = ("encoder",)
"""What of the parameters a step doesn't use: the context is encoded once."""

PRODUCT = 1024
"""Rows and columns of the matrices whose product tells the machine's speed."""

COPIES = 64
"""Of the weights, read one after the other, so that no cache holds them."""


def real_arguments(score: Path, bars: int, model: Model) -> dict[str, Any]:
    """Return the arguments that a fill of `score` calls `fill_holes` with, by name."""
    document = open_document(score)
    region = resolve(document, Selection(bars))
    seen: list[dict[str, Any]] = []

    def recording(*args: Any) -> Drawn:
        seen.append(dict(inspect.signature(fill_holes).bind(*args).arguments))
        seen[-1].pop("programs", None)  # a kept program doesn't know another backbone
        return fill_holes(*args)

    jaxmodels.decode.fill_holes = recording
    try:
        fill_document(document, region, model, FillOptions(seed=1))
    finally:
        jaxmodels.decode.fill_holes = fill_holes
    return seen[0]


def with_batch(arguments: dict[str, Any], batch: int) -> dict[str, Any]:
    """Return the arguments for `batch` alternatives."""
    keys = jax.vmap(lambda number: jax.random.fold_in(jax.random.key(1), number))(np.arange(batch))
    return arguments | {"keys": keys}


def measure(arguments: dict[str, Any], runs: int) -> tuple[float, Drawn]:
    """Return the median seconds of a warm call, and what it draws."""
    ordered = list(arguments.values())
    drawn = jax.block_until_ready(fill_holes(*ordered))
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        jax.block_until_ready(fill_holes(*ordered))
        times.append(time.perf_counter() - started)
    return statistics.median(times), jax.device_get(drawn)


def same_share(first: Drawn, second: Drawn) -> float:
    """Return the share of alternatives that came out the same, note for note."""
    pairs = zip(first.events, first.count, second.events, second.count, strict=True)
    return float(np.mean([np.array_equal(one[:length], two[:other]) for one, length, two, other in pairs]))


def another_way(
    arguments: dict[str, Any], kind: str, backbone: Any, carry_axes: Any, most_events: int, runs: int
) -> tuple[float, Drawn]:
    """Return the median seconds and the notes of the same fill with another backbone's steps."""
    print(f"  {kind}", file=sys.stderr)
    BACKBONES[kind], CARRY_AXES[kind] = backbone, carry_axes
    config = dataclasses.replace(arguments["config"], kind=kind)
    return measure(arguments | {"config": config, "most_events": most_events}, runs)


def compare(arguments: dict[str, Any], runs: int) -> dict[str, float]:
    """Return notes, steps, notes/s of each way, and how much longer a step takes in the others."""
    print("  cached", file=sys.stderr)
    cached, drawn = measure(arguments, runs)
    notes, steps = int(drawn.count.sum()), int(drawn.count.max()) + 1
    room = -(-steps // ROOM_STEP) * ROOM_STEP
    config = arguments["config"]
    ways = ways_of(config, room)
    row = {"notes": notes, "steps": steps, "cached": notes / cached, "ms_per_step": 1000 * cached / steps}
    for name, (other, axes) in ways.items():
        seconds, again = another_way(arguments, f"{name}-{room}", other, axes, room, runs)
        row[name] = int(again.count.sum()) / seconds
        row[f"{name}_ratio"] = (seconds / (int(again.count.max()) + 1)) / (cached / steps)
        row[f"{name}_same_notes"] = same_share(drawn, again)
    return row


def limit_of(params: dict, runs: int) -> dict[str, float]:
    """Return what reading a step's weights from memory takes, and their arithmetic for one note."""
    used = {name: part for name, part in params.items() if name not in STEPLESS}
    weights = np.concatenate([np.ravel(leaf) for leaf in jax.tree.leaves(used)]).astype(np.float32)
    copies = np.tile(weights, COPIES)
    square = np.ones((PRODUCT, PRODUCT), np.float32)
    reading = statistics.median(_seconds(copies.sum) for _ in range(4 * runs)) / COPIES
    product = statistics.median(_seconds(lambda: square @ square) for _ in range(4 * runs))
    return {
        "bytes": weights.nbytes,
        "read_seconds": reading,
        "flops_per_second": 2 * PRODUCT**3 / product,
        "arithmetic_seconds": 2 * weights.size * product / (2 * PRODUCT**3),
    }


def _seconds(function: Callable[[], Any]) -> float:
    started = time.perf_counter()
    function()
    return time.perf_counter() - started


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--score", type=Path, default=Path(__file__).parents[1] / "examples" / "chorale.mxl"
    )
    parser.add_argument("--bars", type=int, default=8)
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--batches", type=int, nargs="+", default=[1, 8])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    model = stepwise_model(parser, args.model)
    print(f"filling {args.bars} bars of {args.score.name}", file=sys.stderr)
    arguments = real_arguments(args.score, args.bars, model)
    limit = limit_of(arguments["params"], args.runs)
    print(
        f"reading {limit['bytes'] / 1e6:.1f} MB of weights: {1000 * limit['read_seconds']:.3f} ms; ", end=""
    )
    print(
        f"{limit['flops_per_second'] / 1e9:.0f} GFLOP/s: {1000 * limit['arithmetic_seconds']:.3f} ms a note"
    )
    results: dict[str, Any] = {"limit": limit}
    for batch in args.batches:
        print(f"batch {batch}", file=sys.stderr)
        row = compare(with_batch(arguments, batch), args.runs)
        least = max(limit["read_seconds"], batch * limit["arithmetic_seconds"])
        row["times_the_limit"] = row["ms_per_step"] / 1000 / least
        row["backbone"] = backbone_alone(
            arguments["config"], arguments["params"]["backbone"], batch, args.runs
        )
        results[str(batch)] = row
        alone = row.pop("backbone")
        for words, figures in ((f"batch {batch}", row), ("  its backbone alone", alone)):
            print(f"{words}: " + ", ".join(f"{name} {value:,.4g}" for name, value in figures.items()))
        row["backbone"] = alone
    save_result(args.json, "decoding", results)


if __name__ == "__main__":
    main()
