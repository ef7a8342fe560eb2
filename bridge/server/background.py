"""Start the bridge as a process of its own, which outlives whoever asked for it."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bridge import connection
from bridge.cache import cache_folder
from bridge.errors import UsageError
from bridge.private_file import PRIVATE_FILE, make_private_folder
from bridge.server.instance import is_held

START_SECONDS = 60.0
"""For a bridge to listen; it does so before it loads or compiles anything."""

COMMAND = (sys.executable, "-P", "-m", "bridge")


def start_in_background(arguments: list[str]) -> str:
    """Start `jaxmuse serve` with these arguments, unless a bridge runs; return, once it listens, where.

    Raises `UsageError` with the sentence that it ended with.
    """
    if (running := connection.running()) is not None:
        return _place(running)
    make_private_folder(cache_folder())
    output = cache_folder() / "bridge-start.txt"
    with _opened(output) as file:
        child = subprocess.Popen(
            [*COMMAND, "serve", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            cwd=Path.home() if Path.home().is_dir() else None,
            close_fds=True,
            **_detached(),
        )
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        running = connection.running()
        if running is not None and _answers(running.port):
            return _place(running)
        if child.poll() is not None and not is_held():
            raise UsageError(_last_line(output), where="jaxmuse serve --background")
        time.sleep(0.05)
    raise UsageError(
        f"the bridge didn't listen after {START_SECONDS:.0f} s",
        where="jaxmuse serve --background",
        fix="Run 'jaxmuse serve' to see why.",
    )


def _detached() -> dict[str, Any]:
    if os.name == "posix":
        return {"start_new_session": True}
    flags = ("DETACHED_PROCESS", "CREATE_NEW_PROCESS_GROUP", "CREATE_BREAKAWAY_FROM_JOB")
    return {"creationflags": sum(getattr(subprocess, name, 0) for name in flags)}


def _opened(path: Path) -> Any:
    with contextlib.suppress(OSError):
        path.unlink()
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE), "wb")


def _place(running: connection.Running) -> str:
    return f"listening on http://{connection.HOST}:{running.port} (process {running.pid})"


def _answers(port: int) -> bool:
    try:
        socket.create_connection((connection.HOST, port), timeout=1).close()
    except OSError:
        return False
    return True


def _last_line(path: Path) -> str:
    try:
        lines = path.read_text("utf-8", "replace").strip().splitlines()
    except OSError:
        lines = []
    return lines[-1] if lines else "the bridge ended without a word"
