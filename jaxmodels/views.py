"""What the heads look at: plain numbers taken from the window and the state, no parameters.

Unbatched; map over time and batch with `jax.vmap`. Pitches and ticks are kept as integers for embeddings;
`candidates` are float features of each class that a head may choose.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from jaxmodels import events as ev
from jaxmodels.constraints import fresh_masks
from jaxmodels.controls import CONTROLS, MIDDLE_PITCH, REGISTER
from jaxmodels.lags import LAGS, lag_view, onsets_at_lags
from jaxmodels.repeats import LONG_RUN
from jaxmodels.staff_facts import MAX_LAYERS
from jaxmodels.state import State, anchors
from jaxmodels.window_layout import (
    C_KNOWN_ONSETS,
    C_MEASURE,
    C_PASSED,
    C_STRENGTH,
    C_TICK,
    C_TONIC,
    CONTEXT_TICKS,
    FRAME_TICKS,
    NO_STEP,
    X_END,
    X_MASK,
    X_NEXT,
    X_NEXT_AFTER,
    Window,
)

SPANS = np.array([0, 3, 4, 6, 8, 9, 12, 16, 18, 24, 30, 36, 48, 60, 72, 96, 120, 144, 192, 288, 384, 768])
NO_SPAN = len(SPANS)
"""The class of a span that doesn't exist."""
SPAN_CLASSES = len(SPANS) + 1
NO_TONE = 12
AROUND = 36
"""How far, in semitones, the harmony around the last pitch is shown."""
STRENGTH_COUNT = len(ev.STRENGTHS)
SOON = 24
"""Ticks ahead at which the known staves are heard once more."""


def span(ticks: jax.Array) -> jax.Array:
    """Return the class of a length in ticks: the last of `SPANS` that it reaches; negative is none."""
    reached = (ticks[..., None] >= SPANS).sum(axis=-1) - 1
    return jnp.where(ticks < 0, NO_SPAN, reached).astype(jnp.int32)


def streaks(state: State) -> jax.Array:
    """Return how well each lag has foretold the staff so far, `[S, LAGS]` from 0 to 1."""
    return jnp.minimum(state.streak, LONG_RUN) / LONG_RUN


def runs(window: Window, measure: jax.Array) -> jax.Array:
    """Return how well each lag foretells the music around each staff's segment, `[S, 2·LAGS]`, 0 to 1."""
    return window.runs[:, measure] / LONG_RUN


class StaffView(NamedTuple):
    """Each staff at a moment, `[S]`: spans are classes, `inside` bool, `numbers` float `[S, …]`."""

    remaining: jax.Array
    ago: jax.Array
    to_end: jax.Array
    next_after: jax.Array
    tone: jax.Array
    chord: jax.Array
    inside: jax.Array
    strength: jax.Array
    numbers: jax.Array


def staff_view(window: Window, state: State, onset: jax.Array) -> StaffView:
    """Return how each staff stands at clock `onset`."""
    row = window.clock[onset]
    segment = window.segment[:, row[C_MEASURE]]
    past = anchors(window, state, onset)
    usable = jnp.arange(MAX_LAYERS) < window.layers[:, None]
    written = usable & (state.voice_end > 0)
    ends = jnp.where(usable, state.voice_end, 1 << 20).min(axis=1)
    to_end = segment[:, X_END] - onset
    known_next = segment[:, X_NEXT] >= 0
    low, upcoming = past.low, segment[:, X_NEXT]
    numbers = jnp.stack(
        [
            jnp.where(low >= 0, low - 64, 0) / 24,
            jnp.where(low >= 0, low - window.lowest, 0) / 24,
            jnp.where(low >= 0, window.highest - low, 0) / 24,
            jnp.where(known_next & (low >= 0), upcoming - low, 0) / 12,
            (window.lowest + window.highest - 128) / 48,
            (window.highest - window.lowest) / 48,
            (window.polyphony - 1) / 4,
            window.layers - 1.0,
            (written & (state.voice_end == onset)).any(axis=1),
            *lag_view(window, state.line, onset).there.T,
            *streaks(state).T,
            *runs(window, row[C_MEASURE]).T,
        ],
        axis=-1,
    )
    staves = jnp.arange(window.program.shape[0])
    return StaffView(
        remaining=span(jnp.maximum(ends - onset, 0)),
        ago=span(past.ago),
        to_end=span(to_end),
        next_after=span(jnp.where(known_next, to_end + segment[:, X_NEXT_AFTER], -1)),
        tone=jnp.where(low >= 0, (low - row[C_TONIC]) % 12, NO_TONE),
        chord=((onset == state.now) & (staves == state.staff)).astype(jnp.int32),
        inside=window.valid & (segment[:, X_MASK] == 1),
        strength=jnp.broadcast_to(row[C_STRENGTH], staves.shape),
        numbers=numbers.astype(jnp.float32),
    )


