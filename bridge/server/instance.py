"""One bridge for each user, and the port it takes."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Iterator

from bridge import connection
from bridge.errors import UsageError, WriteError

_WHERE = "jaxmuse serve"


@contextlib.contextmanager
def only_bridge() -> Iterator[None]:
    """Hold the lock of this user's one bridge; raises `UsageError` where another one runs."""
    from filelock import FileLock, Timeout

    path = connection.lock_path()
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise UsageError(runs_already(), where=_WHERE, fix="Use it, or stop it first.") from None
    except (OSError, NotImplementedError) as error:
        raise WriteError(
            f"it can't be locked ({error})", where=str(path), fix="Set JAXMUSE_CONFIG to a local folder."
        ) from error
    try:
        yield
    finally:
        lock.release()


def is_held() -> bool:
    """Tell whether a bridge runs or is just starting."""
    try:
        with only_bridge():
            return False
    except UsageError:
        return True


def runs_already() -> str:
    """Return the words for a bridge that is there."""
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
        reason = (error.strerror or str(error)).lower()
        raise UsageError(
            f"port {port} can't be used ({reason})",
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
