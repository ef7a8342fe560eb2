"""Voice leading while drawing: nats off pitches that make parallels, cross other lines, or are in no chord.

The staves of an onset are drawn from the top, so each pair of lines is looked at when its lower one is
drawn, or the one that is to be filled. A wish: where all that is legal is unwanted, it is drawn from that.

S staves, K ticks of the hole clock.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from jaxmodels import events as ev
from jaxmodels.harmony import BEAT, WITHIN_A_CHORD
from jaxmodels.hole_notes import without_hole
from jaxmodels.part_writing import FIFTH, OCTAVE, lines_at
from jaxmodels.piece import M_DURATION, M_ONSET, PITCH, STAFF, Piece
from jaxmodels.state import State
from jaxmodels.window_layout import C_MEASURE, C_STRENGTH, X_START, Hole, Sizes, Window

K_BEFORE, K_NOW, K_NEW = range(3)
"""Columns of the known lines: the pitch until a tick, the one sounding then, and the one beginning then."""

ALL_PITCHES = np.arange(ev.PITCHES)


class Leading(NamedTuple):
    """How voices should be led.

    - `lines` bool `[S]`: staves, each of one line, that it concerns.
    - `known` int32 `[K + 1, S, 3]`, columns `K_*`: the lines outside the hole; −1 for none, and for all but
      what comes before in measures that are to be filled.
    - `parallels`, `crossings` float32, in nats: taken off a pitch that makes them; `dissonances`: off one
      that belongs, on a beat, to no triad or seventh chord with what sounds.
    """

    lines: Any
    known: Any
    parallels: Any
    crossings: Any
    dissonances: Any


def free_leading(staves: int, ticks: int) -> Leading:
    """Return the leading that wishes nothing of `staves` at the clock's `ticks` (K + 1)."""
    nothing = np.full((ticks, staves, 3), -1, np.int32)
    return Leading(np.zeros(staves, bool), nothing, *np.zeros(3, np.float32))


def known_lines(piece: Piece, hole: Hole, sizes: Sizes) -> np.ndarray:
    """Return int32 `[K + 1, S, 3]`: what the lines outside the hole do at each tick of its clock."""
    measures = piece.measures[hole.first : hole.last]
    mask = np.asarray(hole.mask, bool)
    staves = list(hole.staves)
    notes = without_hole(piece, hole).notes
    notes = notes[np.isin(notes[:, STAFF], staves)].copy()
    notes[:, PITCH] = np.clip(notes[:, PITCH] + hole.shift, 0, ev.PITCHES - 1)
    slots = np.flatnonzero(mask.any(axis=1))
    ticks = [np.arange(row[M_ONSET], row[M_ONSET] + row[M_DURATION]) for row in measures[slots]]
    lines = lines_at(notes, staves, np.concatenate(ticks))
    known = np.stack([lines.before, lines.pitch, np.where(lines.begins, lines.pitch, -1)], axis=-1)
    known[np.repeat(mask[slots], measures[slots, M_DURATION], axis=0), K_NOW:] = -1
    out = np.full((sizes.clock + 1, sizes.staves, 3), -1, np.int32)
    out[: len(known), : len(staves)] = known
    return out


def pitch_until(
    window: Window, state: State, leading: Leading, onset: jax.Array, staff: jax.Array
) -> jax.Array:
    """Return the pitch that the line `staff` sounds until clock `onset`, −1 after a rest."""
    start = window.segment[staff, window.clock[onset, C_MEASURE], X_START]
    held = jnp.where(state.voice_end[staff].max() >= onset, state.last_pitch[staff], -1)
    before = jnp.where(onset == start, leading.known[onset, staff, K_BEFORE], -1)
    inside = (state.last_onset[staff] >= start) & (state.last_onset[staff] >= 0)
    return jnp.where(inside, held, before)


def lead_voices(
    window: Window,
    state: State,
    leading: Leading,
    prior: jax.Array,
    onset: jax.Array,
    staff: jax.Array,
    sounding: jax.Array,
    logits: jax.Array,
) -> jax.Array:
    """Return the logits `[128]` of a pitch for `staff` at clock `onset`, less what is unwanted.

    - `prior` int32 `[S]`: `pitch_until` each staff's last event; `sounding` `[128]`: above 0 where a pitch
      sounds at `onset`.
    """
    own = pitch_until(window, state, leading, onset, staff)
    known = leading.known[onset]
    drawn = state.last_onset == onset
    new = jnp.where(drawn, state.last_pitch, known[:, K_NEW])
    before = jnp.where(drawn, prior, known[:, K_BEFORE])
    held = state.voice_end.max(axis=1) > onset
    now = jnp.where(held, state.last_pitch, known[:, K_NOW])
    staves = jnp.arange(leading.lines.shape[0])
    others = leading.lines & leading.lines[staff] & (staves != staff)
    moving = others & (new >= 0) & (before >= 0) & (new != before) & (own >= 0)
    parallel = (moving[:, None] & _parallel(own, before[:, None], new[:, None])).any(axis=0)
    audible = others & (now >= 0)
    ceiling = jnp.where(audible & (staves < staff), now, ev.PITCHES).min()
    floor = jnp.where(audible & (staves > staff), now, -1).max()
    crossing = (ceiling < ALL_PITCHES) | (floor > ALL_PITCHES)
    on_beat = leading.lines[staff] & (window.clock[onset, C_STRENGTH] <= BEAT)
    dissonant = on_beat & ~_within_a_chord(sounding)
    return (
        logits
        - leading.parallels * parallel
        - leading.crossings * crossing
        - leading.dissonances * dissonant
    )


def _within_a_chord(sounding: jax.Array) -> jax.Array:
    """Return bool `[128]`: each pitch and what is `sounding` belong to one triad or seventh chord."""
    classes = jnp.pad(sounding > 0, (0, 4)).reshape(11, 12).any(axis=0)
    heard = (classes << np.arange(12)).sum()
    return jnp.asarray(WITHIN_A_CHORD)[heard | (1 << np.arange(12))][ALL_PITCHES % 12]


def _parallel(own: jax.Array, before: jax.Array, new: jax.Array) -> jax.Array:
    """Return bool `[S, 128]`: `own` to each pitch is parallel to `before` to `new`."""
    together = jnp.sign(ALL_PITCHES - own) == jnp.sign(new - before)
    was, now = jnp.abs(own - before), jnp.abs(ALL_PITCHES - new)
    perfect = (was % OCTAVE == 0) | (was % OCTAVE == FIFTH)
    return together & perfect & (was % OCTAVE == now % OCTAVE) & ((was == 0) == (now == 0))
