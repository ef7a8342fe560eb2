"""One bridge for each user, and the port it takes."""

from __future__ import annotations

import contextlib
import os
import socket
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bridge import connection
from bridge.errors import UsageError, WriteError
from bridge.whole_file import reason

if TYPE_CHECKING:
    from filelock import BaseFileLock

HANDOVER_SECONDS = 3.0
"""For a bridge that holds the lock to begin to answer, or to end: both take about a second."""

_LOOK_SECONDS = 0.05


@contextlib.contextmanager
def only_bridge() -> Iterator[None]:
    """Hold the lock of this user's one bridge; raises `UsageError` where another one runs.

    One that is just ending is waited for.
    """
    until = time.monotonic() + HANDOVER_SECONDS
    while not (lock := _locked()):
        if answering() or time.monotonic() > until:
            raise UsageError(
                _runs_already(), where="jaxmuse serve", fix="Use it, or stop it: jaxmuse serve --stop"
            )
        time.sleep(_LOOK_SECONDS)
    try:
        yield
    finally:
        lock.release()


def is_held() -> bool:
    """Tell whether a bridge runs, is just starting, or just ending; whoever starts one isn't in its way."""
    lock = _locked()
    if lock:
        lock.release()
    return lock is None


def answering() -> connection.Running | None:
    """Return the bridge that runs, None if there is none or it isn't listening any more."""
    running = connection.running()
    if running is not None:
        with contextlib.suppress(OSError):
            socket.create_connection((connection.HOST, running.port), timeout=1).close()
            return running
    return None


def _locked() -> BaseFileLock | None:
    """Take and return the lock; None where another process holds it."""
    from filelock import FileLock, Timeout

    path = connection.lock_path()
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return None
    except (OSError, NotImplementedError) as error:
        raise WriteError(
            f"it can't be locked ({error})", where=str(path), fix="Set JAXMUSE_CONFIG to a local folder."
        ) from error
    return lock


def _runs_already() -> str:
    running = connection.running()
    if running is None:
        return "another bridge is just starting"
    return f"the bridge runs already (process {running.pid}, http://{connection.HOST}:{running.port})"


def listen(port: int | None) -> socket.socket:
    """Return a socket that listens on this machine only.

    - `port`: 0 for any free one; None for the usual one, or any free one if a program has taken that.

    Raises `UsageError`.
    """
    try:
        return _bound(connection.DEFAULT_PORT if port is None else port)
    except OSError as error:
        if port is None:
            return listen(0)
        raise UsageError(
            f"port {port} can't be used ({reason(error)})",
            where="option --port",
            fix="Leave the option out, or give 0 for a free one.",
        ) from error


def _bound(port: int) -> socket.socket:
    # Without its protocol named, asyncio leaves Nagle's algorithm on, which costs 40 ms an answer.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":  # elsewhere it would let two programs share the port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((connection.HOST, port))
        listening.set_inheritable(False)
    except OSError:
        listening.close()
        raise
    return listening