DELTA_FEATURES = STRENGTH_COUNT + 8 + LAGS


def delta_candidates(window: Window, state: State) -> jax.Array:
    """Return float `[DELTAS + 1, DELTA_FEATURES]`: what each next onset, or the end, coincides with."""
    onsets = jnp.minimum(
        jnp.concatenate([state.now + jnp.asarray(ev.DELTA_TICKS), window.hole_ticks[None]]),
        window.hole_ticks,
    )
    row = window.clock[onsets]
    usable = jnp.arange(MAX_LAYERS) < window.layers[:, None]
    written = usable & window.valid[:, None] & (state.voice_end > 0)
    ends = jnp.where(written, state.voice_end, -1)
    meets = (ends[..., None] == onsets).any(axis=1)
    silent = (ends[..., None] <= onsets).all(axis=(0, 1))
    ready = jnp.pad(fresh_masks(window, state).T, ((0, 0), (0, 1)))
    going_on = ready & meets
    features = [
        jax.nn.one_hot(row[:, C_STRENGTH], STRENGTH_COUNT),
        (ready.sum(axis=0) / 4)[:, None],
        (going_on.sum(axis=0) / 4)[:, None],
        going_on.any(axis=0)[:, None],
        meets.any(axis=0)[:, None],
        (meets.sum(axis=0) / 4)[:, None],
        silent[:, None],
        (row[:, C_KNOWN_ONSETS] > 0)[:, None],
        (row[:, C_MEASURE] != window.clock[state.now, C_MEASURE])[:, None],
        onsets_at_lags(window, state.line, onsets) / 4,
    ]
    return jnp.concatenate([jnp.asarray(feature, jnp.float32) for feature in features], axis=-1)


class PitchView(NamedTuple):
    """The harmony and the lines that a new pitch joins; pitches are −1 if there is none.

    - `anchors` `[ANCHORS]`: the staff's last pitch, its chord's top, its next known pitch; the nearest note
      of the staff above and of the one below, sounding now, else their last; the lowest that sounds.
    - `low`: the first of them; `tonic`: pitch class of `do`.
    - `heard` float `[HEARD, 128]`: what sounds now, just before, in the known staves `SOON` ticks later,
      and in all of them when the segment is over; `around` `[HEARD, 2·AROUND + 1]`: centred on `low`.
    - `copies` `[2·LAGS]`: the pitch at each lag, and the one that repeats its step; `recall` float
      `[RECALLED]`: what is found at the lags, as numbers.
    - `asked` float `[ASKED]`: the staff's controls, each said or not, and how far the register asked for
      lies from `low`.
    """

    anchors: jax.Array
    low: jax.Array
    tonic: jax.Array
    heard: jax.Array
    around: jax.Array
    copies: jax.Array
    recall: jax.Array
    asked: jax.Array


ANCHORS, HEARD, COPIES, RECALLED, ASKED = 6, 4, 2 * LAGS, 6 * LAGS, 2 * CONTROLS + 1
RUNS = 2 * LAGS
"""How many numbers tell the runs: the last of `StaffView.numbers`, the third part of `PitchView.recall`."""


