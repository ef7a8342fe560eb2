from __future__ import annotations

from types import SimpleNamespace

import jax.numpy as jnp
import pytest

from jaxmodels import train_log
from jaxmodels.train_log import Pace


def test_each_step_is_told_once() -> None:
    pace, told = Pace(), []
    for step in range(12):
        pace.add(jnp.float32(step), 10)
        if step % 4 == 3:
            told.append(pace.read()["loss"])
    assert told == [1.5, 5.5, 9.5]


def test_the_speed_counts_the_notes_of_the_steps_that_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([10.0, 12.0, 12.5])
    monkeypatch.setattr(train_log, "time", SimpleNamespace(perf_counter=lambda: next(times)))
    pace = Pace()
    for notes in (100, 200):
        pace.add(jnp.float32(0), notes)
    assert pace.read()["notes_per_second"] == (100 + 200) / 2.0
    pace.add(jnp.float32(0), 7)
    assert pace.read()["notes_per_second"] == 7 / 0.5
