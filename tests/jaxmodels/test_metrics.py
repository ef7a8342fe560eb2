"""Metrics of fills, against figures worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from made_pieces import measures_of

from jaxmodels.metrics import (
    groove_similarity,
    histogram_distance,
    histogram_entropy,
    mean_entropy,
    note_f1,
    pitch_class_histogram,
    rhythm_agreement,
)
from jaxmodels.passage import Passage


def notes(*rows: tuple[int, int, int, int]) -> np.ndarray:
    """Return notes from (onset, staff, pitch, duration)."""
    return np.array(rows, np.int32).reshape(-1, 4)


def pitches(*numbers: int) -> np.ndarray:
    return notes(*((24 * place, 0, pitch, 24) for place, pitch in enumerate(numbers)))


def passage(fill: np.ndarray, known: np.ndarray, mask: list[list[int]], metres=None) -> Passage:
    return Passage(fill, known, measures_of(metres or [(4, 4)] * len(mask)), np.array(mask, bool))


def test_f1_of_two_right_of_three_when_four_were_wanted() -> None:
    fill = notes((0, 0, 60, 24), (24, 0, 62, 24), (48, 0, 70, 24))
    real = notes((0, 0, 60, 48), (24, 0, 62, 24), (48, 0, 64, 24), (72, 0, 65, 24))
    assert note_f1(fill, real) == pytest.approx(2 * (2 / 3) * (2 / 4) / (2 / 3 + 2 / 4))


@pytest.mark.parametrize("moved", [(1, 0, 60, 24), (0, 1, 60, 24), (0, 0, 61, 24)])
def test_f1_wants_onset_staff_and_pitch(moved: tuple[int, int, int, int]) -> None:
    assert note_f1(notes(moved), notes((0, 0, 60, 24))) == 0


def test_f1_of_nothing() -> None:
    assert note_f1(notes(), notes()) == 1
    assert note_f1(notes(), pitches(60)) == note_f1(pitches(60), notes()) == 0


def test_histogram_folds_octaves() -> None:
    shares = pitch_class_histogram(pitches(60, 72, 48, 61))
    assert shares[:2].tolist() == [0.75, 0.25]
    assert shares.sum() == 1


def test_histogram_distance_is_the_share_that_would_have_to_move() -> None:
    assert histogram_distance(pitches(60, 62, 64, 65), pitches(60, 62, 64, 67)) == pytest.approx(1 / 4)
    assert histogram_distance(pitches(60, 60), pitches(72)) == 0
    assert histogram_distance(pitches(60), pitches(61)) == 1
    assert histogram_distance(notes(), pitches(60)) == histogram_distance(pitches(60), notes()) == 1
    assert histogram_distance(notes(), notes()) == 0


def test_entropy_in_bits() -> None:
    assert histogram_entropy(pitches(60, 72)) == 0
    assert histogram_entropy(pitches(60, 61, 62, 63)) == 2
    assert histogram_entropy(pitches(*range(60, 72))) == pytest.approx(math.log2(12))
    assert histogram_entropy(notes()) == 0


def test_entropy_is_the_mean_over_stretches_of_masked_measures() -> None:
    fill = notes((96, 0, 60, 24), (120, 0, 62, 24), (288, 0, 64, 24), (312, 0, 76, 24))
    holes = [[0], [1], [0], [1], [1]]  # 1 bit, none, and an empty measure
    assert mean_entropy(passage(fill, notes(), holes), 1) == pytest.approx(1 / 3)
    together = -(2 * 0.25 * math.log2(0.25) + 0.5 * math.log2(0.5))  # two measures and one left over
    assert mean_entropy(passage(fill, notes(), holes), 2) == pytest.approx(together / 2)


def test_groove_counts_ticks_at_which_one_of_two_measures_has_an_onset() -> None:
    known = notes((0, 0, 60, 24), (24, 0, 60, 24), (48, 0, 60, 48))
    fill = notes((96, 0, 60, 48), (144, 0, 60, 12), (156, 0, 60, 36))
    two_differ = passage(fill, known, [[0], [1]])  # at 24 and at 60
    assert groove_similarity(two_differ) == pytest.approx(1 - 2 / 96)


def test_groove_pairs_only_measures_of_one_staff_and_length() -> None:
    known = notes((0, 0, 60, 24), (96, 0, 60, 24), (0, 1, 48, 6), (6, 1, 48, 6), (168, 1, 48, 96))
    fill = notes((168, 0, 62, 24))
    three = passage(fill, known, [[0, 0], [0, 0], [1, 0]], [(4, 4), (3, 4), (4, 4)])
    assert groove_similarity(three) == 1  # the 3/4 measure and the other staff have no say
    nothing_alike = passage(fill, known, [[0, 0], [1, 0], [0, 0]], [(4, 4), (3, 4), (4, 4)])
    assert math.isnan(groove_similarity(nothing_alike))


def test_rhythm_agrees_with_the_real_one_measure_by_measure() -> None:
    real = passage(notes((0, 0, 60, 96), (96, 0, 60, 48), (144, 0, 60, 48)), notes(), [[1], [1]])
    fill = real.filled(notes((0, 0, 70, 24), (24, 0, 60, 72), (96, 0, 48, 48), (144, 0, 62, 48)))
    assert rhythm_agreement(fill, real) == pytest.approx((1 - 1 / 96 + 1) / 2)
    assert rhythm_agreement(real.filled(notes()), real) == pytest.approx((1 - 1 / 96 + 1 - 2 / 96) / 2)


def test_a_chord_is_one_onset() -> None:
    known = notes((0, 0, 60, 96), (0, 0, 64, 96))
    assert groove_similarity(passage(notes((96, 0, 60, 96)), known, [[0], [1]])) == 1
