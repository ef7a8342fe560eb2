from __future__ import annotations

import jax
import numpy as np
import pytest
from drawn_holes import ANY_REST, Batch, drawn_batch, fill, inclined, keys
from untrained import CONFIG, SIZES

from jaxmodels import events as ev
from jaxmodels.evaluate import batch_losses
from jaxmodels.holes import TASKS
from jaxmodels.voice_leading import free_leading
from jaxmodels.window_layout import (
    E_CLOCK,
    E_DELTA,
    E_DURATION,
    E_PITCH,
    E_STAFF,
    E_TICKS,
    Window,
)

SEED = 3


@pytest.fixture(scope="module")
def batch() -> Batch:
    return drawn_batch(SEED, ANY_REST)


def as_real_events(batch: Batch) -> Window:
    """Return the windows as if what was drawn for them had been there all along."""
    drawn = batch.drawn
    rows = np.zeros((*drawn.events.shape[:2], 6), np.int32)
    rows[..., [E_CLOCK, E_STAFF, E_PITCH, E_TICKS]] = drawn.events[..., :4]
    steps = np.diff(drawn.events[..., 0], axis=1, prepend=0)
    rows[..., E_DELTA] = ev.nearest_class(steps, ev.DELTA_TICKS)
    rows[..., E_DURATION] = ev.nearest_class(drawn.events[..., 3], ev.DURATION_TICKS)
    rows[np.arange(SIZES.events) >= drawn.count[:, None]] = 0
    return batch.windows._replace(events=rows, event_count=drawn.count, complete=drawn.complete)


def test_led_voices_are_as_likely_as_the_model_says(batch: Batch) -> None:
    leading = free_leading(SIZES.staves, SIZES.clock + 1)._replace(
        lines=np.ones(SIZES.staves, bool),
        **dict.fromkeys(("parallels", "crossings", "dissonances"), np.float32(5)),
    )
    drawn = fill(batch.windows, batch.params, keys(len(batch.cases), SEED), leading=leading)
    assert (drawn.events[..., 2] != batch.drawn.events[..., 2]).any()
    windows = as_real_events(batch._replace(drawn=drawn))
    losses = jax.device_get(batch_losses(CONFIG, batch.params, windows, SIZES.beats))
    total = sum(part.sum(axis=1) for part in losses[:4])
    np.testing.assert_allclose(total, drawn.nll, rtol=1e-5, atol=1e-3)


@pytest.mark.parametrize("task", TASKS)
def test_drawing_and_training_see_the_same_model(batch: Batch, task: str) -> None:
    losses = jax.device_get(batch_losses(CONFIG, batch.params, as_real_events(batch), SIZES.beats))
    total = sum(part.sum(axis=1) for part in losses[:4])
    own = np.array([case.task == task for case in batch.cases])
    assert batch.drawn.count[own].sum() > 50
    np.testing.assert_allclose(total[own], batch.drawn.nll[own], rtol=1e-5, atol=1e-3)
    np.testing.assert_array_equal(losses.weight.sum(axis=1), batch.drawn.count + batch.drawn.complete)


def test_same_keys_same_events(batch: Batch) -> None:
    again = fill(batch.windows, batch.params, keys(len(batch.cases), SEED))
    for one, two in zip(batch.drawn, again, strict=True):
        np.testing.assert_array_equal(one, two)


def test_other_keys_other_events(batch: Batch) -> None:
    other = fill(batch.windows, batch.params, keys(len(batch.cases), SEED + 1))
    assert (other.events != batch.drawn.events).any(axis=(1, 2)).mean() > 0.9


def test_neighbours_in_the_batch_change_nothing(batch: Batch) -> None:
    count = len(batch.cases)
    order = np.roll(np.arange(count), 5)
    windows = jax.tree.map(lambda array: array[order], batch.windows)
    rolled = fill(windows, batch.params, keys(count, SEED)[order])
    np.testing.assert_array_equal(rolled.count, batch.drawn.count[order])
    np.testing.assert_array_equal(rolled.events[:, 0], batch.drawn.events[order, 0])
    for index, place in enumerate(order):
        live = slice(int(rolled.count[index]))
        np.testing.assert_array_equal(rolled.events[index, live], batch.drawn.events[place, live])


@pytest.mark.parametrize("index", [1, 30])
def test_an_alternative_alone_is_the_same_as_among_others(batch: Batch, index: int) -> None:
    window = jax.tree.map(lambda array: array[index : index + 1], batch.windows)
    alone = fill(window, batch.params, keys(len(batch.cases), SEED)[index : index + 1])
    live = slice(int(alone.count[0]))
    assert alone.count[0] == batch.drawn.count[index]
    np.testing.assert_array_equal(alone.events[0, live], batch.drawn.events[index, live])
    np.testing.assert_allclose(alone.nll[0], batch.drawn.nll[index], rtol=1e-5)


def test_a_model_that_only_wants_to_end_ends_at_once(batch: Batch) -> None:
    drawn = fill(batch.windows, inclined(batch.params, end=1e4), keys(len(batch.cases), 0))
    assert drawn.complete.all()
    assert not drawn.count.any()
    np.testing.assert_allclose(drawn.nll, 0, atol=1e-5)


def test_a_model_that_never_wants_to_end_fills_the_hole_or_its_room(batch: Batch) -> None:
    drawn = fill(batch.windows, inclined(batch.params, end=-1e4), keys(len(batch.cases), 0))
    assert (drawn.complete | (drawn.count == SIZES.events)).all()
    assert drawn.complete.any()
    sparing = fill(batch.windows, batch.params, keys(len(batch.cases), 0))
    assert drawn.count.mean() > sparing.count.mean()


def test_completeness_is_having_drawn_the_end(batch: Batch) -> None:
    dense = drawn_batch(0, 0, 2.0).drawn
    assert not dense.complete.all()
    for drawn in (batch.drawn, dense):
        assert (drawn.complete | (drawn.count == SIZES.events)).all()
        assert drawn.complete.any()


def test_top_p_of_nothing_takes_the_likeliest_each_time(batch: Batch) -> None:
    one, two = (
        fill(batch.windows, batch.params, keys(len(batch.cases), seed), top_p=0.0) for seed in (0, 1)
    )
    np.testing.assert_array_equal(one.count, two.count)
    np.testing.assert_array_equal(one.events[:, 0], two.events[:, 0])
    assert np.isfinite(one.nll).all()
