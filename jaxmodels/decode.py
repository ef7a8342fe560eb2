"""Filling a hole: a jitted loop over cached steps, alternatives as a batch, in chunks that can be watched.

A alternatives, E most events, S staves.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from jaxmodels import events as ev
from jaxmodels.config import ModelConfig
from jaxmodels.context import Encoded
from jaxmodels.event_input import event_input
from jaxmodels.exported import Programs, make_storable
from jaxmodels.lstm import LstmCarry
from jaxmodels.model import CARRY_AXES, Model, build_model
from jaxmodels.rests import prefer_onsets, prefer_staves
from jaxmodels.sampling import draw
from jaxmodels.state import State, advance, init_state, voice_of
from jaxmodels.voice_leading import Leading, lead_voices, pitch_until
from jaxmodels.wavenet import WaveNetCarry
from jaxmodels.window_layout import Window
from jaxmodels.wishes import (
    R_BELOW,
    R_DELTA,
    R_DURATION,
    R_ONSET,
    R_STAFF,
    R_TICKS,
    Wishes,
    binary_grid,
    leave_room_below,
    prefer_values,
)

CHUNK = 32
"""Events drawn before the caller hears of it: often enough to cancel at once, and far apart enough that the
stops between cost nothing."""


class Drawn(NamedTuple):
    """What was drawn.

    - `events` int32 `[A, E, 5]`, columns `D_*`; `count` `[A]`: how many of them were drawn.
    - `nll` float32 `[A]`: the model's own −log p of all of them and of the end, in nats.
    - `complete` bool `[A]`: the hole's end was drawn before room for events ran out.
    """

    events: jax.Array
    count: jax.Array
    nll: jax.Array
    complete: jax.Array


class Filling(NamedTuple):
    """A batch of holes on their way to being filled.

    - `encoded`, `uniforms` `[A, E, 4]`: what doesn't change.
    - `step`: how often the loop has run; `state`, the backbone's `carry` and its last output `h`: what the
      next event is drawn from.
    - `events`, `count`, `nll`: as in `Drawn`, so far; `done` bool `[A]`: the hole's end was drawn.
    - `share` `[A]`: how much of each hole is filled, from 0 to 1.
    - `prior` `[A, S]`: the pitch that each staff sounded until its last event, −1 after a rest.
    """

    encoded: Encoded
    uniforms: jax.Array
    step: jax.Array
    state: State
    prior: jax.Array
    carry: Any
    h: jax.Array
    events: jax.Array
    count: jax.Array
    nll: jax.Array
    done: jax.Array
    share: jax.Array


def fill_holes(
    config: ModelConfig,
    params: dict,
    windows: Window,
    beats: int,
    most_events: int,
    keys: jax.Array,
    wishes: Wishes,
    progress: Callable[[float], None] | None = None,
    programs: Programs | None = None,
) -> Drawn:
    """Fill the holes of `windows` (leading axis A, or 1 if all are the same), one random key `[A]` each.

    - `beats`: `Sizes.beats`; `most_events`: room for events.
    - `progress`: hears the mean share of the holes that is filled, after every `CHUNK` events; what it
      raises stops the filling.
    - `programs`: where traced code is kept, if it is.
    """

    def begin(params: dict, windows: Window, keys: jax.Array, wishes: Wishes) -> Filling:
        return begin_filling(config, params, windows, beats, most_events, keys, wishes)

    def go_on(params: dict, windows: Window, filling: Filling, wishes: Wishes, limit: Any) -> Filling:
        return go_on_filling(config, params, windows, filling, wishes, limit)

    if programs:
        make_storable(Filling, Encoded, State, WaveNetCarry, LstmCarry, Window, Wishes, Leading)
    run = programs.run if programs else _run
    filling = run(begin, (config, beats, most_events), params, windows, keys, wishes)
    windows = jax.tree.map(lambda leaf: np.broadcast_to(leaf, (len(keys), *leaf.shape[1:])), windows)
    limit = 0
    while True:
        limit = min(limit + CHUNK, most_events) if progress else most_events
        filling = run(go_on, config, params, windows, filling, wishes, limit)
        if progress:
            progress(float(filling.share.mean()))
        if limit == most_events or bool(filling.done.all()):
            return Drawn(filling.events, filling.count, filling.nll, filling.done)


def _run(function: Callable, settings: object, *args: Any) -> Any:
    return function(*args)


@partial(jax.jit, static_argnums=(0, 3, 4))
def begin_filling(
    config: ModelConfig,
    params: dict,
    windows: Window,
    beats: int,
    most_events: int,
    keys: jax.Array,
    wishes: Wishes,
) -> Filling:
    """Read what is around the holes, once; nothing is drawn yet. `windows` as in `fill_holes`."""
    model = build_model(config)
    same = jax.tree.leaves(windows)[0].shape[0] == 1

    def read(window: Window, _: jax.Array) -> tuple:
        return *model.apply({"params": params}, window, method=Model.prime), init_state(window, beats)

    read_all: Any = jax.vmap(
        read, in_axes=(None if same else 0, 0), out_axes=(0, 0, CARRY_AXES[config.kind], 0)
    )
    windows = jax.tree.map(lambda leaf: leaf[0], windows) if same else windows
    encoded, h, carry, state = read_all(windows, keys)
    count = keys.shape[0]
    return Filling(
        encoded=encoded,
        uniforms=jax.vmap(lambda key: jax.random.uniform(key, (most_events, 4)))(keys),
        step=jnp.int32(0),
        state=state._replace(grid=binary_grid(wishes, state.grid)),
        prior=state.last_pitch,
        carry=carry,
        h=h,
        events=jnp.zeros((count, most_events, 5), jnp.int32),
        count=jnp.zeros(count, jnp.int32),
        nll=jnp.zeros(count),
        done=jnp.zeros(count, bool),
        share=jnp.zeros(count),
    )


@partial(jax.jit, static_argnums=0)
def go_on_filling(
    config: ModelConfig,
    params: dict,
    windows: Window,
    filling: Filling,
    wishes: Wishes,
    limit: jax.Array | int,
) -> Filling:
    """Draw until every hole is full, or until there are `limit` events."""
    model = build_model(config)
    variables = {"params": params}
    rhythmic = wishes.rhythm_count > 0
    carry_axes = CARRY_AXES[config.kind]

    def one(
        number: jax.Array,
        window: Window,
        encoded: Encoded,
        state: State,
        prior: jax.Array,
        carry: Any,
        h: jax.Array,
        uniform: jax.Array,
    ) -> tuple:
        def call(method: Callable, *args: Any) -> Any:
            return model.apply(variables, *args, method=method)

        fixed = wishes.rhythm[number]
        logits = call(Model.draw_delta, window, encoded, state, h)
        preferred = prefer_onsets(window, state, logits, wishes.longest_rest)
        delta = draw(logits, uniform[0], wishes.temperature, wishes.top_p, preferred)
        ended = jnp.where(rhythmic, number >= wishes.rhythm_count, delta.index == ev.END)
        step = jnp.where(ended, 0, jnp.where(rhythmic, fixed[R_DELTA], delta.index))
        onset = jnp.where(rhythmic & ~ended, fixed[R_ONSET], state.now + jnp.asarray(ev.DELTA_TICKS)[step])
        onset = jnp.minimum(onset, window.hole_ticks)
        logits, summary = call(Model.draw_staff, window, encoded, state, h, step, onset)
        preferred = prefer_staves(window, state, onset, logits, wishes.longest_rest)
        drawn_staff = draw(logits, uniform[1], wishes.temperature, wishes.top_p, preferred)
        staff = jnp.where(rhythmic, fixed[R_STAFF], drawn_staff.index)
        logits, z, view = call(Model.draw_pitch, window, encoded, state, h, step, onset, staff, summary)
        preferred = leave_room_below(logits, fixed[R_BELOW])
        preferred = lead_voices(
            window, state, wishes.leading, prior, onset, staff, view.heard[0], preferred
        )
        pitch = draw(logits, uniform[2], wishes.temperature, wishes.top_p, preferred)
        logits = call(Model.draw_duration, window, state, onset, staff, summary, z, view, pitch.index)
        preferred = prefer_values(wishes, onset, logits)
        drawn_value = draw(logits, uniform[3], wishes.temperature, wishes.top_p, preferred)
        value = jnp.where(rhythmic, fixed[R_DURATION], drawn_value.index)
        ticks = jnp.where(rhythmic, fixed[R_TICKS], jnp.asarray(ev.DURATION_TICKS)[value])
        voice = voice_of(state, staff, onset, onset + ticks) + 1
        row = jnp.stack([onset, staff, pitch.index, ticks, voice]).astype(jnp.int32)
        free_nll = delta.nll + jnp.where(ended, 0, drawn_staff.nll + pitch.nll + drawn_value.nll)
        nll = jnp.where(rhythmic, jnp.where(ended, 0, pitch.nll), free_nll)
        event = event_input(window, state, step, onset, staff, pitch.index, value)
        h, carry = call(Model.step, encoded, carry, event)
        prior = prior.at[staff].set(pitch_until(window, state, wishes.leading, onset, staff))
        return advance(window, state, onset, staff, pitch.index, ticks), prior, carry, h, row, nll, ended

    def body(filling: Filling) -> Filling:
        uniform = jax.lax.dynamic_index_in_dim(filling.uniforms, filling.step, axis=1, keepdims=False)
        step: Any = jax.vmap(
            partial(one, filling.step),
            in_axes=(0, 0, 0, 0, carry_axes, 0, 0),
            out_axes=(0, 0, carry_axes, 0, 0, 0, 0),
        )
        state, prior, carry, h, row, nll, ended = step(
            windows, filling.encoded, filling.state, filling.prior, filling.carry, filling.h, uniform
        )
        done = filling.done | ended
        share = jnp.where(done, 1.0, state.now / windows.hole_ticks)
        return filling._replace(
            step=filling.step + 1,
            state=state,
            prior=prior,
            carry=carry,
            h=h,
            events=jax.lax.dynamic_update_index_in_dim(filling.events, row, filling.step, axis=1),
            count=filling.count + ~done,
            nll=filling.nll + jnp.where(filling.done, 0, nll),
            done=done,
            share=jnp.maximum(filling.share, share),
        )

    return jax.lax.while_loop(lambda now: (now.step < limit) & ~now.done.all(), body, filling)
