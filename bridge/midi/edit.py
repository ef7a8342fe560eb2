"""Replace the notes of one staff in a region; every other event keeps its bytes and its time."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median_low

import mido

from bridge.midi.events import END_OF_TRACK, META, Event
from bridge.midi.read import Sounding, pair_notes
from bridge.midi.timing import ceil_tick, nearest_tick
from bridge.score import Measure, Note

DEFAULT_VELOCITY = 80
RELEASE = 64  # the velocity of a note-off, where nothing is known


def replace_notes(
    events: Sequence[Event], channel: int, measures: Sequence[Measure], notes: Sequence[Note], division: int
) -> list[Event]:
    """Return a track's events with the channel's notes that begin in `measures` replaced by `notes`.

    A note from before that still sounds where its pitch is struck anew ends there. Times that the file's
    ticks can't hold go to the nearest.
    """
    start = ceil_tick(measures[0].onset_quarter, division)
    stop = ceil_tick(measures[-1].end_quarter, division)
    present = pair_notes(events).get(channel, [])
    removed = [note for note in present if start <= note.on.tick < stop]
    written = _tick_notes(notes, start, stop, division)
    if not removed and not written:
        return list(events)
    gone = {id(event) for note in removed for event in (note.on, note.off) if event is not None}
    gone |= {id(event) for event in _strays(events, channel, present) if _would_end(event, written)}
    velocity = median_low([note.on.body[1] for note in present]) if present else DEFAULT_VELOCITY
    offs: list[Event] = []
    for note in present:
        strike = _next_strike(note, written, start)
        if strike is not None:
            gone.add(id(note.off))
            offs.append(_moved(note, strike))
    struck = {pitch for _, _, pitch in written}
    ons = [
        _moved(note, note.end_tick)  # else the first new note-off of its pitch would end it
        for note in present
        if note.off is None and not start <= note.on.tick < stop and note.pitch in struck
        if _next_strike(note, written, start) is None
    ]
    for onset, end, pitch in written:
        ons.append(_new("note_on", onset, channel, pitch, velocity))
        offs.append(_new("note_off", end, channel, pitch, RELEASE))
    return _ended(
        _merged([event for event in events if id(event) not in gone], ons, offs), _end_tick(events)
    )


def end_track_at(events: Sequence[Event], tick: int) -> list[Event]:
    """Return the events with the track's end at `tick`, or where the last event is if that is later."""
    kept = [event for event in events if event.meta_type != END_OF_TRACK]
    return _ended([*kept, *_new_end(events, tick)], _end_tick(events))


def _ended(events: list[Event], end_before: int) -> list[Event]:
    """Return the events with their end last, and what had sounded to the end so far ending there still."""
    end = _new_end(events, 0)
    kept = [event for event in events if event.meta_type != END_OF_TRACK]
    if end[0].tick <= end_before:
        return [*kept, *end]
    hanging = [note for notes in pair_notes([*kept, *end]).values() for note in notes if note.off is None]
    closing = [
        _new("note_off", max(end_before, note.on.tick), note.on.channel, note.pitch, RELEASE)
        for note in hanging
    ]
    return [*_merged(kept, closing, []), *end]  # after a note-on at the very same tick


def _new_end(events: Sequence[Event], tick: int) -> list[Event]:
    """Return the track's one end, at `tick`, where it was, or at the last event, whichever is latest."""
    ends = [event for event in events if event.meta_type == END_OF_TRACK]
    end = ends[0] if ends else Event(0, META, bytes([END_OF_TRACK, 0]))
    last = max([tick, *(event.tick for event in events)])
    return [end if end.tick == last else Event(last, end.status, end.body)]


def _end_tick(events: Sequence[Event]) -> int:
    return max((event.tick for event in events), default=0)


def _tick_notes(notes: Sequence[Note], start: int, stop: int, division: int) -> list[tuple[int, int, int]]:
    """Return onset, end and pitch in MIDI ticks by onset; of one pitch the last struck sounds alone."""
    longest: dict[tuple[int, int], int] = {}
    for note in notes:
        onset = min(max(nearest_tick(note.onset_quarter, division), start), stop - 1)
        end = min(max(nearest_tick(note.end_quarter, division), onset + 1), stop)
        longest[onset, note.pitch] = max(end, longest.get((onset, note.pitch), 0))
    ordered = sorted((pitch, onset, end) for (onset, pitch), end in longest.items())
    after = [*ordered[1:], (-1, 0, 0)]
    cut = [
        (onset, min(end, next_onset) if next_pitch == pitch else end, pitch)
        for (pitch, onset, end), (next_pitch, next_onset, _) in zip(ordered, after, strict=False)
    ]
    return sorted(cut, key=lambda note: (note[0], -note[2]))


def _strays(events: Sequence[Event], channel: int, present: Sequence[Sounding]) -> list[Event]:
    """Return the note-offs of the channel that end nothing."""
    paired = {id(note.off) for note in present}
    return [
        event
        for event in events
        if event.is_note_off and event.channel == channel and id(event) not in paired
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
        return _new("note_off", tick, note.on.channel, note.pitch, RELEASE)
    return Event(tick, note.off.status, note.off.body)


def _new(kind: str, tick: int, channel: int, pitch: int, velocity: int) -> Event:
    status, *body = mido.Message(kind, channel=channel, note=pitch, velocity=velocity).bytes()
    return Event(tick, status, bytes(body))


def _merged(kept: Sequence[Event], ons: Sequence[Event], offs: Sequence[Event]) -> list[Event]:
    """Return all events in time: at one tick first new note ends, then what was there, then new notes."""
    ranked = [
        *((event.tick, 0, event) for event in offs),
        *((event.tick, 1, event) for event in kept),
        *((event.tick, 2, event) for event in ons),
    ]
    return [event for _, _, event in sorted(ranked, key=lambda item: item[:2])]
