"""Made-up homes with and without MuseScore, and a small plugin to install there."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bridge.plugin import processes
from bridge.plugin.system import System

MENU_ITEM = 'import QtQuick 2.9\nimport MuseScore 3.0\nMuseScore {{\n    menuPath: "Plugins.{}"\n}}\n'


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The configuration folder of the test, not there yet."""
    folder = tmp_path / "config of jaxmuse"
    monkeypatch.setenv("JAXMUSE_CONFIG", str(folder))
    return folder


@pytest.fixture(autouse=True)
def processes_seen(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """The processes that the installer sees, as name and program; the machine's own don't count."""
    seen: list[tuple[str, str]] = []
    monkeypatch.setattr(processes, "_own_processes", lambda: seen)
    return seen


@pytest.fixture
def system(tmp_path: Path) -> System:
    """A Linux home without MuseScore."""
    home = tmp_path / "home"
    home.mkdir()
    return System("linux", home)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A plugin of two menu items, a window, some code, and files that aren't installed."""
    folder = tmp_path / "plugin source"
    contents = {
        "continue_selection.qml": MENU_ITEM.format("Continue selection"),
        "panel.qml": MENU_ITEM.format("jaxmuse panel"),
        "Window.qml": "import QtQuick 2.9\nRectangle {\n}\n",
        "code.js": "function one() { return 1 }\n",
        "parts/Button.qml": "import QtQuick 2.9\nItem {\n}\n",
        "README.md": "not installed",
        "tests/code.test.js": "not installed",
    }
    for name, content in contents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    return folder


@pytest.fixture
def lock(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Return a function that makes a folder read-only, for the superuser too, until the test ends."""
    locked: list[Path] = []

    def guarded(name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def call(path: Any, *rest: Any, **options: Any) -> Any:
            reading = name == "open" and not (rest and rest[0] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
            paths = [] if isinstance(path, int) or reading else [Path(os.fsdecode(path))]
            if any(folder in touched.parents for touched in paths for folder in locked):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
            return original(path, *rest, **options)

        return call

    for name in ("open", "mkdir", "unlink", "remove", "rename", "replace", "rmdir", "link"):
        monkeypatch.setattr(os, name, guarded(name, getattr(os, name)))
    return locked.append
