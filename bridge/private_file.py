"""Files that only their owner may read."""

from __future__ import annotations

import os
from pathlib import Path

from bridge.whole_file import take_name, unwritable, written_beside

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
    """Replace `path`, even a link, by `data` in one step, for its owner alone; raises `WriteError`."""
    try:
        with written_beside(path, data, PRIVATE_FILE) as partial:
            take_name(partial, path)
    except OSError as error:
        raise unwritable(path, error) from error


def claim_private(path: Path, data: bytes) -> bool:
    """Write `data` to `path` unless somebody was first; False if so. Raises `WriteError`."""
    try:
        with written_beside(path, data, PRIVATE_FILE) as partial:
            try:
                os.link(partial, path)
            except FileExistsError:
                return False
            except OSError:  # a file system without links, such as FAT
                take_name(partial, path)
            return True
    except OSError as error:
        raise unwritable(path, error) from error
