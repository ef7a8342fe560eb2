"""Where a result goes, and in which format."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection, Sequence
from pathlib import Path

from bridge.errors import UsageError, WriteError
from bridge.score import Document
from bridge.whole_file import check_free, reason, written_beside

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
    if os.path.isdir(output):
        raise WriteError("this is a folder", where=str(output), fix="Give the name of a file.")
    check_free(output, force)
    target = Path(os.path.realpath(output))
    if not os.path.isdir(target.parent):
        raise WriteError(
            "its folder isn't there", where=str(output), fix="Create it, or choose another output."
        )
    try:
        with written_beside(target, b""), contextlib.suppress(FileNotFoundError):
            target.stat()  # which the name itself may be too long for
    except OSError as error:
        raise WriteError(
            f"it can't be written ({reason(error)})", where=str(output), fix="Choose another place."
        ) from error


def make_folder(folder: Path) -> None:
    """Create `folder` and those above it where they aren't there yet."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WriteError(
            f"the folder can't be made ({reason(error)})",
            where=str(folder),
            fix="Choose another folder.",
        ) from error


def _same_file(first: Path, second: Path) -> bool:
    try:
        return first.samefile(second)
    except OSError:
        return os.path.realpath(first) == os.path.realpath(second)
