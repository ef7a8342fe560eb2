"""The outermost layer of a MIDI file: its chunks, kept as raw bytes so that untouched ones stay so."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from bridge.errors import ReadError

HEADER, TRACK = b"MThd", b"MTrk"
_HEAD = struct.Struct(">4sL")


@dataclass(slots=True)
class Chunk:
    """One chunk.

    - `kind`: four bytes, `MTrk` for a track.
    - `missing`: bytes that the chunk's length promises and the file doesn't have.
    """

    kind: bytes
    data: bytes
    missing: int = 0

    def to_bytes(self) -> bytes:
        """Return the chunk with its head; a length that promised too much is kept."""
        return _HEAD.pack(self.kind, len(self.data) + self.missing) + self.data


@dataclass(slots=True)
class Chunks:
    """A whole file.

    - `format`: 0 or 1.
    - `division`: MIDI ticks per quarter.
    - `prefix`, `suffix`: bytes around the chunks: a RIFF wrapper's head, or what is no chunk at the end.
    """

    format: int
    division: int
    header: Chunk
    chunks: list[Chunk]
    prefix: bytes = b""
    suffix: bytes = b""

    @property
    def tracks(self) -> list[Chunk]:
        """The track chunks, in order."""
        return [chunk for chunk in self.chunks if chunk.kind == TRACK]

    def to_bytes(self) -> bytes:
        """Return the file; a RIFF wrapper's lengths follow what is in it."""
        content = b"".join(chunk.to_bytes() for chunk in (self.header, *self.chunks))
        if not self.prefix:
            return content + self.suffix
        if len(content) == struct.unpack_from("<L", self.prefix, 16)[0]:
            return self.prefix + content + self.suffix
        padding = b"\0" * (len(content) % 2)  # RIFF chunks begin at even places
        rest = self.suffix.removeprefix(b"\0")
        inner = self.prefix[8:-4] + struct.pack("<L", len(content)) + content + padding + rest
        return b"RIFF" + struct.pack("<L", len(inner)) + inner


def split_chunks(data: bytes) -> Chunks:
    """Take a file apart. Raises `ReadError` for no MIDI file, type 2, and film frames."""
    prefix, data, suffix = _unwrap(data)
    if not data:
        raise ReadError("the file is empty", fix="Export it again from the program that made it.")
    if not data.startswith(HEADER) or len(data) < 14:
        raise ReadError("it isn't a MIDI file", fix="Give a file that begins with a MIDI header.")
    chunks: list[Chunk] = []
    place = 0
    while len(data) - place >= _HEAD.size:
        kind, length = _HEAD.unpack_from(data, place)
        if chunks and kind != TRACK and not (kind.isascii() and kind.decode("ascii").isalnum()):
            break
        body = data[place + _HEAD.size : place + _HEAD.size + length]
        chunks.append(Chunk(kind, body, length - len(body)))
        place += _HEAD.size + len(body)
    header, chunks = chunks[0], chunks[1:]
    if len(header.data) < 6:
        raise ReadError("its header is too short", fix="Export it again from the program that made it.")
    format_, _, division = struct.unpack_from(">HHH", header.data)
    if format_ > 1:
        raise ReadError(
            f"it is a MIDI file of type {format_}, a collection of independent tracks",
            fix="Save it as type 1.",
        )
    if division & 0x8000:
        raise ReadError(
            "its times are film frames (SMPTE), not beats", fix="Save it with ticks per quarter note."
        )
    if division == 0:
        raise ReadError("it has 0 ticks per quarter note", fix="Export it again with 480 ticks.")
    if not any(chunk.kind == TRACK for chunk in chunks):
        raise ReadError("it has no tracks", fix="Export it again from the program that made it.")
    return Chunks(format_, division, header, chunks, prefix, data[place:] + suffix)


def _unwrap(data: bytes) -> tuple[bytes, bytes, bytes]:
    """Return what is before, in, and after the MIDI data of a RIFF file (`.rmi`), or just the data."""
    if not (data.startswith(b"RIFF") and data[8:16] == b"RMIDdata" and len(data) > 20):
        return b"", data, b""
    (length,) = struct.unpack_from("<L", data, 16)
    return data[:20], data[20 : 20 + length], data[20 + length :]
