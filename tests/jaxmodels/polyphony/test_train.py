"""Training learns, counts no padding, and goes on after a kill as if there had been none."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from tiny_polyphony import batch_of, loud_params, nats_by_row, random_roll, tiny_config

from jaxmodels.optimiser import optimiser
from jaxmodels.polyphony import train as training
from jaxmodels.polyphony.batches import Batcher, assemble, segments
from jaxmodels.polyphony.config import FitConfig
from jaxmodels.polyphony.likelihood import mixture_nats, nats_of_frames, slot_nats
from jaxmodels.polyphony.slots import Frames, Slots, read_piece
from jaxmodels.polyphony.train import fit, init_params, train_step
from jaxmodels.train_state import TrainState

FIT = FitConfig(epochs=3, valid_every=1, frames_per_batch=300, warmup_steps=1)
CONFIG = tiny_config(width=32, dropout=0.05, input_dropout=0, backbone_dropout=0, dilations=(1,))
PIECES = [read_piece(random_roll(12, seed), CONFIG.order) for seed in range(5)]


def test_one_batch_overfits() -> None:
    batcher = Batcher(segments(PIECES[:4]), FIT.frames_per_batch)
    (plan,) = batcher.shuffled(0, 0)
    batch = assemble(plan[1], plan[0])
    params = init_params(CONFIG, batch, 0)
    state = TrainState(jnp.int32(0), params, jax.tree.map(jnp.copy, params), optimiser(FIT).init(params))
    losses, key = [], jax.random.key(0)
    one_epoch = dataclasses.replace(FIT, epochs=1)  # as fit has it: compiled once
    for _ in range(80):
        state, loss = train_step(CONFIG, one_epoch, state, batch, jnp.float32(2e-2), key)
        losses.append(float(loss))
    assert losses[0] > 2
    assert losses[-1] < 0.4  # with dropout


def test_padding_does_not_count() -> None:
    config = tiny_config()
    batch = batch_of([random_roll(12, 0), random_roll(7, 1)], config.order)
    params = loud_params(config, batch)
    dirty_frames = [np.array(leaf) for leaf in batch.frames]
    for leaf in dirty_frames:
        leaf[1, 6:] = 1
    dirty_slots = [np.array(leaf) for leaf in batch.slots]
    for leaf in dirty_slots:
        leaf[batch.weight == 0] = 1
    dirty = batch._replace(frames=Frames(*dirty_frames), slots=Slots(*dirty_slots))
    assert (batch.weight == 0).any()
    np.testing.assert_allclose(
        slot_nats(config, params, batch), slot_nats(config, params, dirty), atol=1e-5
    )
    assert len(nats_of_frames(config, params, [batch])) == 11 + 6


def test_every_frame_but_the_first_is_told_once_and_cuts_see_what_came_before() -> None:
    roll = random_roll(400, 5)
    parts = segments([read_piece(roll, "down")])
    told = [row for part in parts for row in range(part.first, part.stop)]
    assert told == list(range(399))
    assert all(part.first == 0 or part.first > part.start for part in parts)
    (shape, _), *_ = Batcher(parts, 320).groups
    assert sum(int(batch.weight.sum()) for batch in Batcher(parts, 320).in_order()) == 399 + roll[1:].sum()
    assert shape.rows * shape.pieces <= 320


def test_mixture_is_the_mean_of_distributions() -> None:
    probabilities = np.random.default_rng(0).dirichlet(np.ones(8), (3, 5))  # models, pasts, frames
    mixed = np.stack([mixture_nats(-np.log(probabilities[:, :, k])) for k in range(8)])
    np.testing.assert_allclose(np.exp(-mixed).sum(0), 1)
    np.testing.assert_allclose(np.exp(-mixed), probabilities.mean(0).T)


def test_a_killed_run_ends_as_if_it_had_not_been(tmp_path: Path) -> None:
    train, valid = PIECES[:4], PIECES[4:]
    whole, facts = fit(train, valid, tmp_path / "whole", CONFIG, FIT)

    def kill(line: dict) -> None:
        if line["epoch"] >= 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit(train, valid, tmp_path / "killed", CONFIG, FIT, report=kill)
    resumed, again = fit(train, valid, tmp_path / "killed", CONFIG, FIT)
    assert again["valid"] == facts["valid"]
    for one, other in zip(jax.tree.leaves(whole), jax.tree.leaves(resumed), strict=True):
        np.testing.assert_array_equal(one, other)
    lines = (tmp_path / "killed" / "metrics.jsonl").read_text().splitlines()
    assert [json.loads(line)["epoch"] for line in lines] == [1, 2, 3]


def test_frames_of_a_batch_do_not_see_each_other() -> None:
    config = tiny_config()
    rolls = [random_roll(12, seed) for seed in range(3)]
    together = batch_of(rolls, config.order)
    changed = batch_of([rolls[0], 1 - rolls[1], rolls[2]], config.order)
    params = loud_params(config, together)
    before, after = nats_by_row(config, params, together), nats_by_row(config, params, changed)
    np.testing.assert_allclose(before[[0, 2]], after[[0, 2]], atol=1e-5)


def test_a_validation_that_gives_no_number_ends_the_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "nats_of_frames", lambda *_: np.array([1.0, np.nan]))
    with pytest.raises(FloatingPointError, match=r"the validation at step \d+ gave nan nats per frame"):
        fit(PIECES[:4], PIECES[4:], tmp_path, CONFIG, FIT)


def test_the_first_best_weights_outlive_the_state(tmp_path: Path) -> None:
    """What is returned is no part of the state that the steps take for good."""
    state = training._fresh(CONFIG, FIT, Batcher(segments(PIECES[:4]), FIT.frames_per_batch))
    best = training._Store(tmp_path).begin(state)[1]
    (shape, parts), *_ = Batcher(segments(PIECES[:4]), FIT.frames_per_batch).shuffled(0, 0)
    one_epoch = dataclasses.replace(FIT, epochs=1)
    train_step(CONFIG, one_epoch, state, assemble(parts, shape), jnp.float32(1e-2), jax.random.key(0))
    assert all(leaf.is_deleted() for leaf in jax.tree.leaves(state.average))
    assert all(np.isfinite(leaf).all() for leaf in jax.tree.leaves(best))
