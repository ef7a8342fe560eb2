"""Copy the plugin's files into a folder, set aside what stood in their way, and remove them again."""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from bridge.connection import CONNECTION_FILE
from bridge.plugin.record import RECORD_FILE, InstallRecord
from bridge.whole_file import write_whole

OWN_STATE = (CONNECTION_FILE, "settings.json")
"""What is written beside the plugin while it is used; an upgrade keeps it."""


def missing_folders(folder: Path) -> list[Path]:
    """Return which of `folder` and those above it aren't there, outermost first."""
    missing = []
    while not folder.exists() and not folder.is_symlink():
        missing.append(folder)
        folder = folder.parent
    return missing[::-1]


def remove_empty(folders: Iterable[Path]) -> None:
    """Remove those of `folders`, innermost first, in which nothing is."""
    for folder in folders:
        with contextlib.suppress(OSError):
            folder.rmdir()


def in_the_way(folder: Path, files: Mapping[str, Path], known: Iterable[str]) -> list[str]:
    """Return which of the `files` stand in `folder` already with a content that isn't the plugin's.

    - `known`: files that an earlier installation wrote.
    """
    there = [name for name in files if name not in set(known) and os.path.lexists(folder / name)]
    return [
        name
        for name in there
        if (folder / name).is_symlink() or not same_content(folder / name, files[name])
    ]


def aside_name(path: Path) -> Path:
    """Return a free name beside `path`: no `.qml` any more, so that MuseScore doesn't offer it."""
    names = (f"{path.name}.before-jaxmuse{number}" for number in itertools.chain([""], itertools.count(2)))
    return next(found for found in map(path.with_name, names) if not os.path.lexists(found))


def copy_files(folder: Path, files: Mapping[str, Path]) -> None:
    """Copy every file to its name in `folder`, each whole or not at all; raises `WriteError`, `OSError`."""
    for name, source in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.is_file() or not same_content(target, source):
            write_whole(target, source.read_bytes(), force=True)


def remove_files(folder: Path, names: Iterable[str]) -> None:
    """Remove these files from `folder`, and the folders in it that are empty then; raises `OSError`."""
    for name in names:
        relative = PurePosixPath(name)
        if relative.is_absolute() or ".." in relative.parts:
            continue
        (folder / name).unlink(missing_ok=True)
        for parent in list(relative.parents)[:-1]:
            with contextlib.suppress(OSError):
                (folder / parent).rmdir()


def set_aside(folder: Path, names: Mapping[str, str]) -> None:
    """Rename the files of `names` (each by its new name); raises `OSError`."""
    for aside, name in names.items():
        (folder / name).rename(folder / aside)


def put_back(folder: Path, names: Mapping[str, str]) -> None:
    """Undo `set_aside` as far as it was done; a name that is taken again stays so. Raises `OSError`."""
    for aside, name in names.items():
        if os.path.lexists(folder / aside) and not os.path.lexists(folder / name):
            (folder / aside).rename(folder / name)


def foreign_files(folder: Path, record: InstallRecord) -> list[str]:
    """Return what is in `folder` that is neither the plugin's nor its state, sorted."""
    own = {*record.files, *OWN_STATE, RECORD_FILE} - set(record.set_aside.values())
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())
    return sorted(name for name in found if name not in own)


def same_content(first: Path, second: Path) -> bool:
    """Return whether both files can be read and are equal."""
    try:
        return first.read_bytes() == second.read_bytes()
    except OSError:
        return False
