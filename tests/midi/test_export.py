from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from midi.midi_files import paired, read_tracks

from bridge.midi import MidiDocument, score_to_midi_bytes
from bridge.score import PERCUSSION, Measure, Note, Part, Score, Staff


def make_score(*staves: Staff, lengths: tuple[Fraction, ...] = (Fraction(4), Fraction(4))) -> Score:
    measures = []
    onset = Fraction(0)
    for index, length in enumerate(lengths):
        measures.append(Measure(index, str(index), onset, length, 4, 4, fifths=-3, mode="minor"))
        onset += length
    parts = tuple(
        Part(staff.index, f"P{staff.index}", f"Voice {staff.index}", (staff,)) for staff in staves
    )
    return Score("Étude", parts, tuple(measures))


def staff(index: int, *notes: tuple[Fraction | int, Fraction | int, int], **options: object) -> Staff:
    written = tuple(Note(Fraction(onset), Fraction(length), pitch) for onset, length, pitch in notes)
    return Staff(index, index, 1, written, **options)  # type: ignore[arg-type]


def test_a_score_comes_back_from_its_midi_file() -> None:
    third = Fraction(1, 3)
    score = make_score(
        staff(0, (0, 1, 72), (1, third, 74), (1 + third, 2 * third, 60), program=40),
        staff(1, (1, 4, 48), program=0),
        staff(2, (0, 1, 36), kind=PERCUSSION),
        lengths=(Fraction(1), Fraction(4), Fraction(3)),
    )
    back = MidiDocument.from_bytes(score_to_midi_bytes(score)).score()
    assert back.title == "Étude"
    assert [part.name for part in back.parts] == ["Voice 0", "Voice 1", "Voice 2"]
    assert [s.notes for s in back.staves] == [s.notes for s in score.staves]
    assert [(s.kind, s.program) for s in back.staves] == [("pitched", 40), ("pitched", 0), (PERCUSSION, -1)]
    assert [(m.onset_quarter, m.duration_quarter) for m in back.measures] == [(0, 1), (1, 4), (5, 3)]
    assert {(m.fifths, m.mode) for m in back.measures} == {(-3, "minor")}


def test_the_tempo_and_ticks_are_written() -> None:
    data = score_to_midi_bytes(make_score(staff(0, (0, Fraction(1, 7), 60))), tempo=120)
    conductor, _ = read_tracks(data)
    assert [message.tempo for _, message in conductor if message.type == "set_tempo"] == [500_000]
    assert int.from_bytes(data[12:14], "big") == 480 * 7
    fine = make_score(staff(0, (0, Fraction(1, 101), 60), (1, Fraction(1, 103), 62)))
    assert int.from_bytes(score_to_midi_bytes(fine)[12:14], "big") == 480


def test_a_pitch_in_two_voices_sounds_once_at_a_time() -> None:
    data = score_to_midi_bytes(make_score(staff(0, (0, 4, 60), (0, 1, 60), (2, 1, 60))))
    assert paired(read_tracks(data)[1], 0) == [(0, 60, 960, 80), (960, 60, 1440, 80)]


def test_staves_have_channels_of_their_own_beside_percussion() -> None:
    data = score_to_midi_bytes(make_score(*(staff(index, (0, 1, 60)) for index in range(16))))
    channels = [track[1][1].channel for track in read_tracks(data)[1:]]
    assert channels == [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 0]


def test_the_same_score_gives_the_same_bytes() -> None:
    score = make_score(staff(0, (0, 1, 60)))
    assert score_to_midi_bytes(score) == score_to_midi_bytes(score)


def test_a_score_without_parts_or_measures_is_a_file_too() -> None:
    assert MidiDocument.from_bytes(score_to_midi_bytes(Score("", (), ()))).score().parts == ()


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(st.integers(0, 90), st.integers(1, 6), st.integers(0, 127)),
        min_size=1,
        max_size=20,
        unique_by=lambda row: row[2],
    ),
    st.sampled_from((8, 12, 5)),
)
def test_every_note_comes_back_exactly(rows: list[tuple[int, int, int]], parts: int) -> None:
    notes = sorted(
        ((Fraction(onset, parts), Fraction(length, parts), pitch) for onset, length, pitch in rows),
        key=lambda row: (row[0], -row[2]),
    )
    score = make_score(staff(0, *notes), lengths=(Fraction(4),) * 5)
    assert (
        MidiDocument.from_bytes(score_to_midi_bytes(score)).score().staves[0].notes == score.staves[0].notes
    )
