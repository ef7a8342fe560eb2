from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from jaxmodels.piece import DURATION, ONSET, PITCH, STAFF, canonical_notes

NOTES = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 2), st.integers(58, 62), st.integers(0, 40)), max_size=40
).map(lambda rows: np.array(rows, np.int32).reshape(-1, 4))


def sounding(notes: np.ndarray) -> set[tuple[int, int, int]]:
    """Return every (tick, staff, pitch) that sounds."""
    return {
        (tick, staff, pitch)
        for onset, staff, pitch, duration in notes.tolist()
        for tick in range(onset, onset + duration)
    }


@settings(deadline=None, max_examples=100)
@given(NOTES)
def test_canonical_notes_are_in_order_and_never_struck_twice(notes: np.ndarray) -> None:
    found = canonical_notes(notes)
    keys = [(onset, staff, -pitch) for onset, staff, pitch, _ in found.tolist()]
    assert keys == sorted(set(keys))
    assert (found[:, DURATION] > 0).all()
    ends: dict[tuple[int, int], int] = {}
    for onset, staff, pitch, duration in found.tolist():
        assert ends.get((staff, pitch), 0) <= onset
        ends[staff, pitch] = onset + duration


@settings(deadline=None, max_examples=100)
@given(NOTES)
def test_canonical_notes_begin_where_notes_began(notes: np.ndarray) -> None:
    real = notes[notes[:, DURATION] > 0]
    found = canonical_notes(notes)
    columns = [ONSET, STAFF, PITCH]
    assert set(map(tuple, found[:, columns].tolist())) == set(map(tuple, real[:, columns].tolist()))
    assert sounding(found) <= sounding(real)


@settings(deadline=None, max_examples=50)
@given(NOTES)
def test_canonical_notes_are_canonical(notes: np.ndarray) -> None:
    found = canonical_notes(notes)
    np.testing.assert_array_equal(canonical_notes(found), found)


def test_of_doubled_pitches_the_longest_stays_and_a_struck_one_ends() -> None:
    notes = np.array([[0, 0, 60, 12], [0, 0, 60, 48], [24, 0, 60, 24], [0, 1, 60, 96]])
    assert canonical_notes(notes).tolist() == [[0, 0, 60, 24], [0, 1, 60, 96], [24, 0, 60, 24]]


def test_no_notes_are_no_notes() -> None:
    assert canonical_notes(np.zeros((0, 4))).shape == (0, 4)
