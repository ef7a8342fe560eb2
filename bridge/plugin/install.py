"""Install the plugin into one folder of MuseScore: all of it, or nothing."""

from __future__ import annotations

import importlib.metadata
from dataclasses import dataclass, replace
from pathlib import Path

from bridge.connection import START, record_plugin_folder, write_connection
from bridge.errors import JaxmuseError, ReadError, UsageError, WriteError
from bridge.plugin.activation import activate, entries_of, plan_activation
from bridge.plugin.copying import (
    aside_name,
    copy_files,
    in_the_way,
    missing_folders,
    remove_empty,
    remove_files,
    set_aside,
)
from bridge.plugin.places import Place, find_places, place_at
from bridge.plugin.record import RECORD_FILE, InstallRecord, ListRecord, read_record
from bridge.plugin.removal import remove_plugin
from bridge.plugin.source import menu_items, plugin_files, plugin_source
from bridge.plugin.system import MACOS, System
from bridge.whole_file import reason, write_whole


@dataclass(frozen=True)
class Installed:
    """The plugin is in `place.folder`.

    - `upgraded`: it was there before.
    - `list_problems`: MuseScore 3's lists that couldn't be changed, so that the user has to do it.
    - `set_aside`: new names of files of the user's that had been in the way.
    """

    place: Place
    upgraded: bool
    list_problems: tuple[JaxmuseError, ...] = ()
    set_aside: tuple[str, ...] = ()


def places_to_install(system: System, into: Path | None) -> list[Place]:
    """Return where the plugin goes; raises `UsageError` where there is no such place."""
    if into is not None:
        if not into.is_dir():
            raise UsageError(
                "there is no such folder",
                where=f"option --into {into}",
                fix="Give the Plugins folder that MuseScore shows in its preferences under Folders.",
            )
        return [place_at(system, into)]
    places = find_places(system)
    if not places:
        raise UsageError(
            f"no MuseScore 3 or 4 has been used by this user yet (looked in {system.home})",
            where="plugin install",
            fix="Start MuseScore once, quit it, and type the same again; or name its Plugins folder: "
            "jaxmuse plugin install --into FOLDER",
        )
    return places


def install_plugin(place: Place, system: System, source: Path | None = None) -> Installed:
    """Install the plugin in `place`, or upgrade it, keeping the user's settings; raises `WriteError`.

    What was made is unmade if the installation doesn't succeed.
    """
    folder = place.folder
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise WriteError(
            "this is a link or a file, where the plugin needs a folder of its own",
            where=str(folder),
            fix="Move it away and install again.",
        )
    source = source or plugin_source()
    before, missing = read_record(folder), missing_folders(folder)
    try:
        return _install(place, source, before)
    except (OSError, WriteError) as error:
        if before is None:
            if read_record(folder) is not None:
                remove_plugin(folder)
            remove_empty(reversed(missing))
        raise _unwritable(folder, system, error) from error


def _install(place: Place, source: Path, before: InstallRecord | None) -> Installed:
    folder, files = place.folder, plugin_files(source)
    if not files:
        raise WriteError(
            "the plugin's files aren't where they should be",
            where=str(source),
            fix="Install jaxmuse again.",
        )
    old = before or InstallRecord("", ())
    made = missing_folders(folder)
    folder.mkdir(parents=True, exist_ok=True)
    aside = {
        aside_name(folder / name).relative_to(folder).as_posix(): name
        for name in in_the_way(folder, files, old.files)
    }
    # A file of the user's never stands on record as one of the plugin's: at any moment this could end.
    record = InstallRecord(
        version=importlib.metadata.version("jaxmuse"),
        files=tuple(old.files),
        set_aside=old.set_aside | aside,
        made=(*old.made, *map(str, made)),
        lists=old.lists,
    )
    _write_record(folder, record)
    set_aside(folder, aside)
    record = replace(record, files=tuple(dict.fromkeys([*old.files, *files])))
    _write_record(folder, record)
    copy_files(folder, files)
    remove_files(folder, [name for name in old.files if name not in files])
    record = replace(record, files=tuple(files))
    _write_record(folder, record)
    write_connection(folder, start=START)
    record_plugin_folder(folder)
    entries = entries_of(folder, [item.file for item in menu_items(source)])
    problems = []
    for path in place.plugin_lists:
        record, problem = _activate(folder, record, path, entries)
        problems += [problem] if problem else []
    return Installed(place, before is not None, tuple(problems), tuple(aside))


def _activate(
    folder: Path, record: InstallRecord, path: Path, entries: tuple[str, ...]
) -> tuple[InstallRecord, JaxmuseError | None]:
    """Activate in one list; what will be done is on record before it is done. Returns what went wrong."""
    known: ListRecord | None = next((done for done in record.lists if done.path == str(path)), None)
    others = tuple(done for done in record.lists if done.path != str(path))
    plan = plan_activation(path, entries, known)
    planned = replace(record, lists=(*others, plan))
    _write_record(folder, planned)
    try:
        activate(plan, [entry for entry in known.entries if entry not in entries] if known else [])
    except ReadError as error:  # then nothing was done
        _write_record(folder, record)
        return record, error
    except WriteError as error:
        return planned, error
    return planned, None


def _write_record(folder: Path, record: InstallRecord) -> None:
    write_whole(folder / RECORD_FILE, record.to_bytes(), force=True)


def _unwritable(folder: Path, system: System, error: OSError | WriteError) -> WriteError:
    """Return the sentence for MuseScore's folder; an error that has another place stays as it is."""
    if isinstance(error, WriteError) and not (
        isinstance(error.__cause__, OSError) and Path(error.where).is_relative_to(folder)
    ):
        return error
    fix = "Make that folder writable, or name another Plugins folder with --into."
    if system.platform == MACOS:
        fix = (
            "Let your terminal use the Documents folder (System Settings > Privacy & Security > "
            "Files and Folders), or name another Plugins folder with --into."
        )
    return WriteError(f"the plugin can't be written there ({reason(error)})", where=str(folder), fix=fix)
