"""The report asks music21, ranking and drawing count in arrays: on real music both say the same."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from bridge.musicxml import MusicXmlDocument
from bridge.part_writing.quartets import Sung, parallel_kind, pitch_name, step_name
from bridge.score import Note
from jaxmodels.part_writing import NONE, lines_of, parallels
from jaxmodels.piece import canonical_notes

PASSAGES = 400
LENGTH = 3


@pytest.fixture(scope="module")
def voices(examples: Path) -> list[tuple[Note, ...]]:
    return [staff.notes for staff in MusicXmlDocument.open(examples / "chorale.mxl").score().staves]


def counted(upper: list[Note], lower: list[Note]) -> list[int]:
    """Return the kinds of parallels of each step, the notes taken as quarters."""
    rows = [
        (24 * index, staff, note.pitch, 24)
        for staff, line in enumerate((upper, lower))
        for index, note in enumerate(line)
    ]
    return parallels(lines_of(canonical_notes(np.array(rows)), [0, 1]))[1:, 0].tolist()


def asked(upper: list[Note], lower: list[Note]) -> list[int]:
    sung = [[Sung(note.pitch, note.spelling) for note in line] for line in (upper, lower)]
    return [
        parallel_kind((a, b), (c, d))
        for a, b, c, d in zip(*shifted(sung[0]), *shifted(sung[1]), strict=False)
    ]


def shifted(line: list[Sung]) -> tuple[list[Sung], list[Sung]]:
    return line[:-1], line[1:]


def test_passages_of_a_chorale_set_against_each_other(voices: list[tuple[Note, ...]]) -> None:
    """Voices cut at random places make parallels of every kind, which the chorale itself hardly has."""
    dice = random.Random(1)
    found: list[int] = []
    for _ in range(PASSAGES):
        upper, lower = (list(dice.choice(voices)) for _ in range(2))
        starts = [dice.randrange(len(line) - LENGTH) for line in (upper, lower)]
        cut = [line[at : at + LENGTH] for line, at in zip((upper, lower), starts, strict=True)]
        assert counted(*cut) == asked(*cut)
        found += counted(*cut)
    assert {kind: found.count(kind) > 2 for kind in set(found)} == dict.fromkeys(range(4), True)


def test_the_chorale_as_it_is(voices: list[tuple[Note, ...]]) -> None:
    for one in range(4):
        for two in range(one + 1, 4):
            lower = {note.onset_quarter: note for note in voices[two]}
            pairs = [
                (note, lower[note.onset_quarter]) for note in voices[one] if note.onset_quarter in lower
            ]
            upper, under = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
            assert counted(upper, under) == asked(upper, under)


def test_unspelled_pitches_are_heard_as_plain_intervals() -> None:
    upper, lower = (Sung(75), Sung(77)), (Sung(68), Sung(70))  # A♭ and E♭, which could be G♯
    assert parallel_kind(upper, lower) != NONE
    assert step_name(Sung(60), Sung(69)) == "major sixth"
    assert step_name(Sung(77), Sung(64)) == "minor ninth"
    assert step_name(Sung(60), Sung(72)) == "perfect octave"


def test_spelling_tells_a_fifth_from_a_diminished_sixth() -> None:
    upper = Sung(75, ("E", -1, 5)), Sung(77, ("F", 0, 5))
    assert parallel_kind(upper, (Sung(68, ("G", 1, 4)), Sung(70, ("A", 1, 4)))) == NONE
    assert parallel_kind(upper, (Sung(68, ("A", -1, 4)), Sung(70, ("B", -1, 4)))) != NONE


def test_pitches_are_named_as_they_are_read() -> None:
    assert pitch_name(Sung(63, ("E", -1, 4))) == "E♭4"
    assert pitch_name(Sung(66, ("F", 1, 4))) == "F♯4"
    assert pitch_name(Sung(60)) == "C4"
