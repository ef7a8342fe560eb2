from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from made_pieces import hand_made_pieces, measures_of, melody
from untrained import SIZES

from jaxmodels.lags import LagView, lag_view, onsets_at_lags
from jaxmodels.piece import M_DURATION, Piece, canonical_notes
from jaxmodels.staff_facts import staff_facts
from jaxmodels.state import State, advance, init_state
from jaxmodels.window import make_window
from jaxmodels.window_layout import (
    C_TICK,
    E_CLOCK,
    E_PITCH,
    E_STAFF,
    E_TICKS,
    L_PITCH,
    NO_STEP,
    Hole,
    Window,
)

ROOMY = SIZES._replace(frames=96)
ONE, TWO, FOUR, EIGHT, NEXT, AFTER_NEXT = range(6)


def window_of(piece: Piece, bars: int, hidden: list[int]) -> Window:
    mask = np.zeros((bars, len(piece.programs)), bool)
    mask[hidden] = True
    window = make_window(piece, staff_facts(piece), Hole(0, bars, tuple(range(mask.shape[1])), mask), ROOMY)
    return jax.tree.map(jnp.asarray, window)


@jax.jit
def states(window: Window) -> State:
    """Return the state after each of the hole's events, the one before the first in front."""

    def forward(state: State, row: jax.Array) -> tuple[State, State]:
        after = advance(window, state, row[E_CLOCK], row[E_STAFF], row[E_PITCH], row[E_TICKS])
        return after, after

    start = init_state(window, ROOMY.beats)
    rest = jax.lax.scan(forward, start, window.events)[1]
    return jax.tree.map(lambda first, more: jnp.concatenate([first[None], more]), start, rest)


def at(window: Window, all_states: State, step: int, onset: int, staff: int = 0) -> LagView:
    view = lag_view(window, all_states.line[step], jnp.int32(onset))
    return jax.tree.map(lambda each: np.asarray(each[staff]), view)


def test_a_scale_that_comes_back_every_two_measures_by_hand() -> None:
    window = window_of(melody(6), 6, [2, 3])  # C D E F | G F E D | and so on, in quarters
    before = at(window, states(window), 0, 24)  # D of the third measure, nothing drawn yet
    assert before.there.tolist() == [True, True, False, False, False, True]
    assert before.pitch[[ONE, TWO, AFTER_NEXT]].tolist() == [65, 62, 62]
    assert before.step[[ONE, TWO, AFTER_NEXT]].tolist() == [-2, 2, 2]
    assert before.ticks[[ONE, TWO, AFTER_NEXT]].tolist() == [24, 24, 24]


def test_what_was_just_drawn_is_found_a_measure_later() -> None:
    window = window_of(melody(6), 6, [2, 3])
    after = states(window)
    found = at(window, after, 4, 96 + 24)  # the third measure is drawn: F of the fourth
    assert found.there.tolist() == [True, True, False, False, True, True]
    assert (found.pitch[ONE], found.step[ONE]) == (62, 2)
    assert (found.pitch[NEXT], found.step[NEXT]) == (62, 2)


def test_a_streak_grows_while_steps_repeat_and_ends_with_the_first_that_does_not() -> None:
    window = window_of(melody(6), 6, [2, 3])
    streak = np.asarray(states(window).streak)[:, 0]
    assert streak[:9, TWO].tolist() == [
        0,
        0,
        1,
        2,
        3,
        4,
        5,
        6,
        7,
    ]  # no step leads to the piece's first note
    assert not streak[:5, ONE].any()  # up where it went down
    broken = np.asarray(window.events).copy()
    broken[3, E_PITCH] += 1
    streak = np.asarray(states(window._replace(events=jnp.asarray(broken))).streak)[:, 0]
    assert streak[:9, TWO].tolist() == [0, 0, 1, 2, 0, 0, 1, 2, 3]


def test_a_lag_is_a_measure_of_the_metre_in_which_one_stands() -> None:
    rows = [(tick, 0, 60 + tick // 24, 24) for tick in range(0, 96 + 72, 24)]
    piece = Piece(
        canonical_notes(np.array(rows, np.int32)), measures_of([(4, 4), (3, 4)]), np.zeros(1, np.int32)
    )
    window = window_of(piece, 2, [1])
    found = at(window, states(window), 0, 24)  # second quarter of the 3/4, three quarters back
    assert found.pitch[ONE] == 62
    assert found.there.tolist() == [True, False, False, False, False, False]


def test_a_chord_counts_once_by_its_top() -> None:
    piece = hand_made_pieces()["trio"]
    window = window_of(piece, 4, [1, 2])
    line = np.asarray(states(window).line)[int(window.event_count)]
    events = np.asarray(window.events)[: int(window.event_count)]
    assert (np.diff(events[:, [E_CLOCK, E_STAFF]], axis=0) == 0).all(axis=1).any()  # there are chords
    whole = np.asarray(window_of(piece, 4, [3]).line)  # the same notes, known
    frames = slice(72 // 6, 3 * 72 // 6)
    begun = whole[:, frames, L_PITCH] >= 0  # the hole's first notes may be tails of notes before it
    np.testing.assert_array_equal(line[:, frames, L_PITCH][begun], whole[:, frames, L_PITCH][begun])


def test_a_first_note_has_no_step() -> None:
    window = window_of(melody(2), 2, [1])
    assert np.asarray(window.line)[0, :2].tolist() == [[60, NO_STEP, 24], [-1, NO_STEP, 0]]


def test_onsets_at_lags_count_the_staves_to_be_filled_there_that_begin_a_note() -> None:
    piece = hand_made_pieces()["trio"]
    mask = np.zeros((4, 3), bool)
    mask[1], mask[2] = (True, False, True), (False, True, False)
    window = jax.tree.map(
        jnp.asarray, make_window(piece, staff_facts(piece), Hole(0, 4, (0, 1, 2), mask), ROOMY)
    )
    line = init_state(window, ROOMY.beats).line
    length = int(window.hole_ticks)
    onsets = jnp.arange(0, length + 1, 6)  # the last is the hole's end
    counted = np.asarray(onsets_at_lags(window, line, onsets))
    bars = np.append(np.repeat([1, 2], piece.measures[[1, 2], M_DURATION]), 2)
    for onset, row in zip(np.asarray(onsets), counted, strict=True):
        there = np.asarray(lag_view(window, line, jnp.int32(onset)).there)
        assert row.tolist() == there[mask[bars[onset]]].sum(axis=0).tolist()
    assert counted.any(axis=1)[:-1].any()
    assert counted[-1].any()


def test_the_hole_ends_on_the_tick_after_its_last() -> None:
    window = window_of(melody(6), 6, [2, 3])
    end = int(window.hole_ticks)
    assert int(window.clock[end, C_TICK]) == 4 * 96
    view = lag_view(window, init_state(window, ROOMY.beats).line, jnp.int32(end))
    assert np.asarray(view.pitch)[0, [FOUR, NEXT]].tolist() == [60, 67]  # first and sixth measure
