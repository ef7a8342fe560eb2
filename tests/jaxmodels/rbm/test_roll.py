"""Rolls and windows of pieces."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tiny_rbm import CONFIG

from jaxmodels.piece import Piece, canonical_notes
from jaxmodels.rbm.config import RbmConfig, rbm_config_from_json
from jaxmodels.rbm.roll import METRE, grid_of, piece_rolls, roll_of, shift_to_c, step_for, units_of
from jaxmodels.rbm.windows import SHORTEST, Windows


def made_piece(notes: list[list[int]], measures: list[list[int]] | None = None) -> Piece:
    rows = measures or [[0, 96, 4, 4, 0, 0], [96, 96, 4, 4, 0, 0]]
    return Piece(canonical_notes(np.array(notes)), np.array(rows, np.int32), np.zeros(1, np.int32))


def test_a_note_begins_once_and_is_held_from_then_on() -> None:
    piece = made_piece([[12, 0, 60, 36], [48, 0, 60, 12]])
    roll = roll_of(piece.notes, grid_of(piece.measures, 0, 12), CONFIG, 0)
    column = roll[:, :, 60 - CONFIG.lowest]
    np.testing.assert_array_equal(np.flatnonzero(column[:, 0]), [1, 4])
    np.testing.assert_array_equal(np.flatnonzero(column[:, 1]), [2, 3])
    assert roll.sum() == 4


def test_steps_begin_anew_in_each_measure() -> None:
    measures = np.array([[0, 30, 5, 16, 0, 0], [30, 48, 2, 4, 0, 0]], np.int32)
    grid = grid_of(measures, 0, 12)
    np.testing.assert_array_equal(grid.starts, [0, 12, 24, 30, 42, 54, 66, 78])
    assert grid.metre.shape == (7, METRE)
    np.testing.assert_array_equal(np.flatnonzero(grid.metre[:, 0]), [0, 3])  # the downbeats


def test_no_step_begins_where_nothing_could_be_written_on_to_the_end() -> None:
    odd = np.array([[0, 136, 4, 4, 0, 0], [136, 96, 4, 4, 0, 0]], np.int32)  # 17/3 quarters, then 4
    starts = grid_of(odd, 1, 6).starts
    np.testing.assert_array_equal(starts[starts < 136], [*range(0, 120, 6), 120])
    assert len(starts) == 21 + 16 + 1


@pytest.mark.parametrize("fifths", range(-7, 8))
def test_any_key_moves_to_the_one_without_signature(fifths: int) -> None:
    shift = shift_to_c(fifths)
    assert -5 <= shift <= 6
    assert (7 * fifths + shift) % 12 == 0


def test_the_step_is_the_coarsest_that_holds_the_onsets() -> None:
    eighths = made_piece([[12 * number, 0, 60 + number, 12] for number in range(16)])
    sixteenths = made_piece([[6 * number, 0, 60 + number, 6] for number in range(32)])
    assert step_for(eighths, (12, 6)) == 12
    assert step_for(sixteenths, (12, 6)) == 6
    assert step_for(made_piece([]), (12, 6)) == 12


def test_windows_are_cut_out_of_whole_pieces() -> None:
    pieces = [made_piece([[12 * k, 0, pitch, 12] for k in range(16)]) for pitch in (50, 70)]
    windows = Windows(pieces, np.array([1.0, 3.0]), CONFIG)
    found = windows.draw(np.random.default_rng(0), 800)
    assert found.shape == (800, units_of(CONFIG))
    cells = found.reshape(800, CONFIG.steps, -1)[:, :, : 2 * CONFIG.pitches]
    sounds = cells.reshape(800, CONFIG.steps, 2, CONFIG.pitches).any(axis=2)
    low, high = (sounds[:, :, pitch - CONFIG.lowest].any(axis=1) for pitch in (50, 70))
    assert (low ^ high).all()
    assert high.mean() == pytest.approx(0.75, abs=0.06)
    assert sounds.any(axis=2).sum(axis=1).min() >= SHORTEST
    np.testing.assert_array_equal(found, windows.draw(np.random.default_rng(0), 800))


def test_a_piece_lies_between_windows_of_silence() -> None:
    units = piece_rolls(made_piece([[0, 0, 60, 192]]), CONFIG)
    assert len(units) == 16 + 2 * CONFIG.steps
    assert not units[: CONFIG.steps].any()
    assert not units[-CONFIG.steps :].any()
    with pytest.raises(ValueError, match="there are no pieces"):
        Windows([], np.zeros(0), CONFIG)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"kind": "lstm"}, "kind must be 'rbm', got 'lstm'"),
        ({"hidden": 0}, "hidden must be positive, got 0"),
        ({"steps": 3}, "steps must be at least 4, got 3"),
        ({"lowest": 80}, "lowest must lie in 0 to 55, got 80"),
        ({"step_ticks": ()}, r"step_ticks must be at least 3 each, got \(\)"),
    ],
)
def test_sizes_that_cannot_be_are_refused(values: dict, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        replace(CONFIG, **values)


def test_a_configuration_survives_its_json() -> None:
    assert rbm_config_from_json('{"kind": "rbm", "hidden": 7, "step_ticks": [6]}') == RbmConfig(
        hidden=7, step_ticks=(6,)
    )
    with pytest.raises(ValueError, match="unknown keys in the RBM's configuration: depth"):
        rbm_config_from_json('{"kind": "rbm", "depth": 2}')
