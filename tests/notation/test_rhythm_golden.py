"""Rhythms as a musician expects to read them.

Lengths are in 24ths of a quarter, rests negative. Values: w h q e s t (32nd), dots after, `~` a tie to the
next, `r` a rest, `R` a whole-measure rest, `[3 e e e]` a tuplet; `|` a barline.
"""

from __future__ import annotations

from fractions import Fraction

import pytest

from bridge.notation.engrave import engrave
from bridge.notation.written import Frame, WrittenEvent
from bridge.score import Note

LETTERS = {
    "breve": "b",
    "whole": "w",
    "half": "h",
    "quarter": "q",
    "eighth": "e",
    "16th": "s",
    "32nd": "t",
    "64th": "x",
}


def text_of(event: WrittenEvent) -> str:
    if event.whole_measure:
        return "R"
    word = ("" if event.pitches else "r") + LETTERS[event.type] + "." * event.dots
    if event.pitches and event.pitches[0].tie_start:
        word += "~"
    if event.tuplet and event.tuplet.start:
        word = f"[{event.tuplet.actual} {word}"
    if event.tuplet and event.tuplet.stop:
        word += "]"
    return word


def written(metre: str, lengths: str, pickup: int = 0) -> str:
    beats, beat_type = map(int, metre.split("/"))
    notes, now = [], 0
    for length in map(int, lengths.split()):
        if length > 0:
            notes.append(Note(Fraction(now, 24), Fraction(length, 24), 60))
        now += abs(length)
    full = 96 * beats // beat_type
    frames, start = [], 0
    while start < now:
        long = pickup if pickup and not frames else full
        onset, length = Fraction(start, 24), Fraction(long, 24)
        frames.append(Frame(onset, length, beats, beat_type, 0, "major", long < full))
        start += long
    measures = engrave(notes, frames)
    assert all(len(measure.voices) == 1 for measure in measures)
    return " | ".join(" ".join(map(text_of, measure.voices[0].events)) for measure in measures)


