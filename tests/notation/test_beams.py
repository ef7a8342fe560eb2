"""Beams show the beats: `(` begins, `-` continues, `)` ends, `>` and `<` hook forward and backward."""

from __future__ import annotations

from fractions import Fraction

import pytest

from bridge.notation.engrave import engrave
from bridge.notation.written import Frame
from bridge.score import Note

SIGNS = {"begin": "(", "continue": "-", "end": ")", "forward hook": ">", "backward hook": "<"}


def beamed(metre: str, lengths: str) -> str:
    """Return the beams of notes with lengths in 24ths of a quarter, rests negative."""
    beats, beat_type = map(int, metre.split("/"))
    notes, now = [], 0
    for length in map(int, lengths.split()):
        if length > 0:
            notes.append(Note(Fraction(now, 24), Fraction(length, 24), 60))
        now += abs(length)
    frame = Frame(Fraction(0), Fraction(4 * beats, beat_type), beats, beat_type, 0)
    (measure,) = engrave(notes, [frame])
    return " ".join("".join(SIGNS[b] for b in event.beams) or "." for event in measure.voices[0].events)


@pytest.mark.parametrize(
    ("metre", "lengths", "expected"),
    [
        ("4/4", "12 12 12 12 12 12 12 12", "( - - ) ( - - )"),
        ("4/4", "12 12 12 12 24 12 12", "( - - ) . ( )"),
        ("4/4", "6 6 6 6 12 12 48", "(( -- -- )) ( ) ."),
        ("4/4", "12 6 6 6 6 12 48", "( -( )) (( -) ) ."),
        ("4/4", "18 6 6 18 48", "( )< (> ) ."),
        ("4/4", "6 12 6 72", "(> - )< ."),
        ("4/4", "24 12 12 12 12 24", ". ( ) ( ) ."),
        ("4/4", "-12 12 12 12 48", ". ( - ) ."),
        ("4/4", "6 -6 12 72", ". . . ."),
        ("4/4", "3 3 3 3 3 3 3 3 72", "((( --- --- -)) -(( --- --- ))) ."),
        ("4/4", "8 8 8 12 12 48", "( - ) ( ) ."),
        ("4/4", "4 4 4 12 72", "(( -- -) ) ."),
        ("3/4", "12 12 12 12 12 12", "( - - - - )"),
        ("3/4", "36 12 12 12", ". . ( )"),
        ("2/4", "12 12 12 12", "( - - )"),
        ("2/2", "12 12 12 12 12 12 12 12", "( - - ) ( - - )"),
        ("6/8", "12 12 12 12 12 12", "( - ) ( - )"),
        ("6/8", "24 12 6 6 6 6 6 6", ". . (( -- -- -- -- ))"),
        ("6/8", "18 6 12 36", "( -< ) ."),
        ("3/8", "12 6 6 12", "( -( -) )"),
        ("5/8", "12 12 12 12 12", "( ) ( - )"),
        ("7/8", "12 12 12 12 12 12 12", "( ) ( ) ( - )"),
    ],
)
def test_beams_follow_the_metre(metre: str, lengths: str, expected: str) -> None:
    assert beamed(metre, lengths) == expected
