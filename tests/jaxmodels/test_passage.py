"""A hole and its fill: real notes are found, faults are seen."""

from __future__ import annotations

import numpy as np
import pytest
from drawn_holes import hole_cases
from made_pieces import measures_of
from untrained import SIZES

from jaxmodels.passage import Passage, faults, real_passage
from jaxmodels.piece import DURATION, ONSET, PITCH, STAFF
from jaxmodels.window import make_window
from jaxmodels.window_layout import C_TICK, E_CLOCK, E_PITCH, E_STAFF, E_TICKS


def test_the_real_notes_are_those_of_the_window() -> None:
    for case in hole_cases(1):
        window = make_window(case.piece, case.facts, case.hole, SIZES._replace(events=200))
        real = real_passage(case.piece, case.hole)
        events = window.events[: int(window.event_count)]
        assert bool(window.complete)
        assert real.notes[:, ONSET].tolist() == window.clock[events[:, E_CLOCK], C_TICK].tolist()
        given = events[:, [E_STAFF, E_PITCH, E_TICKS]]
        assert real.notes[:, [STAFF, PITCH, DURATION]].tolist() == given.tolist()
        assert faults(real) == 0


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        ([(96, 0, 60, 96), (96, 0, 64, 24), (120, 0, 64, 24)], 0),
        ([(96, 0, 60, 192)], 0),
        ([(95, 0, 60, 24)], 1),  # begins before the hole
        ([(96, 1, 60, 24)], 1),  # in a staff that isn't masked there
        ([(264, 0, 60, 25)], 1),  # ends a tick too late
        ([(96, 0, 60, 0)], 1),
        ([(500, 0, 60, 24)], 1),  # beyond the window
        ([(96, 0, 60, 48), (120, 0, 60, 24)], 1),  # struck while it sounds
        ([(192, 1, 60, 24), (192, 0, 60, 24)], 0),  # the same pitch in two staves
    ],
)
def test_faults_by_hand(rows: list[tuple[int, int, int, int]], count: int) -> None:
    mask = np.array([[0, 0], [1, 0], [1, 1], [0, 0]], bool)
    passage = Passage(np.array(rows, np.int32), np.zeros((0, 4), np.int32), measures_of([(4, 4)] * 4), mask)
    assert faults(passage) == count
