"""Lengths of time as people write them."""

from __future__ import annotations

import pytest

from bridge.errors import UsageError
from bridge.server.duration import seconds_of


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("8h", 28800.0), ("30m", 1800.0), ("90s", 90.0), ("1.5h", 5400.0), ("2d", 172800.0), ("never", None)],
)
def test_lengths(text: str, seconds: float | None) -> None:
    assert seconds_of(text, "--idle-exit") == seconds


@pytest.mark.parametrize("text", ["", "8", "h", "-1h", "0s", "8 hours", "1e9s", "nan", "٣h"])
def test_what_is_no_length_is_said(text: str) -> None:
    with pytest.raises(UsageError, match=r"^option --idle-exit: .* Write 8h, 30m, 90s or never\.$"):
        seconds_of(text, "--idle-exit")
