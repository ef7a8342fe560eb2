"""The bridge at login: each system's own way, switched on and off without a trace."""

from __future__ import annotations

import itertools
import os
import plistlib
import shutil
import stat
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from plugin_homes import add_musescore, contents

from bridge.errors import WriteError
from bridge.plugin.autostart import call_quietly, disable, enable, is_enabled
from bridge.plugin.everywhere import install_everywhere, uninstall_everywhere
from bridge.plugin.login_entry import entry_for
from bridge.plugin.status import plugin_status
from bridge.plugin.system import System

COMMAND = ('/opt/50% of "Ann\'s" $HOME/python', "-P", "-m", "bridge", "serve", "--background")


class Calls(list[str]):
    """Takes commands instead of the system; fails on those that contain `refuse`."""

    refuse: str | None = None

    def __call__(self, command: Sequence[str]) -> str | None:
        self.append(" ".join(command))
        return "no such bus" if self.refuse and self.refuse in self[-1] else None


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_on_and_off_leaves_no_trace(system: System, config: Path, platform: str) -> None:
    system, calls = System(platform, system.home), Calls()
    (system.home / "Library").mkdir()
    before = contents(system.home)
    entry = entry_for(system)
    assert not is_enabled(entry)
    assert not disable(entry, calls)
    enable(entry, calls)
    assert is_enabled(entry)
    assert list(calls) == [" ".join(command) for command in entry.on]
    calls.clear()
    enable(entry, calls)
    assert list(calls) == [" ".join(command) for command in (*entry.off, *entry.on)]
    calls.clear()
    assert disable(entry, calls)
    assert list(calls) == [" ".join(command) for command in (*entry.off, *entry.after)]
    assert contents(system.home) == before
    assert list(config.iterdir()) == []


def test_systemd(system: System) -> None:
    entry = entry_for(system, COMMAND)
    assert entry.path == system.home / ".config/systemd/user/jaxmuse.service"
    start = r'ExecStart="/opt/50%% of \"Ann' + r"'s\" $$HOME/python" + '" "-P" "-m" "bridge" "serve"'
    assert start in entry.content.decode().splitlines()
    assert [" ".join(command) for command in entry.on] == [
        "systemctl --user daemon-reload",
        "systemctl --user enable --now jaxmuse.service",
    ]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze isn't here")
def test_systemd_reads_the_unit(system: System, tmp_path: Path) -> None:
    entry = entry_for(system)
    (tmp_path / entry.path.name).write_bytes(entry.content)
    done = subprocess.run(
        ["systemd-analyze", "--user", "verify", tmp_path / entry.path.name],
        capture_output=True,
        text=True,
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)},
        check=False,
    )
    assert "jaxmuse" not in done.stderr, done.stderr


def test_launchd(system: System) -> None:
    entry = entry_for(System("darwin", system.home), COMMAND)
    assert entry.path == system.home / "Library/LaunchAgents/org.jaxmuse.bridge.plist"
    assert plistlib.loads(entry.content) == {
        "Label": "org.jaxmuse.bridge",
        "ProgramArguments": list(COMMAND[:-1]),
        "RunAtLoad": True,
    }
    assert entry.on[0][:2] == ("launchctl", "bootstrap")
    assert entry.off[0][:2] == ("launchctl", "bootout")


def test_windows(system: System) -> None:
    roaming = {"APPDATA": str(system.home / "Roaming")}
    entry = entry_for(System("win32", system.home, roaming), (r"C:\50% Ann\python.exe", *COMMAND[1:]))
    assert entry.path == (
        system.home / "Roaming/Microsoft/Windows/Start Menu/Programs/Startup" / "jaxmuse.cmd"
    )
    lines = entry.content.decode().split("\r\n")
    assert lines[-2:] == [
        r'start "jaxmuse" /min "C:\50%% Ann\python.exe" -P -m bridge serve --background',
        "",
    ]


def test_a_system_that_refuses_is_a_sentence_and_leaves_nothing(system: System, source: Path) -> None:
    add_musescore(system.home, 4)
    before = contents(system.home)
    calls = Calls()
    calls.refuse = "enable --now"
    report = install_everywhere(system, autostart=True, source=source, call=calls)
    assert [str(problem) for problem in report.problems] == [
        "systemctl --user enable --now jaxmuse.service: the bridge can't be set to start by itself "
        "(no such bus). Start it by hand when you need it: jaxmuse serve"
    ]
    assert (len(report.installed), report.autostart) == (1, None)
    assert not (system.home / ".config").exists()
    uninstall_everywhere(system, calls)
    assert contents(system.home) == before


@pytest.mark.parametrize("number", [0, 1])
def test_a_full_disk_is_a_sentence_and_leaves_nothing(
    system: System, config: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    entry, calls = entry_for(system), Calls()
    _refuse_to_sync(number, monkeypatch)
    with pytest.raises(WriteError) as error:
        enable(entry, calls)
    assert str(error.value) == (
        f"{entry.path}: the bridge can't be set to start by itself (no space left on device). "
        "Start it by hand when you need it: jaxmuse serve"
    )
    assert (contents(system.home), config.exists(), list(calls)) == ({}, False, [])


def test_a_renewal_that_cant_be_written_leaves_it_on(
    system: System, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = Calls()
    enable(entry_for(system), calls)
    before = contents(system.home), contents(config)
    calls.clear()
    _refuse_to_sync(0, monkeypatch)
    with pytest.raises(WriteError):
        enable(entry_for(system, COMMAND), calls)
    assert (contents(system.home), contents(config)) == before
    assert list(calls) == []


def _refuse_to_sync(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the disk be full at a written file, 0 for the first."""
    counted = itertools.count()
    fsync = os.fsync

    def call(descriptor: int) -> None:
        if stat.S_ISREG(os.fstat(descriptor).st_mode) and next(counted) == number:
            raise OSError(28, "No space left on device")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", call)


def test_an_upgrade_keeps_it_and_uninstall_ends_it(system: System, source: Path) -> None:
    add_musescore(system.home, 4)
    before = contents(system.home)
    calls = Calls()
    assert install_everywhere(system, source=source, call=calls).autostart is None
    assert list(calls) == []
    install_everywhere(system, autostart=True, source=source, call=calls)
    assert install_everywhere(system, source=source, call=calls).autostart == "systemd user unit"
    assert plugin_status(system, source).autostart
    assert uninstall_everywhere(system, calls).autostart
    assert contents(system.home) == before


def test_somebody_elses_unit_isnt_touched(system: System) -> None:
    entry = entry_for(system)
    entry.path.parent.mkdir(parents=True)
    entry.path.write_text("[Unit]\n")
    calls = Calls()
    with pytest.raises(WriteError, match="jaxmuse didn't write"):
        enable(entry, calls)
    assert not disable(entry, calls)
    assert (entry.path.read_text(), list(calls)) == ("[Unit]\n", [])


def test_what_a_command_said_is_told(tmp_path: Path) -> None:
    assert call_quietly(["true"]) is None
    assert call_quietly(["sh", "-c", "echo before >&2; echo why >&2; exit 3"]) == "why"
    assert call_quietly(["false"]) == "exit code 1"
    assert "No such file" in str(call_quietly([str(tmp_path / "gone")]))
