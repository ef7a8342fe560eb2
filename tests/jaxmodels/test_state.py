from __future__ import annotations

from dataclasses import dataclass, field

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from made_pieces import hand_made_pieces
from untrained import SIZES

from jaxmodels import events as ev
from jaxmodels.piece import M_DURATION
from jaxmodels.staff_facts import MAX_LAYERS, staff_facts
from jaxmodels.state import Anchors, State, advance, anchors, init_state
from jaxmodels.window import make_window
from jaxmodels.window_layout import (
    C_BEAT,
    C_GRID,
    C_MEASURE,
    E_CLOCK,
    E_PITCH,
    E_STAFF,
    E_TICKS,
    X_PREV_AGO,
    X_PREV_LOW,
    X_PREV_TOP,
    X_START,
    Hole,
    Window,
)


@dataclass
class Simulation:
    """The same state, kept in lists and dictionaries."""

    window: Window
    now: int = 0
    before: set[int] = field(default_factory=set)
    sounding: dict[tuple[int, int], int] = field(default_factory=dict)
    grid: dict[tuple[int, int], int] = field(default_factory=dict)
    played: dict[int, tuple[int, int, int]] = field(default_factory=dict)  # onset, pitch, top of chord
    voices: dict[int, list[tuple[int, int, int]]] = field(default_factory=dict)  # onset, end, notes

    def play(self, onset: int, staff: int, pitch: int, ticks: int) -> None:
        end = onset + ticks
        if onset > self.now:
            self.before = {key[1] for key, until in self.sounding.items() if until > self.now}
        lines = self.voices.setdefault(staff, [(-1, 0, 0)] * MAX_LAYERS)
        chords = [i for i, (start, until, _) in enumerate(lines) if (start, until) == (onset, end)]
        free = [i for i, (_, until, _) in enumerate(lines) if until <= onset]
        voice = (chords or free or [MAX_LAYERS - 1])[0]
        lines[voice] = (onset, end, lines[voice][2] + 1 if chords else 1)
        key = (staff, pitch)
        self.sounding[key] = max(self.sounding.get(key, 0), end)
        for tick in (onset, end):
            row = self.window.clock[tick]
            if row[C_GRID] in (ev.ON_BINARY, ev.ON_TRIPLET):
                beat = (staff, int(row[C_BEAT]))
                self.grid[beat] = max(self.grid.get(beat, 0), int(row[C_GRID]))
        last = self.played.get(staff)
        top = last[2] if last and last[0] == onset else pitch
        self.played[staff] = (onset, pitch, top)
        self.now = onset

    def anchor(self, staff: int, onset: int) -> tuple[int, int, int]:
        row = self.window.segment[staff, self.window.clock[onset, C_MEASURE]]
        if staff in self.played and self.played[staff][0] >= row[X_START]:
            began, low, top = self.played[staff]
            return low, top, onset - began
        known = row[X_PREV_LOW] >= 0
        ago = row[X_PREV_AGO] + onset - row[X_START] if known else -1
        return int(row[X_PREV_LOW]), int(row[X_PREV_TOP]), int(ago)


@jax.jit
def run(window: Window) -> tuple[State, Anchors]:
    """Return the states after each event and the anchors just before it."""

    def forward(state: State, row: jax.Array) -> tuple[State, tuple[State, Anchors]]:
        past = anchors(window, state, row[E_CLOCK])
        after = advance(window, state, row[E_CLOCK], row[E_STAFF], row[E_PITCH], row[E_TICKS])
        return after, (after, past)

    return jax.lax.scan(forward, init_state(window, SIZES.beats), window.events)[1]


@pytest.mark.parametrize("name", hand_made_pieces())
def test_the_state_is_what_a_plain_simulation_says(name: str) -> None:
    piece = hand_made_pieces()[name]
    staves = len(piece.programs)
    mask = np.zeros((4, staves), bool)
    mask[1:4] = True
    mask[2, 0] = staves == 1  # two segments in the first of several staves
    while piece.measures[:4][mask.any(axis=1), M_DURATION].sum() > SIZES.clock:
        mask[np.argmax(mask.any(axis=1))] = False
    window = make_window(piece, staff_facts(piece), Hole(0, 4, tuple(range(staves)), mask), SIZES)
    count = int(window.event_count)
    assert count > 5
    states, pasts = jax.tree.map(np.asarray, run(jax.tree.map(jnp.asarray, window)))
    simulation = Simulation(window)
    for step, row in enumerate(window.events[:count]):
        onset, staff = int(row[E_CLOCK]), int(row[E_STAFF])
        for line in range(staves):
            told = tuple(int(column[step, line]) for column in pasts)
            assert told == simulation.anchor(line, onset)
        simulation.play(onset, staff, int(row[E_PITCH]), int(row[E_TICKS]))
        state = State(*(column[step] for column in states))
        assert (int(state.now), int(state.staff)) == (onset, staff)
        assert set(np.flatnonzero(state.before)) == simulation.before
        for (line, pitch), until in simulation.sounding.items():
            assert state.sounding_until[line, pitch] == until
        assert (state.sounding_until > 0).sum() == len(simulation.sounding)
        assert {
            (int(s), int(b)): int(state.grid[s, b]) for s, b in np.argwhere(state.grid)
        } == simulation.grid
        for line, voices in simulation.voices.items():
            told = zip(state.voice_start[line], state.voice_end[line], state.voice_size[line], strict=True)
            assert [tuple(map(int, voice)) for voice in told] == voices
        for line, (began, pitch, top) in simulation.played.items():
            assert (state.last_onset[line], state.last_pitch[line], state.last_top[line]) == (
                began,
                pitch,
                top,
            )


def test_a_hole_begins_with_nothing_played() -> None:
    piece = hand_made_pieces()["trio"]
    mask = np.ones((2, 3), bool)
    window = make_window(piece, staff_facts(piece), Hole(0, 2, (0, 1, 2), mask), SIZES)
    state = init_state(window, SIZES.beats)
    assert (int(state.now), int(state.staff)) == (0, -1)
    assert not np.asarray(state.sounding_until).any()
    assert not np.asarray(state.before).any()
    assert (np.asarray(state.last_onset) == -1).all()
