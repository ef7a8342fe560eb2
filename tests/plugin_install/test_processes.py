"""Which MuseScore is open, and the bridge that has to stop."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from bridge import connection
from bridge.plugin import processes


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
        assert processes.stop_bridge()
        assert process.poll() is not None
        assert not (config / "bridge.json").exists()
    finally:
        process.kill()
        process.communicate()
    assert processes.stop_bridge()


def test_a_bridge_that_doesnt_stop_is_said() -> None:
    deaf = "from signal import *; signal(SIGTERM, SIG_IGN); print(1, flush=True); input()"
    process = subprocess.Popen([sys.executable, "-c", deaf], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        process.stdout.readline()
        connection.announce(4567, process.pid)
        assert not processes.stop_bridge(patience_seconds=0.2)
        assert connection.running() == connection.Running(process.pid, 4567)
    finally:
        process.kill()
        process.communicate()
