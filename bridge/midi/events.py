"""A track as its events, each with the very bytes it was written with."""

from __future__ import annotations

from dataclasses import dataclass

from bridge.errors import ReadError
from bridge.midi.chunks import Chunk

NOTE_OFF, NOTE_ON, PROGRAM = 0x80, 0x90, 0xC0
META = 0xFF
TRACK_NAME, END_OF_TRACK, METRE, KEY = 0x03, 0x2F, 0x58, 0x59

# Data bytes after each status byte from 0xF1 to 0xFE: they don't belong into files, and some have them.
_SYSTEM_LENGTHS = {0xF1: 1, 0xF2: 2, 0xF3: 1}


@dataclass(slots=True, eq=False)
class Event:
    """One event of a track.

    - `tick`: absolute, in MIDI ticks.
    - `delta`: the bytes of its time since the event before, as in the file; empty for a new event.
    - `body`: its bytes without the status byte; for a meta event type, length and data.
    - `running`: the file left the status byte out.
    """

    tick: int
    status: int
    body: bytes
    delta: bytes = b""
    running: bool = False

    @property
    def kind(self) -> int:
        """The status without the channel (`NOTE_ON`, …), or the whole status from 0xF0 on."""
        return self.status & 0xF0 if self.status < 0xF0 else self.status

    @property
    def channel(self) -> int:
        """From 0; of channel messages only."""
        return self.status & 0x0F

    @property
    def is_note_on(self) -> bool:
        """Whether it strikes a note."""
        return self.kind == NOTE_ON and self.body[1] > 0

    @property
    def is_note_off(self) -> bool:
        """Whether it ends a note; a note-on of velocity 0 does."""
        return self.kind == NOTE_OFF or (self.kind == NOTE_ON and self.body[1] == 0)

    @property
    def meta_type(self) -> int:
        """The type of a meta event, −1 for all others."""
        return self.body[0] if self.status == META else -1

    @property
    def meta_data(self) -> bytes:
        """The data of a meta event."""
        return self.body[_variable_length(self.body, 1)[1] :]


def parse_track(chunk: Chunk) -> list[Event]:
    """Return a track's events up to its end. Raises `ReadError` with the byte that can't be followed."""
    data = chunk.data
    events: list[Event] = []
    place = tick = 0
    running = -1
    while place < len(data):
        start = place
        try:
            delta, place = _variable_length(data, place)
            tick += delta
            status = data[place]
            explicit = status >= 0x80
            if explicit:
                place += 1
            elif running < 0:
                raise ReadError(f"byte {start} begins no event", fix=_DAMAGED)
            else:
                status = running
            end = _end_of_body(data, place, status)
        except IndexError:
            if chunk.missing and _is_cut_off_end(data[start:]):
                break
            raise ReadError(
                f"it can't be followed from byte {start} of {len(data)} on", fix=_DAMAGED
            ) from None
        if status < 0xF0:
            running = status
            if max(data[place:end]) > 0x7F:
                raise ReadError(f"the event at byte {start} lacks a data byte", fix=_DAMAGED)
        after_delta = place - 1 if explicit else place
        events.append(Event(tick, status, data[place:end], data[start:after_delta], not explicit))
        place = end
        if events[-1].meta_type == END_OF_TRACK:
            break
    return events


def track_bytes(events: list[Event], tail: bytes = b"") -> bytes:
    """Return the track's bytes; what wasn't changed keeps its own.

    - `tail`: bytes after the end of the track.
    """
    out = bytearray()
    tick = 0
    running = -1
    for event in events:
        gap = event.tick - tick
        tick = event.tick
        if event.delta and _variable_length(event.delta, 0)[0] == gap:
            out += event.delta
        else:
            out += variable_length_bytes(gap)
        if not (event.running and event.status == running):
            out.append(event.status)
        running = event.status if event.status < 0xF0 else -1
        out += event.body
    return bytes(out) + tail


def variable_length_bytes(value: int) -> bytes:
    """Return a number below 2²⁸ in MIDI's variable length."""
    if not 0 <= value < 1 << 28:
        raise ValueError(f"{value} doesn't fit into a MIDI time")
    digits = [value & 0x7F]
    while value := value >> 7:
        digits.append(0x80 | value & 0x7F)
    return bytes(reversed(digits))


_DAMAGED = "The file is damaged: export it again from the program that made it."


def _end_of_body(data: bytes, place: int, status: int) -> int:
    """Return where the event ends whose status byte is before `place`; `IndexError` if beyond the data."""
    if status == META:
        length, start = _variable_length(data, place + 1)
        end = start + length
    elif status in (0xF0, 0xF7):
        length, start = _variable_length(data, place)
        end = start + length
    elif status > 0xF0:
        end = place + _SYSTEM_LENGTHS.get(status, 0)
    else:
        end = place + (1 if 0xC0 <= status < 0xE0 else 2)
    if end > len(data):
        raise IndexError
    return end


def _variable_length(data: bytes, place: int) -> tuple[int, int]:
    """Return the number of variable length at `place` and where it ends."""
    value = 0
    for _ in range(4):
        byte = data[place]
        place += 1
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, place
    raise IndexError


def _is_cut_off_end(rest: bytes) -> bool:
    """Whether `rest` is all that is left of a delta time and the end of the track."""
    while rest and rest[0] >= 0x80 and rest[0] != META:
        rest = rest[1:]
    return bytes([META, END_OF_TRACK, 0]).startswith(rest[1:])
