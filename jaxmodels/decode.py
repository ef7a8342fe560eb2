"""Filling a hole: one jitted loop over cached steps, alternatives as a batch.

A alternatives, E most events, S staves.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from jaxmodels import events as ev
from jaxmodels.config import ModelConfig
from jaxmodels.context import Encoded
from jaxmodels.event_input import event_input
from jaxmodels.model import Model, build_model
from jaxmodels.rests import prefer_onsets, prefer_staves
from jaxmodels.sampling import draw
from jaxmodels.state import State, advance, init_state, voice_of
from jaxmodels.window_layout import Window

D_CLOCK, D_STAFF, D_PITCH, D_TICKS, D_VOICE = range(5)


class Drawn(NamedTuple):
    """What was drawn.

    - `events` int32 `[A, E, 5]`, columns onset on the hole clock, staff, pitch, ticks, voice from 1;
      `count` `[A]`: how many of them were drawn.
    - `nll` float32 `[A]`: the model's own −log p of all of them and of the end, in nats.
    - `complete` bool `[A]`: the hole's end was drawn before room for events ran out.
    """

    events: jax.Array
    count: jax.Array
    nll: jax.Array
    complete: jax.Array


class _Loop(NamedTuple):
    step: jax.Array
    state: State
    carry: Any
    h: jax.Array
    events: jax.Array
    count: jax.Array
    nll: jax.Array
    done: jax.Array


@partial(jax.jit, static_argnums=(0, 3, 4))
def fill_holes(
    config: ModelConfig,
    params: dict,
    windows: Window,
    beats: int,
    most_events: int,
    keys: jax.Array,
    temperature: jax.Array,
    top_p: jax.Array,
    longest_rest: jax.Array,
) -> Drawn:
    """Fill the holes of `windows` (leading axis A), one random key `[A]` each.

    - `beats`: `Sizes.beats`; `most_events`: room for events.
    - `longest_rest` int32 `[S]`, in ticks: no staff is silent longer while anything else is legal.
    """
    model = build_model(config)
    variables = {"params": params}
    prime: Any = jax.vmap(lambda window: model.apply(variables, window, method=Model.prime))
    encoded, h, carry = prime(windows)
    uniforms = jax.vmap(lambda key: jax.random.uniform(key, (most_events, 4)))(keys)
    count = keys.shape[0]

    def one(
        window: Window, encoded: Encoded, state: State, carry: Any, h: jax.Array, uniform: jax.Array
    ) -> tuple:
        def call(method: Callable, *args: Any) -> Any:
            return model.apply(variables, *args, method=method)

        logits = call(Model.draw_delta, window, encoded, state, h)
        preferred = prefer_onsets(window, state, logits, longest_rest)
        delta = draw(logits, uniform[0], temperature, top_p, preferred)
        ended = delta.index == ev.END
        step = jnp.where(ended, 0, delta.index)
        onset = jnp.minimum(state.now + jnp.asarray(ev.DELTA_TICKS)[step], window.hole_ticks)
        logits, summary = call(Model.draw_staff, window, encoded, state, h, step, onset)
        preferred = prefer_staves(window, state, onset, logits, longest_rest)
        staff = draw(logits, uniform[1], temperature, top_p, preferred)
        logits, z, view = call(
            Model.draw_pitch, window, encoded, state, h, step, onset, staff.index, summary
        )
        pitch = draw(logits, uniform[2], temperature, top_p)
        logits = call(Model.draw_duration, window, state, onset, staff.index, summary, z, view, pitch.index)
        duration = draw(logits, uniform[3], temperature, top_p)
        ticks = jnp.asarray(ev.DURATION_TICKS)[duration.index]
        voice = voice_of(state, staff.index, onset, onset + ticks) + 1
        row = jnp.stack([onset, staff.index, pitch.index, ticks, voice]).astype(jnp.int32)
        nll = delta.nll + jnp.where(ended, 0, staff.nll + pitch.nll + duration.nll)
        event = event_input(window, state, step, onset, staff.index, pitch.index, duration.index)
        h, carry = call(Model.step, encoded, carry, event)
        return advance(window, state, onset, staff.index, pitch.index, ticks), carry, h, row, nll, ended

    def body(loop: _Loop) -> _Loop:
        uniform = jax.lax.dynamic_index_in_dim(uniforms, loop.step, axis=1, keepdims=False)
        state, carry, h, row, nll, ended = jax.vmap(one)(
            windows, encoded, loop.state, loop.carry, loop.h, uniform
        )
        done = loop.done | ended
        return _Loop(
            step=loop.step + 1,
            state=state,
            carry=carry,
            h=h,
            events=jax.lax.dynamic_update_index_in_dim(loop.events, row, loop.step, axis=1),
            count=loop.count + ~done,
            nll=loop.nll + jnp.where(loop.done, 0, nll),
            done=done,
        )

    first = _Loop(
        step=jnp.int32(0),
        state=jax.vmap(lambda window: init_state(window, beats))(windows),
        carry=carry,
        h=h,
        events=jnp.zeros((count, most_events, 5), jnp.int32),
        count=jnp.zeros(count, jnp.int32),
        nll=jnp.zeros(count),
        done=jnp.zeros(count, bool),
    )
    last = jax.lax.while_loop(lambda loop: (loop.step < most_events) & ~loop.done.all(), body, first)
    return Drawn(last.events, last.count, last.nll, last.done)
