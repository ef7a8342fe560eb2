"""Where a result goes, and that it appears there whole or not at all."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Collection, Sequence
from pathlib import Path

from bridge.errors import UsageError, WriteError
from bridge.score import Document

SUFFIXES = (".mxl", ".musicxml", ".xml", ".mid", ".midi")
"""What can be written; `.xml` is MusicXML and `.midi` is MIDI."""


def default_output(path: Path, suffix: str) -> Path:
    """Return `score.filled.mxl` beside `score.mxl`; `suffix` is that of the document's own format."""
    return path.with_name(f"{path.stem}.filled{suffix}")


def numbered(output: Path, number: int) -> Path:
    """Return where alternative `number` (from 1, the best) goes: `score.filled.2.mxl` for the second."""
    return output if number == 1 else output.with_name(f"{output.stem}.{number}{output.suffix}")


def format_of(output: Path) -> str:
    """Return the format that `output`'s suffix asks for: `.mxl`, `.musicxml` or `.mid`."""
    suffix = output.suffix.lower()
    if suffix not in SUFFIXES:
        what = (
            f"'{suffix}' is no format that can be written"
            if suffix
            else "the name has no suffix to tell the format"
        )
        raise UsageError(what, where=str(output), fix="End the name in .mxl, .musicxml or .mid.")
    return {".xml": ".musicxml", ".midi": ".mid"}.get(suffix, suffix)


def document_bytes(document: Document, suffix: str | None = None) -> bytes:
    """Return the whole of `document` in the format of `suffix`, its own if None.

    A score in MusicXML becomes MIDI at the tempo it begins with.
    """
    if suffix != ".mid" or document.suffix == ".mid":
        return document.to_bytes(suffix)
    from bridge.midi import score_to_midi_bytes
    from bridge.musicxml import MusicXmlDocument
    from bridge.musicxml.tempo import opening_tempo

    tempo = opening_tempo(document.tree.getroot()) if isinstance(document, MusicXmlDocument) else None
    if tempo is None:
        return score_to_midi_bytes(document.score())
    return score_to_midi_bytes(document.score(), tempo)


def check_output(
    output: Path, inputs: Sequence[Path], force: bool = False, written: Collection[Path] = ()
) -> None:
    """Raise `WriteError` if `output` can't be written, now and not after the model has run.

    It must not be one of `inputs`, nor one of those `written` in this run already, and must not be there
    at all unless `force` is set.
    """
    if any(_same_file(output, path) for path in inputs):
        raise WriteError(
            "this is the input, which is never changed", where=str(output), fix="Choose another output."
        )
    if any(_same_file(output, path) for path in written):
        raise WriteError(
            "two scores would be written here", where=str(output), fix="Rename one, or fill them apart."
        )
    if output.is_dir():
        raise WriteError("this is a folder", where=str(output), fix="Give the name of a file.")
    _check_free(output, force)
    folder = _target(output).parent
    if not folder.is_dir():
        raise WriteError(
            "its folder isn't there", where=str(output), fix="Create it, or choose another output."
        )
    probe = _beside(_target(output))
    try:
        os.close(os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
    except OSError as error:
        raise _unwritable(output, error) from error
    finally:
        with contextlib.suppress(OSError):
            probe.unlink()


def make_folder(folder: Path) -> None:
    """Create `folder` and those above it where they aren't there yet."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WriteError(
            f"the folder can't be made ({_reason(error)})",
            where=str(folder),
            fix="Choose another folder.",
        ) from error


def write_whole(output: Path, data: bytes, force: bool = False) -> None:
    """Write `data` to `output` so that it appears complete or not at all.

    The bytes go to a hidden file beside it, are synced, and take the name in one step; a link
    is followed, and a file that is replaced (`force`) hands its permissions on.
    """
    target = _target(output)
    partial = _beside(target)
    try:
        descriptor = os.open(
            partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666
        )
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _check_free(output, force)
        if target.exists():
            os.chmod(partial, stat.S_IMODE(target.stat().st_mode))
        os.replace(partial, target)
        _sync_folder(target.parent)
    except OSError as error:
        raise _unwritable(output, error) from error
    finally:
        with contextlib.suppress(OSError):
            partial.unlink()


def _check_free(output: Path, force: bool) -> None:
    if not force and (output.exists() or output.is_symlink()):
        raise WriteError(
            "it is there already",
            where=str(output),
            fix="Choose another name, or allow overwriting (--force; force=True in Python).",
        )


def _target(output: Path) -> Path:
    return Path(os.path.realpath(output))


def _beside(target: Path) -> Path:
    return target.with_name(f".{target.name[:100]}.{os.getpid()}-{os.urandom(4).hex()}.part")


def _sync_folder(folder: Path) -> None:
    """Make the new name last through a power cut, where the system can."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _same_file(first: Path, second: Path) -> bool:
    try:
        return first.samefile(second)
    except OSError:
        return _target(first) == _target(second)


def _reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()


def _unwritable(output: Path, error: OSError) -> WriteError:
    return WriteError(
        f"it can't be written ({_reason(error)})",
        where=str(output),
        fix="Choose another place.",
    )
