"""Likelihood of real music in fixed holes: nats per note, per task and per head."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import jax
import numpy as np

from jaxmodels.config import ModelConfig
from jaxmodels.data import STAFF_BUCKETS, Example, stack
from jaxmodels.losses import Losses
from jaxmodels.model import Model, build_model
from jaxmodels.window import Hole, Sizes, Window, make_window
from jaxmodels.window_layout import E_CLOCK

EVALUATION_BATCH = 16
HEADS = ("delta", "staff", "pitch", "duration")


class TaskScore(NamedTuple):
    """Nats per note over all holes of a task (the hole's end is counted in), in total and by head.

    - `notes`: how many notes, 1 if there is none; `per_hole` `[holes, 2]`: each one's nats and
      notes, for confidence intervals.
    """

    total: float
    delta: float
    staff: float
    pitch: float
    duration: float
    notes: int
    per_hole: np.ndarray


@partial(jax.jit, static_argnums=(0, 3))
def batch_losses(config: ModelConfig, params: dict, batch: Window, beats: int) -> Losses:
    """Return the losses of a batch, `[B, E + 1]` each."""
    model = build_model(config)

    def one(window: Window) -> Any:
        return model.apply({"params": params}, window, beats, method=Model.losses)

    return jax.vmap(one)(batch)


def evaluation_batches(
    holes: Sequence[tuple[Example, Hole]], *, left_only: bool = False
) -> list[tuple[Window, int, int]]:
    """Return (batch, `Sizes.beats`, windows that count), of equal sizes.

    The last batch is filled up with its first window.
    """
    sizes = Sizes(STAFF_BUCKETS[-1])
    windows = [
        make_window(e.piece, e.facts, hole._replace(left_only=left_only), sizes) for e, hole in holes
    ]
    batches = []
    for first in range(0, len(windows), EVALUATION_BATCH):
        chunk = windows[first : first + EVALUATION_BATCH]
        filler = [chunk[0]] * (EVALUATION_BATCH - len(chunk))
        batches.append((stack(chunk + filler), sizes.beats, len(chunk)))
    return batches


def hole_losses(
    config: ModelConfig,
    params: dict,
    batches: Sequence[tuple[Window, int, int]],
    progress: Callable[[], None] | None = None,
) -> list[np.ndarray]:
    """Return each hole's nats by event, float `[notes + 1, 4]`: columns `HEADS`, the hole's end last.

    - `progress`: called after every batch.
    """
    found = []
    for batch, beats, used in batches:
        losses = np.stack(jax.device_get(batch_losses(config, params, batch, beats))[:4], axis=-1)
        found += [losses[row, : int(batch.event_count[row]) + 1] for row in range(used)]
        if progress:
            progress()
    return found


def task_score(losses: Sequence[np.ndarray]) -> TaskScore:
    """Return the score of the holes of a task, from what `hole_losses` gives."""
    heads = np.sum([hole.sum(axis=0) for hole in losses], axis=0) if losses else np.zeros(4)
    per_hole = np.array([(hole.sum(), len(hole) - 1) for hole in losses], float).reshape(-1, 2)
    notes = max(1, int(per_hole[:, 1].sum()))
    delta, staff, pitch, duration = (heads / notes).tolist()
    return TaskScore(float(heads.sum() / notes), delta, staff, pitch, duration, notes, per_hole)


def score_batches(
    config: ModelConfig, params: dict, batches: Sequence[tuple[Window, int, int]]
) -> TaskScore:
    """Return the score of prepared batches."""
    return task_score(hole_losses(config, params, batches))


def by_distance(
    batches: Sequence[tuple[Window, int, int]], losses: Sequence[np.ndarray], borders: Sequence[int]
) -> np.ndarray:
    """Return each hole's nats and notes by distance, float `[holes, len(borders) + 1, 2]`.

    A note counts by how many ticks its onset lies before the hole's end: up to the first border, up to the
    second, …, beyond the last.
    """
    found = np.zeros((len(losses), len(borders) + 1, 2))
    windows = ((batch, row) for batch, _, used in batches for row in range(used))
    for hole, (batch, row) in enumerate(windows):
        notes = len(losses[hole]) - 1
        distance = int(batch.hole_ticks[row]) - batch.events[row, :notes, E_CLOCK]
        place = np.searchsorted(borders, distance, side="left")
        np.add.at(found[hole, :, 0], place, losses[hole][:notes].sum(axis=1))
        np.add.at(found[hole, :, 1], place, 1)
    return found
