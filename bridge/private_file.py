"""Files that only their owner may read, and that appear whole or not at all."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from bridge.errors import WriteError

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700


def make_private_folder(folder: Path) -> None:
    """Create `folder` for its owner alone where it isn't there yet; raises `WriteError`."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from error


def write_private(path: Path, data: bytes) -> None:
    """Replace `path` by `data` in one step, readable by its owner alone; raises `WriteError`."""
    partial = _partial(path)
    try:
        _write_new(partial, data)
        os.replace(partial, path)
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        _forget(partial)


def claim_private(path: Path, data: bytes) -> bool:
    """Write `data` to `path` unless somebody was first; False if so. Raises `WriteError`."""
    partial = _partial(path)
    try:
        _write_new(partial, data)
        try:
            os.link(partial, path)
        except FileExistsError:
            return False
        except OSError:  # a file system without links, such as FAT
            os.replace(partial, path)
        return True
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        _forget(partial)


def unwritable(path: Path, error: OSError) -> WriteError:
    """Return the sentence for a file or folder that the system doesn't let be written."""
    return WriteError(
        f"it can't be written ({(error.strerror or type(error).__name__).lower()})",
        where=str(path),
        fix="Make sure that the folder belongs to you and that the disk isn't full.",
    )


def _write_new(path: Path, data: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, PRIVATE_FILE), "wb") as file:
        file.write(data)


def _partial(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}-{os.urandom(4).hex()}.part")


def _forget(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()
