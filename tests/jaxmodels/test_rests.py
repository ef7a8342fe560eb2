"""Rests are wishes: kept while anything else is legal, given up before nothing is left."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np

from jaxmodels import events as ev
from jaxmodels.constraints import ILLEGAL
from jaxmodels.piece import Piece, canonical_notes
from jaxmodels.rests import NEVER, due_ticks, prefer_onsets, prefer_staves
from jaxmodels.staff_facts import staff_facts
from jaxmodels.state import State, advance, init_state
from jaxmodels.window import make_window
from jaxmodels.window_layout import Hole, Sizes, Window

SIZES = Sizes(2, frames=64, clock=192, measures=4, events=1)


def two_staves() -> Window:
    """Return a window of three 4/4 measures, the last two of both staves hidden."""
    piece = Piece(
        canonical_notes(np.array([[0, 0, 72, 96], [0, 1, 60, 96]])),
        np.array([[96 * bar, 96, 4, 4, 0, 1] for bar in range(3)], np.int32),
        np.zeros(2, np.int32),
    )
    mask = np.array([[False] * 2, [True] * 2, [True] * 2])
    window = make_window(piece, staff_facts(piece), Hole(0, 3, (0, 1), mask), SIZES)
    return Window(*(jnp.asarray(array) for array in window))


def played(window: Window, *events: tuple[int, int, int, int]) -> State:
    state = init_state(window, SIZES.beats)
    for event in events:
        state = advance(window, state, *(jnp.int32(value) for value in event))
    return state


def test_a_staff_is_due_when_its_last_note_and_longest_rest_are_over() -> None:
    window = two_staves()
    state = played(window, (0, 0, 72, 48), (0, 1, 60, 24))
    assert due_ticks(window, state, jnp.array([0, 12])).tolist() == [48, 36]


def test_what_a_staff_plays_between_its_hidden_measures_is_no_rest() -> None:
    piece = Piece(
        canonical_notes(np.array([[0, 0, 72, 96], [0, 1, 60, 96], [192, 1, 60, 96]])),
        np.array([[96 * measure, 96, 4, 4, 0, 1] for measure in range(4)], np.int32),
        np.zeros(2, np.int32),
    )
    mask = np.array([[False] * 2, [True] * 2, [True, False], [True] * 2])
    window = make_window(piece, staff_facts(piece), Hole(0, 4, (0, 1), mask), Sizes(2, clock=288, events=1))
    window = Window(*(jnp.asarray(array) for array in window))
    state = played(window, (0, 0, 72, 96), (0, 1, 60, 90), (96, 0, 74, 96), (192, 0, 74, 48))
    assert due_ticks(window, state, jnp.array([12, 12])).tolist() == [252, 204]


def test_a_staff_is_never_due_at_the_holes_end() -> None:
    window = two_staves()
    state = played(window, (0, 0, 72, 192), (0, 1, 60, 190))
    assert due_ticks(window, state, jnp.array([0, 0])).tolist() == [NEVER, NEVER]


def test_no_step_leads_past_a_due_staff_and_the_hole_does_not_end() -> None:
    window = two_staves()
    state = played(window, (0, 0, 72, 48), (0, 1, 60, 24))
    preferred = prefer_onsets(window, state, jnp.zeros(ev.DELTAS + 1), jnp.array([0, 0]))
    allowed = np.flatnonzero(np.asarray(preferred) == 0)
    assert allowed.tolist() == list(range(25))


def test_a_due_staff_is_not_passed_over() -> None:
    window = two_staves()
    state = played(window, (0, 0, 72, 24), (0, 1, 60, 24))
    onset = jnp.int32(24)
    both_due = prefer_staves(window, state, onset, jnp.zeros(2), jnp.array([0, 0]))
    assert both_due.tolist() == [0, ILLEGAL]
    lower_due = prefer_staves(window, state, onset, jnp.zeros(2), jnp.array([96, 0]))
    assert lower_due.tolist() == [0, 0]


def test_a_wish_gives_way_before_nothing_is_left() -> None:
    window = two_staves()
    state = played(window, (0, 0, 72, 48), (0, 1, 60, 24))
    only_the_end = jnp.full(ev.DELTAS + 1, ILLEGAL).at[ev.END].set(0.0)
    preferred = prefer_onsets(window, state, only_the_end, jnp.array([0, 0]))
    assert preferred.tolist() == only_the_end.tolist()


def test_the_earliest_onset_is_left_where_none_is_in_time() -> None:
    window = two_staves()
    state = played(window, (0, 0, 72, 48), (0, 1, 60, 24))
    late = jnp.full(ev.DELTAS + 1, ILLEGAL).at[jnp.array([40, 60, ev.END])].set(0.0)
    preferred = prefer_onsets(window, state, late, jnp.array([0, 0]))
    assert np.flatnonzero(np.asarray(preferred) == 0).tolist() == [40]
