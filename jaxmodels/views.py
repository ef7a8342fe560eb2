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
from jaxmodels.staff_facts import MAX_LAYERS
from jaxmodels.state import State, anchors
from jaxmodels.window_layout import (
    C_KNOWN_ONSETS,
    C_MEASURE,
    C_STRENGTH,
    C_TICK,
    C_TONIC,
    CONTEXT_TICKS,
    FRAME_TICKS,
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


def span(ticks: jax.Array) -> jax.Array:
    """Return the class of a length in ticks: the last of `SPANS` that it reaches; negative is none."""
    reached = (ticks[..., None] >= SPANS).sum(axis=-1) - 1
    return jnp.where(ticks < 0, NO_SPAN, reached).astype(jnp.int32)


class StaffView(NamedTuple):
    """Each staff at a moment, `[S]`; spans are classes, `numbers` float `[S, 9]`, `inside` bool."""

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


DELTA_FEATURES = STRENGTH_COUNT + 8


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
    ]
    return jnp.concatenate([jnp.asarray(feature, jnp.float32) for feature in features], axis=-1)


class PitchView(NamedTuple):
    """The harmony that a new pitch joins.

    - `low`, `top`, `upcoming`: the staff's last pitch, its chord's top, its next known pitch; −1 if none.
    - `tonic`: pitch class of `do`; `now`, `before` float `[128]`: what sounds at the onset, just before it.
    - `around_now`, `around_before` float `[2·AROUND + 1]`: the same, centred on `low`.
    """

    low: jax.Array
    top: jax.Array
    upcoming: jax.Array
    tonic: jax.Array
    now: jax.Array
    before: jax.Array
    around_now: jax.Array
    around_before: jax.Array


def pitch_view(window: Window, state: State, onset: jax.Array, staff: jax.Array) -> PitchView:
    """Return what `staff` hears when it begins a note at clock `onset`."""
    row = window.clock[onset]
    past = anchors(window, state, onset)
    tick = row[C_TICK]
    known_now = (window.roll[:, tick // FRAME_TICKS] & 1).any(axis=0)
    known_before = (window.roll[:, jnp.maximum(tick - 1, 0) // FRAME_TICKS] & 1).any(axis=0)
    hole_now = (state.sounding_until > onset).any(axis=0)
    hole_before = jnp.where(onset > state.now, (state.sounding_until > state.now).any(axis=0), state.before)
    now = (known_now | hole_now).astype(jnp.float32)
    before = (known_before | hole_before).astype(jnp.float32)
    low = past.low[staff]

    def around(sounding: jax.Array) -> jax.Array:
        padded = jnp.pad(sounding, AROUND)
        return jnp.where(
            low >= 0, jax.lax.dynamic_slice(padded, (jnp.maximum(low, 0),), (2 * AROUND + 1,)), 0
        )

    return PitchView(
        low=low,
        top=past.top[staff],
        upcoming=window.segment[staff, row[C_MEASURE], X_NEXT],
        tonic=row[C_TONIC],
        now=now,
        before=before,
        around_now=around(now),
        around_before=around(before),
    )


DURATION_FEATURES = STRENGTH_COUNT + 6


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
    features = [
        jax.nn.one_hot(row[:, C_STRENGTH], STRENGTH_COUNT),
        meets[:, None],
        like.any(axis=0)[:, None],
        like[staff][:, None],
        at_end[:, None],
        (row[:, C_KNOWN_ONSETS] > 0)[:, None],
        ((row[:, C_MEASURE] != here[C_MEASURE]) & (row[:, C_STRENGTH] != 0))[:, None],
    ]
    return jnp.concatenate([jnp.asarray(feature, jnp.float32) for feature in features], axis=-1)


def context_frame(window: Window, onset: jax.Array) -> jax.Array:
    """Return the context encoder's frame at clock `onset`."""
    return window.clock[onset, C_TICK] // CONTEXT_TICKS
