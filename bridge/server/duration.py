"""Lengths of time as people write them: `8h`, `30m`, `90s`."""

from __future__ import annotations

import re

from bridge.errors import UsageError

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def seconds_of(text: str, option: str) -> float | None:
    """Return the seconds in `text`, None for `never`; raises `UsageError` with the option's name."""
    if text == "never":
        return None
    found = re.fullmatch(r"([0-9]{1,6}(?:\.[0-9]{1,3})?)([smhd])", text.strip())
    if found is None or float(found[1]) == 0:
        raise UsageError(
            f"'{text}' is no length of time", where=f"option {option}", fix="Write 8h, 30m, 90s or never."
        )
    return float(found[1]) * _SECONDS[found[2]]
