from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_pieces import hand_made_pieces, random_piece
from untrained import SIZES

from jaxmodels import events as ev
from jaxmodels.piece import M_DURATION, M_ONSET, Piece, canonical_notes
from jaxmodels.staff_facts import staff_facts
from jaxmodels.window import make_window
from jaxmodels.window_layout import (
    C_KNOWN_ONSETS,
    C_TICK,
    C_TONIC,
    E_CLOCK,
    E_DELTA,
    E_DURATION,
    E_PITCH,
    E_STAFF,
    E_TICKS,
    FRAME_TICKS,
    L_PITCH,
    T_INTERVAL,
    T_PITCH,
    X_NEXT,
    X_NEXT_AFTER,
    X_PREV_LOW,
    X_PREV_TOP,
    Hole,
    Window,
)

Cut = tuple[Piece, Hole]
ROOMY = SIZES._replace(events=200)


@st.composite
def cuts(draw: st.DrawFn) -> Cut:
    """Draw a piece of any metres and a hole in it that fits `SIZES`."""
    metres = draw(
        st.lists(st.sampled_from([(4, 4), (3, 4), (6, 8), (5, 8), (7, 8), (5, 16)]), min_size=3, max_size=4)
    )
    pickup = draw(st.sampled_from([0, 0, 24, 18, 12]))
    staves = draw(st.integers(1, 3))
    piece = random_piece(draw(st.integers(0, 99)), metres, staves, pickup=pickup)
    bits = draw(st.lists(st.booleans(), min_size=len(metres) * staves, max_size=len(metres) * staves))
    mask = np.array(bits).reshape(len(metres), staves)
    mask[draw(st.integers(1, len(metres) - 1)), draw(st.integers(0, staves - 1))] = True
    while piece.measures[mask.any(axis=1), M_DURATION].sum() > SIZES.clock:
        mask[np.flatnonzero(mask.any(axis=1))[-1]] = False
    order = tuple(draw(st.permutations(range(staves))))
    return piece, Hole(0, len(metres), order, mask)


def windowed(cut: Cut, **changes: object) -> Window:
    piece, hole = cut
    return make_window(piece, staff_facts(piece), hole._replace(**changes), ROOMY)


def masked_ticks(piece: Piece, hole: Hole) -> np.ndarray:
    """Return bool `[ticks, staves of the window]`: inside the hole."""
    return np.repeat(hole.mask, piece.measures[hole.first : hole.last, M_DURATION], axis=0)


def window_notes(piece: Piece, hole: Hole) -> list[tuple[int, int, int, int]]:
    """Return the window's notes as they are written, staves by their place in it, ticks from its start."""
    start = int(piece.measures[hole.first, M_ONSET])
    place = {staff: index for index, staff in enumerate(hole.staves)}
    length = len(masked_ticks(piece, hole))
    return [
        (onset - start, place[staff], pitch, min(duration, length - onset + start))
        for onset, staff, pitch, duration in piece.notes.tolist()
        if 0 <= onset - start < length and staff in place
    ]


def with_other_hidden_notes(piece: Piece, hole: Hole, hidden: np.ndarray) -> Piece:
    """Return `piece` with other notes wherever one lies wholly in `hidden` `[ticks, staves]`."""
    rng = np.random.default_rng(7)
    rows = []
    for (onset, place, *_, length), row in zip(
        window_notes(piece, hole), piece.notes.tolist(), strict=True
    ):
        if not hidden[onset : onset + length, place].all():
            rows.append(row)
    for tick, place in np.argwhere(hidden)[:: 1 + len(hidden) // 40]:
        inside = 1
        while inside < 12 and tick + inside < len(hidden) and hidden[tick + inside, place]:
            inside += 1
        rows.append([tick, hole.staves[place], int(rng.integers(20, 40)), inside])  # below all others
    return piece._replace(notes=canonical_notes(np.array(rows)))


def assert_same(one: Window, other: Window, *, but: tuple[str, ...] = ()) -> None:
    for name in Window._fields:
        if name not in but:
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)


HIDDEN = ("events", "event_count", "complete")


@settings(deadline=None, max_examples=40)
@given(cuts())
def test_the_clock_leads_back_to_the_notes_of_the_hole(cut: Cut) -> None:
    piece, hole = cut
    window, hidden = windowed(cut), masked_ticks(piece, hole)
    notes = window_notes(piece, hole)
    events = window.events[: int(window.event_count)]
    ticks = window.clock[events[:, E_CLOCK], C_TICK]
    assert window.complete

    sounding = {(t, s, p) for on, s, p, length in notes for t in range(on, on + length) if hidden[t, s]}
    told = [
        (t, int(row[E_STAFF]), int(row[E_PITCH]))
        for tick, row in zip(ticks, events, strict=True)
        for t in range(tick, tick + row[E_TICKS])
    ]
    assert len(told) == len(set(told))
    assert set(told) == sounding

    begun = {(on, s, p) for on, s, p, _ in notes if hidden[on, s]}
    carried = {(t, s, p) for t, s, p in sounding if t and not hidden[t - 1, s]}  # cut at the border
    assert set(zip(ticks.tolist(), events[:, E_STAFF], events[:, E_PITCH], strict=True)) == begun | carried


@settings(deadline=None, max_examples=40)
@given(cuts())
def test_the_rows_of_events_are_in_order_and_agree_with_their_classes(cut: Cut) -> None:
    window = windowed(cut)
    count = int(window.event_count)
    events = window.events[:count]
    keys = list(zip(events[:, E_CLOCK], events[:, E_STAFF], -events[:, E_PITCH], strict=True))
    assert keys == sorted(set(keys))
    assert not window.events[count:].any()
    steps = np.diff(events[:, E_CLOCK], prepend=0)
    near = steps < 96
    np.testing.assert_array_equal(ev.DELTA_TICKS[events[near, E_DELTA]], steps[near])
    written = np.isin(events[:, E_TICKS], ev.DURATION_TICKS)
    np.testing.assert_array_equal(ev.DURATION_TICKS[events[written, E_DURATION]], events[written, E_TICKS])


