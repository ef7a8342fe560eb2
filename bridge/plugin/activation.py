"""Switch the plugin on in MuseScore 3, and put its list of plugins back as it was."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from bridge.errors import ReadError, WriteError
from bridge.plugin.copying import aside_name, missing_folders, remove_empty
from bridge.plugin.plugin_list import active_plugins, new_list, with_plugins, without_plugins
from bridge.plugin.record import ListRecord
from bridge.whole_file import reason, unwritable, write_whole

TICK_BY_HAND = "Tick the new items in MuseScore 3 under Plugins > Plugin Manager instead."
REMOVE_BY_HAND = "Remove what is left of jaxmuse there by hand."


def entries_of(folder: Path, files: Sequence[str]) -> tuple[str, ...]:
    """Return how MuseScore writes the paths of these files of the plugin's `folder`."""
    return tuple((folder / name).as_posix() for name in files)


def plan_activation(path: Path, entries: Sequence[str], before: ListRecord | None) -> ListRecord:
    """Return what `activate` will do to the list at `path`, so that it can be recorded first.

    - `before`: what an earlier installation did to it; its backup goes on being the one to return to.
    """
    if before is not None:
        kept = [entry for entry in before.entries if entry in entries]
        added = [entry for entry in entries if entry not in kept]
        return ListRecord(before.path, before.backup, before.made, (*kept, *added))
    backup = str(aside_name(path)) if path.exists() else None
    made = map(str, missing_folders(path.parent))
    return ListRecord(str(path), backup, tuple(made), tuple(entries))


def activate(plan: ListRecord, dropped: Collection[str] = ()) -> None:
    """Write the plugin into MuseScore 3's list, its backup first.

    - `dropped`: paths that an earlier version of the plugin had there.

    Raises `ReadError` if the list is no such list, which is then untouched, and `WriteError`.
    """
    path = Path(plan.path)
    old = _read(path, TICK_BY_HAND)
    try:
        clean = None if old is None else without_plugins(old, [*plan.entries, *dropped])
        rest = None if old is None else without_plugins(old, dropped)
        new = new_list(plan.entries) if rest is None else with_plugins(rest, plan.entries)
    except ReadError as error:
        raise ReadError(error.what, where=str(path), fix=TICK_BY_HAND) from error
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if clean is not None and plan.backup is not None and not Path(plan.backup).exists():
            write_whole(Path(plan.backup), clean)
        if new != old:
            write_whole(path, new, force=True)
    except (OSError, WriteError) as error:
        raise WriteError(
            f"it can't be written ({reason(error)})", where=str(path), fix=TICK_BY_HAND
        ) from error


def deactivate(done: ListRecord) -> None:
    """Put MuseScore 3's list back: byte for byte if nobody else wrote to it, else without the plugin.

    Raises `ReadError` if the list can't be read any more, which is then untouched, and `WriteError`.
    """
    path, backup = Path(done.path), Path(done.backup) if done.backup else None
    now = _read(path, REMOVE_BY_HAND)
    before = _read(backup, REMOVE_BY_HAND) if backup else None
    try:
        rest = now if now is None else without_plugins(now, done.entries)
        if before is not None and rest != now and with_plugins(before, done.entries) == now:
            rest = before
        nothing_left = backup is None and rest != now and not active_plugins(rest or b"")
    except ReadError as error:
        raise ReadError(error.what, where=str(path), fix=REMOVE_BY_HAND) from error
    try:
        if nothing_left:
            path.unlink()
        elif rest is not None and rest != now:
            write_whole(path, rest, force=True)
        if backup is not None:
            backup.unlink(missing_ok=True)
    except OSError as error:
        raise unwritable(path, error) from error
    remove_empty(map(Path, reversed(done.made)))


def _read(path: Path, fix: str) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ReadError(f"it can't be read ({reason(error)})", where=str(path), fix=fix) from error
