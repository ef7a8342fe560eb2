"""The state of the music inside the hole, advanced event by event.

The same `advance` runs in the decoding loop and, over the real events, in training: what the heads see and
what the masks allow is one definition. No batch axis here; map over it with `jax.vmap`.

S staves, V voices (`MAX_LAYERS`), K ticks of the hole clock, N quarters of the hole.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp

from jaxmodels import events as ev
from jaxmodels.lags import LAGS, continued
from jaxmodels.staff_facts import MAX_LAYERS
from jaxmodels.window_layout import (
    C_BEAT,
    C_GRID,
    C_MEASURE,
    NO_STEP,
    X_PREV_AGO,
    X_PREV_LOW,
    X_PREV_TOP,
    X_START,
    Window,
)


class State(NamedTuple):
    """int32, on the hole clock.

    - `now`, `staff`: onset and staff of the last event (0 and −1 before the first).
    - `voice_start`, `voice_end`, `voice_size` `[S, V]`: the chord that each voice played last, its notes.
    - `sounding_until` `[S, 128]`; `grid` `[S, N]`: what the staff's onsets and ends made of each quarter.
    - `last_pitch`, `last_top`, `last_onset` `[S]`: the staff's last event, the top of its chord, its onset
      (−1 before the first).
    - `before` bool `[128]`: what still sounded after the onset before `now`, in any staff of the hole: also
      notes that had ended by `now`, and were followed by a rest.
    - `line` `[S, F, 3]`: `Window.line` with the new notes in it; `streak` `[S, LAGS]`: how many notes on
      end each staff has repeated what it plays that many measures away (see `lags`).
    """

    now: jax.Array
    staff: jax.Array
    voice_start: jax.Array
    voice_end: jax.Array
    voice_size: jax.Array
    sounding_until: jax.Array
    grid: jax.Array
    last_pitch: jax.Array
    last_top: jax.Array
    last_onset: jax.Array
    before: jax.Array
    line: jax.Array
    streak: jax.Array


def init_state(window: Window, beats: int) -> State:
    """Return the state at the hole's first tick; `beats` is `Sizes.beats`."""
    staves = window.program.shape[0]
    zeros = jnp.zeros(staves, jnp.int32)
    return State(
        now=jnp.int32(0),
        staff=jnp.int32(-1),
        voice_start=jnp.full((staves, MAX_LAYERS), -1, jnp.int32),
        voice_end=jnp.zeros((staves, MAX_LAYERS), jnp.int32),
        voice_size=jnp.zeros((staves, MAX_LAYERS), jnp.int32),
        sounding_until=jnp.zeros((staves, ev.PITCHES), jnp.int32),
        grid=jnp.zeros((staves, beats), jnp.int32),
        last_pitch=zeros - 1,
        last_top=zeros - 1,
        last_onset=zeros - 1,
        before=jnp.zeros(ev.PITCHES, bool),
        line=jnp.asarray(window.line),
        streak=jnp.zeros((staves, LAGS), jnp.int32),
    )


def voice_of(state: State, staff: jax.Array, onset: jax.Array, end: jax.Array) -> jax.Array:
    """Return the voice that takes a note: that of its chord, else the first free one, else the last."""
    start, until = state.voice_start[staff], state.voice_end[staff]
    chord = (start == onset) & (until == end)
    free = until <= onset
    choice = jnp.where(chord.any(), jnp.argmax(chord), jnp.argmax(free))
    return jnp.where(chord.any() | free.any(), choice, MAX_LAYERS - 1).astype(jnp.int32)


def advance(
    window: Window, state: State, onset: jax.Array, staff: jax.Array, pitch: jax.Array, ticks: jax.Array
) -> State:
    """Return the state after one event at clock `onset` lasting `ticks`.

    Written as choices over whole arrays: cheaper in a loop than scattering into them.
    """
    end = onset + ticks
    voice = voice_of(state, staff, onset, end)
    moved = onset > state.now
    before = jnp.where(moved, (state.sounding_until > state.now).any(axis=0), state.before)
    same_chord = state.last_onset[staff] == onset
    joined = (state.voice_start[staff, voice] == onset) & (state.voice_end[staff, voice] == end)
    size = jnp.where(joined, state.voice_size[staff, voice], 0) + 1
    top = anchors(window, state, onset).top[staff]
    step = jnp.where(top >= 0, pitch - top, NO_STEP)
    line, streak = continued(
        window, state.line, state.streak, onset, staff, jnp.stack([pitch, step, ticks]), same_chord
    )
    here = jnp.arange(state.last_pitch.shape[0]) == staff
    voiced = here[:, None] & (jnp.arange(MAX_LAYERS) == voice)
    struck = here[:, None] & (jnp.arange(ev.PITCHES) == pitch)
    return State(
        now=onset,
        staff=staff,
        voice_start=jnp.where(voiced, onset, state.voice_start),
        voice_end=jnp.where(voiced, end, state.voice_end),
        voice_size=jnp.where(voiced, size, state.voice_size),
        sounding_until=jnp.maximum(state.sounding_until, jnp.where(struck, end, 0)),
        grid=_marked(window, _marked(window, state.grid, here, onset), here, end),
        last_pitch=jnp.where(here, pitch, state.last_pitch),
        last_top=jnp.where(here & ~same_chord, pitch, state.last_top),
        last_onset=jnp.where(here, onset, state.last_onset),
        before=before,
        line=line,
        streak=streak,
    )


def _marked(window: Window, grid: jax.Array, here: jax.Array, tick: jax.Array) -> jax.Array:
    row = window.clock[jnp.minimum(tick, window.clock.shape[0] - 1)]
    mark = jnp.where((row[C_GRID] == ev.ON_BINARY) | (row[C_GRID] == ev.ON_TRIPLET), row[C_GRID], 0)
    quarter = here[:, None] & (jnp.arange(grid.shape[1]) == row[C_BEAT])
    return jnp.maximum(grid, jnp.where(quarter, mark, 0))


class Anchors(NamedTuple):
    """Each staff's past at a moment, int32 `[S]`; −1 where there is none.

    - `low`, `top`: last event's pitch and its chord's top; `ago`: ticks since its onset.
    """

    low: jax.Array
    top: jax.Array
    ago: jax.Array


def anchors(window: Window, state: State, onset: jax.Array) -> Anchors:
    """Return what each staff played last before clock `onset`: in this segment, else known before it."""
    row = window.segment[:, window.clock[onset, C_MEASURE]]
    inside = state.last_onset >= row[:, X_START]
    inside &= state.last_onset >= 0
    known = row[:, X_PREV_LOW] >= 0
    since = jnp.where(known, row[:, X_PREV_AGO] + onset - row[:, X_START], -1)
    return Anchors(
        low=jnp.where(inside, state.last_pitch, row[:, X_PREV_LOW]),
        top=jnp.where(inside, state.last_top, row[:, X_PREV_TOP]),
        ago=jnp.where(inside, onset - state.last_onset, since),
    )
