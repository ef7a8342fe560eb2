"""Replace the notes of one staff in a region; every other event keeps its bytes and its time."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median_low

import mido

from bridge.midi.events import END_OF_TRACK, META, Event
from bridge.midi.read import Sounding, StaffSource
from bridge.midi.timing import ceil_tick, nearest_tick
from bridge.score import Measure, Note

DEFAULT_VELOCITY = 80


def replace_notes(
    events: Sequence[Event],
    source: StaffSource,
    measures: Sequence[Measure],
    notes: Sequence[Note],
    division: int,
) -> list[Event]:
    """Return a track's events with `source`'s notes that begin in `measures` replaced by `notes`.

    A note from before that still sounds where its pitch is struck anew ends there. Times that the file's
    ticks can't hold go to the nearest.
    """
    start = ceil_tick(measures[0].onset_quarter, division)
    stop = ceil_tick(measures[-1].end_quarter, division)
    removed = [note for note in source.notes if start <= note.on.tick < stop]
    gone = {id(event) for note in removed for event in (note.on, note.off) if event is not None}
    written = _tick_notes(notes, start, stop, division)
    if not removed and not written:
        return list(events)
    gone |= {id(event) for event in _strays(events, source) if _would_end(event, written)}
    velocity = median_low([note.on.body[1] for note in source.notes]) if source.notes else DEFAULT_VELOCITY
    offs: list[Event] = []
    for note in source.notes:
        strike = _next_strike(note, written, start)
        if id(note.on) not in gone and strike is not None:
            if note.off is not None:
                gone.add(id(note.off))
            offs.append(_moved(note, strike))
    ons: list[Event] = []
    for onset, end, pitch in written:
        ons.append(_new("note_on", onset, source.channel, pitch, velocity))
        offs.append(_new("note_off", end, source.channel, pitch, 64))
    return _merged([event for event in events if id(event) not in gone], ons, offs)


def end_track_at(events: Sequence[Event], tick: int) -> list[Event]:
    """Return the events with the track's end at `tick`, or where the last event is if that is later."""
    kept = [event for event in events if event.meta_type != END_OF_TRACK]
    ends = [event for event in events if event.meta_type == END_OF_TRACK]
    end = ends[0] if ends else Event(0, META, bytes([END_OF_TRACK, 0]))
    return [*kept, Event(max([tick, *(event.tick for event in kept)]), end.status, end.body, end.delta)]


def _tick_notes(notes: Sequence[Note], start: int, stop: int, division: int) -> list[tuple[int, int, int]]:
    """Return onset, end and pitch in MIDI ticks by onset; of one pitch the last struck sounds alone."""
    longest: dict[tuple[int, int], int] = {}
    for note in notes:
        onset = min(max(nearest_tick(note.onset_quarter, division), start), stop - 1)
        end = min(max(nearest_tick(note.end_quarter, division), onset + 1), stop)
        longest[onset, note.pitch] = max(end, longest.get((onset, note.pitch), 0))
    ordered = sorted((pitch, onset, end) for (onset, pitch), end in longest.items())
    cut = [
        (onset, min(end, after[1]) if after[0] == pitch else end, pitch)
        for (pitch, onset, end), after in zip(ordered, [*ordered[1:], (-1, 0, 0)], strict=True)
    ]
    return sorted(cut, key=lambda note: (note[0], -note[2]))


def _strays(events: Sequence[Event], source: StaffSource) -> list[Event]:
    """Return the note-offs of the staff that end nothing."""
    paired = {id(note.off) for note in source.notes}
    return [
        event
        for event in events
        if event.is_note_off and event.channel == source.channel and id(event) not in paired
    ]


def _would_end(stray: Event, written: Sequence[tuple[int, int, int]]) -> bool:
    """Whether a note-off that ended nothing would now cut one of the new notes short."""
    return any(onset < stray.tick < end and pitch == stray.body[0] for onset, end, pitch in written)


def _next_strike(note: Sounding, written: Sequence[tuple[int, int, int]], start: int) -> int | None:
    """Return the tick where a note from before the region is struck anew while it sounds."""
    if note.on.tick >= start:
        return None
    strikes = [onset for onset, _, pitch in written if pitch == note.pitch and onset < note.end_tick]
    return min(strikes, default=None)


def _moved(note: Sounding, tick: int) -> Event:
    if note.off is None:
        return _new("note_off", tick, note.on.channel, note.pitch, 64)
    return Event(tick, note.off.status, note.off.body)


def _new(kind: str, tick: int, channel: int, pitch: int, velocity: int) -> Event:
    status, *body = mido.Message(kind, channel=channel, note=pitch, velocity=velocity).bytes()
    return Event(tick, status, bytes(body))


def _merged(kept: Sequence[Event], ons: Sequence[Event], offs: Sequence[Event]) -> list[Event]:
    """Return all events in time: at one tick first new note ends, then what was there, then new notes."""
    ordered = sorted(
        [
            *((event.tick, 0, event) for event in offs),
            *((event.tick, 1, event) for event in kept if event.meta_type != END_OF_TRACK),
            *((event.tick, 2, event) for event in ons),
        ],
        key=lambda item: item[:2],
    )
    end = [event for event in kept if event.meta_type == END_OF_TRACK]
    events = [event for _, _, event in ordered]
    if end and (not events or end[0].tick >= events[-1].tick):
        return [*events, end[0]]
    return end_track_at([*events, *end], end[0].tick if end else 0)
