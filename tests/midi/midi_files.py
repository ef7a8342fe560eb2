"""MIDI files for tests, made and read by mido alone."""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Sequence
from typing import Any

import mido
from hypothesis import strategies as st

Timed = tuple[int, Any]
"""Absolute tick and mido message."""


def midi_bytes(
    tracks: Sequence[Sequence[Timed]], division: int = 96, format_: int = 1, end: int = 0
) -> bytes:
    """Return a MIDI file; every track ends at `end` or with its last message."""
    file = mido.MidiFile(type=format_, ticks_per_beat=division)
    for messages in tracks:
        track = mido.MidiTrack()
        tick = 0
        for at, message in sorted(messages, key=lambda item: item[0]):
            track.append(message.copy(time=at - tick))
            tick = at
        track.append(mido.MetaMessage("end_of_track", time=max(0, end - tick)))
        file.tracks.append(track)
    content = io.BytesIO()
    file.save(file=content)
    return content.getvalue()


def note(onset: int, end: int, pitch: int, channel: int = 0, velocity: int = 70) -> list[Timed]:
    """Return one note's two messages."""
    return [
        (onset, mido.Message("note_on", channel=channel, note=pitch, velocity=velocity)),
        (end, mido.Message("note_off", channel=channel, note=pitch)),
    ]


def metre(tick: int, beats: int, beat_type: int) -> Timed:
    return tick, mido.MetaMessage("time_signature", numerator=beats, denominator=beat_type)


def read_tracks(data: bytes) -> list[list[Timed]]:
    """Return every track's messages with absolute ticks."""
    tracks = []
    for track in mido.MidiFile(file=io.BytesIO(data)).tracks:
        tick = 0
        messages = []
        for message in track:
            tick += message.time
            messages.append((tick, message.copy(time=0)))
        tracks.append(messages)
    return tracks


def is_note(message: Any, channel: int | None = None) -> bool:
    return message.type in ("note_on", "note_off") and channel in (None, message.channel)


def paired(messages: Sequence[Timed], channel: int) -> list[tuple[int, int, int, int]]:
    """Return a channel's notes as onset, pitch, end, velocity; first struck, first ended."""
    open_notes: dict[int, deque[tuple[int, int]]] = {}
    notes = []
    for tick, message in messages:
        if not is_note(message, channel):
            continue
        waiting = open_notes.setdefault(message.note, deque())
        if message.type == "note_on" and message.velocity:
            waiting.append((tick, message.velocity))
        elif waiting:
            onset, velocity = waiting.popleft()
            notes.append((onset, message.note, tick, velocity))
    end = messages[-1][0]
    notes += [(onset, pitch, end, v) for pitch, waiting in open_notes.items() for onset, v in waiting]
    return sorted(notes)


_TICKS = st.integers(0, 6 * 96)
_CHANNELS = st.sampled_from((0, 0, 1, 9))


@st.composite
def messages(draw: st.DrawFn) -> list[Timed]:
    """A track of a few notes, some overlapping, hanging, or ended twice, between other messages."""
    track: list[Timed] = []
    for _ in range(draw(st.integers(0, 8))):
        onset = draw(_TICKS)
        end = onset + draw(st.integers(0, 300))
        track += note(onset, end, draw(st.integers(58, 64)), draw(_CHANNELS), draw(st.integers(1, 127)))
    if track and draw(st.booleans()):
        track.pop(draw(st.integers(0, len(track) - 1)))
    others = st.one_of(
        st.builds(
            mido.Message,
            st.just("control_change"),
            channel=_CHANNELS,
            control=st.just(64),
            value=st.integers(0, 127),
        ),
        st.builds(mido.Message, st.just("pitchwheel"), channel=_CHANNELS, pitch=st.integers(-8192, 8191)),
        st.builds(mido.Message, st.just("program_change"), channel=_CHANNELS, program=st.integers(0, 127)),
        st.builds(
            mido.Message, st.just("sysex"), data=st.lists(st.integers(0, 127), max_size=4).map(tuple)
        ),
        st.builds(mido.MetaMessage, st.just("lyrics"), text=st.text("aé ", max_size=5)),
        st.builds(mido.MetaMessage, st.just("set_tempo"), tempo=st.integers(200_000, 900_000)),
    )
    between = draw(st.lists(st.tuples(_TICKS, others), max_size=4))
    return [*between, *track] if draw(st.booleans()) else [*track, *between]


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """A MIDI file of type 0 or 1 with a few metres and at least one note that can be written beside."""
    format_ = draw(st.sampled_from((0, 1)))
    tracks = [draw(messages()) for _ in range(1 if format_ == 0 else draw(st.integers(1, 3)))]
    tracks[-1] = [*tracks[-1], *note(0, 24, 60, draw(st.sampled_from((0, 1))))]
    for _ in range(draw(st.integers(0, 3))):
        tracks[0] = [
            *tracks[0],
            metre(draw(_TICKS), draw(st.integers(1, 7)), draw(st.sampled_from((2, 4, 8)))),
        ]
    division = draw(st.sampled_from((1, 7, 24, 96, 480)))
    return midi_bytes(tracks, division, format_, draw(st.sampled_from((0, 900))))
