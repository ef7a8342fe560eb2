"""New notes agree in spelling with the staves that sound at the same time, and with the key."""

from __future__ import annotations

from fractions import Fraction

from bridge.score import Measure, Note, Part, Region, Score, Staff
from bridge.spell_together import spell_together


def score(fifths: int, mode: str, *staves: tuple[Note, ...]) -> Score:
    measures = tuple(
        Measure(index, str(index + 1), Fraction(4 * index), Fraction(4), 4, 4, fifths, mode)
        for index in range(3)
    )
    parts = tuple(Part(i, f"P{i}", "", (Staff(i, i, 1, notes),)) for i, notes in enumerate(staves))
    return Score("", parts, measures)


def quarter(onset: int, pitch: int, spelling: tuple[str, int, int] | None = None) -> Note:
    return Note(Fraction(onset), Fraction(1), pitch, 1, spelling)


def test_a_note_is_spelled_like_its_octave_in_another_staff() -> None:
    sharp = tuple(quarter(onset, 68, ("G", 1, 4)) for onset in (4, 5, 6, 7))
    flat = tuple(quarter(onset, 68, ("A", -1, 4)) for onset in (4, 5, 6, 7))
    for known, expected in ((sharp, ("G", 1, 3)), (flat, ("A", -1, 3))):
        written = spell_together({1: [quarter(5, 56)]}, score(0, "major", known, ()), Region(1, 2, (1,)))
        assert written[1][0].spelling == expected


def test_the_key_decides_where_nothing_else_does() -> None:
    scale = [61, 63, 65, 66, 68, 70, 72, 73]
    notes = {0: [quarter(4 + index // 2, pitch) for index, pitch in enumerate(scale)]}
    flats = spell_together(notes, score(-5, "major", ()), Region(1, 2, (0,)))
    assert [note.spelling[:2] for note in flats[0] if note.spelling] == [
        ("D", -1), ("E", -1), ("F", 0), ("G", -1), ("A", -1), ("B", -1), ("C", 0), ("D", -1),
    ]  # fmt: skip


def test_the_leading_note_of_a_minor_key_is_raised() -> None:
    notes = {0: [quarter(4, 69), quarter(5, 68), quarter(6, 69)]}
    written = spell_together(notes, score(0, "minor", ()), Region(1, 2, (0,)))
    assert written[0][1].spelling == ("G", 1, 4)


def test_pitches_and_times_stay() -> None:
    notes = {0: [quarter(4, 61), quarter(5, 66)], 1: []}
    written = spell_together(notes, score(0, "", (), ()), Region(1, 2, (0, 1)))
    assert [(note.onset_quarter, note.pitch) for note in written[0]] == [(4, 61), (5, 66)]
    assert written[1] == ()
