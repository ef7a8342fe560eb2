"""Steps of a training that are timed: each shape's first, each alone, and many one after the other."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from typing import Any

import jax
import numpy as np
from arithmetic import Compilations, product_flops

from jaxmodels.config import ModelConfig, TrainConfig
from jaxmodels.model import init_params
from jaxmodels.optimiser import fresh_state
from jaxmodels.train_log import Pace
from jaxmodels.train_state import TrainState
from jaxmodels.train_step import train_step
from jaxmodels.window_layout import Sizes, Window

Batch = tuple[Sizes, Window]
RATE = 1e-4


class Trainer:
    """A model in training, one step at a time, as `jaxmodels.train` makes them."""

    def __init__(self, model_config: ModelConfig, config: TrainConfig, first: Batch) -> None:
        self.model_config, self.config = model_config, config
        sizes, batch = first
        params = init_params(model_config, jax.tree.map(lambda x: x[0], batch), sizes, config.seed)
        self.state: TrainState = fresh_state(config, params)

    def arguments(self, item: Batch) -> tuple:
        """Return what `train_step` takes."""
        sizes, batch = item
        return self.model_config, self.config, self.state, batch, sizes.beats, RATE

    def step(self, item: Batch) -> jax.Array:
        """Start a step; return its loss, which need not be there yet."""
        self.state, loss = train_step(*self.arguments(item))
        return loss

    def wait(self) -> None:
        """Return when all steps are done."""
        jax.block_until_ready(self.state)


def first_steps(trainer: Trainer, batches: list[Batch]) -> dict[int, dict[str, Any]]:
    """Make a step of each shape, which compiles it; return what is known of the shapes, by staves."""
    shapes: dict[int, dict[str, Any]] = {}
    for sizes, batch in batches:
        if sizes.staves in shapes:
            continue
        print(f"  the first step of {sizes.staves} staves", file=sys.stderr)
        arguments = trainer.arguments((sizes, batch))
        flops = product_flops(train_step.trace(*arguments).jaxpr.jaxpr)
        started = time.perf_counter()
        with Compilations() as compilations:
            trainer.step((sizes, batch))
            trainer.wait()
        seconds = time.perf_counter() - started
        compiled = train_step.lower(*trainer.arguments((sizes, batch))).compile()
        cost, memory = compiled.cost_analysis() or {}, compiled.memory_analysis()
        shapes[sizes.staves] = {
            "windows": len(batch.hole_ticks),
            "first_seconds": seconds,
            "programs": compilations.count,
            "product_flops": flops,
            "xla_flops": cost.get("flops"),
            "in_place_bytes": getattr(memory, "alias_size_in_bytes", None),
        }
    return shapes


def blocked_steps(trainer: Trainer, batches: list[Batch], shapes: dict[int, dict[str, Any]]) -> None:
    """Time every step alone, waited for; the median goes into `shapes`."""
    seconds: dict[int, list[float]] = {staves: [] for staves in shapes}
    for item in batches:
        started = time.perf_counter()
        trainer.step(item)
        trainer.wait()
        seconds[item[0].staves].append(time.perf_counter() - started)
    for staves, shape in shapes.items():
        shape["steps"] = len(seconds[staves])
        shape["step_seconds"] = float(np.median(seconds[staves]))


def loop(trainer: Trainer, batches: Iterable[Batch], steps: int) -> dict[str, float]:
    """Make `steps` steps as `jaxmodels.train` does, with its reading of losses.

    Returns `seconds`; `waiting`, the host's seconds for batches; and `starved`, the steps whose batch came
    when the device had nothing left to do.
    """
    waiting, starved, loss = 0.0, 0, None
    supply, pace = iter(batches), Pace()
    started = time.perf_counter()
    for step in range(steps):
        asked = time.perf_counter()
        item = next(supply)
        waiting += time.perf_counter() - asked
        starved += loss is not None and loss.is_ready()  # type: ignore[attr-defined]
        loss = trainer.step(item)
        pace.add(loss, int(item[1].event_count.sum()))
        if (step + 1) % 10 == 0:
            pace.read()
    trainer.wait()
    return {"seconds": time.perf_counter() - started, "waiting": waiting, "starved": starved}
