"""Notes drawn in a second: a backbone's cached steps against a full pass over the sequence for each note.

python benchmarks/decoding.py --json decoding.json

Both go through the same `fill_holes`, with the arguments of a real fill; only the backbone's `step` differs
(what it carries along, or everything so far once more). Compiled before; medians of `--runs`.
"""

from __future__ import annotations

import argparse
import dataclasses
import inspect
import statistics
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from machine import save_result

import jaxmodels.decode
from bridge.fill import FillOptions, fill_document, load_model
from bridge.open import open_document
from bridge.regions import Selection, resolve
from jaxmodels.decode import Drawn, fill_holes
from jaxmodels.model import BACKBONES, CARRY_AXES

ROOM_STEP = 64


class History(NamedTuple):
    """All inputs so far, zeros behind: `x` `[T, R]`, `condition` `[T, H]`, number of events `position`."""

    x: jax.Array
    condition: jax.Array
    position: jax.Array


def recomputing(backbone: Any, room: int) -> Any:
    """Return a backbone whose step is a full pass over the prompt and up to `room` drawn events."""

    class Recomputing(backbone):
        def prime(self, x_TR: jax.Array, condition_TH: jax.Array) -> tuple[jax.Array, Any]:
            history = History(
                jnp.pad(x_TR, ((0, room), (0, 0))),
                jnp.pad(condition_TH, ((0, room), (0, 0))),
                jnp.int32(x_TR.shape[0]),
            )
            return self(x_TR, condition_TH), history

        def step(self, carry: Any, x_R: jax.Array, condition_H: jax.Array) -> tuple[jax.Array, Any]:
            x = carry.x.at[carry.position].set(x_R)
            condition = carry.condition.at[carry.position].set(condition_H)
            return self(x, condition)[carry.position], History(x, condition, carry.position + 1)

    return Recomputing


def real_arguments(score: Path, bars: int, model: str) -> dict[str, Any]:
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
        fill_document(document, region, load_model(model), FillOptions(seed=1))
    finally:
        jaxmodels.decode.fill_holes = fill_holes
    return seen[0]


def with_batch(arguments: dict[str, Any], batch: int) -> dict[str, Any]:
    """Return the arguments with `batch` alternatives, those that are there taken in turn."""
    have = len(jax.tree.leaves(arguments["windows"])[0])
    order = np.arange(batch) % have
    keys = jax.vmap(lambda number: jax.random.fold_in(jax.random.key(1), number))(np.arange(batch))
    windows = jax.tree.map(lambda leaf: np.asarray(leaf)[order], arguments["windows"])
    return arguments | {"windows": windows, "keys": keys}


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


def compare(arguments: dict[str, Any], runs: int) -> dict[str, float]:
    """Return notes, steps, notes/s of both ways, and their ratio."""
    print("  cached", file=sys.stderr)
    cached, drawn = measure(arguments, runs)
    steps = int(drawn.count.max()) + 1
    room = -(-steps // ROOM_STEP) * ROOM_STEP
    kind = f"recomputing-{room}"
    BACKBONES[kind] = recomputing(BACKBONES[arguments["config"].kind], room)
    CARRY_AXES[kind] = History(0, 0, None)  # type: ignore[arg-type]
    config = dataclasses.replace(arguments["config"], kind=kind)
    print("  recomputing", file=sys.stderr)
    recomputed, again = measure(arguments | {"config": config, "most_events": room}, runs)
    notes = int(drawn.count.sum())
    return {
        "notes": notes,
        "steps": steps,
        "cached": notes / cached,
        "recomputing": int(again.count.sum()) / recomputed,
        "same_notes": same_share(drawn, again),
        "ratio_per_step": (recomputed / (int(again.count.max()) + 1)) / (cached / steps),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--score", type=Path, default=Path(__file__).parents[1] / "examples" / "chorale.mxl"
    )
    parser.add_argument("--bars", type=int, default=8)
    parser.add_argument("--model", default="wavenet")
    parser.add_argument("--batches", type=int, nargs="+", default=[1, 8])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    print(f"filling {args.bars} bars of {args.score.name}", file=sys.stderr)
    arguments = real_arguments(args.score, args.bars, args.model)
    results = {}
    print(f"{'batch':>5} {'notes':>6} {'cached notes/s':>15} {'recomputing':>12} {'ratio per step':>15}")
    for batch in args.batches:
        print(f"batch {batch}", file=sys.stderr)
        row = compare(with_batch(arguments, batch), args.runs)
        results[batch] = row
        figures = f"{row['cached']:15,.0f} {row['recomputing']:12,.0f} {row['ratio_per_step']:15.1f}"
        print(f"{batch:5} {row['notes']:6} {figures}")
    save_result(args.json, "decoding", results)


if __name__ == "__main__":
    main()
