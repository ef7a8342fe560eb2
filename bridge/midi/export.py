"""A whole score as a new MIDI file: for other formats' `-o piece.mid`."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from math import lcm
from typing import Any

import mido

from bridge.midi.read import DRUM_CHANNEL
from bridge.midi.timing import nearest_tick
from bridge.score import PERCUSSION, Measure, Note, Score, Staff

DEFAULT_TEMPO = 100.0  # quarters per minute, where the score says nothing
VELOCITY = 80
_USUAL_DIVISION = 480
_FINEST_DIVISION = 15_360  # the header has room for 32,767
_Timed = tuple[int, Any]  # MIDI tick and mido message
_PITCHED_CHANNELS = tuple(channel for channel in range(16) if channel != DRUM_CHANNEL)
_MAJOR = ("Cb", "Gb", "Db", "Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#", "C#")
_MINOR = ("Abm", "Ebm", "Bbm", "Fm", "Cm", "Gm", "Dm", "Am", "Em", "Bm", "F#m", "C#m", "G#m", "D#m", "A#m")


def score_to_midi_bytes(score: Score, tempo: float = DEFAULT_TEMPO) -> bytes:
    """Return `score` as a MIDI file of type 1: metres, keys and tempo first, then one track per staff.

    - `tempo`: quarters per minute.

    A measure that is shorter or longer than its metre (a pickup) gets a metre of its own, so that the
    barlines stay where they are. The ticks are fine enough for every time of the score where possible.
    """
    division = _division(score)
    file = mido.MidiFile(type=1, ticks_per_beat=division, charset="utf-8")
    end_quarter = score.measures[-1].end_quarter if score.measures else Fraction(0)
    end_tick = nearest_tick(end_quarter, division)
    conductor: list[_Timed] = [(0, mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(tempo)))]
    conductor += [
        (nearest_tick(onset, division), message) for onset, message in _signatures(score.measures)
    ]
    if score.title:
        conductor.insert(0, (0, mido.MetaMessage("track_name", name=score.title)))
    file.tracks.append(_track(conductor, end_tick))
    channels = iter(_PITCHED_CHANNELS * (1 + len(score.staves) // len(_PITCHED_CHANNELS)))
    for part in score.parts:
        for staff in part.staves:
            channel = DRUM_CHANNEL if staff.kind == PERCUSSION else next(channels)
            name = part.name if len(part.staves) == 1 else f"{part.name} {staff.number}".strip()
            file.tracks.append(_track(_staff_messages(staff, name, channel, division), end_tick))
    content = io.BytesIO()
    file.save(file=content)
    return content.getvalue()


def _division(score: Score) -> int:
    """Return ticks per quarter that hold every time of the score exactly, or the usual 480."""
    times = {
        time.denominator
        for measure in score.measures
        for time in (measure.onset_quarter, measure.end_quarter)
    }
    times |= {
        time.denominator
        for staff in score.staves
        for note in staff.notes
        for time in (note.onset_quarter, note.end_quarter)
    }
    exact = lcm(_USUAL_DIVISION, *times)
    return exact if exact <= _FINEST_DIVISION else _USUAL_DIVISION


def _signatures(measures: Sequence[Measure]) -> Iterator[tuple[Fraction, mido.MetaMessage]]:
    """Yield where metre or key change, as messages."""
    metre: tuple[int, int] | None = None
    key = ""
    for measure in measures:
        now = _real_metre(measure)
        if now != metre:
            yield (
                measure.onset_quarter,
                mido.MetaMessage("time_signature", numerator=now[0], denominator=now[1]),
            )
        names = _MINOR if measure.mode == "minor" else _MAJOR
        name = names[max(-7, min(7, measure.fifths)) + 7]
        if name != key:
            yield measure.onset_quarter, mido.MetaMessage("key_signature", key=name)
        metre, key = now, name


def _real_metre(measure: Measure) -> tuple[int, int]:
    """Return a metre as long as the measure really is; its own if there is no such metre."""
    own = (measure.beats, measure.beat_type)
    if measure.duration_quarter != measure.metre_quarter:
        beat_type = max(measure.beat_type, 4 * measure.duration_quarter.denominator)
        beats = measure.duration_quarter * beat_type / 4
        if (
            beats.denominator == 1
            and 0 < beats <= 255
            and beat_type & (beat_type - 1) == 0
            and beat_type <= 128
        ):
            return int(beats), beat_type
    return own


def _staff_messages(staff: Staff, name: str, channel: int, division: int) -> list[_Timed]:
    messages: list[_Timed] = []
    if name:
        messages.append((0, mido.MetaMessage("track_name", name=name)))
    if staff.program >= 0 and channel != DRUM_CHANNEL:
        messages.append((0, mido.Message("program_change", channel=channel, program=staff.program)))
    for onset, end, pitch in _struck_once(staff.notes, division):
        on = mido.Message("note_on", channel=channel, note=pitch, velocity=VELOCITY)
        messages += [(onset, on), (end, mido.Message("note_off", channel=channel, note=pitch))]
    return messages


def _struck_once(notes: Iterable[Note], division: int) -> list[tuple[int, int, int]]:
    """Return onset, end and pitch; where one pitch sounds in two voices at once, the last struck counts."""
    longest: dict[tuple[int, int], int] = {}
    for note in notes:
        key = (note.pitch, nearest_tick(note.onset_quarter, division))
        end = max(nearest_tick(note.end_quarter, division), key[1] + 1)
        longest[key] = max(end, longest.get(key, 0))
    ordered = sorted(longest.items())
    struck: list[tuple[int, int, int]] = []
    for index, ((pitch, onset), end) in enumerate(ordered):
        if index + 1 < len(ordered) and ordered[index + 1][0][0] == pitch:
            end = min(end, ordered[index + 1][0][1])
        struck.append((onset, end, pitch))
    return struck


def _track(messages: Sequence[_Timed], end_tick: int) -> mido.MidiTrack:
    """Return a track of messages with absolute ticks; note ends come before what begins there."""
    track = mido.MidiTrack()
    tick = 0
    for at, message in sorted(messages, key=lambda item: (item[0], item[1].type != "note_off")):
        track.append(message.copy(time=at - tick))
        tick = at
    track.append(mido.MetaMessage("end_of_track", time=max(0, end_tick - tick)))
    return track
