"""Signs hold for their line until the barline, and ties carry a pitch over it without one."""

from __future__ import annotations

from fractions import Fraction

from bridge.notation.accidentals import key_alter
from bridge.notation.engrave import engrave
from bridge.notation.written import Frame
from bridge.score import Note


def signs(notes: list[Note], fifths: int = 0, measures: int = 1) -> list[list[str]]:
    frames = [Frame(Fraction(4 * index), Fraction(4), 4, 4, fifths, "major") for index in range(measures)]
    return [
        [pitch.accidental for voice in measure.voices for event in voice.events for pitch in event.pitches]
        for measure in engrave(notes, frames)
    ]


def note(onset: float, length: float, pitch: int, spelling: tuple[str, int, int], voice: int = 1) -> Note:
    return Note(Fraction(onset), Fraction(length), pitch, voice, spelling)


def test_the_signature_gives_its_alterations() -> None:
    assert [key_alter(step, 2) for step in "FCGDAEB"] == [1, 1, 0, 0, 0, 0, 0]
    assert [key_alter(step, -3) for step in "FCGDAEB"] == [0, 0, 0, 0, -1, -1, -1]


def test_a_sign_holds_until_it_is_cancelled() -> None:
    sharp, plain = ("F", 1, 4), ("F", 0, 4)
    notes = [note(0, 1, 66, sharp), note(1, 1, 66, sharp), note(2, 1, 65, plain), note(3, 1, 65, plain)]
    assert signs(notes) == [["sharp", "", "natural", ""]]


def test_a_sign_holds_for_its_octave_only() -> None:
    assert signs([note(0, 2, 66, ("F", 1, 4)), note(2, 2, 77, ("F", 0, 5))]) == [["sharp", ""]]
    assert signs([note(0, 2, 66, ("F", 1, 4)), note(2, 2, 78, ("F", 1, 5))]) == [["sharp", "sharp"]]


def test_the_barline_ends_a_sign_and_a_tie_crosses_it_without() -> None:
    sharp = ("F", 1, 4)
    assert signs([note(0, 4, 66, sharp), note(4, 4, 66, sharp)], measures=2) == [["sharp"], ["sharp"]]
    tied = [note(0, 6, 66, sharp), note(6, 2, 66, sharp)]
    assert signs(tied, measures=2) == [["sharp"], ["", "sharp"]]


def test_a_sign_counts_in_all_voices_of_the_staff() -> None:
    upper = [note(0, 2, 66, ("F", 1, 4)), note(2, 2, 65, ("F", 0, 4))]
    lower = [note(0, 1, 60, ("C", 0, 4), 2), note(1, 3, 66, ("F", 1, 4), 2)]
    assert signs(upper + lower) == [["sharp", "natural", "", ""]]


def test_both_heads_of_a_clash_have_their_sign_and_so_has_the_next() -> None:
    notes = [note(0, 1, 66, ("F", 1, 4)), note(0, 1, 65, ("F", 0, 4)), note(1, 3, 66, ("F", 1, 4))]
    assert signs(notes) == [["sharp", "natural", "sharp"]]


def test_the_key_needs_no_signs() -> None:
    assert signs([note(0, 2, 66, ("F", 1, 4)), note(2, 2, 65, ("F", 0, 4))], fifths=1) == [["", "natural"]]


def test_double_signs_have_their_names() -> None:
    assert signs([note(0, 2, 67, ("F", 2, 4)), note(2, 2, 69, ("B", -2, 4))]) == [
        ["double-sharp", "flat-flat"]
    ]
