from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import jax.numpy as jnp
import pytest

from jaxmodels import train_log
from jaxmodels.train_log import Pace


class Running:
    """The loss of a step that isn't done."""

    def __array__(self, *_: object, **__: object) -> Any:
        raise AssertionError("waited for the newest step")


def test_the_newest_step_is_not_waited_for() -> None:
    pace = Pace()
    for loss in (1.0, 2.0, 6.0):
        pace.add(jnp.float32(loss), 10)
    pace.add(cast(Any, Running()), 10)
    assert pace.read()["loss"] == pytest.approx(3.0)


def test_each_step_is_told_once() -> None:
    pace, told = Pace(), []
    for step in range(12):
        pace.add(jnp.float32(step), 10)
        if step % 4 == 3:
            told.append(pace.read()["loss"])
    assert told == [1.0, 4.5, 8.5]  # 0 to 2, 3 to 6, 7 to 10


def test_nothing_is_told_of_the_newest_alone() -> None:
    pace = Pace()
    pace.add(jnp.float32(1), 10)
    assert pace.read() == {}
    pace.add(jnp.float32(2), 10)
    assert pace.read()["loss"] == 1.0


def test_the_speed_counts_the_notes_of_the_steps_that_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([10.0, 12.0, 12.5])
    monkeypatch.setattr(train_log, "time", SimpleNamespace(perf_counter=lambda: next(times)))
    pace = Pace()
    for notes in (100, 200, 7000):
        pace.add(jnp.float32(0), notes)
    assert pace.read()["notes_per_second"] == (100 + 200) / 2.0
    pace.add(jnp.float32(0), 1)
    assert pace.read()["notes_per_second"] == 7000 / 0.5
