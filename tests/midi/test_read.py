from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path

import mido
import pytest
from midi.midi_files import metre, midi_bytes, note

from bridge.errors import ReadError
from bridge.midi import MidiDocument
from bridge.midi.chunks import split_chunks
from bridge.midi.events import Event, parse_track, track_bytes, variable_length_bytes
from bridge.score import PERCUSSION, PITCHED, Score

HEADER = b"MThd\0\0\0\6\0\0\0\1\0\x60"


def track(data: bytes) -> bytes:
    return b"MTrk" + len(data).to_bytes(4, "big") + data


def read(*tracks: list, **options: int) -> Score:
    return MidiDocument.from_bytes(midi_bytes(tracks, **options)).score()


def test_a_staff_is_a_track_and_a_channel_with_notes() -> None:
    named = (0, mido.MetaMessage("track_name", name="Piano"))
    program = (0, mido.Message("program_change", channel=1, program=11))
    score = read(
        [(0, mido.MetaMessage("track_name", name="A piece")), metre(0, 3, 4)],
        [named, program, *note(0, 96, 60, 1), *note(0, 48, 40, 0)],
        [*note(0, 96, 36, 9)],
        [(0, mido.Message("control_change", control=7, value=1))],
    )
    assert score.title == "A piece"
    assert [part.name for part in score.parts] == ["Piano (channel 1)", "Piano (channel 2)", "Track 3"]
    assert [part.id for part in score.parts] == ["T2C1", "T2C2", "T3C10"]
    assert [(staff.index, staff.kind, staff.program) for staff in score.staves] == [
        (0, PITCHED, -1),
        (1, PITCHED, 11),
        (2, PERCUSSION, -1),
    ]


def test_times_are_exact() -> None:
    score = read([*note(1, 34, 60), *note(34, 34, 61)], division=97)
    (first,) = score.staves[0].notes
    assert (first.onset_quarter, first.duration_quarter) == (Fraction(1, 97), Fraction(33, 97))


def test_equal_pitches_end_in_the_order_they_were_struck() -> None:
    on = mido.Message("note_on", note=60, velocity=70)
    off = mido.Message("note_on", note=60, velocity=0)
    score = read([(0, on), (48, on), (96, off), (192, off), (288, off), (288, on)], end=384)
    assert [(n.onset_quarter, n.end_quarter) for n in score.staves[0].notes] == [
        (0, 1),
        (Fraction(1, 2), 2),
        (3, 4),
    ]


def test_metres_make_measures_and_a_change_inside_one_ends_it() -> None:
    key = (4 * 96, mido.MetaMessage("key_signature", key="Ebm"))
    score = read([metre(384, 3, 4), metre(384 + 288 + 96, 6, 8), key, *note(0, 1100, 60)])
    assert [
        (m.number, m.onset_quarter, m.duration_quarter, m.beats, m.beat_type) for m in score.measures
    ] == [
        ("1", 0, 4, 4, 4),
        ("2", 4, 3, 3, 4),
        ("3", 7, 1, 3, 4),
        ("4", 8, 3, 6, 8),
        ("5", 11, 3, 6, 8),
    ]
    assert [(m.fifths, m.mode) for m in score.measures[:2]] == [(0, ""), (-6, "minor")]


def test_empty_measures_count_where_the_tracks_still_cover_them() -> None:
    assert len(read(note(0, 96, 60), end=384).measures) == 1
    assert len(read(note(0, 96, 60), end=2 * 384 - 1).measures) == 1
    assert len(read(note(0, 96, 60), end=2 * 384).measures) == 2
    assert len(read([]).measures) == 1


def test_a_window_holds_the_notes_that_begin_in_it() -> None:
    opened = MidiDocument.from_bytes(
        midi_bytes([[*note(0, 1000, 60), *note(384, 400, 62), *note(800, 900, 64)]])
    )
    assert [n.pitch for n in opened.score(1, 2).staves[0].notes] == [62]
    assert [n.pitch for n in opened.score(1).staves[0].notes] == [62, 64]
    assert opened.score(0, 0).staves[0].notes == ()
    assert len(opened.score(0, 0).measures) == 3


def test_a_file_without_notes_has_no_staves() -> None:
    assert read([]).parts == ()


