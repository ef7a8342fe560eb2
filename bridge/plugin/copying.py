"""Copy the plugin's files into a folder, set aside what stood in their way, and remove them again."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from bridge.connection import CONNECTION_FILE
from bridge.plugin.record import RECORD_FILE, InstallRecord
from bridge.whole_file import write_whole

SET_ASIDE_SUFFIX = ".before-jaxmuse"
"""No `.qml` any more, so that MuseScore doesn't offer it."""

OWN_STATE = (CONNECTION_FILE, "settings.json")
"""What is written beside the plugin while it is used; an upgrade keeps it."""


def in_the_way(folder: Path, files: Mapping[str, Path], known: Iterable[str]) -> tuple[str, ...]:
    """Return which of the `files` stand in `folder` already with a content that isn't the plugin's.

    - `known`: files that an earlier installation wrote.
    """
    known = set(known)
    return tuple(
        name
        for name, source in files.items()
        if name not in known and (folder / name).is_file() and not same_content(folder / name, source)
    )


def set_aside(folder: Path, names: Iterable[str]) -> None:
    """Rename these files, unless something was set aside under that name before. Raises `OSError`."""
    for name in names:
        aside = _aside(folder / name)
        if (folder / name).exists() and not aside.exists():
            (folder / name).rename(aside)


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


def put_back(folder: Path, record: InstallRecord) -> None:
    """Give the files that were set aside their names back; raises `OSError`."""
    for name in record.set_aside:
        if _aside(folder / name).exists():
            _aside(folder / name).replace(folder / name)


def foreign_files(folder: Path, record: InstallRecord) -> list[str]:
    """Return what is in `folder` that is neither the plugin's nor its state, sorted."""
    own = {*record.files, *OWN_STATE, RECORD_FILE} - set(record.set_aside)
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())
    return sorted(name for name in found if name not in own)


def same_content(first: Path, second: Path) -> bool:
    """Return whether both files can be read and are equal."""
    try:
        return first.read_bytes() == second.read_bytes()
    except OSError:
        return False


def _aside(path: Path) -> Path:
    return path.with_name(path.name + SET_ASIDE_SUFFIX)
