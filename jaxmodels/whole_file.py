"""Files that appear whole or not at all."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path


def write_file(path: Path, data: bytes | memoryview) -> None:
    """Write `data` to `path` in one step, for everybody to read; raises `OSError`."""
    with written_beside(path, data, 0o644) as partial:
        take_name(partial, path)


@contextlib.contextmanager
def written_beside(target: Path, data: bytes | memoryview, mode: int = 0o666) -> Iterator[Path]:
    """Hold `data`, synced to the disk, in a hidden file beside `target`; raises `OSError`.

    - `mode`: the permissions of the new file, less the user's mask.

    Unless the file has taken another name by then, it is removed at the end.
    """
    partial = target.with_name(f".{target.name[:100]}.{os.getpid()}-{os.urandom(4).hex()}.part")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(partial, flags, mode), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        yield partial
    finally:
        with contextlib.suppress(OSError):
            partial.unlink()


def take_name(partial: Path, target: Path) -> None:
    """Give the file `partial` the name `target`, so that it lasts through a power cut; raises `OSError`."""
    os.replace(partial, target)
    with contextlib.suppress(OSError):  # not every system can sync a folder
        descriptor = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
