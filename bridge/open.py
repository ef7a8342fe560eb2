"""Open a score file of any format that can be filled, by its suffix and its first bytes."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from bridge.errors import JaxmuseError, ReadError
from bridge.score import Document

MUSICXML_SUFFIXES = (".mxl", ".musicxml", ".xml")
MIDI_SUFFIXES = (".mid", ".midi", ".kar")
MUSIC21_SUFFIXES = (".abc", ".krn", ".mei", ".capx", ".nwctxt", ".nwc", ".tntxt", ".musedata")
"""Formats that are read through music21 and written as MusicXML."""

MUSESCORE_SUFFIXES = (".mscz", ".mscx")
FORMATS = "MusicXML (.mxl, .musicxml, .xml), MIDI (.mid) or one of .abc, .krn, .mei, .capx, .nwc"


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds, not yet parsed; what music21 had to read is MusicXML already."""

    kind: Literal["musicxml", "midi"]
    data: bytes = field(repr=False)

    @property
    def suffix(self) -> str:
        """The format that a document made of it is written in by itself."""
        if self.kind == "midi":
            return ".mid"
        return ".mxl" if self.data[:2] == b"PK" else ".musicxml"


def open_document(path: Path, wanted: str | None = None) -> Document:
    """Open the score at `path` for reading and editing in place.

    - `wanted`: the format of the result where it isn't the input's own; a MIDI file that is to become
      MusicXML is converted before it is filled, so that the new notes are engraved and not guessed.

    Raises `ReadError` where the file isn't there or can't be read as what it claims to be; the place
    is left to the caller, who knows how the user named the file.
    """
    return document_of(read_content(path, wanted), path)


def read_content(path: Path, wanted: str | None = None) -> Content:
    """Return what the file holds; as `open_document`, whose first half this is."""
    data = _read(path)
    kind = _kind(path, data)
    if kind == "music21" or (kind == "midi" and wanted in (".mxl", ".musicxml")):
        from bridge.music21_io import musicxml_bytes

        return Content("musicxml", musicxml_bytes(path))
    return Content(kind, data)


def document_of(content: Content, path: Path) -> Document:
    """Return the document; as `open_document`, whose second half this is. `path` gives it its name only."""
    try:
        if content.kind == "midi":
            from bridge.midi import MidiDocument

            return MidiDocument.from_bytes(content.data, path)
        from bridge.musicxml import MusicXmlDocument

        return MusicXmlDocument.from_bytes(content.data, path)
    except JaxmuseError:
        raise
    except RecursionError as error:
        raise ReadError("its elements are nested too deeply", fix="Export the score again.") from error


def _read(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise ReadError("there is no such file", fix="Check its name and folder.") from error
    except IsADirectoryError as error:
        raise ReadError(
            "this is a folder", fix="Give the scores in it, for example as folder/*.mxl."
        ) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ReadError(
            f"it can't be read ({reason.lower()})", fix="Check its name and permissions."
        ) from error
    if not data:
        raise ReadError("the file is empty", fix="Export the score again.")
    return data


def _kind(path: Path, data: bytes) -> Literal["musicxml", "midi", "music21"]:
    """Return `musicxml`, `midi` or `music21`; raises `ReadError` for anything else."""
    suffix = path.suffix.lower()
    if suffix in MUSESCORE_SUFFIXES:
        raise ReadError(
            "this is MuseScore's own format",
            fix="Export it from MuseScore as MusicXML (File > Export) and give that.",
        )
    if suffix in MIDI_SUFFIXES or data.startswith((b"MThd", b"RIFF")):
        return "midi"
    if suffix in MUSICXML_SUFFIXES:
        return "musicxml"
    if suffix in MUSIC21_SUFFIXES:
        return "music21"
    if b"<score-partwise" in data[:4096] or b"<score-timewise" in data[:4096]:
        return "musicxml"
    named = (
        f"'{suffix}' is no format that can be read"
        if suffix
        else "its name has no suffix to tell the format"
    )
    raise ReadError(named, fix=f"Give {FORMATS}.")