def test_events_keep_their_bytes() -> None:
    """Running status, over-long times, system messages, and bytes after the end all come back."""
    body = (
        b"\x80\0\x90\x3c\x40"
        + b"\x10\x3c\0"
        + b"\0\xf0\3\1\2\xf7"
        + b"\0\x3e\x40"
        + b"\0\xf4"
        + b"\0\xf2\1\2"
        b"\0\xff\1\2hi" + b"\x81\x48\x90\x3e\0" + b"\0\xff\x2f\0" + b"after"
    )
    data = HEADER + track(body) + b"XYZW\0\0\0\2hi" + b"rest"
    opened = MidiDocument.from_bytes(data)
    assert opened.to_bytes() == data
    assert [
        (n.pitch, n.onset_quarter * 96, n.duration_quarter * 96) for n in opened.score().staves[0].notes
    ] == [
        (60, 0, 16),
        (62, 16, 200),
    ]
    opened.append_measures(2)
    after = opened.to_bytes()
    assert after.endswith(b"after" + b"XYZW\0\0\0\2hi" + b"rest")
    assert body[:-9].replace(b"\xf7\0\x3e\x40", b"\xf7\0\x90\x3e\x40") in after  # made explicit after sysex


def test_a_riff_wrapper_is_kept() -> None:
    inner = midi_bytes([note(0, 96, 60)])
    inner += b"\0" * (len(inner) % 2)
    data = (
        b"RIFF"
        + (len(inner) + 12).to_bytes(4, "little")
        + b"RMIDdata"
        + len(inner).to_bytes(4, "little")
        + inner
    )
    opened = MidiDocument.from_bytes(data)
    assert opened.to_bytes() == data
    opened.append_measures(1)
    after = opened.to_bytes()
    assert int.from_bytes(after[4:8], "little") == len(after) - 8
    assert len(MidiDocument.from_bytes(after).score().measures) == 2


def test_an_end_that_lacks_its_last_byte_is_read_and_made_whole() -> None:
    whole = midi_bytes([note(0, 96, 60)])
    opened = MidiDocument.from_bytes(whole[:-1])
    assert opened.to_bytes() == whole[:-1]
    opened.append_measures(1)
    assert mido.MidiFile(file=io.BytesIO(opened.to_bytes())).tracks[0][-1].type == "end_of_track"


@pytest.mark.parametrize("value", [0, 127, 128, 16383, 16384, 2**28 - 1])
def test_times_of_variable_length(value: int) -> None:
    data = variable_length_bytes(value)
    (event,) = parse_track(split_chunks(HEADER + track(data + b"\xff\x2f\0")).tracks[0])
    assert event.tick == value
    assert track_bytes([Event(value, event.status, event.body)]) == data + b"\xff\x2f\0"


def test_a_time_beyond_the_format_is_refused() -> None:
    with pytest.raises(ValueError, match="doesn't fit"):
        variable_length_bytes(2**28)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty. Export it again from the program that made it."),
        (b"no midi file at all", "it isn't a MIDI file. Give a file that begins with a MIDI header."),
        (HEADER[:12], "it isn't a MIDI file. Give a file that begins with a MIDI header."),
        (HEADER, "it has no tracks. Export it again from the program that made it."),
        (
            b"MThd\0\0\0\6\0\2\0\1\0\x60" + track(b"\0\xff\x2f\0"),
            "it is a MIDI file of type 2, a collection of independent tracks. Save it as type 1.",
        ),
        (
            b"MThd\0\0\0\6\0\1\0\1\xe7\x28" + track(b"\0\xff\x2f\0"),
            "its times are film frames (SMPTE), not beats. Save it with ticks per quarter note.",
        ),
        (
            b"MThd\0\0\0\6\0\1\0\1\0\0" + track(b"\0\xff\x2f\0"),
            "it has 0 ticks per quarter note. Export it again with 480 ticks.",
        ),
        (
            HEADER + track(b"\0\x3c\x40"),
            "track 1: byte 0 begins no event. "
            "The file is damaged: export it again from the program that made it.",
        ),
        (
            HEADER + track(b"\0\x90\x3c\x90\0\x3c\x40"),
            "track 1: the event at byte 0 lacks a data byte. "
            "The file is damaged: export it again from the program that made it.",
        ),
        (
            HEADER + track(b"\0\x90\x3c\x40\0\xff\1\x7fshort"),
            "track 1: it can't be followed from byte 4 of 13 on. "
            "The file is damaged: export it again from the program that made it.",
        ),
        (
            HEADER
            + track(b"\0\x90\x3c\x40\xff\xff\xff\x7f\x80\x3c\x40\0\xff\x2f\0").replace(b"\0\x60", b"\0\1"),
            "it lasts more than 50,000 measures. Cut the silence out of the file.",
        ),
    ],
)
def test_what_cant_be_read_is_one_sentence(data: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "piece.mid"
    path.write_bytes(data)
    with pytest.raises(ReadError) as caught:
        MidiDocument.open(path)
    separator = ", " if message.startswith("track") else ": "
    assert str(caught.value) == f"piece.mid{separator}{message}"


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"missing\.mid: there is no such file\. Check the path\."):
        MidiDocument.open(tmp_path / "missing.mid")
