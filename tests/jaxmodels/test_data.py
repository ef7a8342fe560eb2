from __future__ import annotations

import threading
import time

import numpy as np
import pytest
from made_pieces import melody, random_piece

from jaxmodels.data import TrainingData, WindowSampler, evaluation_holes, make_examples, stack
from jaxmodels.holes import TASKS
from jaxmodels.window_layout import Sizes, Window

PIECES = [random_piece(seed, [(4, 4)] * 10, staves) for seed, staves in enumerate([1, 1, 2, 2, 3, 4])]
EXAMPLES = make_examples([*PIECES, melody()], [1, 1, 1, 2, 2, 2, 2])


@pytest.fixture(scope="module")
def data() -> TrainingData:
    return TrainingData(EXAMPLES, 2, seed=3)


def assert_equal(one: Window, other: Window) -> None:
    for name, a, b in zip(Window._fields, one, other, strict=True):
        np.testing.assert_array_equal(a, b, err_msg=name)


def producers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "windows"]


def test_a_batch_is_a_function_of_seed_and_step(data: TrainingData) -> None:
    again = TrainingData(EXAMPLES, 2, seed=3)
    for step in (5, 0, 7):
        assert data.batch(step)[0] == again.batch(step)[0]
        assert_equal(data.batch(step)[1], again.batch(step)[1])
    other = TrainingData(EXAMPLES, 2, seed=4).batch(5)[1]
    assert other.roll.shape != data.batch(5)[1].roll.shape or not np.array_equal(
        other.roll, data.batch(5)[1].roll
    )


def test_batches_from_a_step_on_are_those_of_the_steps(data: TrainingData) -> None:
    batches = data.batches(4)
    for step in (4, 5, 6):
        sizes, batch = next(batches)
        assert sizes == data.batch(step)[0]
        assert_equal(batch, data.batch(step)[1])
    batches.close()


def test_closing_ends_the_thread(data: TrainingData) -> None:
    batches = data.batches(0)
    next(batches)
    assert producers()
    batches.close()
    until = time.monotonic() + 20
    while producers() and time.monotonic() < until:
        time.sleep(0.05)
    assert not producers()


def test_what_goes_wrong_in_the_thread_is_told(data: TrainingData) -> None:
    broken = TrainingData(EXAMPLES, 2, seed=3)
    broken.batch = lambda step: 1 / 0  # type: ignore[assignment, method-assign]
    batches = broken.batches(0)
    with pytest.raises(ZeroDivisionError):
        next(batches)


def test_every_bucket_gets_its_windows(data: TrainingData) -> None:
    seen = {}
    for step in range(25):
        sizes, batch = data.batch(step)
        seen[sizes.staves] = len(batch.hole_ticks)
        assert (batch.event_count > 0).all()
        assert (batch.valid.sum(axis=1) >= {1: 1, 2: 2, 4: 3}[sizes.staves]).all()
    assert seen == {1: 4, 2: 3, 4: 2}


def test_a_corpus_of_tunes_has_the_small_bucket_only() -> None:
    tunes = TrainingData([EXAMPLES[-1]], 2, seed=0)
    assert {tunes.batch(step)[0].staves for step in range(8)} == {1}


def test_a_bucket_that_no_piece_can_fill_is_refused() -> None:
    with pytest.raises(ValueError, match="no piece has 3 or more staves with notes"):
        WindowSampler(EXAMPLES[:4], Sizes(4), smallest=3)


def test_augmentation_keeps_pitches_and_limits() -> None:
    sampler = WindowSampler(EXAMPLES, Sizes(2), smallest=2)
    rng = np.random.default_rng(0)
    shifts = set()
    for _ in range(60):
        example, hole = sampler.draw(rng)
        shifts.add(hole.shift)
        moved = example.piece.notes[:, 2] + hole.shift
        assert moved.min() >= 0
        assert moved.max() <= 127
        assert hole.style in (0, example.style)
    assert shifts == set(range(-5, 7))


@pytest.mark.parametrize("task", TASKS)
def test_evaluation_holes_are_fixed(task: str) -> None:
    holes = evaluation_holes(EXAMPLES, task, 12, seed=1)
    again = evaluation_holes(EXAMPLES, task, 12, seed=1)
    assert len(holes) == 12
    for (example, hole), (same, same_hole) in zip(holes, again, strict=True):
        assert example is same
        assert hole._replace(mask=0) == same_hole._replace(mask=0)  # type: ignore[arg-type]
        np.testing.assert_array_equal(hole.mask, same_hole.mask)
        assert hole.shift == 0
        assert not hole.left_only
        assert hole.style == example.style
    smallest = 2 if task in ("staff", "cells") else 1
    usable = [example for example in EXAMPLES if len(example.pitched) >= smallest]
    assert {id(example) for example, _ in holes} == {id(example) for example in usable}


def test_more_evaluation_holes_begin_with_the_fewer() -> None:
    few, many = (evaluation_holes(EXAMPLES, "infill", count) for count in (4, 9))
    assert [hole.first for _, hole in many[:4]] == [hole.first for _, hole in few]


def test_unknown_tasks_are_refused_and_impossible_ones_empty() -> None:
    with pytest.raises(ValueError, match="task must be one of continue, infill, staff, cells, got 'paint'"):
        evaluation_holes(EXAMPLES, "paint", 3)
    assert evaluation_holes(EXAMPLES[:2], "staff", 3) == []


def test_a_small_style_is_not_drowned() -> None:
    weights = {1: 0.0, 2: 0.0}
    notes = {1: 0, 2: 0}
    for example in EXAMPLES:
        weights[example.style] += example.weight
        notes[example.style] += len(example.piece.notes)
    assert weights[2] / weights[1] == pytest.approx((notes[2] / notes[1]) ** 0.5)


def test_stacked_windows_keep_their_order() -> None:
    sampler = WindowSampler(EXAMPLES, Sizes(1, events=64), smallest=1)
    rng = np.random.default_rng(0)
    windows = [sampler.window(rng) for _ in range(3)]
    batch = stack(windows)
    assert batch.roll.shape == (3, *windows[0].roll.shape)
    np.testing.assert_array_equal(batch.events[2], windows[2].events)