@settings(deadline=None, max_examples=40)
@given(cuts())
def test_nothing_of_the_hidden_notes_leaks(cut: Cut) -> None:
    piece, hole = cut
    other = with_other_hidden_notes(piece, hole, masked_ticks(piece, hole))
    facts = staff_facts(piece)  # the caller's
    one, two = (make_window(each, facts, hole, ROOMY) for each in (piece, other))
    assert_same(one, two, but=HIDDEN)
    assert not np.array_equal(one.events, two.events)


@settings(deadline=None, max_examples=40)
@given(cuts())
def test_left_only_hides_all_that_begins_from_the_hole_on(cut: Cut) -> None:
    piece, hole = cut
    hidden = masked_ticks(piece, hole)
    from_hole_on = np.zeros_like(hidden)
    from_hole_on[np.argmax(hidden.any(axis=1)) :] = True
    facts, hole = staff_facts(piece), hole._replace(left_only=True)
    other = with_other_hidden_notes(piece, hole, from_hole_on)
    one, two = (make_window(each, facts, hole, ROOMY) for each in (piece, other))
    assert_same(one, two, but=HIDDEN)
    start = int(np.argmax(hidden.any(axis=1)))
    assert not one.known[:, -(-start // FRAME_TICKS) :].any()
    assert (one.line[:, -(-start // FRAME_TICKS) :, L_PITCH] == -1).all()
    assert not one.clock[:, C_KNOWN_ONSETS].any()
    assert (one.segment[:, :, [X_NEXT, X_NEXT_AFTER]] == -1).all()
    two_sided = make_window(piece, facts, hole._replace(left_only=False), ROOMY)
    assert_same(one, two_sided, but=("roll", "offset", "line", "known", "clock", "segment"))


@settings(deadline=None, max_examples=25)
@given(cuts(), st.integers(-5, 6))
def test_transposition_moves_every_pitch_and_nothing_else(cut: Cut, shift: int) -> None:
    low, high = windowed(cut), windowed(cut, shift=shift)
    np.testing.assert_array_equal(high.roll, np.roll(low.roll, shift, axis=2))
    live = slice(int(low.event_count))
    np.testing.assert_array_equal(high.events[live, E_PITCH], low.events[live, E_PITCH] + shift)
    np.testing.assert_array_equal(high.clock[:, C_TONIC], (low.clock[:, C_TONIC] + shift) % 12)
    frames = slice(len(masked_ticks(*cut)) // FRAME_TICKS)
    np.testing.assert_array_equal(high.frame_tonic[frames], (low.frame_tonic[frames] + shift) % 12)
    for column in (X_PREV_LOW, X_PREV_TOP, X_NEXT):
        known = low.segment[:, :, column] >= 0
        np.testing.assert_array_equal(high.segment[known, column], low.segment[known, column] + shift)
    begun = low.line[:, :, L_PITCH] >= 0
    np.testing.assert_array_equal(high.line[begun, L_PITCH], low.line[begun, L_PITCH] + shift)
    np.testing.assert_array_equal(high.line[:, :, L_PITCH + 1 :], low.line[:, :, L_PITCH + 1 :])
    prompt = low.prompt_valid
    np.testing.assert_array_equal(high.prompt[prompt, T_PITCH], low.prompt[prompt, T_PITCH] + shift)
    np.testing.assert_array_equal(high.prompt[:, T_INTERVAL], low.prompt[:, T_INTERVAL])
    assert_same(
        low,
        high,
        but=(
            *("roll", "line", "events", "clock", "frame_tonic", "segment", "prompt", "frame"),
            *("lowest", "highest"),
        ),
    )


@settings(deadline=None, max_examples=25)
@given(cuts(), cuts())
def test_windows_of_equal_sizes_have_equal_shapes(one: Cut, other: Cut) -> None:
    for name, a, b in zip(Window._fields, windowed(one), windowed(other), strict=True):
        assert (a.shape, a.dtype) == (b.shape, b.dtype), name


@pytest.mark.parametrize("name", hand_made_pieces())
def test_the_roll_shows_what_is_known_where_it_sounds(name: str) -> None:
    piece = hand_made_pieces()[name]
    staves = len(piece.programs)
    mask = np.zeros((4, staves), bool)
    mask[2, 0] = True
    hole = Hole(0, 4, tuple(range(staves)), mask)
    window, hidden = windowed((piece, hole)), masked_ticks(piece, hole)
    expected = np.zeros(window.roll.shape, np.uint8)
    for onset, staff, pitch, _ in window_notes(piece, hole):
        if not hidden[onset, staff]:
            expected[staff, onset // FRAME_TICKS, pitch] = 1
    border = np.flatnonzero(np.diff(hidden[:, 0].astype(int)) == -1) + 1  # where cut notes go on
    struck = (window.roll >> 1).copy()
    struck[0, border // FRAME_TICKS] = expected[0, border // FRAME_TICKS] = 0
    np.testing.assert_array_equal(struck, expected)
    assert (window.roll & 1 >= window.roll >> 1).all()
    np.testing.assert_array_equal(
        window.hole[0, : len(hidden) // FRAME_TICKS], hidden[::FRAME_TICKS, 0][: len(hidden) // FRAME_TICKS]
    )
    assert not (window.known & window.hole).any()
