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
from bridge.whole_file import reason, unwritable, write_whole

Call = Callable[[Sequence[str]], str | None]
"""Runs a command; returns None if it succeeded, else what it said."""


def enable(entry: Entry, call: Call | None = None) -> None:
    """Write the entry, or renew it, and switch it on.

    Raises `WriteError`: if it can't be written, all is as before; if it can't be switched on, it is gone.
    """
    call = call_quietly if call is None else call
    before = is_enabled(entry)
    if entry.path.exists() and not before:
        raise WriteError(
            "a file of this name is there that jaxmuse didn't write",
            where=str(entry.path),
            fix="Move it away and install again.",
        )
    missing = missing_folders(entry.path.parent)
    unmade = [*missing_folders(config_folder()), *missing]
    try:
        if not before:
            make_private_folder(config_folder())
            write_private(_made_path(), json.dumps([*map(str, missing)]).encode())
        entry.path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(entry.path, entry.content, force=True)
    except (OSError, WriteError) as error:
        if not before:
            _forget_made()
        remove_empty(reversed(unmade))
        raise _cant_start_by_itself(reason(error), str(entry.path)) from error
    for command in entry.off if before else ():
        call(command)
    for command in entry.on:
        said = call(command)
        if said is not None:
            disable(entry, call)
            raise _cant_start_by_itself(said, " ".join(command))


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
    with contextlib.suppress(OSError, ValueError, TypeError):
        remove_empty(map(Path, reversed(json.loads(_made_path().read_text("utf-8")))))
    _forget_made()
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


def _made_path() -> Path:
    """Return where it is kept which folders were made for the entry, outermost first."""
    return config_folder() / "autostart.json"


def _forget_made() -> None:
    with contextlib.suppress(OSError):
        _made_path().unlink()


def _cant_start_by_itself(why: str, where: str) -> WriteError:
    return WriteError(
        f"the bridge can't be set to start by itself ({why})",
        where=where,
        fix="Start it by hand when you need it: jaxmuse serve",
    )
