"""Notes and staves of a MIDI file: one staff for each track and channel that has notes."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from bridge.midi.events import PROGRAM, TRACK_NAME, Event
from bridge.score import PERCUSSION, PITCHED, Measure, Note, Part, Staff

DRUM_CHANNEL = 9


@dataclass(frozen=True, slots=True, eq=False)
class Sounding:
    """One note as its two events; `off` is None where the file never ends it."""

    on: Event
    off: Event | None
    end_tick: int

    @property
    def pitch(self) -> int:
        """MIDI number."""
        return self.on.body[0]


@dataclass(frozen=True, slots=True)
class StaffSource:
    """Where a staff comes from: the track's place among the tracks, the channel from 0, and its notes."""

    track: int
    channel: int
    notes: tuple[Sounding, ...]


def staff_sources(tracks: Sequence[Sequence[Event]]) -> list[StaffSource]:
    """Return all staves, by track, then channel."""
    sources: list[StaffSource] = []
    for index, track in enumerate(tracks):
        notes = pair_notes(track)
        sources += [StaffSource(index, channel, tuple(notes[channel])) for channel in sorted(notes)]
    return sources


def pair_notes(track: Sequence[Event]) -> dict[int, list[Sounding]]:
    """Return each channel's notes by onset; of equal pitches that overlap the first struck ends first.

    A note that is never ended lasts to the end of the track.
    """
    open_notes: dict[tuple[int, int], deque[Event]] = {}
    pairs: list[tuple[Event, Event | None, int]] = []
    for event in track:
        if event.is_note_on:
            open_notes.setdefault((event.channel, event.body[0]), deque()).append(event)
        elif event.is_note_off and open_notes.get((event.channel, event.body[0])):
            pairs.append((open_notes[event.channel, event.body[0]].popleft(), event, event.tick))
    end_tick = track[-1].tick if track else 0
    pairs += [(event, None, end_tick) for hanging in open_notes.values() for event in hanging]
    notes: dict[int, list[Sounding]] = {}
    for on, off, tick in sorted(pairs, key=lambda pair: (pair[0].tick, -pair[0].body[0])):
        notes.setdefault(on.channel, []).append(Sounding(on, off, tick))
    return notes


def last_note_tick(sources: Sequence[StaffSource]) -> int:
    """Return where the last note ends."""
    return max((note.end_tick for source in sources for note in source.notes), default=0)


def parts_of(
    tracks: Sequence[Sequence[Event]],
    sources: Sequence[StaffSource],
    division: int,
    window: tuple[Fraction, Fraction],
) -> tuple[Part, ...]:
    """Return one part of one staff for each source, with the notes that begin in `window` (quarters)."""
    start, stop = (quarter * division for quarter in window)
    parts: list[Part] = []
    for index, source in enumerate(sources):
        notes = tuple(
            Note(
                Fraction(note.on.tick, division),
                Fraction(note.end_tick - note.on.tick, division),
                note.pitch,
            )
            for note in source.notes
            if start <= note.on.tick < stop and note.end_tick > note.on.tick
        )
        kind = PERCUSSION if source.channel == DRUM_CHANNEL else PITCHED
        program = _program(tracks, source) if kind == PITCHED else -1
        staff = Staff(index, index, 1, notes, kind, program)
        shared = sum(other.track == source.track for other in sources) > 1
        parts.append(
            Part(
                index, f"T{source.track + 1}C{source.channel + 1}", _name(tracks, source, shared), (staff,)
            )
        )
    return tuple(parts)


def window_of(measures: Sequence[Measure], start: int, stop: int | None) -> tuple[Fraction, Fraction]:
    """Return where measures `start` to `stop` begin and end."""
    chosen = measures[start:stop]
    if not chosen:
        return Fraction(0), Fraction(0)
    return chosen[0].onset_quarter, chosen[-1].end_quarter


def _program(tracks: Sequence[Sequence[Event]], source: StaffSource) -> int:
    """Return the channel's first program in its track, else in any track; −1 if there is none."""
    for track in (tracks[source.track], *tracks):
        for event in track:
            if event.kind == PROGRAM and event.channel == source.channel:
                return event.body[0]
    return -1


def _name(tracks: Sequence[Sequence[Event]], source: StaffSource, shared: bool) -> str:
    name = track_name(tracks[source.track])
    if not shared:
        return name or f"Track {source.track + 1}"
    channel = f"channel {source.channel + 1}"
    return f"{name} ({channel})" if name else channel.capitalize()


def track_name(track: Sequence[Event]) -> str:
    """Return the track's name, or nothing."""
    for event in track:
        if event.meta_type == TRACK_NAME:
            data = event.meta_data
            try:
                text = data.decode("utf-8")
            except UnicodeDecodeError:
                text = data.decode("latin-1")
            return text.strip().strip("\0")
    return ""
