"""The one preference of MuseScore that matters here: where its user keeps plugins."""

from __future__ import annotations

import plistlib
import re
from pathlib import Path

_KEYS = ("application.paths.myPlugins", "application/paths/myPlugins")


def plugins_preference(settings: Path, home: Path) -> Path | None:
    r"""Return the Plugins folder that MuseScore's settings file names, None if it names none.

    - `settings`: `MuseScore3.ini`, with `paths\myPlugins=…` under `[application]`, or a `.plist` on macOS.

    A relative folder is meant from the home.
    """
    try:
        data = settings.read_bytes()
    except OSError:
        return None
    named = _from_plist(data) if settings.suffix == ".plist" else _from_ini(data)
    return home / Path(named) if named and "\x00" not in named else None


def _from_plist(data: bytes) -> str | None:
    try:
        found = plistlib.loads(data)
    except Exception:  # the parser raises whatever comes up in a damaged file
        return None
    values = [found.get(key) for key in _KEYS] if isinstance(found, dict) else []
    return next((value for value in values if isinstance(value, str)), None)


def _from_ini(data: bytes) -> str | None:
    section = ""
    for line in data.decode("utf-8", "replace").splitlines():
        header = re.fullmatch(r"\s*\[(.+)\]\s*", line)
        if header:
            section = header[1].lower()
        key, equals, value = line.partition("=")
        if equals and section == "application" and key.strip().lower() == r"paths\myplugins":
            return _unescaped(value.strip())
    return None


def _unescaped(value: str) -> str:
    r"""Return a value of Qt's INI: perhaps in quotes, `\x2026` is a character and `\\` a backslash."""
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = value[1:-1]
    return re.sub(
        r"\\(?:x([0-9a-fA-F]{1,4})|(.))",
        lambda escape: chr(int(escape[1], 16)) if escape[1] else escape[2],
        value,
    )
