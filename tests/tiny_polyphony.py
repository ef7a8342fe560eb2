"""Tiny pieces and models, so that every possible frame can be told."""

from __future__ import annotations

import dataclasses
import itertools

import jax
import numpy as np

from jaxmodels.polyphony.batches import Batch, Shape, assemble, segments
from jaxmodels.polyphony.config import PolyphonyConfig
from jaxmodels.polyphony.likelihood import slot_nats
from jaxmodels.polyphony.model import PolyphonyModel
from jaxmodels.polyphony.recall import Library
from jaxmodels.polyphony.slots import read_piece

PITCHES = 5


def tiny_config(**changes) -> PolyphonyConfig:
    """Return a model of a few hundred parameters."""
    sizes = {"pitches": PITCHES, "channels": 6, "skip_channels": 7, "dilations": (1, 2), "width": 8}
    return PolyphonyConfig(**{**sizes, "kernels": 2, "lstm_channels": 6, **changes})


def random_roll(frames: int, seed: int = 0, pitches: int = PITCHES) -> np.ndarray:
    """Return a roll with silent frames, full ones and repetitions."""
    random = np.random.default_rng(seed)
    roll = random.random((frames, pitches)) < random.choice([0.1, 0.4, 0.9], (frames, 1))
    roll[frames // 2 :] = roll[: frames - frames // 2]  # so that something is recalled
    return roll.astype(np.uint8)


def all_frames(pitches: int = PITCHES) -> np.ndarray:
    """Return all 2^pitches frames."""
    return np.array(list(itertools.product((0, 1), repeat=pitches)), np.uint8)


def batch_of(rolls, order: str) -> Batch:
    """Return the rolls, read beside a library, as one batch, always of one shape: compiled once."""
    library = Library([random_roll(30, seed) for seed in (1, 11)])
    pieces = [read_piece(roll, order, library) for roll in rolls]
    return assemble(segments(pieces), Shape(32, 72, 2048))


def loud_params(config: PolyphonyConfig, batch: Batch, seed: int = 0) -> dict:
    """Return random parameters, so that nothing is uniform or zero by chance."""
    model = PolyphonyModel(config)
    shapes = jax.eval_shape(model.init, jax.random.key(0), batch.frames, batch.slots)["params"]
    random = np.random.default_rng(seed)
    return jax.tree.map(lambda leaf: 0.2 * random.standard_normal(leaf.shape).astype("f"), shapes)


def nats_by_row(config: PolyphonyConfig, params: dict, batch: Batch) -> np.ndarray:
    """Return −log p of each frame, `[B, I]`: what its slots sum to."""
    config = dataclasses.replace(config, order="down")  # the network doesn't know it: compiled once
    total = np.zeros(batch.frames.roll.shape[:2])
    np.add.at(total.reshape(-1), batch.slots.row, np.asarray(slot_nats(config, params, batch)))
    return total
