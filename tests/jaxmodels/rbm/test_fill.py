"""Filling a hole: what is told of what was drawn is what stands in the filled roll."""

from __future__ import annotations

import jax
import numpy as np
import pytest
from made_pieces import measures_of
from tiny_rbm import CONFIG, random_rbm

from jaxmodels.piece import DURATION, M_ONSET, ONSET, PITCH, STAFF, Piece, canonical_notes
from jaxmodels.rbm.energy import pseudo_nats
from jaxmodels.rbm.fill import Written, fill_hole, reach
from jaxmodels.rbm.hole import Hole, lines_of, staves_out_of_reach
from jaxmodels.rbm.roll import grid_of, roll_of, units_of
from jaxmodels.staff_facts import StaffFacts, staff_facts
from jaxmodels.window_layout import D_CLOCK, D_PITCH, D_STAFF, D_TICKS

RBM = random_rbm(units_of(CONFIG), CONFIG.hidden, scale=0.3)
HOLE = 1


def two_staves(beats: int) -> Piece:
    """Return four measures of eighths over long notes, the upper staff empty in the second one."""
    steps = 2 * beats
    upper = [(12 * place, 0, 72 + place % 5, 12) for place in range(4 * steps) if place // steps != HOLE]
    lower = [(12 * steps * bar, 1, 48 + bar, 12 * steps) for bar in range(4)]
    lower += [(12 * steps * HOLE, 1, 55, 24), (12 * steps * HOLE + 24, 1, 55, 24)]
    measures = measures_of([(beats, 4)] * 4)
    return Piece(canonical_notes(np.array(upper + lower)), measures, np.zeros(2, np.int32))


def filled(piece: Piece, count: int) -> Written:
    hole = Hole((0,), HOLE, HOLE + 1, HOLE + 1, np.ones(2, bool))
    return fill_hole(CONFIG, RBM, [piece] * count, staff_facts(piece), hole, jax.random.key(0), sweeps=12)


@pytest.mark.parametrize("beats", [3, 2])
def test_nats_and_onsets_are_those_of_the_written_steps_known_notes_included(beats: int) -> None:
    piece = two_staves(beats)
    found = filled(piece, 4)
    grid = grid_of(piece.measures, 0, 12)
    left, most = reach(CONFIG.steps)
    written = 2 * beats
    assert written <= most  # the hole is one window's
    start = piece.measures[HOLE, M_ONSET]
    begin = int(np.searchsorted(grid.starts, start))
    known = 3  # the lower staff's onsets there
    for number in range(4):
        events = found.events[number, : found.count[number]]
        notes = np.zeros((len(events), 4), np.int32)
        notes[:, [ONSET, STAFF, PITCH, DURATION]] = events[:, [D_CLOCK, D_STAFF, D_PITCH, D_TICKS]]
        notes[:, ONSET] += start
        roll = roll_of(np.concatenate([piece.notes, notes]), grid, CONFIG, 0)
        assert found.onsets[number] == roll[begin : begin + written, 0].sum()
        assert known <= found.onsets[number] <= known + len(events)
        cells = np.concatenate([roll.reshape(len(roll), -1), grid.metre], axis=1)
        silent = np.pad(cells, ((left, CONFIG.steps), (0, 0)))  # before and after the piece
        window = silent[begin:][: CONFIG.steps].astype(np.float32)
        units = np.arange(window.size).reshape(CONFIG.steps, -1)[left : left + written]
        nats = pseudo_nats(RBM, window.reshape(1, -1), units[:, : 2 * CONFIG.pitches].ravel())
        assert found.nll[number] == pytest.approx(float(nats[0]), rel=1e-4)


def choir(staves: int, lowest: int, highest: int) -> StaffFacts:
    ones = np.ones(staves, np.int32)
    return StaffFacts(lowest * ones, highest * ones, ones, ones)


@pytest.mark.parametrize(("staves", "count"), [(1, 1), (3, 4), (128, 128), (129, 256)])
def test_there_is_a_line_for_every_staff_rounded_up_to_a_power_of_two(staves: int, count: int) -> None:
    hole = Hole(tuple(range(staves)), 0, 1, 1, np.zeros(staves, bool))
    lines = lines_of(CONFIG, choir(staves, 60, 72), hole, 0)
    assert len(lines.low) == count
    assert (np.asarray(lines.staff) >= 0).sum() == staves


def test_a_staff_without_a_pitch_of_the_roll_is_out_of_reach() -> None:
    assert staves_out_of_reach(CONFIG, choir(2, 101, 108), (0, 1), 0) == (0, 1)
    assert staves_out_of_reach(CONFIG, choir(2, 101, 108), (1,), -1) == ()
    assert staves_out_of_reach(CONFIG, choir(2, 10, 27), (0,), 0) == (0,)
    assert staves_out_of_reach(CONFIG, choir(2, 10, 28), (0,), 0) == ()
