from __future__ import annotations

from fractions import Fraction

import mido
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from midi.midi_files import files, is_note, metre, midi_bytes, note, paired, read_tracks

from bridge.errors import RegionError, WriteError
from bridge.midi import MidiDocument
from bridge.midi.chunks import split_chunks
from bridge.midi.read import staff_sources
from bridge.score import PITCHED, Note, Region


def document(*tracks: list, **options: int) -> MidiDocument:
    return MidiDocument.from_bytes(midi_bytes(tracks, **options))


def quarter(onset: float, duration: float, pitch: int) -> Note:
    return Note(Fraction(onset), Fraction(duration), pitch)


@settings(deadline=None, max_examples=150)
@given(files(), st.data())
def test_nothing_but_the_regions_notes_changes(data: bytes, draw: st.DataObject) -> None:
    edited = MidiDocument.from_bytes(data)
    assert edited.to_bytes() == data
    score = edited.score()
    division = edited._chunks.division
    staff = draw.draw(st.sampled_from([staff.index for staff in score.staves if staff.kind == PITCHED]))
    start = draw.draw(st.integers(0, len(score.measures) - 1))
    stop = draw.draw(st.integers(start + 1, len(score.measures)))
    first, end = score.measures[start].onset_quarter, score.measures[stop - 1].end_quarter
    span = end - first
    cuts = draw.draw(
        st.lists(st.tuples(st.integers(0, 23), st.integers(1, 24), st.integers(58, 64)), max_size=6)
    )
    notes = [
        Note(first + span * left / 24, span * (min(24, left + width) - left) / 24, pitch)
        for left, width, pitch in cuts
    ]
    edited.write(Region(start, stop, (staff,)), {staff: notes})
    after = edited.to_bytes()
    assert MidiDocument.from_bytes(after).to_bytes() == after

    source = staff_sources(MidiDocument.from_bytes(data)._tracks)[staff]
    old, new = split_chunks(data).tracks, split_chunks(after).tracks
    for index, (before_chunk, after_chunk) in enumerate(zip(old, new, strict=True)):
        assert index == source.track or before_chunk == after_chunk

    before_track, after_track = read_tracks(data)[source.track], read_tracks(after)[source.track]
    others = [item for item in before_track if not is_note(item[1])]
    assert [item for item in after_track if not is_note(item[1])][:-1] == others[:-1]
    assert after_track[-1][0] >= others[-1][0]
    assert after_track[-1][1].type == "end_of_track"
    for channel in {0, 1, 9} - {source.channel}:
        assert paired(after_track, channel) == paired(before_track, channel)

    low, high = -(-first * division // 1), -(-end * division // 1)
    outside = [n for n in paired(before_track, source.channel) if not low <= n[0] < high]
    kept = [n for n in paired(after_track, source.channel) if not low <= n[0] < high]
    assert [n[:2] + n[3:] for n in kept] == [n[:2] + n[3:] for n in outside]
    written = sorted(n[:3] for n in paired(after_track, source.channel) if low <= n[0] < high)
    strikes = {(onset, pitch) for onset, pitch, _ in written}
    for was, now in zip(outside, kept, strict=True):
        cut = [onset for onset, pitch in strikes if pitch == was[1] and was[0] < onset < was[2]]
        assert now[2] == min(cut, default=was[2])

    nearest = [int((n.onset_quarter * division + Fraction(1, 2)) // 1) for n in notes]
    assert strikes == {(min(tick, high - 1), n.pitch) for tick, n in zip(nearest, notes, strict=True)}
    assert all(low <= onset < finish <= high for onset, _, finish in written)


def test_new_notes_take_the_staffs_velocity_and_exact_times() -> None:
    edited = document(
        [*note(0, 96, 60, velocity=40), *note(96, 192, 62, velocity=50), *note(192, 288, 64, velocity=90)],
        end=768,
    )
    third = Fraction(1, 3)
    notes = [Note(4 + index * third, third, 60 + index) for index in range(3)]
    edited.write(Region(1, 2, (0,)), {0: notes})
    (track,) = read_tracks(edited.to_bytes())
    assert paired(track, 0)[3:] == [(384, 60, 416, 50), (416, 61, 448, 50), (448, 62, 480, 50)]
    assert edited.score(1).staves[0].notes == tuple(notes)


def test_times_that_ticks_cant_hold_go_to_the_nearest() -> None:
    edited = document(note(0, 10, 60), division=10, end=80)
    edited.write(
        Region(1, 2, (0,)),
        {0: [Note(4 + Fraction(1, 3), Fraction(1, 3), 60), Note(Fraction(5), Fraction(1, 100), 62)]},
    )
    assert paired(read_tracks(edited.to_bytes())[0], 0)[1:] == [(43, 60, 47, 70), (50, 62, 51, 70)]


def test_a_note_that_rings_in_ends_only_where_it_is_struck_anew() -> None:
    ringing = [*note(0, 700, 60), *note(0, 700, 64)]
    edited = document(ringing, end=768)
    edited.write(Region(1, 2, (0,)), {0: [quarter(5, 1, 60)]})
    assert paired(read_tracks(edited.to_bytes())[0], 0) == [
        (0, 60, 480, 70),
        (0, 64, 700, 70),
        (480, 60, 576, 70),
    ]


def test_a_note_off_that_ended_nothing_doesnt_end_a_new_note() -> None:
    stray = (432, mido.Message("note_off", note=60))
    edited = document([*note(0, 96, 62), stray], end=768)
    edited.write(Region(1, 2, (0,)), {0: [quarter(4, 2, 60)]})
    assert paired(read_tracks(edited.to_bytes())[0], 0) == [(0, 62, 96, 70), (384, 60, 576, 70)]


def test_one_pitch_of_two_voices_sounds_once() -> None:
    edited = document(note(0, 96, 62), end=768)
    edited.write(Region(1, 2, (0,)), {0: [quarter(4, 4, 60), quarter(5, 1, 60), quarter(5, 2, 60)]})
    assert paired(read_tracks(edited.to_bytes())[0], 0)[1:] == [(384, 60, 480, 70), (480, 60, 672, 70)]


def test_an_end_before_the_last_note_moves() -> None:
    edited = document(note(0, 10, 60), end=384)
    edited.write(Region(0, 1, (0,)), {0: [quarter(3, 1, 65)]})
    short = document(note(0, 10, 60), note(0, 384, 60))
    short.write(Region(0, 1, (0,)), {0: [quarter(3, 1, 65)]})
    for file, track in ((edited, 0), (short, 0)):
        assert read_tracks(file.to_bytes())[track][-1][0] == 384


def test_staves_of_one_track_are_written_together() -> None:
    edited = document([*note(0, 96, 60, 0), *note(0, 96, 40, 1), *note(0, 96, 36, 9)], end=384, format_=0)
    edited.write(Region(0, 1, (0, 1)), {0: [quarter(0, 4, 72)], 1: [quarter(2, 2, 48)]})
    (track,) = read_tracks(edited.to_bytes())
    assert [paired(track, channel) for channel in (0, 1, 9)] == [
        [(0, 72, 384, 70)],
        [(192, 48, 384, 70)],
        [(0, 36, 96, 70)],
    ]


def test_measures_can_be_appended_and_stay() -> None:
    edited = document([metre(0, 3, 4), *note(0, 96, 60)], note(0, 500, 40))
    count = len(edited.score().measures)
    edited.append_measures(5)
    again = MidiDocument.from_bytes(edited.to_bytes())
    assert [measure.metre_quarter for measure in again.score().measures] == [3] * (count + 5)
    assert edited.score() == again.score()
    with pytest.raises(RegionError, match=r"0 measures can't be appended\. Append at least one\."):
        again.append_measures(0)
    assert again.to_bytes() == edited.to_bytes()


@settings(deadline=None, max_examples=50)
@given(files(), st.integers(1, 9))
def test_appending_adds_exactly_that_many_measures(data: bytes, count: int) -> None:
    edited = MidiDocument.from_bytes(data)
    before = edited.score()
    edited.append_measures(count)
    after = edited.score()
    assert len(after.measures) == len(before.measures) + count
    assert after.measures[: len(before.measures) - 1] == before.measures[:-1]
    assert [staff.notes for staff in after.staves] == [staff.notes for staff in before.staves]


def test_a_note_that_never_ends_doesnt_grow_with_its_track() -> None:
    edited = document([note(0, 96, 60)[0], *note(0, 384, 64)])
    edited.append_measures(2)
    assert paired(read_tracks(edited.to_bytes())[0], 0) == [(0, 60, 384, 70), (0, 64, 384, 70)]
    edited.write(Region(2, 3, (0,)), {0: [quarter(8, 1, 60)]})
    assert paired(read_tracks(edited.to_bytes())[0], 0)[2:] == [(768, 60, 864, 70)]


def test_a_new_note_doesnt_end_one_of_its_pitch_that_never_ends() -> None:
    edited = document([note(0, 96, 60)[0], *note(0, 384, 64)])
    edited.append_measures(1)
    edited.write(Region(1, 2, (0,)), {0: [quarter(6, 1, 60)]})
    rows = [row for row in paired(read_tracks(edited.to_bytes())[0], 0) if row[1] == 60]
    assert [row[:3] for row in rows] == [(0, 60, 384), (576, 60, 672)]


def test_a_note_struck_at_the_very_end_doesnt_grow_with_its_track() -> None:
    edited = document([*note(0, 384, 64), note(384, 96, 60)[0]])
    edited.append_measures(2)
    assert (0, 60, 384, 70) not in paired(read_tracks(edited.to_bytes())[0], 0)
    assert [row for row in paired(read_tracks(edited.to_bytes())[0], 0) if row[1] == 60] == [
        (384, 60, 384, 70)
    ]


@pytest.mark.parametrize(
    ("region", "notes", "message"),
    [
        (Region(0, 3, (0,)), {}, "there are no measures 1 to 3. The file has measures 1 to 2."),
        (Region(1, 1, (0,)), {}, "there are no measures 2 to 1. The file has measures 1 to 2."),
        (Region(0, 1, (2,)), {}, "there is no staff 3. The file has 2 with notes."),
        (
            Region(0, 1, (1,)),
            {},
            "staff 2 is percussion (channel 10), which can't be filled. Choose other parts.",
        ),
        (Region(0, 1, (0,)), {1: []}, "notes for staff 2 lie outside the region. Add it to the region."),
        (
            Region(0, 1, (0,)),
            {0: [quarter(3, 2, 60)]},
            "the note at quarter 3 doesn't lie inside the region. Shorten it.",
        ),
    ],
)
def test_what_cant_be_written_is_said(region: Region, notes: dict, message: str) -> None:
    edited = document([*note(0, 96, 60), *note(0, 96, 36, 9)], end=768)
    before = edited.to_bytes()
    with pytest.raises(RegionError) as caught:
        edited.write(region, notes)
    assert str(caught.value) == message
    assert edited.to_bytes() == before


def test_other_formats_are_refused() -> None:
    edited = document(note(0, 96, 60))
    assert edited.to_bytes(".midi") == edited.to_bytes()
    with pytest.raises(WriteError, match=r"a MIDI file can't be written as '\.mxl'\. Use \.mid\."):
        edited.to_bytes(".mxl")
