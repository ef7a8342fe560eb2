"""What a staff may play in the hole is read from what it plays around it."""

from __future__ import annotations

from fractions import Fraction

import pytest

from bridge.codec import piece_from_score
from bridge.instruments import habit_of
from bridge.score import Measure, Note, Part, Region, Score, Staff
from bridge.staff_limits import longest_rests, staff_limits

HOLE = Region(4, 6, (0,))


def part_of(notes: list[tuple[float, float, int]], name: str = "Flute", program: int = 73) -> Score:
    """Return a score of eight 4/4 measures with one staff; notes are (onset, duration, pitch)."""
    measures = tuple(Measure(i, str(i + 1), Fraction(4 * i), Fraction(4), 4, 4) for i in range(8))
    played = tuple(Note(Fraction(onset), Fraction(length), pitch) for onset, length, pitch in notes)
    return Score("", (Part(0, "P1", name, (Staff(0, 0, 1, played, program=program),)),), measures)


def limits(score: Score) -> tuple[int, ...]:
    facts = staff_limits(score, piece_from_score(score), HOLE)
    return tuple(int(column[0]) for column in facts)


def test_a_staff_with_notes_keeps_its_range_and_its_one_voice() -> None:
    line = [(k, 1, 60 + k) for k in range(16)]
    assert limits(part_of(line)) == (58, 77, 1, 1)


def test_a_second_voice_counts_where_it_is_usual() -> None:
    line = [(float(k), 1.0, 72) for k in range(16)]
    held_once = [*line, (0.0, 4.0, 60)]
    held_often = [*line, *((4.0 * bar, 4.0, 60) for bar in range(4))]
    assert limits(part_of(held_once))[2:] == (2, 1)
    assert limits(part_of(held_often))[2:] == (2, 2)


def test_an_empty_staff_has_its_instruments_habits() -> None:
    score = part_of([])
    habit = habit_of(score.parts[0], score.staves[0])
    assert limits(score) == tuple(habit)


@pytest.mark.parametrize(
    ("name", "program", "lowest"),
    [("Tenor", 52, 48), ("Basso", -1, 40), ("Violin I", 40, 55), ("Kazoo", -1, 48)],
)
def test_instruments_are_known_by_name_or_program(name: str, program: int, lowest: int) -> None:
    score = part_of([], name, program)
    assert habit_of(score.parts[0], score.staves[0]).lowest == lowest


def test_the_longest_rest_is_measured_on_each_side_of_the_region() -> None:
    without = [(float(k), 1.0, 60) for k in [*range(16), *range(24, 32)]]
    assert longest_rests(piece_from_score(part_of(without)), HOLE).tolist() == [0]
    with_rest = [note for note in without if note[0] not in (5, 6)]
    assert longest_rests(piece_from_score(part_of(with_rest)), HOLE).tolist() == [48]
    assert longest_rests(piece_from_score(part_of([])), HOLE).tolist() == [192]


@pytest.mark.parametrize("name", ["Bassoon", "Bass Guitar", "Alto Saxophone", "Soprano Recorder"])
def test_an_instruments_program_says_more_than_the_beginning_of_its_name(name: str) -> None:
    score = part_of([], name, program=70)
    assert habit_of(score.parts[0], score.staves[0]) == (36, 70, 1, 1)


def test_every_instrument_on_any_number_of_staves_has_an_octave() -> None:
    for program in range(-1, 128):
        for count in (1, 2, 3):
            staves = tuple(Staff(i, 0, i + 1, program=program) for i in range(count))
            part = Part(0, "P1", "Anything", staves)
            for staff in staves:
                habit = habit_of(part, staff)
                assert 0 <= habit.lowest <= habit.highest - 12 <= 115
