"""One event as the backbone reads it."""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp

from jaxmodels import views
from jaxmodels.state import State, anchors
from jaxmodels.window_layout import (
    C_STRENGTH,
    C_TONIC,
    INTERVAL_LIMIT,
    NO_INTERVAL,
    START_DURATION,
    START_PITCH,
    Window,
)


class EventInput(NamedTuple):
    """The columns of a window's prompt, by name; int32, any leading axes."""

    pitch: jax.Array
    duration: jax.Array
    delta: jax.Array
    staff: jax.Array
    frame: jax.Array
    strength: jax.Array
    interval: jax.Array
    tonic: jax.Array


def start_input(window: Window) -> EventInput:
    """Return START, which stands between the prompt and the hole's first event."""
    zero = jnp.int32(0)
    return EventInput(
        pitch=jnp.int32(START_PITCH),
        duration=jnp.int32(START_DURATION),
        delta=zero,
        staff=zero,
        frame=views.context_frame(window, zero),
        strength=window.clock[0, C_STRENGTH],
        interval=jnp.int32(NO_INTERVAL),
        tonic=window.clock[0, C_TONIC],
    )


def interval_class(pitch: jax.Array, low: jax.Array) -> jax.Array:
    """Return the class of the step from `low`, the staff's last pitch (−1 if none), to `pitch`."""
    return jnp.where(
        low >= 0, jnp.clip(pitch - low, -INTERVAL_LIMIT, INTERVAL_LIMIT) + INTERVAL_LIMIT, NO_INTERVAL
    )


def event_input(
    window: Window,
    state: State,
    delta: jax.Array,
    onset: jax.Array,
    staff: jax.Array,
    pitch: jax.Array,
    duration: jax.Array,
) -> EventInput:
    """Return the event just drawn as the backbone reads it; `state` is the one it was drawn from."""
    return EventInput(
        pitch=pitch,
        duration=duration,
        delta=delta,
        staff=staff,
        frame=views.context_frame(window, onset),
        strength=window.clock[onset, C_STRENGTH],
        interval=interval_class(pitch, anchors(window, state, onset).low[staff]),
        tonic=window.clock[onset, C_TONIC],
    )