GOLDEN = [
    # common time: whole values, syncopations, the middle shown
    ("4/4", "96", "w"),
    ("4/4", "-96", "R"),
    ("4/4", "192", "w~ | w"),
    ("4/4", "24 24 24 24", "q q q q"),
    ("4/4", "12 24 12 24 24", "e q e q q"),
    ("4/4", "24 48 24", "q h q"),
    ("4/4", "24 72", "q h."),
    ("4/4", "72 24", "h. q"),
    ("4/4", "24 36 12 24", "q q. e q"),
    ("4/4", "36 12 36 12", "q. e q. e"),
    ("4/4", "12 36 12 36", "e q. e q."),
    ("4/4", "12 72 12", "e q.~ q. e"),
    ("4/4", "36 24 36", "q. e~ e q."),
    ("4/4", "12 24 24 24 12", "e q e~ e q e"),
    ("4/4", "12 48 36", "e q.~ e q."),
    ("4/4", "60 36", "h~ e q."),
    ("4/4", "84 12", "h~ q. e"),
    ("2/4", "42 6", "q.. s"),
    ("4/4", "18 6 6 18 48", "e. s s e. h"),
    ("4/4", "6 12 6 18 30 24", "s e s e. s~ q q"),
    ("4/4", "6 24 18 48", "s e.~ s e. h"),
    ("4/4", "9 3 3 9 72", "s. t t s. h."),
    ("4/4", "96 12 180", "w | e q.~ h~ | w"),
    # rests are stricter
    ("4/4", "24 -72", "q rq rh"),
    ("4/4", "-72 24", "rh rq q"),
    ("4/4", "12 -24 12 48", "e re re e h"),
    ("4/4", "24 -48 24", "q rq rq q"),
    ("4/4", "-36 12 48", "rq re e h"),
    ("4/4", "12 -36 48", "e re rq h"),
    # three beats
    ("3/4", "72", "h."),
    ("3/4", "-72", "R"),
    ("3/4", "24 48", "q h"),
    ("3/4", "48 24", "h q"),
    ("3/4", "24 -48", "q rq rq"),
    ("3/4", "-48 24", "rq rq q"),
    ("3/4", "36 12 24", "q. e q"),
    ("3/4", "36 36", "q. q."),
    ("3/4", "12 24 36", "e q q."),
    ("3/4", "12 48 12", "e e~ q. e"),
    # two beats
    ("2/4", "12 24 12", "e q e"),
    ("2/4", "6 12 6 24", "s e s q"),
    ("2/4", "36 12", "q. e"),
    ("2/4", "24 -24", "q rq"),
    # cut time
    ("2/2", "24 48 24", "q h q"),
    ("2/2", "72 24", "h. q"),
    ("2/2", "12 24 12 48", "e q e h"),
    ("2/2", "48 -48", "h rh"),
    ("3/2", "48 96", "h w"),
    ("3/2", "-96 48", "rh rh h"),
    # compound: dotted beats
    ("6/8", "72", "h."),
    ("6/8", "36 36", "q. q."),
    ("6/8", "24 12 24 12", "q e q e"),
    ("6/8", "12 24 12 24", "e q e q"),
    ("6/8", "48 24", "q.~ e q"),
    ("6/8", "24 24 24", "q e~ e q"),
    ("6/8", "36 -36", "q. rq."),
    ("6/8", "12 -24 36", "e re re q."),
    ("6/8", "-24 12 36", "rq e q."),
    ("6/8", "18 6 12 36", "e. s e q."),
    ("6/8", "18 18 36", "[2 e e] q."),
    ("6/8", "9 9 9 9 36", "[4 s s s s] q."),
    ("9/8", "108", "h.~ q."),
    ("9/8", "72 -36", "h. rq."),
    ("9/8", "36 -72", "q. rq. rq."),
    ("12/8", "144", "w."),
    ("12/8", "36 72 36", "q. h. q."),
    ("3/8", "24 12", "q e"),
    ("3/8", "12 24", "e q"),
    ("3/8", "12 -24", "e re re"),
    ("3/8", "-24 12", "re re e"),
    # irregular: the grouping that the music suggests
    ("5/8", "24 36", "q q."),
    ("5/8", "36 24", "q. q"),
    ("5/8", "60", "q~ q."),
    ("7/8", "24 24 36", "q q q."),
    ("7/8", "36 24 24", "q. q q"),
    ("7/8", "48 36", "h q."),
    ("5/4", "72 48", "h. h"),
    ("5/4", "48 72", "h h."),
    # tuplets
    ("4/4", "8 8 8 72", "[3 e e e] h."),
    ("4/4", "16 8 8 16 48", "[3 q e] [3 e q] h"),
    ("4/4", "8 -8 8 72", "[3 e re e] h."),
    ("4/4", "32 16 48", "[3 h q] h"),
    ("4/4", "16 16 16 48", "[3 q q q] h"),
    ("4/4", "4 4 4 4 4 4 72", "[6 s s s s s s] h."),
    ("4/4", "4 4 4 12 72", "[3 s s s] e h."),
    ("4/4", "12 4 4 4 72", "e [3 s s s] h."),
    ("4/4", "12 4 8 72", "e [3 s e] h."),
    ("4/4", "32 8 8 48", "q~ [3 e e e] h"),
    ("4/4", "8 -16 72", "[3 e rq] h."),
    ("4/4", "-16 8 72", "[3 rq e] h."),
    ("4/4", "2 2 2 2 2 2 2 2 2 2 2 2 72", "[12 t t t t t t t t t t t t] h."),
    ("4/4", "16 16 16 16 16 16", "[3 q q q] [3 q q q]"),
    ("4/4", "32 32 32", "[3 h h h]"),
    ("3/4", "16 16 16 24", "[3 q q q] q"),
    ("3/4", "24 16 16 16", "q [3 q q q]"),
    ("6/8", "4 4 4 24 36", "[3 s s s] q q."),
    # a pickup's beats count from its end
    ("4/4", "12 24 12 96", "e q e | w"),
]


@pytest.mark.parametrize(("metre", "lengths", "expected"), GOLDEN[:-1])
def test_rhythm_reads_as_expected(metre: str, lengths: str, expected: str) -> None:
    assert written(metre, lengths) == expected


@pytest.mark.parametrize(
    ("metre", "lengths", "pickup", "expected"),
    [
        ("4/4", "24 96", 24, "q | w"),
        ("4/4", "12 12 96", 24, "e e | w"),
        ("4/4", "12 24 96", 36, "e q | w"),
        ("4/4", "36 36 96", 72, "q. q. | w"),
        ("4/4", "24 48 96", 72, "q h | w"),
        ("4/4", "48 24 96", 72, "h q | w"),
        ("3/4", "12 24 72", 36, "e q | h."),
        ("6/8", "12 72", 12, "e | h."),
        ("6/8", "24 24 72", 48, "e~ e q | h."),
    ],
)
def test_a_pickup_is_counted_from_its_end(metre: str, lengths: str, pickup: int, expected: str) -> None:
    assert written(metre, lengths, pickup) == expected
