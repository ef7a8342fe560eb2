"""One bridge at a time: one that runs is in the way, one that is ending is waited for."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from bridge import connection
from bridge.errors import UsageError
from bridge.server import instance
from bridge.server.instance import answering, is_held, only_bridge


@pytest.fixture
def other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FileLock]:
    """The lock in the hands of another bridge."""
    monkeypatch.setenv("JAXMUSE_CONFIG", str(tmp_path / "config"))
    lock = FileLock(connection.lock_path(), thread_local=False)
    lock.acquire()
    yield lock
    lock.release()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


@pytest.mark.parametrize("announced", [False, True])
def test_one_that_is_ending_is_waited_for(other: FileLock, announced: bool) -> None:
    if announced:
        connection.announce(free_port(), os.getpid())
    ends = threading.Timer(0.3, other.release)
    ends.start()
    with only_bridge():
        assert ends.finished.is_set()
    ends.join()


def test_one_that_answers_is_in_the_way_at_once(other: FileLock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instance, "HANDOVER_SECONDS", 1e9)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        connection.announce(port, os.getpid())
        with pytest.raises(UsageError) as caught, only_bridge():
            pass
    assert str(caught.value) == (
        f"jaxmuse serve: the bridge runs already (process {os.getpid()}, http://127.0.0.1:{port}). "
        "Use it, or stop it: jaxmuse serve --stop"
    )
    assert answering() is None


def test_one_that_goes_on_starting_is_in_the_way(other: FileLock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instance, "HANDOVER_SECONDS", 0.2)
    with pytest.raises(UsageError, match="another bridge is just starting"), only_bridge():
        pass


def test_whoever_looks_leaves_the_lock_as_it_was(other: FileLock) -> None:
    assert is_held()
    other.release()
    assert not is_held()
    with only_bridge():
        assert is_held()
    assert not is_held()
