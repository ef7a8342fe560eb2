"""What is shown of a training: lines while it runs, curves."""

from __future__ import annotations

import numpy as np
import pytest

from bridge.training.curves import smoothed
from bridge.training.live import clock, plain_lines
from jaxmodels.train_log import Progress


def test_plain_lines_come_now_and_then(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    show = plain_lines()
    for step in range(10, 110, 10):
        now[0] += 10
        show(Progress("step", step, step / 400, {"loss": 2.5, "rate": 1e-3, "notes_per_second": 1234.0}))
    show(Progress("valid", 100, 0.25, {"valid": 2.25, "valid_infill": 2.25}))
    lines = capsys.readouterr().err.splitlines()
    assert lines[:2] == [
        "  8% step 30 · loss 2.500 · 1,234 notes/s · 6:10 left",
        " 15% step 60 · loss 2.500 · 1,234 notes/s · 5:40 left",
    ]
    assert lines[3:] == ["step 100: valid 2.250 nats per note (infill 2.250)"]


def test_lengths_of_time() -> None:
    assert [clock(seconds) for seconds in (5, 65.4, 3671)] == ["0:05", "1:05", "1:01:11"]


def test_smoothing_has_no_bias() -> None:
    np.testing.assert_allclose(smoothed([3.0] * 50), 3.0)
    assert smoothed([0.0] * 50 + [1.0])[-1] == pytest.approx(1 / 20, rel=0.1)
