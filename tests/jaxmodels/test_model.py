from __future__ import annotations

from dataclasses import replace

import jax
import numpy as np
import pytest
from drawn_holes import ANY_REST, Batch, drawn_batch
from untrained import CONFIG, SIZES

from jaxmodels.checkpoint import parameter_count
from jaxmodels.evaluate import batch_losses
from jaxmodels.losses import Losses
from jaxmodels.model import build_model
from jaxmodels.window_layout import E_DURATION, E_PITCH, E_TICKS, Window


@pytest.fixture(scope="module")
def batch() -> Batch:
    return drawn_batch(3, ANY_REST)


def losses_of(batch: Batch, windows: Window) -> Losses:
    return jax.device_get(batch_losses(CONFIG, batch.params, windows, SIZES.beats))


def test_real_events_and_the_end_count_and_nothing_after(batch: Batch) -> None:
    losses = losses_of(batch, batch.windows)
    place = np.arange(SIZES.events + 1)
    count = batch.windows.event_count[:, None]
    live, ends = place < count, (place == count) & batch.windows.complete[:, None]
    np.testing.assert_array_equal(losses.weight, live | ends)
    for part in losses[:4]:
        assert np.isfinite(part).all()
        assert (part >= -1e-5).all()
        assert not part[~(live | ends)].any()
    for part in (losses.staff, losses.pitch, losses.duration):
        assert not part[ends].any()  # an end has no note
    assert (losses.pitch[live] > 0).mean() > 0.9


def test_what_comes_later_does_not_change_what_was_likely_before(batch: Batch) -> None:
    at = 4
    events = batch.windows.events.copy()
    events[:, at, E_PITCH] = (events[:, at, E_PITCH] + 3) % 128
    events[:, at, E_DURATION] = 0
    events[:, at, E_TICKS] = 3
    before, after = losses_of(batch, batch.windows), losses_of(batch, batch.windows._replace(events=events))
    for name in ("delta", "staff", "pitch", "duration"):
        np.testing.assert_array_equal(getattr(before, name)[:, :at], getattr(after, name)[:, :at])
    np.testing.assert_array_equal(before.delta[:, at], after.delta[:, at])
    np.testing.assert_array_equal(before.staff[:, at], after.staff[:, at])
    long = batch.windows.event_count > at + 2
    assert (before.delta[long, at + 1 :] != after.delta[long, at + 1 :]).any(axis=1).mean() > 0.9


def test_padding_is_not_seen(batch: Batch) -> None:
    events = batch.windows.events.copy()
    padded = np.arange(SIZES.events) >= batch.windows.event_count[:, None]
    events[padded, E_PITCH] = 99
    events[padded, E_TICKS] = 48
    before, after = losses_of(batch, batch.windows), losses_of(batch, batch.windows._replace(events=events))
    for one, two in zip(before, after, strict=True):
        np.testing.assert_array_equal(one, two)


def test_both_sides_and_all_staves_are_heard(batch: Batch) -> None:
    """Take the known notes away, then change the style: holes in reach are less or more likely."""
    known = batch.windows.roll.any(axis=(1, 2, 3))
    before = losses_of(batch, batch.windows).pitch.sum(axis=1)
    for changes in ({"roll": np.zeros_like(batch.windows.roll)}, {"style": batch.windows.style + 1}):
        after = losses_of(batch, batch.windows._replace(**changes)).pitch.sum(axis=1)
        assert (after != before)[known].mean() > 0.8


def test_padding_staves_change_nothing(batch: Batch) -> None:
    """What stands in rows of no staff is not read."""
    windows = batch.windows
    empty = ~windows.valid
    program = np.where(empty, 5, windows.program)
    high = np.where(empty, 90, windows.highest)
    after = losses_of(batch, windows._replace(program=program, highest=high))
    for one, two in zip(losses_of(batch, windows), after, strict=True):
        np.testing.assert_array_equal(one, two)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown model kind 'lyre'; there are: wavenet"):
        build_model(replace(CONFIG, kind="lyre"))


def test_the_parameter_tree_has_the_names_that_released_weights_have(batch: Batch) -> None:
    assert set(batch.params) == {
        *("encoder", "backbone", "heads", "staff_embed", "event_staff"),
        *(f"{name}_embed" for name in ("pitch", "tone", "duration", "delta", "strength", "interval")),
    }
    assert {f"gate_{layer}" for layer in range(3)} <= set(batch.params["backbone"])
    assert parameter_count(batch.params) == sum(leaf.size for leaf in jax.tree.leaves(batch.params))
