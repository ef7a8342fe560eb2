"""Fills without learning: legal whatever the hole, and just what their names say."""

from __future__ import annotations

import numpy as np
from drawn_holes import hole_cases
from hypothesis import given, settings
from hypothesis import strategies as st
from made_pieces import measures_of

from jaxmodels.baselines import copy_previous, random_in_key
from jaxmodels.passage import Passage, faults, measure_at, real_passage
from jaxmodels.piece import DURATION, ONSET, PITCH, STAFF
from jaxmodels.tonal_metrics import in_key_rate

NOTHING = np.zeros((0, 4), np.int32)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000))
def test_all_fills_are_legal_and_in_key(seed: int) -> None:
    for case in hole_cases(seed):
        real = real_passage(case.piece, case.hole._replace(shift=0))
        staves = list(case.hole.staves)
        low, high = case.facts.lowest[staves], case.facts.highest[staves]
        copied = real.filled(copy_previous(real))
        drawn = real.filled(random_in_key(real, low, high, np.random.default_rng(seed)))
        assert faults(copied) == faults(drawn) == 0
        if len(drawn.notes):
            assert in_key_rate(drawn) == 1
            assert np.all(drawn.notes[:, PITCH] >= low[drawn.notes[:, STAFF]])
            assert np.all(drawn.notes[:, PITCH] <= high[drawn.notes[:, STAFF]])
        assert len(drawn.notes) <= len(copied.notes)


def test_the_measure_before_is_copied_and_cut_to_the_metre() -> None:
    known = np.array([(0, 0, 60, 24), (72, 0, 62, 48), (96, 0, 64, 60)], np.int32)
    known = np.concatenate([known, [(156, 0, 65, 36)]]).astype(np.int32)
    metres = [(4, 4), (4, 4), (3, 4), (5, 4), (4, 4)]
    mask = np.array([[0], [0], [1], [1], [0]], bool)
    copied = copy_previous(Passage(NOTHING, known, measures_of(metres), mask))
    # 62 is tied into the second measure for 24 ticks; in 3/4 what is left of 65 ends with the measure
    assert copied.tolist() == [
        [192, 0, 64, 60],
        [192, 0, 62, 24],
        [252, 0, 65, 12],
        [264, 0, 64, 60],
        [264, 0, 62, 24],
        [324, 0, 65, 36],
    ]


def test_at_the_start_the_first_known_measure_is_copied() -> None:
    known = np.array([(96, 0, 60, 96)], np.int32)
    mask = np.array([[1, 1], [0, 1]], bool)
    copied = copy_previous(Passage(NOTHING, known, measures_of([(4, 4)] * 2), mask))
    assert copied.tolist() == [[0, 0, 60, 96]]  # and nothing in the staff that is masked throughout


def test_random_in_key_keeps_the_rhythm_and_follows_its_dice() -> None:
    known = np.array([(0, 0, 60, 24), (24, 0, 61, 12), (36, 0, 63, 60)], np.int32)
    passage = Passage(NOTHING, known, measures_of([(4, 4)] * 3), np.array([[0], [1], [1]], bool))
    low, high = np.array([60]), np.array([72])
    one, same, other = (
        random_in_key(passage, low, high, np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)
    assert one[:, [ONSET, DURATION]].tolist() == copy_previous(passage)[:, [ONSET, DURATION]].tolist()
    assert set(measure_at(passage.measures, one[:, ONSET]).tolist()) == {1, 2}
