"""Start the bridge when the user logs in, and stop doing so."""

from __future__ import annotations

import contextlib
import json
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from bridge.connection import config_folder
from bridge.errors import WriteError
from bridge.plugin.copying import missing_folders, remove_empty
from bridge.plugin.login_entry import MARK, Entry
from bridge.private_file import make_private_folder, write_private
from bridge.whole_file import unwritable, write_whole

_MADE_FILE = "autostart.json"
"""In the configuration folder: the folders that were made for the entry, outermost first."""

Call = Callable[[Sequence[str]], str | None]
"""Runs a command; returns None if it succeeded, else what it said."""


def enable(entry: Entry, call: Call | None = None) -> None:
    """Write the entry and switch it on; raises `WriteError`, after which nothing of it is left."""
    call = call_quietly if call is None else call
    if entry.path.exists() and not is_enabled(entry):
        raise WriteError(
            "a file of this name is there that jaxmuse didn't write",
            where=str(entry.path),
            fix="Move it away and install again.",
        )
    before = is_enabled(entry)
    for command in entry.off if before else ():
        call(command)
    missing = missing_folders(entry.path.parent)
    try:
        entry.path.parent.mkdir(parents=True, exist_ok=True)
        if not before:
            make_private_folder(config_folder())
            write_private(config_folder() / _MADE_FILE, json.dumps([*map(str, missing)]).encode())
        write_whole(entry.path, entry.content, force=True)
    except OSError as error:
        remove_empty(reversed(missing))
        raise unwritable(entry.path, error) from error
    for command in entry.on:
        said = call(command)
        if said is not None:
            disable(entry, call)
            raise WriteError(
                f"the bridge can't be set to start by itself ({said})",
                where=" ".join(command),
                fix="Start it by hand when you need it: jaxmuse serve",
            )


def disable(entry: Entry, call: Call | None = None) -> bool:
    """Switch the entry off and remove it; False if there was none. Raises `WriteError`."""
    call = call_quietly if call is None else call
    if not is_enabled(entry):
        return False
    for command in entry.off:
        call(command)
    try:
        entry.path.unlink()
    except OSError as error:
        raise unwritable(entry.path, error) from error
    for command in entry.after:
        call(command)
    made = config_folder() / _MADE_FILE
    with contextlib.suppress(OSError, ValueError, TypeError):
        remove_empty(map(Path, reversed(json.loads(made.read_text("utf-8")))))
    made.unlink(missing_ok=True)
    return True


def is_enabled(entry: Entry) -> bool:
    """Return whether the bridge starts by itself because jaxmuse said so."""
    try:
        return MARK.encode() in entry.path.read_bytes()
    except OSError:
        return False


def call_quietly(command: Sequence[str]) -> str | None:
    """Run a command; returns None if it succeeded, else what it said."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.SubprocessError) as error:
        return str(error)
    lines = (done.stderr or done.stdout).strip().splitlines()
    return None if done.returncode == 0 else (lines[-1] if lines else f"exit code {done.returncode}")
