"""Lines of one staff become as few voices as they need, the upper one voice 1."""

from __future__ import annotations

from fractions import Fraction

from bridge.notation.engrave import engrave
from bridge.notation.written import Frame, WrittenMeasure
from bridge.score import Note


def frames(count: int) -> list[Frame]:
    return [Frame(Fraction(4 * index), Fraction(4), 4, 4, 0, "major") for index in range(count)]


def line(*notes: tuple[int, int], voice: int = 1, start: int = 0) -> list[Note]:
    """Return consecutive notes `(pitch, quarters)`; pitch 0 is a rest."""
    found, now = [], Fraction(start)
    for pitch, length in notes:
        if pitch:
            found.append(Note(now, Fraction(length), pitch, voice))
        now += length
    return found


def pitches(measure: WrittenMeasure) -> dict[int, list[tuple[str, ...]]]:
    return {
        voice.number: [tuple(f"{p.step}{p.octave}" for p in event.pitches) for event in voice.events]
        for voice in measure.voices
    }


def test_equal_rhythm_is_one_voice_of_chords_whatever_the_hints() -> None:
    notes = line((76, 2), (77, 2)) + line((72, 2), (74, 2), voice=2)
    (measure,) = engrave(notes, frames(1))
    assert pitches(measure) == {1: [("E5", "C5"), ("F5", "D5")]}
    assert measure.voices[0].stem == ""


def test_different_rhythms_are_two_voices_with_stems_apart() -> None:
    (measure,) = engrave(line((60, 1), (62, 1), (64, 2)) + line((72, 4)), frames(1))
    assert pitches(measure) == {1: [("C5",)], 2: [("C4",), ("D4",), ("E4",)]}
    assert [voice.stem for voice in measure.voices] == ["up", "down"]


def test_lines_that_coincide_for_a_moment_stay_apart() -> None:
    upper = line((79, 1), (77, 1), (76, 1), (74, 1))
    lower = line((60, 2), (62, 1), (64, 1))
    (measure,) = engrave(upper + lower, frames(1))
    assert pitches(measure)[1] == [("G5",), ("F5",), ("E5",), ("D5",)]
    assert pitches(measure)[2] == [("C4",), ("D4",), ("E4",)]


def test_hints_keep_crossing_lines_together() -> None:
    upper = line((67, 1), (65, 1), (64, 1), (62, 1), voice=1)
    lower = line((60, 2), (65, 2), voice=2)
    (measure,) = engrave(upper + lower, frames(1))
    assert pitches(measure)[1] == [("G4",), ("F4",), ("E4",), ("D4",)]
    assert pitches(measure)[2] == [("C4",), ("F4",)]


def test_a_measure_with_one_line_is_voice_1_again() -> None:
    notes = line((76, 4)) + line((60, 2), (62, 2)) + line((64, 2), (65, 2), voice=2, start=4)
    first, second = engrave(notes, frames(2))
    assert len(first.voices) == 2
    assert pitches(second) == {1: [("E4",), ("F4",)]}


def test_a_line_keeps_its_voice_over_a_tie() -> None:
    notes = line((76, 4)) + line((60, 2), (62, 4))
    first, second = engrave(notes, frames(2))
    assert pitches(first)[2] == [("C4",), ("D4",)]
    assert second.voices[0].events[0].whole_measure
    assert pitches(second)[2][0] == ("D4",)
    assert second.voices[1].events[0].pitches[0].tie_stop
    assert [voice.stem for voice in second.voices] == ["up", "down"]


def test_secondary_voices_are_filled_with_rests() -> None:
    (measure,) = engrave(line((76, 3), (77, 1)) + line((0, 1), (60, 1), (0, 2)), frames(1))
    assert pitches(measure)[2] == [(), ("C4",), ()]


def test_three_lines_have_the_outer_ones_in_voices_1_and_2() -> None:
    notes = line((79, 4)) + line((71, 2), (72, 2)) + line((60, 1), (59, 1), (57, 1), (55, 1))
    (measure,) = engrave(notes, frames(1))
    assert pitches(measure) == {
        1: [("G5",)],
        2: [("C4",), ("B3",), ("A3",), ("G3",)],
        3: [("B4",), ("C5",)],
    }


def test_a_doubled_unison_is_one_head() -> None:
    (measure,) = engrave(line((60, 4)) + line((60, 4), voice=2), frames(1))
    assert pitches(measure) == {1: [("C4",)]}


def test_an_empty_measure_is_a_whole_measure_rest() -> None:
    (measure,) = engrave([], [Frame(Fraction(0), Fraction(7, 2), 7, 8, 0)])
    (voice,) = measure.voices
    assert [event.whole_measure for event in voice.events] == [True]
    assert voice.events[0].duration_quarter == Fraction(7, 2)
