"""Pitches are spelled as the key and their neighbours ask."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.notation.engrave import engrave
from bridge.notation.spelling import place_of, spelled
from bridge.notation.written import Frame
from bridge.score import Note

NATURALS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
SIGNS = {-2: "bb", -1: "b", 0: "", 1: "#", 2: "##"}


def names(pitches: str, fifths: int = 0, mode: str = "major", chromatic: int = 0, diatonic: int = 0) -> str:
    """Return the spelling of quarters, chords joined by `+`."""
    notes = [
        Note(Fraction(now), Fraction(1), int(pitch))
        for now, chord in enumerate(pitches.split())
        for pitch in chord.split("+")
    ]
    count = len(pitches.split()) // 4 + 1
    frames = [Frame(Fraction(4 * index), Fraction(4), 4, 4, fifths, mode) for index in range(count)]
    return " ".join(
        "+".join(p.step + SIGNS[p.alter] for p in event.pitches)
        for measure in engrave(notes, frames, chromatic, diatonic)
        for event in measure.voices[0].events
        if event.pitches
    )


@pytest.mark.parametrize(
    ("pitches", "fifths", "mode", "expected"),
    [
        ("60 62 64 65 67 69 71 72", 0, "major", "C D E F G A B C"),
        ("61 63 65 66 68 70 72 73", -5, "major", "Db Eb F Gb Ab Bb C Db"),
        ("66 68 70 71 73 75 77 78", 6, "major", "F# G# A# B C# D# E# F#"),
        ("60 61 62 63 64 65 66 67", 0, "major", "C C# D D# E F F# G"),
        ("69 68 69 71 72 71 69 68", 0, "minor", "A G# A B C B A G#"),
        ("62 61 62 64 65 64 62 61", -1, "minor", "D C# D E F E D C#"),
        ("67 66 67 69 71 69 67 66", 0, "major", "G F# G A B A G F#"),
        ("62+66+69 67+71+74", 0, "major", "A+F#+D D+B+G"),
        ("64+68+71 69+72+76", 0, "minor", "B+G#+E E+C+A"),
        ("60+65+69 58+62+65 60+64+67", 0, "major", "A+F+C F+D+Bb G+E+C"),
        ("60 63 67 63 60 63 67 63", -3, "minor", "C Eb G Eb C Eb G Eb"),
    ],
)
def test_known_lines_and_chords(pitches: str, fifths: int, mode: str, expected: str) -> None:
    assert names(pitches, fifths, mode) == expected


def test_a_transposing_part_is_spelled_in_its_written_key() -> None:
    assert names("58 60 62 63", 0, "major", chromatic=-2, diatonic=-1) == "C D E F"


def test_a_given_spelling_is_kept_and_moved_with_the_part() -> None:
    note = Note(Fraction(0), Fraction(4), 66, 1, ("G", -1, 4))
    frame = Frame(Fraction(0), Fraction(4), 4, 4, 0, "major")
    for chromatic, diatonic, expected in [
        (0, 0, ("G", -1, 4)),
        (-2, -1, ("A", -1, 4)),
        (12, 7, ("G", -1, 3)),
    ]:
        (measure,) = engrave([note], [frame], chromatic, diatonic)
        head = measure.voices[0].events[0].pitches[0]
        assert (head.step, head.alter, head.octave) == expected


def test_spellings_of_a_part_in_an_enharmonic_key_are_moved_as_one() -> None:
    scale = [("B", 0, 3, 59), ("C", 1, 4, 61), ("D", 1, 4, 63), ("E", 0, 4, 64)]
    notes = [
        Note(Fraction(now), Fraction(1), pitch, 1, (step, alter, octave))
        for now, (step, alter, octave, pitch) in enumerate(scale)
    ]
    (measure,) = engrave(notes, [Frame(Fraction(0), Fraction(4), 4, 4, -5, "major")], -2, -1)
    heads = [event.pitches[0] for event in measure.voices[0].events]
    assert [head.step + SIGNS[head.alter] for head in heads] == ["Db", "Eb", "F", "Gb"]
    assert not any(head.accidental for head in heads)


def test_a_wrong_given_spelling_is_not_believed() -> None:
    note = Note(Fraction(0), Fraction(4), 60, 1, ("G", 0, 4))
    (measure,) = engrave([note], [Frame(Fraction(0), Fraction(4), 4, 4, 0, "major")])
    assert measure.voices[0].events[0].pitches[0].step == "C"


@given(st.integers(0, 127), st.sampled_from("CDEFGAB"), st.integers(-2, 2))
def test_spelled_keeps_the_pitch(pitch: int, step: str, alter: int) -> None:
    place = place_of(step, alter)
    if (place - 7 * pitch) % 12:
        pitch = (pitch // 12 * 12 + 7 * place % 12) % 128
    if (place - 7 * pitch) % 12 == 0:
        found = spelled(place, pitch)
        assert found[:2] == (step, alter)
        assert 12 * (found[2] + 1) + NATURALS[step] + alter == pitch


def test_chorales_are_spelled_as_bach_spelled_them() -> None:
    corpus = pytest.importorskip("music21.corpus")
    right = wrong = 0
    for name in ("bach/bwv66.6", "bach/bwv269", "bach/bwv253", "bach/bwv10.7"):
        for part in corpus.parse(name).parts:
            fifths = part.recurse().getElementsByClass("KeySignature").first().sharps
            given_names, notes = {}, []
            for element in part.stripTies().flatten().notes:
                onset = Fraction(element.offset)
                notes.append(Note(onset, Fraction(element.quarterLength), element.pitch.midi))
                given_names[onset] = (element.pitch.step, int(element.pitch.alter))
            total = max(note.end_quarter for note in notes)
            frames = [Frame(Fraction(4 * i), Fraction(4), 4, 4, fifths) for i in range(int(total) // 4 + 1)]
            for frame, measure in zip(frames, engrave(notes, frames), strict=True):
                for event in measure.voices[0].events:
                    for head in event.pitches:
                        if not head.tie_stop:
                            onset = frame.onset_quarter + event.onset_quarter
                            right += given_names[onset] == (head.step, head.alter)
                            wrong += given_names[onset] != (head.step, head.alter)
    assert right > 500
    assert wrong <= right / 200
