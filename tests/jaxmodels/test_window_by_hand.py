from __future__ import annotations

import numpy as np
import pytest
from made_pieces import measures_of, melody, random_piece
from untrained import SIZES

from jaxmodels import events as ev
from jaxmodels.piece import Piece
from jaxmodels.staff_facts import staff_facts
from jaxmodels.window import make_window, program_family
from jaxmodels.window_layout import (
    C_BEAT,
    C_GRID,
    C_MEASURE,
    C_STRENGTH,
    C_TICK,
    E_CLOCK,
    E_PITCH,
    T_DELTA,
    T_PITCH,
    T_STAFF,
    X_END,
    X_MASK,
    X_NEXT,
    X_NEXT_AFTER,
    X_PREV_AGO,
    X_PREV_LOW,
    X_PREV_TOP,
    X_START,
    Hole,
)


def test_a_hole_by_hand() -> None:
    piece = melody(4)  # C D E F | G F E D | C D E F | G F E D
    mask = np.array([[False], [True], [False], [True]])
    window = make_window(piece, staff_facts(piece), Hole(0, 4, (0,), mask), SIZES)
    assert int(window.hole_ticks) == 192
    events = window.events[: int(window.event_count)]
    assert events[:, E_PITCH].tolist() == [67, 65, 64, 62, 67, 65, 64, 62]
    assert events[:, E_CLOCK].tolist() == [24 * index for index in range(8)]
    assert window.clock[[0, 95, 96, 191], C_TICK].tolist() == [96, 191, 288, 383]
    assert window.clock[[0, 95, 96, 191], C_MEASURE].tolist() == [0, 0, 1, 1]
    assert window.clock[[0, 24, 48, 192], C_STRENGTH].tolist() == [
        ev.STRENGTHS.index(name) for name in ("downbeat", "beat", "half", "downbeat")
    ]
    assert window.clock[[0, 4, 3, 1, 192], C_GRID].tolist() == [
        ev.ON_BOTH, ev.ON_TRIPLET, ev.ON_BINARY, ev.OFF_GRID, ev.ON_BOTH,
    ]  # fmt: skip
    assert (window.clock[193:, C_GRID] == ev.OFF_GRID).all()
    first, second = window.segment[0, :2]
    assert first[[X_MASK, X_START, X_END]].tolist() == [1, 0, 96]
    assert first[[X_PREV_LOW, X_PREV_TOP, X_PREV_AGO]].tolist() == [65, 65, 24]
    assert first[[X_NEXT, X_NEXT_AFTER]].tolist() == [60, 0]
    assert second[[X_MASK, X_START, X_END]].tolist() == [1, 96, 192]
    assert second[[X_NEXT, X_NEXT_AFTER]].tolist() == [-1, -1]
    assert not window.segment[1:, :, X_MASK].any()
    prompt = window.prompt[window.prompt_valid]
    assert prompt[:, T_PITCH].tolist() == [60, 62, 64, 65]
    assert prompt[:, T_STAFF].tolist() == [0, 0, 0, 0]
    assert ev.DELTA_TICKS[prompt[:, T_DELTA]].tolist() == [0, 24, 24, 24]
    assert window.prompt_valid.tolist() == [False] * 8 + [True] * 4
    assert window.valid.tolist() == [True, False, False]


def test_a_pickup_counts_from_the_end_of_its_metre() -> None:
    piece = random_piece(0, [(4, 4)] * 3, 1, pickup=18)
    hole = Hole(0, 3, (0,), np.array([[True], [True], [False]]))
    clock = make_window(piece, staff_facts(piece), hole, SIZES).clock
    assert clock[:19, C_GRID].tolist() == [*ev.GRID_OF_TICK[6:].tolist(), ev.ON_BOTH]
    assert clock[0, C_STRENGTH] == ev.STRENGTHS.index("16th")
    assert clock[18, C_STRENGTH] == ev.STRENGTHS.index("downbeat")
    assert clock[[0, 17, 18, 41, 42], C_BEAT].tolist() == [0, 0, 1, 1, 2]


def test_dotted_beats_have_no_triplets() -> None:
    piece = random_piece(0, [(6, 8)] * 2, 1, triplets=False)
    hole = Hole(0, 2, (0,), np.array([[False], [True]]))
    clock = make_window(piece, staff_facts(piece), hole, SIZES).clock
    assert not (clock[:72, C_GRID] == ev.ON_TRIPLET).any()


def test_the_hole_may_hold_more_notes_than_there_is_room() -> None:
    piece = melody(4)
    hole = Hole(0, 4, (0,), np.ones((4, 1), bool)[:4] & np.array([[True], [True], [False], [False]]))
    window = make_window(piece, staff_facts(piece), hole, SIZES._replace(events=5))
    assert (int(window.event_count), bool(window.complete)) == (5, False)
    assert make_window(piece, staff_facts(piece), hole, SIZES._replace(events=8)).complete


def test_a_silent_hole_has_no_events() -> None:
    piece = Piece(np.zeros((0, 4), np.int32), measures_of([(4, 4)] * 2), np.zeros(1, np.int32))
    window = make_window(piece, staff_facts(piece), Hole(0, 2, (0,), np.array([[False], [True]])), SIZES)
    assert (int(window.event_count), bool(window.complete)) == (0, True)
    assert not window.roll.any()
    assert not window.prompt_valid.any()


@pytest.mark.parametrize(
    ("sizes", "rows"),
    [
        (SIZES._replace(staves=1), [1]),
        (SIZES._replace(frames=63), [1]),
        (SIZES._replace(clock=95), [1]),
        (SIZES._replace(measures=1), [1, 2]),
        (SIZES, []),
    ],
)
def test_what_does_not_fit_is_refused(sizes, rows: list[int]) -> None:
    piece = random_piece(0, [(4, 4)] * 4, 2)
    mask = np.zeros((4, 2), bool)
    mask[rows] = True
    with pytest.raises(ValueError, match="doesn't fit into Sizes"):
        make_window(piece, staff_facts(piece), Hole(0, 4, (0, 1), mask), sizes)


def test_program_families() -> None:
    assert program_family(np.array([0, 7, 8, 127, -1, -2])).tolist() == [0, 0, 1, 15, 16, 17]
