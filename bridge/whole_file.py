"""Files that appear whole or not at all, and the words for what the system doesn't let be written."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from bridge.errors import WriteError
from jaxmodels.whole_file import take_name, written_beside


def write_whole(path: Path, data: bytes, force: bool = False) -> None:
    """Write `data` to `path`, in one step; raises `WriteError`.

    A link is followed, and a file that is replaced (`force`) hands its permissions on.
    """
    target = Path(os.path.realpath(path))
    try:
        with written_beside(target, data) as partial:
            check_free(path, force)
            if os.path.exists(target):
                os.chmod(partial, stat.S_IMODE(target.stat().st_mode))
            take_name(partial, target)
    except OSError as error:
        raise unwritable(path, error) from error


def check_free(path: Path, force: bool) -> None:
    """Raise `WriteError` if something is at `path` already, unless `force` is set."""
    if not force and os.path.lexists(path):
        raise WriteError(
            "it is there already",
            where=str(path),
            fix="Choose another name, or allow overwriting (--force; force=True in Python).",
        )


def unwritable(path: Path, error: OSError) -> WriteError:
    """Return the sentence for a file or folder that the system doesn't let be written."""
    return WriteError(
        f"it can't be written ({reason(error)})",
        where=str(path),
        fix="Make sure that the folder belongs to you and that the disk isn't full.",
    )


def reason(error: BaseException) -> str:
    """Return the system's own words for a failure, also for one that a `WriteError` was made of."""
    cause = error.__cause__ if isinstance(error, WriteError) else error
    return (getattr(cause, "strerror", None) or type(cause).__name__).lower()
