"""Take the plugin out of a folder: what the installer wrote, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bridge.connection import CONNECTION_FILE, forget_plugin_folder, plugin_folders
from bridge.errors import JaxmuseError, WriteError
from bridge.plugin.activation import deactivate
from bridge.plugin.copying import (
    OWN_STATE,
    foreign_files,
    put_back,
    remove_empty,
    remove_files,
    same_content,
)
from bridge.plugin.places import find_places
from bridge.plugin.record import RECORD_FILE, InstallRecord, read_record
from bridge.plugin.source import plugin_files, plugin_source
from bridge.plugin.system import System
from bridge.whole_file import reason


@dataclass(frozen=True)
class Removed:
    """The plugin isn't in `folder` any more.

    - `kept`: files there that are somebody else's.
    - `list_problems`: lists of MuseScore 3 that still name it.
    """

    folder: Path
    kept: tuple[str, ...] = ()
    list_problems: tuple[JaxmuseError, ...] = ()


def folders_with_plugin(system: System) -> list[Path]:
    """Return the folders that hold the plugin: those on record, and those found where MuseScore looks."""
    found = [place.folder for place in find_places(system) if holds_plugin(place.folder)]
    return list(dict.fromkeys([*plugin_folders(), *found]))


def holds_plugin(folder: Path) -> bool:
    """Return whether jaxmuse was installed in `folder`."""
    return (folder / RECORD_FILE).is_file() or (folder / CONNECTION_FILE).is_file()


def remove_plugin(folder: Path) -> Removed:
    """Remove the plugin from `folder`; raises `WriteError`, after which it can be tried again.

    Files that were set aside get their names back, folders that were made for the plugin go when empty.
    """
    if not holds_plugin(folder):
        forget_plugin_folder(folder)
        return Removed(folder)
    record = read_record(folder) or _guessed(folder)
    problems = []
    for done in record.lists:
        try:
            deactivate(done)
        except JaxmuseError as error:
            problems.append(error)
    try:
        remove_files(folder, [*record.files, *OWN_STATE])
        put_back(folder, record.set_aside)
        kept = foreign_files(folder, record)
        remove_files(folder, [RECORD_FILE])
    except OSError as error:
        raise WriteError(
            f"the plugin can't be removed from there ({reason(error)})",
            where=str(folder),
            fix="Make that folder writable and type the same again.",
        ) from error
    remove_empty(map(Path, reversed(record.made)))
    forget_plugin_folder(folder)
    return Removed(folder, tuple(kept), tuple(problems))


def _guessed(folder: Path) -> InstallRecord:
    """Return a record for a folder that has lost its own: files that are the plugin's, byte for byte."""
    files = plugin_files(plugin_source())
    same = tuple(name for name, source in files.items() if same_content(folder / name, source))
    return InstallRecord("", same, made=(str(folder),))
