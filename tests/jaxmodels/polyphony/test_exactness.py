"""The likelihood is one: over all possible frames it sums to 1, and it sees nothing of what it predicts."""

from __future__ import annotations

import jax
import numpy as np
import pytest
from tiny_polyphony import (
    all_frames,
    batch_of,
    loud_params,
    nats_by_row,
    random_roll,
    tiny_config,
)

from jaxmodels.polyphony.config import ORDERS
from jaxmodels.polyphony.model import PolyphonyModel

PAST = 9


@pytest.mark.parametrize(("kind", "order"), [*(("wavenet", order) for order in ORDERS), ("lstm", "down")])
def test_all_sets_of_notes_sum_to_one(kind: str, order: str) -> None:
    config, seed = tiny_config(kind=kind, order=order), 1
    past = random_roll(30, seed)[:PAST]  # the library knows how it goes on
    batch = batch_of([np.concatenate([past, frame[None]]) for frame in all_frames()], order)
    nats = nats_by_row(config, loud_params(config, batch, seed), batch)[:, PAST - 1]
    assert np.exp(-nats).sum() == pytest.approx(1, abs=1e-4)
    assert np.exp(-nats).max() < 0.99  # and it isn't all on one frame


@pytest.mark.parametrize("kind", ["wavenet", "lstm"])
def test_a_frame_is_told_from_earlier_ones_alone(kind: str) -> None:
    config = tiny_config(kind=kind)
    roll = random_roll(12)
    changed = [roll, *(np.concatenate([roll[:t], 1 - roll[t:]]) for t in range(1, 12))]
    batch = batch_of(changed, config.order)
    params = loud_params(config, batch)
    nats = nats_by_row(config, params, batch)
    states = jax.jit(lambda p, f: PolyphonyModel(config).apply({"params": p}, f, method="states"))(
        params, batch.frames
    )
    for t in range(1, 12):  # piece t differs from frame t on; row i tells frame i + 1
        np.testing.assert_allclose(nats[t, : t - 1], nats[0, : t - 1], atol=1e-5)
        np.testing.assert_allclose(states[t, :t], states[0, :t], atol=1e-5)
        assert abs(nats[t, t - 1] - nats[0, t - 1]) > 1e-3


def test_a_piece_cut_short_keeps_its_likelihoods() -> None:
    config = tiny_config()
    roll = random_roll(14, 3)
    batch = batch_of([roll, roll[:9], roll[:4]], config.order)
    nats = nats_by_row(config, loud_params(config, batch), batch)
    np.testing.assert_allclose(nats[1, :8], nats[0, :8], atol=1e-5)
    np.testing.assert_allclose(nats[2, :3], nats[0, :3], atol=1e-5)
