"""Masks that make invalid events impossible: True where a choice is legal.

Nothing here has a batch axis. The rules, all relative to the hole:

- events come in order: onset, then staff from the top, then pitch downward;
- a note begins and ends inside its staff's segment of the hole, on the binary or the triplet grid of its
  quarter, never mixing both in one quarter of a staff;
- it finds a free voice of its staff, or joins a chord of its onset and length; at most
  `polyphony` notes of a staff sound at once; no pitch is struck while it sounds in its staff;
- pitches lie in the staff's range.

Every legal onset has a legal staff, every legal staff a legal pitch, every legal pitch a legal duration.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from jaxmodels import events as ev
from jaxmodels.staff_facts import MAX_LAYERS
from jaxmodels.state import State
from jaxmodels.window_layout import C_BEAT, C_GRID, C_MEASURE, X_END, X_MASK, Window

ALL_PITCHES = np.arange(ev.PITCHES)

ILLEGAL = -1e9
"""The logit of an illegal class."""


def prefer(logits: jax.Array, wanted: jax.Array) -> jax.Array:
    """Return the logits with what isn't `wanted` masked; as they are where nothing legal would be left."""
    preferred = jnp.where(wanted, logits, ILLEGAL)
    return jnp.where(preferred.max() > ILLEGAL / 2, preferred, logits)


def staff_masks(window: Window, state: State, onset: jax.Array) -> jax.Array:
    """Return bool `[S]`: staves that may begin a note at clock `onset` (≥ `state.now`)."""
    free, room = _voices(window, state, onset)
    fresh = free & room & _later(window, state, onset) & _fits(window, state, onset)
    return fresh | ((onset == state.now) & _chord_masks(window, state))


def fresh_masks(window: Window, state: State) -> jax.Array:
    """Return bool `[DELTAS, S]`: staves that may begin a new chord at each possible next onset."""
    onsets = state.now + jnp.asarray(ev.DELTA_TICKS)
    inside = onsets < window.hole_ticks

    def fresh(onset: jax.Array) -> jax.Array:
        free, room = _voices(window, state, onset)
        return free & room & _later(window, state, onset) & _fits(window, state, onset)

    return jax.vmap(fresh)(jnp.where(inside, onsets, state.now)) & inside[:, None]


def delta_mask(window: Window, state: State) -> jax.Array:
    """Return bool `[DELTAS + 1]`: legal steps to the next onset; END is always legal."""
    legal = fresh_masks(window, state).any(axis=1)
    legal = legal.at[0].set(legal[0] | _chord_masks(window, state).any())
    return jnp.append(legal, True)


def _later(window: Window, state: State, onset: jax.Array) -> jax.Array:
    """Return bool `[S]`: staves whose turn isn't over at `onset`."""
    return (onset > state.now) | (jnp.arange(window.program.shape[0]) > state.staff)


def _fits(window: Window, state: State, onset: jax.Array) -> jax.Array:
    """Return bool `[S]`: `onset` is on the staff's grid, in its segment, with room for a note after it."""
    row = window.clock[onset]
    segment = window.segment[:, row[C_MEASURE]]
    grid = state.grid[:, row[C_BEAT]]
    on_grid = (row[C_GRID] != ev.OFF_GRID) & (
        (grid == 0) | (row[C_GRID] == ev.ON_BOTH) | (grid == row[C_GRID])
    )
    shortest = jnp.where((row[C_GRID] == ev.ON_TRIPLET) | (grid == ev.ON_TRIPLET), 4, 3)
    inside = (
        (segment[:, X_MASK] == 1) & (onset + shortest <= segment[:, X_END]) & (onset < window.hole_ticks)
    )
    return window.valid & on_grid & inside


def _voices(window: Window, state: State, onset: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Return bool `[S]` twice: a voice is free at `onset`; fewer notes sound then than may."""
    usable = jnp.arange(MAX_LAYERS) < window.layers[:, None]
    ended = state.voice_end <= onset
    sounding = jnp.where(ended, 0, state.voice_size).sum(axis=1)
    return (ended & usable).any(axis=1), sounding < window.polyphony


def _chord_masks(window: Window, state: State) -> jax.Array:
    """Return bool `[S]`: the staff of the last event, if one more note may be put below it."""
    free, room = _voices(window, state, state.now)
    joins = ((state.voice_start == state.now) & (state.voice_end > state.now)).any(axis=1)
    below = (state.last_pitch[:, None] > ALL_PITCHES) & _pitches_free(window, state, state.now)
    here = jnp.arange(window.program.shape[0]) == state.staff
    return here & room & (free | joins) & below.any(axis=1) & _fits(window, state, state.now)


def pitch_mask(window: Window, state: State, onset: jax.Array, staff: jax.Array) -> jax.Array:
    """Return bool `[128]`: pitches that `staff` may begin at `onset`."""
    chord = (onset == state.now) & (staff == state.staff)
    ordered = jnp.where(chord, state.last_pitch[staff] > ALL_PITCHES, True)
    return ordered & _pitches_free(window, state, onset)[staff]


def _pitches_free(window: Window, state: State, onset: jax.Array) -> jax.Array:
    in_range = (window.lowest[:, None] <= ALL_PITCHES) & (window.highest[:, None] >= ALL_PITCHES)
    return in_range & (state.sounding_until <= onset)


def duration_mask(window: Window, state: State, onset: jax.Array, staff: jax.Array) -> jax.Array:
    """Return bool `[DURATIONS]`: lengths that a note of `staff` at `onset` may have."""
    ends = onset + jnp.asarray(ev.DURATION_TICKS)
    here = window.clock[onset]
    until = window.segment[staff, here[C_MEASURE], X_END]
    row = window.clock[jnp.minimum(ends, window.hole_ticks)]
    grid = state.grid[staff, row[:, C_BEAT]]
    own_mark = jnp.where(row[:, C_BEAT] == here[C_BEAT], here[C_GRID], ev.ON_BOTH)
    clash = (own_mark != ev.ON_BOTH) & (row[:, C_GRID] != ev.ON_BOTH) & (own_mark != row[:, C_GRID])
    on_grid = (grid == 0) | (row[:, C_GRID] == ev.ON_BOTH) | (grid == row[:, C_GRID])
    writable = (row[:, C_GRID] != ev.OFF_GRID) & on_grid & ~clash
    writable |= ends == until
    usable = jnp.arange(MAX_LAYERS) < window.layers[staff]
    free = ((state.voice_end[staff] <= onset) & usable).any()
    chord = (state.voice_start[staff] == onset) & (state.voice_end[staff] > onset)
    joins = (chord & (state.voice_end[staff] == ends[:, None])).any(axis=1)
    return (ends <= until) & ((writable & free) | joins)
