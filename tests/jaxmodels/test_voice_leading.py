"""Voices led while untrained models draw them: nothing avoidable is left, and nothing else changes."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from made_pieces import measures_of
from untrained import CONFIG, SIZES, random_params

from jaxmodels.data import stack
from jaxmodels.decode import Drawn, fill_holes
from jaxmodels.harmony import beats_of, chord_tally
from jaxmodels.part_writing import NONE, crossings, lines_of, pairs_of, parallels
from jaxmodels.piece import M_DURATION, M_ONSET, Piece, canonical_notes
from jaxmodels.staff_facts import staff_facts
from jaxmodels.state import advance, init_state
from jaxmodels.voice_leading import K_BEFORE, K_NEW, K_NOW, Leading, known_lines, pitch_until
from jaxmodels.window import make_window
from jaxmodels.window_layout import (
    E_CLOCK,
    E_DELTA,
    E_DURATION,
    E_STAFF,
    E_TICKS,
    Hole,
    Window,
)
from jaxmodels.wishes import (
    R_DELTA,
    R_DURATION,
    R_ONSET,
    R_STAFF,
    R_TICKS,
    make_wishes,
)

LINES = 3
MEASURES = 4
BEGIN, STOP = 1, 3
ALTERNATIVES = 64  # as many as the holes of `drawn_holes`: one compilation serves both
HARD = 1e4
MASKS = {"all": (0, 1, 2), "middle": (1,), "outer": (0, 2)}


class Case(NamedTuple):
    piece: Piece
    windows: Window
    hole: Hole
    params: dict


def three_lines(seed: int, measures: int = MEASURES) -> Piece:
    """Return lines that move together in quarters, in ranges that overlap."""
    rng = np.random.default_rng(seed)
    rows = [
        (tick, staff, int(66 - 5 * staff + rng.integers(-6, 7)), 24)
        for staff in range(LINES)
        for tick in range(0, 96 * measures, 24)
    ]
    return Piece(
        canonical_notes(np.array(rows, np.int32)),
        measures_of([(4, 4)] * measures),
        np.zeros(LINES, np.int32),
    )


@cache
def case_of(staves: tuple[int, ...], seed: int) -> Case:
    piece = three_lines(seed)
    mask = np.zeros((MEASURES, LINES), bool)
    mask[BEGIN:STOP, list(staves)] = True
    hole = Hole(0, MEASURES, (0, 1, 2), mask)
    window = make_window(piece, staff_facts(piece), hole, SIZES)
    return Case(piece, stack([window] * ALTERNATIVES), hole, params_of(seed))


@cache
def params_of(seed: int) -> dict:
    piece = three_lines(0)
    mask = np.zeros((MEASURES, LINES), bool)
    mask[BEGIN] = True
    window = make_window(piece, staff_facts(piece), Hole(0, MEASURES, (0, 1, 2), mask), SIZES)
    return random_params(CONFIG, window, SIZES, seed)


def rhythm_of(case: Case) -> np.ndarray:
    """Return the hole's own rhythm, in which all lines move at once."""
    events, count = case.windows.events[0], int(case.windows.event_count[0])
    rows = np.zeros((count, 6), np.int32)
    columns = [E_CLOCK, E_DELTA, E_STAFF, E_TICKS, E_DURATION]
    rows[:, [R_ONSET, R_DELTA, R_STAFF, R_TICKS, R_DURATION]] = events[:count, columns]
    return rows


def draw(case: Case, *nats: float, lines: tuple[bool, ...] = (True,) * LINES) -> Drawn:
    """Return fills of the hole, with `nats` off parallels, crossings and dissonances."""
    known = known_lines(case.piece, case.hole, SIZES)
    leading = Leading(np.array(lines), known, *np.array([*nats, 0, 0, 0], np.float32)[:3])
    window = jax.tree.map(lambda leaf: leaf[0], case.windows)
    wishes = make_wishes(window, SIZES.events, np.zeros(LINES), rhythm=rhythm_of(case), leading=leading)
    keys = jax.random.split(jax.random.key(7), ALTERNATIVES)
    return jax.device_get(
        fill_holes(CONFIG, case.params, case.windows, SIZES.beats, SIZES.events, keys, wishes)
    )


def filled(case: Case, result: Drawn, number: int) -> Piece:
    """Return the piece with the hole's notes replaced by those drawn."""
    bar = np.searchsorted(case.piece.measures[:, M_ONSET], case.piece.notes[:, 0], side="right") - 1
    kept = case.piece.notes[~case.hole.mask[bar, case.piece.notes[:, 1]]]
    rows = result.events[number, : result.count[number], :4].copy()
    rows[:, 0] += case.piece.measures[BEGIN, M_ONSET]
    return case.piece._replace(notes=canonical_notes(np.concatenate([kept, rows])))


