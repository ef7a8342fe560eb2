from __future__ import annotations

import numpy as np
import pytest

from jaxmodels.harmony import WITHIN_A_CHORD, beats_of, chord_tally
from jaxmodels.part_writing import (
    NONE,
    PARALLEL_FIFTH,
    PARALLEL_OCTAVE,
    PARALLEL_UNISON,
    Tally,
    crossing_tally,
    crossings,
    independent_lines,
    leap_tally,
    leaps,
    lines_of,
    parallel_tally,
    parallels,
    repeat_tally,
    single_lines,
    spans,
)
from jaxmodels.piece import Piece, canonical_notes

REST = None


def notes_of(*voices: list[tuple[int | None, int]]) -> np.ndarray:
    """Return the notes `[N, 4]` of voices, each a list of (pitch or a rest, ticks)."""
    rows = []
    for staff, voice in enumerate(voices):
        tick = 0
        for pitch, ticks in voice:
            if pitch is not REST:
                rows.append((tick, staff, pitch, ticks))
            tick += ticks
    return canonical_notes(np.array(rows, np.int32))


def quarters(*pitches: int | None) -> list[tuple[int | None, int]]:
    return [(pitch, 24) for pitch in pitches]


def kinds(*voices: list[tuple[int | None, int]]) -> list[int]:
    found = parallels(lines_of(notes_of(*voices), range(len(voices))))
    return sorted(found[found != NONE].tolist())


@pytest.mark.parametrize(
    ("upper", "lower", "found"),
    [
        (quarters(67, 69), quarters(60, 62), [PARALLEL_FIFTH]),
        (quarters(79, 81), quarters(60, 62), [PARALLEL_FIFTH]),  # a twelfth
        (quarters(67, 81), quarters(60, 62), [PARALLEL_FIFTH]),  # a fifth, then a twelfth, both up
        (quarters(72, 74), quarters(60, 62), [PARALLEL_OCTAVE]),
        (quarters(60, 62), quarters(60, 62), [PARALLEL_UNISON]),
        (quarters(67, 69), quarters(60, 61), []),  # a fifth, then a minor sixth
        (quarters(67, 68), quarters(60, 62), []),  # a fifth, then a diminished one
        (quarters(65, 69), quarters(60, 62), []),  # hidden: a fourth, then a fifth
        (quarters(72, 74), quarters(60, 74), []),  # an octave, then a unison
        (quarters(72, 86), quarters(60, 50), []),  # an octave, then three, but apart
        (quarters(72, 69), quarters(60, 69), []),  # towards each other
        (quarters(67, 67), quarters(60, 60), []),  # repeated
        ([(67, 48)], quarters(60, 62), []),  # held
        (quarters(67, 69), [(60, 24), (REST, 24), (62, 24)], []),
        (quarters(67, REST, 69), quarters(60, REST, 62), []),  # silence between
        (quarters(60, 62), quarters(67, 69), [PARALLEL_FIFTH]),  # crossed all along
    ],
)
def test_parallels(upper: list, lower: list, found: list[int]) -> None:
    assert kinds(upper, lower) == found


def test_passing_notes_in_a_third_voice_part_no_parallels() -> None:
    eighths = [(pitch, 12) for pitch in (76, 77, 79, 77)]
    assert kinds(eighths, quarters(67, 69), quarters(60, 62)) == [PARALLEL_FIFTH]


def test_parallels_count_among_pairs_and_steps_in_which_both_sound() -> None:
    notes = notes_of(quarters(67, 69, 71), quarters(60, 62, 64), [(REST, 48), (48, 24)])
    assert parallel_tally(lines_of(notes, range(3))) == Tally(2, 2)
    assert parallel_tally(lines_of(notes, range(3)), np.array([False, False, True])) == Tally(0, 0)


def test_crossings_are_counted_at_each_simultaneity() -> None:
    notes = notes_of(quarters(60, 60, 67), quarters(64, 60, 62), [(55, 72)])
    lines = lines_of(notes, range(3))
    assert np.argwhere(crossings(lines)).tolist() == [[0, 0]]
    assert crossing_tally(lines) == Tally(1, 9)
    assert crossing_tally(lines, np.array([False, False, True])) == Tally(0, 6)


def test_a_leap_is_more_than_a_fifth_but_no_octave_and_no_rest_lies_in_it() -> None:
    notes = notes_of([*quarters(60, 67, 59, 71, 60), (REST, 24), (72, 24), (85, 24)])
    lines = lines_of(notes, [0])
    assert np.flatnonzero(leaps(lines)).tolist() == [2, 4, 6]
    assert leap_tally(lines) == Tally(3, 5)


def test_repeats() -> None:
    lines = lines_of(notes_of(quarters(60, 60, 62), [(48, 72)]), range(2))
    assert repeat_tally(lines) == Tally(1, 2)
    assert repeat_tally(lines, np.array([False, True])) == Tally(0, 0)


def test_lines_are_staves_that_play_one_note_at_a_time() -> None:
    overlapping = [(24, 1, 60, 24), (36, 1, 64, 24)]
    notes = canonical_notes(np.concatenate([notes_of(quarters(60, 62), quarters(50)), overlapping]))
    assert single_lines(notes, range(3)) == [0]


def test_a_line_that_doubles_another_is_not_independent() -> None:
    notes = notes_of(quarters(72, 74, 76), quarters(60, 59, 57), quarters(60, 62, 64))
    assert independent_lines(notes, [0, 1, 2]) == [0, 1]


def test_lines_between_two_ticks_take_both_borders() -> None:
    lines = lines_of(notes_of(quarters(60, 62, 64, 65)), [0]).between(24, 48)
    assert lines.pitch.ravel().tolist() == [62, 64]
    assert lines.before.ravel().tolist() == [60, 62]


def test_a_hand_spans_what_sounds_together() -> None:
    chord = [(0, 0, 48, 48), (0, 0, 60, 24), (24, 0, 67, 24), (48, 0, 50, 24)]
    onsets, semitones = spans(canonical_notes(np.array(chord)), 0)
    assert (onsets.tolist(), semitones.tolist()) == ([0, 24], [12, 19])


@pytest.mark.parametrize(
    ("pitches", "is_chord"),
    [
        *(((0, 4, 7), True), ((2, 5, 9, 0), True), ((0, 4, 7, 11), True), ((11, 2, 5, 8), True)),
        *(((11, 2), True), ((0, 2), True), ((0, 1), True)),
        *(((0, 2, 4), False), ((0, 5, 7), False), ((0, 1, 2), False)),
    ],
)
def test_chords(pitches: tuple[int, ...], is_chord: bool) -> None:
    assert WITHIN_A_CHORD[sum(1 << pitch for pitch in pitches)] == is_chord


def test_chords_are_asked_for_on_beats_with_three_notes() -> None:
    measures = np.array([(0, 24, 3, 4, 0, 1), (24, 72, 3, 4, 0, 1)], np.int32)
    notes = notes_of(quarters(64, 64, 60), quarters(60, 62, 59), [(48, 72)])
    piece = Piece(notes, measures, np.zeros(3, np.int32))
    assert beats_of(piece, 0, 2).tolist() == [0, 24, 48, 72]
    assert chord_tally(piece.notes, beats_of(piece, 0, 2)) == Tally(2, 3)
