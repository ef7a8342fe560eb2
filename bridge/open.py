"""Open a score file of any format that can be filled, by its suffix and its first bytes."""

from __future__ import annotations

from pathlib import Path

from bridge.errors import JaxmuseError, ReadError
from bridge.score import Document

MUSICXML_SUFFIXES = (".mxl", ".musicxml", ".xml")
MIDI_SUFFIXES = (".mid", ".midi", ".kar")
MUSIC21_SUFFIXES = (".abc", ".krn", ".mei", ".capx", ".nwctxt", ".nwc", ".tntxt", ".musedata")
"""Formats that are read through music21 and written as MusicXML."""

MUSESCORE_SUFFIXES = (".mscz", ".mscx")
FORMATS = "MusicXML (.mxl, .musicxml, .xml), MIDI (.mid) or one of .abc, .krn, .mei, .capx, .nwc"


def open_document(path: Path, wanted: str | None = None) -> Document:
    """Open the score at `path` for reading and editing in place.

    - `wanted`: the format of the result where it isn't the input's own; a MIDI file that is to become
      MusicXML is converted before it is filled, so that the new notes are engraved and not guessed.

    Raises `ReadError` where the file isn't there or can't be read as what it claims to be; the place
    is left to the caller, who knows how the user named the file.
    """
    data = _read(path)
    kind = _kind(path, data)
    if kind == "music21" or (kind == "midi" and wanted in (".mxl", ".musicxml")):
        from bridge.music21_io import musicxml_bytes

        kind, data = "musicxml", musicxml_bytes(path)
    try:
        if kind == "midi":
            from bridge.midi import MidiDocument

            return MidiDocument.from_bytes(data, path)
        from bridge.musicxml import MusicXmlDocument

        return MusicXmlDocument.from_bytes(data, path)
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


def _kind(path: Path, data: bytes) -> str:
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