def findings(case: Case, result: Drawn) -> tuple[int, int, int]:
    """Return parallels and crossings that a drawn note has a part in, and beats without a chord."""
    upper, lower = pairs_of(LINES)
    own = case.hole.mask.any(axis=0)
    concerned = own[upper] | own[lower]
    start = int(case.piece.measures[BEGIN, M_ONSET])
    last = int(case.piece.measures[STOP - 1, [M_ONSET, M_DURATION]].sum()) - 1
    made, crossed, discords = 0, 0, 0
    for number in range(ALTERNATIVES):
        piece = filled(case, result, number)
        lines = lines_of(piece.notes, range(LINES)).between(start, last)
        made += int(((parallels(lines) != NONE) & concerned).sum())
        crossed += int((crossings(lines) & concerned).sum())
        chords = chord_tally(piece.notes, beats_of(piece, BEGIN, STOP))
        discords += chords.cases - chords.found
    return made, crossed, discords


@pytest.mark.parametrize("staves", MASKS.values(), ids=MASKS)
def test_no_parallels_are_left_that_could_be_avoided(staves: tuple[int, ...]) -> None:
    """In a range of an octave two other lines can't take all pitches, so all can be avoided."""
    before = after = 0
    for seed in range(2):
        case = case_of(staves, seed)
        before += findings(case, draw(case))[0]
        after += findings(case, draw(case, HARD))[0]
    assert before > 10
    assert after == 0


def test_lines_cross_less_and_sound_more_chords() -> None:
    case = case_of(MASKS["all"], 0)
    free, led = findings(case, draw(case)), findings(case, draw(case, 0, HARD, 20))
    assert led[1] < free[1] / 4
    assert led[2] < free[2] / 2


def test_where_everything_is_unwanted_something_legal_is_drawn() -> None:
    case = case_of(MASKS["middle"], 0)
    squeezed = case.windows._replace(
        lowest=np.full_like(case.windows.lowest, 90), highest=np.full_like(case.windows.highest, 101)
    )
    result = draw(case._replace(windows=squeezed), 0, HARD)
    pitches = np.concatenate(
        [row[:count, 2] for row, count in zip(result.events, result.count, strict=True)]
    )
    assert len(pitches) > 20
    assert pitches.min() >= 90
    assert pitches.max() <= 101


def test_lines_that_it_does_not_concern_are_drawn_as_ever() -> None:
    case = case_of(MASKS["all"], 0)
    np.testing.assert_array_equal(
        draw(case).events, draw(case, HARD, HARD, HARD, lines=(False,) * LINES).events
    )


def test_known_lines_tell_what_is_outside_the_hole_and_nothing_of_it() -> None:
    piece = three_lines(0, 6)
    mask = np.zeros((4, 2), bool)
    mask[1, 0] = mask[3, 1] = True
    hole = Hole(1, 5, (2, 0), mask, shift=3)
    known = known_lines(piece, hole, SIZES)
    assert known.shape == (SIZES.clock + 1, SIZES.staves, 3)
    assert (known[:96, 0, K_NOW:] == -1).all()  # staff 2 is hidden in the hole's first measure
    assert (known[96:192, 1, K_NOW:] == -1).all()
    last = piece.notes[(piece.notes[:, 1] == 2) & (piece.notes[:, 0] < 192)][-1, 2]
    assert known[:96, 0, K_BEFORE].tolist() == [last + 3, *[-1] * 95]
    assert (known[192:] == -1).all()
    own = piece.notes[piece.notes[:, 1] == 0]
    second = own[own[:, 0] >= 192]
    assert known[0, 1, K_NEW] == second[0, 2] + 3
    assert known[0, 1, K_BEFORE] == own[own[:, 0] < 192][-1, 2] + 3
    assert known[30, 1].tolist() == [second[1, 2] + 3, second[1, 2] + 3, -1]
    assert known[24, 1, K_NOW] == second[1, 2] + 3
    assert (
        known[96, 0, K_BEFORE] == piece.notes[(piece.notes[:, 1] == 2) & (piece.notes[:, 0] == 360), 2] + 3
    )


def test_a_line_is_followed_until_it_rests() -> None:
    case = case_of(MASKS["all"], 0)
    window = jax.tree.map(lambda leaf: jnp.asarray(leaf[0]), case.windows)
    known = known_lines(case.piece, case.hole, SIZES)
    leading = Leading(np.ones(LINES, bool), jnp.asarray(known), *np.zeros(3, np.float32))
    state = init_state(window, SIZES.beats)
    before = case.piece.notes[(case.piece.notes[:, 1] == 1) & (case.piece.notes[:, 0] == 72), 2]

    def until(onset: int) -> int:
        return int(pitch_until(window, state, leading, jnp.int32(onset), jnp.int32(1)))

    assert until(0) == before  # the known note that ends where the hole begins
    assert until(12) == -1
    state = advance(window, state, jnp.int32(12), jnp.int32(1), jnp.int32(66), jnp.int32(24))
    assert [until(onset) for onset in (24, 36, 42)] == [66, 66, -1]
