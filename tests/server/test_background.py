"""`jaxmuse serve --background`: a process of its own, whoever starts it, and whatever is in its way."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from server.bridges import until
from server.processes import Home, alive

from bridge import connection
from bridge.errors import UsageError, WriteError
from bridge.server import background

posix = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")

ENDS_AT_FIRST = """
import os, pathlib, socket, sys
from bridge import connection
before = pathlib.Path(sys.argv[1])
if not before.exists():
    before.touch()
    sys.exit("jaxmuse serve: another bridge is just starting. Use it, or stop it first.")
listening = socket.create_server((connection.HOST, 0))
connection.announce(listening.getsockname()[1], os.getpid())
listening.accept()
"""


def test_in_the_background_it_outlives_who_started_it(home: Home) -> None:
    done = home.run("serve", "--background", "--port", "0")
    place = until(home.running)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"listening on http://127.0.0.1:{place['port']} (process {place['pid']})\n"
    with home.client() as client:
        assert client.get("/v1/health").status_code == 200
    os.kill(place["pid"], signal.SIGTERM)
    until(lambda: not alive(place["pid"]), 5)


def test_two_that_start_it_at_once_get_the_same_one(home: Home) -> None:
    starting = [home.start("serve", "--background", "--port", "0") for _ in range(2)]
    said = [process.communicate(timeout=60)[0] for process in starting]
    assert [process.returncode for process in starting] == [0, 0]
    place = until(home.running)
    assert said == [f"listening on http://127.0.0.1:{place['port']} (process {place['pid']})\n"] * 2


@posix
def test_in_the_background_it_survives_that_its_starter_is_killed(home: Home) -> None:
    starter = subprocess.Popen(
        [*home.command, "serve", "--background", "--port", "0"],
        env=home.environment,
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    until(lambda: (home.folder / "cache" / "bridge-start.txt").exists(), 30)
    time.sleep(0.2)
    os.killpg(starter.pid, signal.SIGKILL)  # what a QProcess and its children get
    starter.wait(5)
    assert starter.stdout
    starter.stdout.close()
    with home.client() as client:
        assert client.get("/v1/health").status_code == 200


def test_in_the_background_it_says_why_it_could_not_start(home: Home) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = home.run("serve", "--background", "--port", str(port))
    assert done.returncode == 2
    assert done.stderr == (
        f"option --port: port {port} can't be used (address already in use). "
        "Leave the option out, or give 0 for a free one.\n"
    )


def test_one_that_is_just_ending_is_waited_for(home: Home) -> None:
    home.config.mkdir(mode=0o700)
    ending = FileLock(home.config / "bridge.lock", thread_local=False)
    ending.acquire()
    starter = home.start("serve", "--background", "--port", "0")
    until((home.folder / "cache" / "bridge-start.txt").exists, 30)
    time.sleep(1)  # enough for its bridge to look for the lock
    ending.release()
    said = starter.communicate(timeout=60)[0]
    place = until(home.running)
    assert said == f"listening on http://127.0.0.1:{place['port']} (process {place['pid']})\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A user's folders for this process; what it starts is ended."""
    monkeypatch.setenv("JAXMUSE_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("JAXMUSE_CACHE", str(tmp_path / "cache"))
    started: list[subprocess.Popen[bytes]] = []
    spawned = background._spawned

    def spawn(*arguments: Any) -> subprocess.Popen[bytes]:
        started.append(spawned(*arguments))
        return started[-1]

    monkeypatch.setattr(background, "_spawned", spawn)
    yield tmp_path
    for process in started:
        process.kill()
        process.wait(10)


def test_it_is_started_once_more_when_another_one_was_in_its_way(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = here / "first"
    monkeypatch.setattr(background, "COMMAND", (sys.executable, "-c", ENDS_AT_FIRST, str(first)))
    ending = FileLock(connection.lock_path(), thread_local=False)
    ending.acquire()

    def end() -> None:
        until(first.exists)
        time.sleep(0.3)
        ending.release()

    other = threading.Thread(target=end)
    other.start()
    said = background.start_in_background([])
    other.join()
    place = connection.running()
    assert place is not None
    assert said == f"listening on http://127.0.0.1:{place.port} (process {place.pid})"


def test_a_cache_folder_that_cannot_be_written(here: Path) -> None:
    (here / "cache" / "bridge-start.txt").mkdir(parents=True)
    with pytest.raises(WriteError, match=r"bridge-start\.txt: it can't be written \(is a directory\)\."):
        background.start_in_background([])


def test_a_python_that_is_gone(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "COMMAND", (str(here / "python"),))
    with pytest.raises(UsageError) as caught:
        background.start_in_background([])
    assert str(caught.value) == (
        "jaxmuse serve --background: the bridge can't be started (no such file or directory). "
        "Run 'jaxmuse serve' in a terminal."
    )


def test_one_that_says_nothing(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "COMMAND", (sys.executable, "-c", ""))
    with pytest.raises(UsageError, match=r"--background: the bridge ended without a word\. Run 'jaxmuse"):
        background.start_in_background([])


def test_a_job_that_it_may_not_leave(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[int] = []

    def refusing(*command: Any, creationflags: int, **named: Any) -> subprocess.Popen[bytes]:
        started.append(creationflags)
        if creationflags == 3:
            raise PermissionError(13, "Access is denied")
        return real([sys.executable, "-c", "print('this one: it ran. Good.')"], stdout=named["stdout"])

    real = subprocess.Popen
    monkeypatch.setattr(background, "_ways_to_detach", lambda: [{"creationflags": 3}, {"creationflags": 1}])
    monkeypatch.setattr(subprocess, "Popen", refusing)
    with pytest.raises(UsageError, match=r"^this one: it ran\. Good\.$"):
        background.start_in_background([])
    assert started == [3, 1]
