from __future__ import annotations

import numpy as np
from made_pieces import melody
from untrained import SIZES

from jaxmodels.lags import LAGS
from jaxmodels.piece import PITCH
from jaxmodels.repeats import LONG_RUN
from jaxmodels.staff_facts import staff_facts
from jaxmodels.window import make_window
from jaxmodels.window_layout import Hole, Window

ROOMY = SIZES._replace(frames=160)
ONE, TWO, FOUR, EIGHT, NEXT, AFTER_NEXT = range(LAGS)


def window_of(hidden: list[int], *, flat: int | None = None, left_only: bool = False) -> Window:
    """Return C D E F | G F E D over and over, eight measures, `hidden` ones masked, note `flat` lowered."""
    piece = melody(8)
    if flat is not None:
        piece.notes[flat, PITCH] -= 1
    mask = np.zeros((8, 1), bool)
    mask[hidden] = True
    return make_window(piece, staff_facts(piece), Hole(0, 8, (0,), mask, left_only=left_only), ROOMY)


def before_and_after(window: Window, slot: int = 0) -> tuple[list[int], list[int]]:
    runs = window.runs[0, slot]
    return runs[:LAGS].tolist(), runs[LAGS:].tolist()


def test_runs_count_back_from_the_hole_and_ahead_of_it() -> None:
    before, after = before_and_after(window_of([4, 5]))
    assert before[TWO] == LONG_RUN - 1  # the very first note has no step to compare
    assert after[FOUR] == LONG_RUN
    assert [before[lag] for lag in (ONE, FOUR, EIGHT)] == [0, 0, 0]
    assert [after[lag] for lag in (ONE, TWO, EIGHT)] == [0, 0, 0]  # what lies there is hidden or elsewhere


def test_a_changed_note_ends_the_run() -> None:
    before, after = before_and_after(window_of([4, 5], flat=4 * 6 + 3))
    assert before[TWO] == LONG_RUN - 1
    assert after[FOUR] == 3
    before, _ = before_and_after(window_of([4, 5], flat=4 * 3 + 3))
    assert before[TWO] == 0


def test_every_slot_of_a_segment_has_its_runs_and_other_rows_none() -> None:
    window = window_of([4, 5])
    assert window.runs[0, 0].tolist() == window.runs[0, 1].tolist()
    assert not window.runs[0, 2:].any()
    assert not window.runs[1:].any()


def test_nothing_hidden_is_read() -> None:
    plain, changed = window_of([4, 5]), window_of([4, 5], flat=4 * 4 + 1)
    np.testing.assert_array_equal(plain.runs, changed.runs)
    assert not any(before_and_after(window_of([4, 5], left_only=True))[1])
