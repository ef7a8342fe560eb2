"""The exact likelihood of frames: the mean of −log p(frame | all earlier ones) in nats.

A frame's slots multiply to the probability of its set of notes, because each set is told in one way only.
The mean is over all frames of all pieces but each piece's first, as Bai et al. (2018) and those that they
compare with count.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

from jaxmodels.polyphony.batches import Batch
from jaxmodels.polyphony.config import PolyphonyConfig
from jaxmodels.polyphony.model import PolyphonyModel


@partial(jax.jit, static_argnums=0)
def slot_nats(config: PolyphonyConfig, params: dict, batch: Batch) -> jax.Array:
    """Return −log p of each slot's target, 0 where it is padding, `[S]`."""
    log_probs = PolyphonyModel(config).apply({"params": params}, batch.frames, batch.slots)
    chosen = jnp.take_along_axis(jnp.asarray(log_probs), batch.slots.target[:, None], axis=1)[:, 0]
    return -chosen * batch.weight


def nats_of_frames(config: PolyphonyConfig, params: dict, batches: Iterable[Batch]) -> np.ndarray:
    """Return −log p of every frame that the batches tell, float64, in their order."""
    found = []
    for batch in batches:
        told = np.asarray(slot_nats(config, params, batch), np.float64)
        rows = batch.slots.row[batch.weight > 0]
        total = np.bincount(batch.slots.row, told, minlength=rows.max() + 1)
        found.append(total[np.unique(rows)])
    return np.concatenate(found)


def mixture_nats(nats: Sequence[np.ndarray]) -> np.ndarray:
    """Return −log of the mean of several models' probabilities of each frame, given theirs.

    A mean of distributions is one, so this is as exact a likelihood as each of them.
    """
    stacked = -np.stack(nats)
    most = stacked.max(0)
    return -(most + np.log(np.exp(stacked - most).mean(0)))
