"""Start the bridge as a process of its own, which outlives whoever asked for it."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, Any

from bridge import connection
from bridge.cache import cache_folder
from bridge.errors import UsageError
from bridge.private_file import PRIVATE_FILE, make_private_folder
from bridge.server.instance import answering, is_held
from bridge.whole_file import reason, unwritable

START_SECONDS = 60.0
"""For a bridge to listen; it does so before it loads or compiles anything."""

COMMAND = (sys.executable, "-P", "-m", "bridge")

WHERE = "jaxmuse serve --background"


def start_in_background(arguments: list[str]) -> str:
    """Start `jaxmuse serve` with these arguments, unless a bridge runs; return, once it listens, where.

    Raises `UsageError` with the sentence that it ended with, and `WriteError` where that can't be written.
    """
    if running := answering():
        return _place(running)
    make_private_folder(cache_folder())
    output = cache_folder() / "bridge-start.txt"
    in_the_way = is_held()
    child = _start(arguments, output)
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if running := answering():
            return _place(running)
        if child.poll() is not None:
            if is_held():
                in_the_way = True
            elif in_the_way:  # another bridge, which has ended without ever answering
                in_the_way = False
                child = _start(arguments, output)
            else:
                raise _ended(output)
        time.sleep(0.05)
    raise UsageError(
        f"the bridge didn't listen after {START_SECONDS:.0f} s",
        where=WHERE,
        fix="Run 'jaxmuse serve' to see why.",
    )


def _start(arguments: list[str], output: Path) -> subprocess.Popen[Any]:
    """Start the process; all that it says goes to the file `output`."""
    *ways, last = _ways_to_detach()
    with _opened(output) as file:
        try:
            for way in ways:
                with contextlib.suppress(PermissionError):
                    return _spawned(arguments, file, way)
            return _spawned(arguments, file, last)
        except OSError as error:
            raise UsageError(
                f"the bridge can't be started ({reason(error)})",
                where=WHERE,
                fix="Run 'jaxmuse serve' in a terminal.",
            ) from error


def _spawned(arguments: list[str], output: IO[bytes], way: dict[str, Any]) -> subprocess.Popen[Any]:
    return subprocess.Popen(
        [*COMMAND, "serve", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        cwd=Path.home() if Path.home().is_dir() else None,
        close_fds=True,
        **way,
    )


def _ways_to_detach() -> list[dict[str, Any]]:
    """Return how a process is made to outlive its parent, best first."""
    if os.name == "posix":
        return [{"start_new_session": True}]
    detached, breakaway = (
        sum(getattr(subprocess, name, 0) for name in names)
        for names in (("DETACHED_PROCESS", "CREATE_NEW_PROCESS_GROUP"), ("CREATE_BREAKAWAY_FROM_JOB",))
    )
    return [{"creationflags": detached | breakaway}, {"creationflags": detached}]  # not every job allows it


def _opened(path: Path) -> IO[bytes]:
    with contextlib.suppress(OSError):
        path.unlink()
    try:
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE), "wb")
    except OSError as error:
        raise unwritable(path, error) from error


def _place(running: connection.Running) -> str:
    return f"listening on http://{connection.HOST}:{running.port} (process {running.pid})"


def _ended(output: Path) -> UsageError:
    """Return the last sentence of a bridge that ended, which has its own place and remedy."""
    try:
        lines = output.read_text("utf-8", "replace").strip().splitlines()
    except OSError:
        lines = []
    if lines:
        return UsageError(lines[-1])
    return UsageError("the bridge ended without a word", where=WHERE, fix="Run 'jaxmuse serve' to see why.")