def pitch_view(window: Window, state: State, onset: jax.Array, staff: jax.Array) -> PitchView:
    """Return what `staff` hears when it begins a note at clock `onset`."""
    row = window.clock[onset]
    past = anchors(window, state, onset)
    tick, last_frame = row[C_TICK], window.roll.shape[1] - 1

    def known(tick: jax.Array) -> jax.Array:
        return (window.roll[:, jnp.clip(tick // FRAME_TICKS, 0, last_frame)] & 1).astype(bool)

    segment = window.segment[staff, row[C_MEASURE]]
    after = window.clock[jnp.maximum(segment[X_END] - 1, 0), C_TICK] + 1
    sounding_SP = known(tick) | (state.sounding_until > onset)
    hole_before = jnp.where(onset > state.now, (state.sounding_until > state.now).any(axis=0), state.before)
    now = sounding_SP.any(axis=0)
    heard = jnp.stack(
        [
            now,
            known(tick - 1).any(axis=0) | hole_before,
            known(tick + SOON).any(axis=0),
            known(after).any(axis=0),
        ]
    ).astype(jnp.float32)
    low, top = past.low[staff], past.top[staff]
    padded = jnp.pad(heard, ((0, 0), (AROUND, AROUND)))
    around = jax.lax.dynamic_slice(padded, (0, jnp.maximum(low, 0)), (HEARD, 2 * AROUND + 1))
    found = jax.tree.map(lambda each: each[staff], lag_view(window, state.line, onset))
    stepped = found.there & (found.step != NO_STEP) & (top >= 0)
    return PitchView(
        anchors=jnp.stack(
            [
                low,
                top,
                segment[X_NEXT],
                _above(sounding_SP, past.low, staff),
                _below(sounding_SP, past.top, staff),
                _lowest(now),
            ]
        ),
        low=low,
        tonic=row[C_TONIC],
        heard=heard,
        around=jnp.where(low >= 0, around, 0),
        copies=jnp.concatenate(
            [jnp.where(found.there, found.pitch, -1), jnp.where(stepped, top + found.step, -1)]
        ),
        recall=jnp.concatenate(
            [
                found.there,
                streaks(state)[staff],
                runs(window, row[C_MEASURE])[staff],
                jnp.where(stepped, found.step, 0) / 12,
                jnp.where(found.there & (low >= 0), found.pitch - low, 0) / 12,
            ]
        ).astype(jnp.float32),
        asked=_asked(window.controls[staff], low),
    )


def _asked(controls: jax.Array, low: jax.Array) -> jax.Array:
    """Return `PitchView.asked` of a staff whose last pitch is `low`."""
    said = ~jnp.isnan(controls)
    above = 12 * controls[REGISTER] + MIDDLE_PITCH - low
    away = jnp.where(said[REGISTER] & (low >= 0), above, 0) / 12
    return jnp.concatenate([jnp.where(said, controls, 0), said, away[None]]).astype(jnp.float32)


def _lowest(sounding: jax.Array) -> jax.Array:
    """Return the lowest pitch of bool `[…, 128]`, −1 if there is none."""
    return jnp.where(sounding.any(axis=-1), jnp.argmax(sounding, axis=-1), -1)


def _above(sounding_SP: jax.Array, last: jax.Array, staff: jax.Array) -> jax.Array:
    """Return the lowest note of the staff above, its `last` where it is silent, −1 if there is neither."""
    neighbour = jnp.maximum(staff - 1, 0)
    pitch = _lowest(sounding_SP[neighbour])
    return jnp.where(staff > 0, jnp.where(pitch >= 0, pitch, last[neighbour]), -1)


def _below(sounding_SP: jax.Array, last: jax.Array, staff: jax.Array) -> jax.Array:
    """Return the highest note of the staff below, its `last` where it is silent, −1 if there is neither."""
    count = sounding_SP.shape[0]
    neighbour = jnp.minimum(staff + 1, count - 1)
    upside_down = _lowest(sounding_SP[neighbour, ::-1])
    pitch = jnp.where(upside_down >= 0, ev.PITCHES - 1 - upside_down, last[neighbour])
    return jnp.where(staff + 1 < count, pitch, -1)


DURATION_FEATURES = STRENGTH_COUNT + 7 + LAGS


def duration_candidates(window: Window, state: State, onset: jax.Array, staff: jax.Array) -> jax.Array:
    """Return float `[DURATIONS, DURATION_FEATURES]`: what each end of a note would coincide with."""
    here = window.clock[onset]
    ends = onset + jnp.asarray(ev.DURATION_TICKS)
    until = window.segment[staff, here[C_MEASURE], X_END]
    row = window.clock[jnp.minimum(ends, window.hole_ticks)]
    running = state.voice_end > onset
    meets = (running[..., None] & (state.voice_end[..., None] == ends)).any(axis=(0, 1))
    began = state.voice_start == onset
    like = (began[..., None] & (state.voice_end[..., None] == ends)).any(axis=1)
    at_end = ends == until
    within = row[:, C_PASSED] - window.clock[jnp.minimum(onset + 1, window.hole_ticks), C_PASSED]
    found = jax.tree.map(lambda each: each[staff], lag_view(window, state.line, onset))
    features = [
        jax.nn.one_hot(row[:, C_STRENGTH], STRENGTH_COUNT),
        meets[:, None],
        like.any(axis=0)[:, None],
        like[staff][:, None],
        at_end[:, None],
        (row[:, C_KNOWN_ONSETS] > 0)[:, None],
        ((row[:, C_MEASURE] != here[C_MEASURE]) & (row[:, C_STRENGTH] != 0))[:, None],
        (jnp.clip(within, 0, 4) / 4)[:, None],
        found.there & (found.ticks == jnp.asarray(ev.DURATION_TICKS)[:, None]),
    ]
    return jnp.concatenate([jnp.asarray(feature, jnp.float32) for feature in features], axis=-1)


def context_frame(window: Window, onset: jax.Array) -> jax.Array:
    """Return the context encoder's frame at clock `onset`."""
    last = window.roll.shape[1] * FRAME_TICKS // CONTEXT_TICKS - 1
    return jnp.minimum(window.clock[onset, C_TICK] // CONTEXT_TICKS, last)
