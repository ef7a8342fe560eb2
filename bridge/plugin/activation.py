"""Switch the plugin on in MuseScore 3, and put its list of plugins back as it was."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from bridge.errors import JaxmuseError, WriteError
from bridge.plugin.copying import aside_name, missing_folders, remove_empty
from bridge.plugin.plugin_list import BY_HAND, active_plugins, new_list, with_plugins, without_plugins
from bridge.plugin.record import ListRecord
from bridge.whole_file import reason, unwritable, write_whole


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
    old = _read(path)
    try:
        new = new_list(plan.entries) if old is None else without_plugins(old, dropped)
        new = with_plugins(new, plan.entries)
    except JaxmuseError as error:
        raise error.at(str(path)) from None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if old is not None and plan.backup is not None and not Path(plan.backup).exists():
            write_whole(Path(plan.backup), old)
        if new != old:
            write_whole(path, new, force=True)
    except (OSError, WriteError) as error:
        raise WriteError(f"it can't be written ({reason(error)})", where=str(path), fix=BY_HAND) from error


def deactivate(done: ListRecord) -> None:
    """Put MuseScore 3's list back: byte for byte if nobody else wrote to it, else without the plugin.

    Raises `ReadError` if the list can't be read any more, which is then untouched, and `WriteError`.
    """
    path, backup = Path(done.path), Path(done.backup) if done.backup else None
    now = _read(path)
    before = _read(backup) if backup else None
    try:
        if now is None or without_plugins(now, done.entries) == now:
            pass
        elif before is not None and with_plugins(before, done.entries) == now:
            write_whole(path, before, force=True)
        else:
            rest = without_plugins(now, done.entries)
            if backup is None and not active_plugins(rest):
                path.unlink()
            else:
                write_whole(path, rest, force=True)
        if backup is not None:
            backup.unlink(missing_ok=True)
    except JaxmuseError as error:
        raise error.at(str(path)) from None
    except OSError as error:
        raise unwritable(path, error) from error
    remove_empty(map(Path, reversed(done.made)))


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unwritable(path, error) from error
