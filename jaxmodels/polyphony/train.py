"""Training: jitted steps over padded batches, averaged weights validated, a state that survives a kill."""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from jaxmodels.optimiser import fresh_state, learning_rate, moved
from jaxmodels.polyphony.batches import Batch, Batcher, Segment, Shape, assemble, segments
from jaxmodels.polyphony.config import FitConfig, PolyphonyConfig
from jaxmodels.polyphony.likelihood import nats_of_frames
from jaxmodels.polyphony.model import PolyphonyModel
from jaxmodels.polyphony.slots import Piece
from jaxmodels.train_state import TrainState, TrainStore

LOG_FILE = "metrics.jsonl"


@partial(jax.jit, static_argnums=(0, 1), donate_argnums=(2,))
def train_step(
    model_config: PolyphonyConfig,
    config: FitConfig,
    state: TrainState,
    batch: Batch,
    rate: jax.Array,
    key: jax.Array,
) -> tuple[TrainState, jax.Array]:
    """Return the next state and the loss before the step, in nats per frame; `key` is the run's own."""
    key = jax.random.fold_in(key, state.step)

    def loss_of(params: dict) -> jax.Array:
        log_probs = PolyphonyModel(model_config).apply(
            {"params": params}, batch.frames, batch.slots, train=True, rngs={"dropout": key}
        )
        chosen = jnp.take_along_axis(jnp.asarray(log_probs), batch.slots.target[:, None], axis=1)[:, 0]
        frames = ((batch.slots.rank == 0) * batch.weight).sum()
        return -(chosen * batch.weight).sum() / frames

    loss, gradients = jax.value_and_grad(loss_of)(state.params)
    return moved(config, state, gradients, rate), loss


def init_params(config: PolyphonyConfig, batch: Batch, seed: int) -> dict:
    """Return fresh parameters; `batch` gives the shapes."""
    return _init(config, batch, jax.random.key(seed))


@partial(jax.jit, static_argnums=0)
def _init(config: PolyphonyConfig, batch: Batch, key: jax.Array) -> dict:
    return dict(PolyphonyModel(config).init(key, batch.frames, batch.slots)["params"])


def fit(
    train_pieces: Sequence[Piece],
    valid_pieces: Sequence[Piece],
    out: Path,
    model_config: PolyphonyConfig,
    config: FitConfig,
    *,
    report: Callable[[dict[str, Any]], None] | None = None,
) -> tuple[dict, dict[str, Any]]:
    """Train for `config.epochs` and return the averaged weights that validated best, and facts about them.

    Writes into `out`: `state/` (to resume from), `best/` (those weights), `metrics.jsonl`. A run that was
    killed goes on from its last validation and ends as if it had not been.

    - `report`: is given each line of `metrics.jsonl`: step, epoch, nats per frame (`train`, with dropout,
      and `valid`), seconds, and whether it is the `best` so far.

    Raises `FloatingPointError` when a validation gives no finite number.
    """
    batcher = Batcher(segments(train_pieces), config.frames_per_batch)
    valid = list(Batcher(segments(valid_pieces), 2 * config.frames_per_batch).in_order())
    store = _Store(out)
    state, best, run = store.begin(_fresh(model_config, config, batcher))
    last = max(1, round(config.epochs * len(batcher)))
    every = max(1, round(config.valid_every * len(batcher)))
    key = jax.random.key(config.seed)
    same = dataclasses.replace(config, seed=0, epochs=1)  # what a step doesn't depend on: compiled once
    since, losses = time.perf_counter(), []
    for step, batch in _batches(batcher, config.seed, run["step"], last):
        rate = jnp.float32(learning_rate(config, step, step / last))
        state, loss = train_step(model_config, same, state, batch, rate, key)
        losses.append(loss)
        if (step + 1) % every and step + 1 < last:
            continue
        trained = float(np.mean(jax.device_get(losses)))
        score = float(nats_of_frames(model_config, state.average, valid).mean())
        if not np.isfinite(score):
            raise FloatingPointError(
                f"{out}: the validation at step {step + 1} gave {score} nats per frame"
            )
        run["step"] = step + 1
        run["seconds"] += time.perf_counter() - since
        since, losses = time.perf_counter(), []
        line = {"step": step + 1, "epoch": (step + 1) / len(batcher), "train": trained, "valid": score}
        line |= {"seconds": run["seconds"], "best": score < run["best"].get("valid", np.inf)}
        if line["best"]:
            run["best"] = {name: line[name] for name in ("valid", "step", "epoch")}
            best = jax.tree.map(jnp.copy, state.average)
        store.save(state, run, line)
        if report:
            report(line)
    return best, {**run["best"], "seconds": run["seconds"], "epochs": config.epochs}


def _fresh(model_config: PolyphonyConfig, config: FitConfig, batcher: Batcher) -> TrainState:
    shape, parts = batcher.shuffled(config.seed, 0)[0]
    params = init_params(model_config, assemble(parts, shape), config.seed)
    return fresh_state(config, params)


def _batches(batcher: Batcher, seed: int, start: int, stop: int) -> Iterator[tuple[int, Batch]]:
    """Yield the numbers and batches of the steps from `start` on."""
    plan: list[tuple[Shape, list[Segment]]] = []
    for step in range(start, stop):
        place = step % len(batcher)
        if not plan or place == 0:
            plan = batcher.shuffled(seed, step // len(batcher))
        shape, parts = plan[place]
        yield step, assemble(parts, shape)


class _Store:
    """A run's folder: the latest state, the best one, and the lines of validation."""

    def __init__(self, out: Path) -> None:
        out.mkdir(parents=True, exist_ok=True)
        self.state, self.best, self.lines = (
            TrainStore(out / "state"),
            TrainStore(out / "best"),
            out / LOG_FILE,
        )

    def begin(self, fresh: TrainState) -> tuple[TrainState, dict, dict[str, Any]]:
        """Return state, best weights and the run's counters as they were kept, or fresh ones."""
        if not self.state.exists():
            self.lines.write_text("")
            best = jax.tree.map(jnp.copy, fresh.average)  # the first step takes the state for good
            return fresh, best, {"step": 0, "seconds": 0.0, "best": {}}
        state, run = self.state.restore(fresh)
        return state, self.best.restore(fresh)[0].average, run

    def save(self, state: TrainState, run: dict[str, Any], line: dict[str, Any]) -> None:
        """Keep the state, and as the best one too if the line says so."""
        if line["best"]:
            self.best.save(state, run)
        self.state.save(state, run)
        with self.lines.open("a") as file:
            file.write(json.dumps(line) + "\n")
