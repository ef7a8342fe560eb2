"""What starts the bridge at login: a systemd user unit, a launchd agent, or a Windows start-up entry."""

from __future__ import annotations

import os
import plistlib
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bridge.connection import START
from bridge.plugin.system import MACOS, WINDOWS, System

MARK = "made by jaxmuse plugin install, so that the bridge starts at login"
"""In every file that is written here; one without it is somebody else's."""

LABEL = "org.jaxmuse.bridge"


@dataclass(frozen=True)
class Entry:
    """What starts the bridge on one system.

    - `on`, `off`, `after`: commands to run when the file is written, before it is removed, and afterwards.
    """

    kind: str
    path: Path
    content: bytes
    on: tuple[tuple[str, ...], ...] = ()
    off: tuple[tuple[str, ...], ...] = ()
    after: tuple[tuple[str, ...], ...] = ()


def entry_for(system: System, command: Sequence[str] = START) -> Entry:
    """Return the entry of that system; `command` starts the bridge in the background."""
    if system.platform == MACOS:
        return _launchd(system, command)
    if system.platform == WINDOWS:
        return _start_up(system, command)
    return _systemd(system, command)


def _systemd(system: System, command: Sequence[str]) -> Entry:
    path = system.folder("XDG_CONFIG_HOME", ".config") / "systemd" / "user" / "jaxmuse.service"
    quoted = " ".join('"' + _systemd_escaped(word) + '"' for word in _foreground(command))
    content = (
        f"# {MARK}\n[Unit]\nDescription=jaxmuse, which writes notes for MuseScore\n\n"
        f"[Service]\nExecStart={quoted}\nRestart=on-abnormal\nNice=5\n\n[Install]\nWantedBy=default.target\n"
    )
    systemctl = ("systemctl", "--user")
    reload = (*systemctl, "daemon-reload")
    return Entry(
        "systemd user unit",
        path,
        content.encode(),
        on=(reload, (*systemctl, "enable", "--now", path.name)),
        off=((*systemctl, "disable", "--now", path.name),),
        after=(reload,),
    )


def _launchd(system: System, command: Sequence[str]) -> Entry:
    path = system.home / "Library" / "LaunchAgents" / f"{LABEL}.plist"
    agent = {"Label": LABEL, "ProgramArguments": _foreground(command), "RunAtLoad": True}
    content = plistlib.dumps(agent).replace(b"<plist", f"<!-- {MARK} -->\n<plist".encode(), 1)
    domain = f"gui/{os.getuid() if hasattr(os, 'getuid') else 0}"
    return Entry(
        "launchd agent",
        path,
        content,
        on=(("launchctl", "bootstrap", domain, str(path)),),
        off=(("launchctl", "bootout", f"{domain}/{LABEL}"),),
    )


def _start_up(system: System, command: Sequence[str]) -> Entry:
    programs = ("Microsoft", "Windows", "Start Menu", "Programs", "Startup")
    path = system.folder("APPDATA", "AppData", "Roaming").joinpath(*programs, "jaxmuse.cmd")
    words = subprocess.list2cmdline(list(command)).replace("%", "%%")
    lines = ("@echo off", f"rem {MARK}", "chcp 65001 >nul", f'start "jaxmuse" /min {words}', "")
    return Entry("Windows start-up entry", path, "\r\n".join(lines).encode())


def _foreground(command: Sequence[str]) -> list[str]:
    """Return the command without `--background`: who starts it watches it."""
    return [word for word in command if word != "--background"]


def _systemd_escaped(word: str) -> str:
    for plain, escaped in (("\\", "\\\\"), ('"', '\\"'), ("%", "%%"), ("$", "$$")):
        word = word.replace(plain, escaped)
    return word
