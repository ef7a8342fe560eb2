"""Which MuseScore is open, and the bridge that has to stop."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bridge import connection
from bridge.plugin import everywhere, processes
from bridge.plugin.everywhere import uninstall_everywhere
from bridge.plugin.system import System
from bridge.server import stopping


@pytest.mark.parametrize(
    ("name", "program", "found"),
    [
        ("mscore3", "/usr/bin/mscore3", "MuseScore 3"),
        ("musescore3", "", "MuseScore 3"),
        ("MuseScore3.exe", r"C:\Program Files\MuseScore 3\bin\MuseScore3.exe", "MuseScore 3"),
        ("MuseScore4.exe", "", "MuseScore 4"),
        ("mscore", "/Applications/MuseScore 4.app/Contents/MacOS/mscore", "MuseScore 4"),
        ("mscore", "/Applications/MuseScore 3.app/Contents/MacOS/mscore", "MuseScore 3"),
        ("mscore", "", "MuseScore"),
        ("mscore4portable", "/tmp/.mount_MuseSc/bin/mscore4portable", "MuseScore 4"),
        ("mscore-4.4", "", "MuseScore 4"),
        ("MuseScore-3.6.2.548021370-x86_64.AppImage", "", "MuseScore 3"),
        ("MuseScore-Studio-4.5.2.251141402-x86_64.AppImage", "", "MuseScore 4"),
        ("musescore", "/usr/bin/mscore3", "MuseScore 3"),
        ("python3", "/home/ann/MuseScore4/python3", None),
        ("musescore-crash-reporter", "", None),
        ("MuseScore Manager", "", None),
        ("mscoresomething", "", None),
    ],
)
def test_names(name: str, program: str, found: str | None) -> None:
    assert processes.musescore_version(name, program) == found


def test_those_that_are_open_are_named_once(processes_seen: list[tuple[str, str]]) -> None:
    assert processes.running_musescores() == []
    processes_seen += [("mscore4portable", ""), ("mscore3", ""), ("bash", ""), ("mscore3", "")]
    assert processes.running_musescores() == ["MuseScore 3", "MuseScore 4"]


def test_this_users_processes_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    seen = list(importlib.reload(processes)._own_processes())
    assert any(Path(program).samefile(sys.executable) for _, program in seen if Path(program).exists())


def test_the_bridge_is_asked_to_stop(config: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        connection.announce(4567, process.pid)
        assert stopping.stop_bridge()
        assert process.poll() is not None
        assert not (config / "bridge.json").exists()
    finally:
        process.kill()
        process.communicate()
    assert stopping.stop_bridge()


def test_a_bridge_that_doesnt_stop_is_said() -> None:
    deaf = "from signal import *; signal(SIGTERM, SIG_IGN); print(1, flush=True); input()"
    process = subprocess.Popen([sys.executable, "-c", deaf], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        process.stdout.readline()
        connection.announce(4567, process.pid)
        assert not stopping.stop_bridge(patience_seconds=0.2)
        assert connection.running() == connection.Running(process.pid, 4567)
    finally:
        process.kill()
        process.communicate()


STARTING = """
import sys, time
from bridge import connection
from bridge.server.instance import only_bridge
with only_bridge():
    print(1, flush=True)
    time.sleep(float(sys.argv[1]))
    connection.announce(4567, __import__("os").getpid())
    time.sleep(60)
"""


@pytest.fixture
def start() -> Iterator[Callable[[float], subprocess.Popen]]:
    """Return what starts a bridge, which has the lock but is only announced after some seconds."""
    started: list[subprocess.Popen] = []

    def start_one(seconds: float) -> subprocess.Popen:
        command = [sys.executable, "-c", STARTING, str(seconds)]
        started.append(subprocess.Popen(command, stdout=subprocess.PIPE))
        assert started[-1].stdout is not None
        started[-1].stdout.readline()
        return started[-1]

    yield start_one
    for process in started:
        process.kill()
        process.communicate()


def test_a_bridge_that_is_just_starting_is_waited_for_and_stopped(
    system: System, config: Path, start: Callable[[float], subprocess.Popen]
) -> None:
    connection.load_or_make_token()
    bridge = start(0.5)
    assert uninstall_everywhere(system).problems == ()
    assert bridge.wait(5) is not None
    assert not config.exists()


def test_the_token_of_a_bridge_that_doesnt_stop_starting_stays(
    system: System, start: Callable[[float], subprocess.Popen], monkeypatch: pytest.MonkeyPatch
) -> None:
    token = connection.load_or_make_token()
    start(60)
    monkeypatch.setattr(everywhere, "stop_bridge", lambda: stopping.stop_bridge(0.2))
    (problem,) = uninstall_everywhere(system).problems
    assert str(problem) == (
        "plugin uninstall: the bridge still runs. "
        "Stop it with Ctrl+C in its window, or end its process, and type the same again."
    )
    monkeypatch.setattr(everywhere, "stop_bridge", lambda: True)  # as if it had begun a moment later
    (problem,) = uninstall_everywhere(system).problems
    assert "another bridge is just starting" in str(problem)
    assert connection.known_token() == token
    assert connection.lock_path().exists()
