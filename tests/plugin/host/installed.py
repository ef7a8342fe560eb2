"""The plugin as it lies in MuseScore's folder, with what the installer writes beside it."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from plugin.host.stand_in import StandIn

SOURCE = Path(__file__).parents[3] / "musescore_plugin"
SAY = "jaxmuse serve"


def install(folder: Path, port: int, token: str) -> Path:
    """Copy the plugin into `folder`, for a bridge on that port; return the copy."""
    target = folder / "jaxmuse"
    shutil.copytree(SOURCE, target, ignore=shutil.ignore_patterns("README.md"))
    connect(target, port, token)
    return target


def connect(folder: Path, port: int, token: str) -> None:
    """Write where the bridge listens."""
    told = {
        "version": 1,
        "host": "127.0.0.1",
        "port": port,
        "token": token,
        "start": ["python"],
        "say": SAY,
    }
    (folder / "connection.json").write_text(json.dumps(told))


@contextlib.contextmanager
def plugin_on(plan: dict[str, Any], folder: Path, item: str, version: str = "4.6.5") -> Iterator[StandIn]:
    """Load a menu item of the installed plugin; nothing may have gone wrong with it at the end."""
    stand_in = StandIn(plan, version)
    try:
        stand_in.load(folder / f"{item}.qml")
        yield stand_in
        assert stand_in.misuses() == []
        assert stand_in.warnings == [], stand_in.warnings
    finally:
        stand_in.close()
