"""Likelihood of real music in fixed holes: nats per note, per task and per head."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

import jax
import numpy as np

from jaxmodels.config import ModelConfig
from jaxmodels.data import STAFF_BUCKETS, Example, stack
from jaxmodels.losses import Losses
from jaxmodels.model import Model, build_model
from jaxmodels.window import Hole, Sizes, Window, make_window

EVALUATION_BATCH = 16


class TaskScore(NamedTuple):
    """Nats per note over all holes of a task (the hole's end is counted in), in total and by head.

    - `notes`: how many notes; `per_hole` `[holes, 2]`: each one's nats and notes, for confidence intervals.
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


def score_batches(
    config: ModelConfig, params: dict, batches: Sequence[tuple[Window, int, int]]
) -> TaskScore:
    """Return the score of prepared batches."""
    heads = np.zeros(4)
    rows = []
    for batch, beats, used in batches:
        losses = jax.device_get(batch_losses(config, params, batch, beats))
        parts = np.stack([part[:used].sum(axis=1) for part in losses[:4]], axis=1)
        heads += parts.sum(axis=0)
        rows.append(np.stack([parts.sum(axis=1), batch.event_count[:used]], axis=1))
    per_hole = np.concatenate(rows) if rows else np.zeros((0, 2))
    notes = max(1, int(per_hole[:, 1].sum()))
    delta, staff, pitch, duration = (heads / notes).tolist()
    return TaskScore(float(heads.sum() / notes), delta, staff, pitch, duration, notes, per_hole)
