"""How the plugin finds the bridge and proves who it is: the token, the port, and who runs.

In the user's configuration folder: `token` (of this user, for ever), `plugin_folders.json` (where the
plugin is installed), `bridge.json` (the bridge that runs), `bridge.lock` (held by it). Beside each
installed plugin: `connection.json`, which the plugin reads on every run.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bridge.errors import WriteError
from bridge.private_file import PRIVATE_FILE, claim_private, make_private_folder, write_private

VARIABLE = "JAXMUSE_CONFIG"
"""Environment variable that names another folder than the system's."""

HOST = "127.0.0.1"
DEFAULT_PORT = 8765
CONNECTION_FILE = "connection.json"
START = (sys.executable, "-P", "-m", "bridge", "serve", "--background")
"""Starts the bridge from any folder (`-P`: a folder named bridge that happens to be there isn't taken)."""

SAY = "jaxmuse serve"
"""What the plugin asks the user to type where it can't start the bridge itself."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{32,}")
_SAME_START_SECONDS = 10.0
"""How far two readings of one process's start may differ: the clock may have been set in between."""


@dataclass(frozen=True)
class Running:
    """The bridge that runs: its process and the port it listens on."""

    pid: int
    port: int


def config_folder() -> Path:
    """Return the user's configuration folder, whether it exists or not; `JAXMUSE_CONFIG` goes before."""
    from platformdirs import user_config_path

    named = os.environ.get(VARIABLE)
    return Path(named) if named else user_config_path("jaxmuse", appauthor=False)


def lock_path() -> Path:
    """Return the file that the one bridge of this user holds locked, in a folder made for it."""
    make_private_folder(config_folder())
    return config_folder() / "bridge.lock"


def load_or_make_token() -> str:
    """Return the token of this user, made on the first call (32 random bytes); raises `WriteError`.

    A file that others could read is closed to them; one that holds no token is replaced.
    """
    path = config_folder() / "token"
    token = _read_token(path)
    if token is None:
        make_private_folder(path.parent)
        fresh = secrets.token_urlsafe(32).encode() + b"\n"
        if not claim_private(path, fresh) and _read_token(path) is None:
            write_private(path, fresh)
        token = _read_token(path)
    if token is None:
        raise WriteError(
            "the token can't be read back", where=str(path), fix="Remove this file and try again."
        )
    return token


def known_token() -> str | None:
    """Return the token of this user, None if there is none yet."""
    return _read_token(config_folder() / "token")


def plugin_folders() -> list[Path]:
    """Return the folders where the plugin was installed, in that order, even if it isn't there any more."""
    listed = _read_json(_folders_path())
    return (
        [Path(folder) for folder in listed if isinstance(folder, str)] if isinstance(listed, list) else []
    )


def record_plugin_folder(folder: Path) -> None:
    """Keep in mind that `folder` holds the plugin, so that a bridge's port is told there."""
    folder = folder.absolute()
    if folder not in plugin_folders():
        make_private_folder(config_folder())
        _write_json(_folders_path(), [*map(str, plugin_folders()), str(folder)])


def forget_plugin_folder(folder: Path) -> None:
    """Forget that `folder` holds the plugin."""
    kept = [str(other) for other in plugin_folders() if other != folder.absolute()]
    if kept:
        _write_json(_folders_path(), kept)
    else:
        with contextlib.suppress(OSError):
            _folders_path().unlink()


def write_connection(folder: Path, port: int | None = None, start: Sequence[str] | None = None) -> None:
    """Write `connection.json` into `folder`, whole and for the owner alone; raises `WriteError`.

    - `port`: None for that of the bridge that runs, else the last known one there, else `DEFAULT_PORT`.
    - `start`: None for the command that stands there if its program still exists, else this Python's.
    """
    known = read_connection(folder) or {}
    if port is None:
        bridge = running()
        last = known.get("port")
        port = bridge.port if bridge else last if isinstance(last, int) else DEFAULT_PORT
    if start is None:
        last = known.get("start")
        words = [str(word) for word in last] if isinstance(last, list) else []
        start = words if words and Path(words[0]).exists() else START
    record = {
        "version": 1,
        "host": HOST,
        "port": port,
        "token": load_or_make_token(),
        "start": list(start),
        "say": SAY,
    }
    _write_json(folder / CONNECTION_FILE, record)


def read_connection(folder: Path) -> dict[str, Any] | None:
    """Return what `connection.json` in `folder` says, None where it is missing or damaged."""
    found = _read_json(folder / CONNECTION_FILE)
    return found if isinstance(found, dict) else None


def announce(port: int, pid: int) -> list[WriteError]:
    """Say that process `pid` is the bridge and listens on `port`: here and beside every installed plugin.

    Returns what went wrong beside a plugin, which needn't stop the bridge; raises `WriteError` for the
    configuration folder.
    """
    make_private_folder(config_folder())
    _write_json(_bridge_path(), {"pid": pid, "port": port, "started": _started(pid)})
    problems = []
    for folder in plugin_folders():
        if (folder / CONNECTION_FILE).exists():
            try:
                write_connection(folder, port)
            except WriteError as error:
                problems.append(error)
    return problems


def withdraw() -> None:
    """Say that no bridge runs any more; the plugins keep its port as the last known one."""
    with contextlib.suppress(OSError):
        _bridge_path().unlink()


def remove_configuration() -> None:
    """Remove the token and all else that is kept in the configuration folder, and the folder if empty.

    To be called with the lock held: a bridge that is just starting needs all of this.
    """
    folder = config_folder()
    for name in ("token", "bridge.json", "bridge.lock", "plugin_folders.json"):
        with contextlib.suppress(OSError):
            (folder / name).unlink()
    with contextlib.suppress(OSError):
        folder.rmdir()


def running() -> Running | None:
    """Return the bridge that runs, None if there is none: one that was killed doesn't count."""
    found = _read_json(_bridge_path())
    if not isinstance(found, dict):
        return None
    pid, port, started = (found.get(key) for key in ("pid", "port", "started"))
    if not isinstance(pid, int) or not isinstance(port, int) or not isinstance(started, int | float):
        return None
    now = _started(pid)
    return Running(pid, port) if now is not None and abs(now - started) < _SAME_START_SECONDS else None


def _started(pid: int) -> float | None:
    """Return when that process began, in seconds since 1970; None if it doesn't run."""
    import psutil

    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else process.create_time()
    except (psutil.Error, ValueError):
        return None


def _read_token(path: Path) -> str | None:
    try:
        if os.name == "posix" and path.stat().st_mode & 0o077:
            path.chmod(PRIVATE_FILE)
        text = path.read_text("ascii").strip()
    except (OSError, ValueError):
        return None
    return text if _TOKEN.fullmatch(text) else None


def _bridge_path() -> Path:
    return config_folder() / "bridge.json"


def _folders_path() -> Path:
    return config_folder() / "plugin_folders.json"


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return None


def _write_json(path: Path, content: Any) -> None:
    write_private(path, json.dumps(content, ensure_ascii=False, indent=1).encode() + b"\n")
