"""Keys and chords of fills, against figures worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from made_pieces import measures_of

from jaxmodels.passage import Passage
from jaxmodels.piece import M_MODE, MODES
from jaxmodels.tonal_metrics import CHORDS, beat_ticks, in_key_rate, scale_of, triad_share


def scale(fifths: int, mode: str) -> set[int]:
    row = measures_of([(4, 4)], fifths=fifths)[0]
    row[M_MODE] = MODES.index(mode)
    return set(np.flatnonzero(scale_of(row)).tolist())


def test_scales() -> None:
    assert scale(0, "major") == scale(0, "") == {0, 2, 4, 5, 7, 9, 11}
    assert scale(1, "major") == {7, 9, 11, 0, 2, 4, 6}
    assert scale(-3, "major") == {3, 5, 7, 8, 10, 0, 2}
    assert scale(0, "minor") == {0, 2, 4, 5, 7, 9, 11} | {6, 8}  # a minor with f sharp and g sharp
    assert scale(-1, "minor") == {5, 7, 9, 10, 0, 2, 4} | {11, 1}  # d minor with b and c sharp


def whole_notes(*chords: tuple[int, ...]) -> np.ndarray:
    """Return a chord a measure, each pitch in a staff of its own."""
    rows = [
        (96 * bar, staff, pitch, 96)
        for bar, chord in enumerate(chords)
        for staff, pitch in enumerate(chord)
    ]
    return np.array(rows, np.int32).reshape(-1, 4)


def all_masked(notes: np.ndarray, metres: list[tuple[int, int]], **how: int) -> Passage:
    known = np.zeros((0, 4), np.int32)
    return Passage(notes, known, measures_of(metres, **how), np.ones((len(metres), 4), bool))


def test_in_key_follows_the_key_of_the_notes_measure() -> None:
    passage = all_masked(whole_notes((60, 66), (60, 66)), [(4, 4)] * 2)
    passage.measures[1, 4] = 1  # one sharp: the second f sharp is in key
    assert in_key_rate(passage) == 3 / 4
    assert math.isnan(in_key_rate(all_masked(whole_notes(), [(4, 4)])))


@pytest.mark.parametrize(
    ("chord", "is_one"),
    [
        ((60, 64, 67), True),
        ((64, 67, 72, 76), True),
        ((62, 65, 69, 72), True),
        ((67, 71, 77), True),  # a seventh chord without its fifth
        ((71, 74, 77), True),
        ((60, 64, 68), True),
        ((60, 65, 67), False),
        ((60, 61, 62), False),
        ((60, 64, 67, 69, 71), False),
        ((60, 67, 72), False),
    ],
)
def test_chords(chord: tuple[int, ...], is_one: bool) -> None:
    assert (frozenset(pitch % 12 for pitch in chord) in CHORDS) == is_one


def test_triads_are_counted_at_beats_with_three_voices() -> None:
    passage = all_masked(whole_notes((60, 64, 67), (60, 62, 64), (60, 64)), [(4, 4)] * 3)
    assert triad_share(passage) == 1 / 2
    assert math.isnan(triad_share(all_masked(whole_notes((60, 64)), [(4, 4)])))


def test_known_voices_sound_along() -> None:
    fill = np.array([[0, 0, 67, 48], [48, 0, 66, 48]], np.int32)
    known = np.array([[0, 1, 60, 96], [0, 2, 52, 96]], np.int32)
    passage = Passage(fill, known, measures_of([(4, 4)]), np.array([[True, False, False]]))
    assert triad_share(passage) == 1 / 2


def test_beats_are_dotted_in_compound_metres_and_end_a_pickup_where_the_measure_does() -> None:
    empty = whole_notes()
    assert beat_ticks(all_masked(empty, [(6, 8), (3, 4)])) == [0, 36, 72, 96, 120]
    pickup = all_masked(empty, [(4, 4), (4, 4)], pickup=36)._replace(pickup=60)
    assert beat_ticks(pickup)[:3] == [12, 36, 60]
