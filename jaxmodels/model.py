"""The whole model: context encoder, event embedding, backbone, heads; one window at a time.

S staves, T = P + 1 + E events (prompt, START, hole), G context frames, C context channels,
R residual_channels.
"""

from __future__ import annotations

import flax.linen as nn
import jax
import jax.numpy as jnp

from jaxmodels import constraints, views
from jaxmodels import events as ev
from jaxmodels.config import ModelConfig
from jaxmodels.constraints import ILLEGAL
from jaxmodels.context import ContextEncoder, Encoded, StaffEmbedding
from jaxmodels.event_input import EventInput, interval_class, start_input
from jaxmodels.heads import Heads
from jaxmodels.losses import Losses, score_events
from jaxmodels.lstm import Lstm, LstmCarry
from jaxmodels.state import State, advance, anchors, init_state
from jaxmodels.wavenet import WaveNet, WaveNetCarry
from jaxmodels.window_layout import (
    C_STRENGTH,
    C_TONIC,
    E_CLOCK,
    E_DELTA,
    E_DURATION,
    E_PITCH,
    E_STAFF,
    E_TICKS,
    NO_INTERVAL,
    START_DURATION,
    START_PITCH,
    Sizes,
    Window,
)

Carry = WaveNetCarry | LstmCarry
BACKBONES = {"wavenet": WaveNet, "lstm": Lstm}
CARRY_AXES = {"wavenet": WaveNetCarry(0, None), "lstm": LstmCarry(0, 0)}  # type: ignore[arg-type]
"""Axes of a carry's parts in a batch that generates in step: all have seen as many events."""


class Model(nn.Module):
    """Context encoder, backbone and heads; build it with `build_model`."""

    config: ModelConfig

    def setup(self) -> None:
        """Make the parts."""
        config = self.config
        width = config.residual_channels
        self.encoder = ContextEncoder(config, name="encoder")
        self.backbone = BACKBONES[config.kind](config, name="backbone")
        self.heads = Heads(config, name="heads")
        self.staff_embed = StaffEmbedding(config, config.staff_channels, name="staff_embed")
        self.pitch_embed = nn.Embed(START_PITCH + 1, width, name="pitch_embed")
        self.tone_embed = nn.Embed(12, width, name="tone_embed")
        self.duration_embed = nn.Embed(START_DURATION + 1, width, name="duration_embed")
        self.delta_embed = nn.Embed(ev.DELTAS, width, name="delta_embed")
        self.strength_embed = nn.Embed(views.STRENGTH_COUNT, width, name="strength_embed")
        self.interval_embed = nn.Embed(NO_INTERVAL + 1, width, name="interval_embed")
        self.event_staff = nn.Dense(width, use_bias=False, name="event_staff")

    def encode(self, window: Window, *, train: bool = False) -> Encoded:
        """Read the score around the hole, once."""
        context = self.encoder(window, train=train)
        weight = window.valid[:, None, None] / jnp.maximum(1, window.valid.sum())
        return Encoded(context, (context * weight).sum(axis=0), self.staff_embed(window))

    def losses(self, window: Window, beats: int, *, train: bool = False) -> Losses:
        """Return the likelihood of the hole's real events; `beats` is `Sizes.beats`."""
        encoded = self.encode(window, train=train)
        rows = window.events
        count = rows.shape[0]

        def forward(state: State, row: jax.Array) -> tuple[State, tuple[State, jax.Array]]:
            low = anchors(window, state, row[E_CLOCK]).low[row[E_STAFF]]
            after = advance(window, state, row[E_CLOCK], row[E_STAFF], row[E_PITCH], row[E_TICKS])
            return after, (state, interval_class(row[E_PITCH], low))

        end_state, (states, intervals) = jax.lax.scan(forward, init_state(window, beats), rows)
        live = jnp.arange(count) < window.event_count
        inputs = EventInput(
            pitch=rows[:, E_PITCH],
            duration=rows[:, E_DURATION],
            delta=rows[:, E_DELTA],
            staff=rows[:, E_STAFF],
            frame=jax.vmap(lambda onset: views.context_frame(window, onset))(rows[:, E_CLOCK]),
            strength=window.clock[rows[:, E_CLOCK], C_STRENGTH],
            interval=intervals,
            tonic=window.clock[rows[:, E_CLOCK], C_TONIC],
        )
        x_TR, condition = self._sequence(window, encoded, inputs)
        h_TH = self.backbone(x_TR, condition, train=train)[window.prompt.shape[0] :]

        # The end of the hole is drawn from the state after the last event.
        states = jax.tree.map(lambda all_, end: jnp.concatenate([all_, end[None]]), states, end_state)
        targets = jnp.concatenate([rows, rows[-1:]])
        live_or_end = jnp.arange(count + 1) < window.event_count + window.complete
        ended = jnp.arange(count + 1) == window.event_count
        return score_events(
            self.heads,
            window,
            encoded,
            h_TH,
            states,
            targets,
            ended,
            jnp.append(live, False),
            live_or_end,
            train=train,
        )

    def prime(self, window: Window) -> tuple[Encoded, jax.Array, Carry]:
        """Encode the context, run the prompt; return both and the state `[H]` that draws an event next."""
        encoded = self.encode(window)
        nothing = EventInput(*(jnp.zeros(0, jnp.int32) for _ in EventInput._fields))
        x_TR, condition = self._sequence(window, encoded, nothing)
        h_TH, carry = self.backbone.prime(x_TR, condition)
        return encoded, h_TH[-1], carry

    def step(self, encoded: Encoded, carry: Carry, event: EventInput) -> tuple[jax.Array, Carry]:
        """Take in one event; returns the state `[H]` from which the next is drawn."""
        return self.backbone.step(carry, self._embed(encoded, event), self._condition(encoded, event))

    def draw_delta(self, window: Window, encoded: Encoded, state: State, h: jax.Array) -> jax.Array:
        """Return masked logits of the step to the next onset, `[DELTAS + 1]`."""
        view = views.staff_view(window, state, state.now)
        summary = self.heads.staves(view, encoded.staves)
        mean = encoded.mean[views.context_frame(window, state.now)]
        logits = self.heads.delta(h, summary, view.inside, mean, views.delta_candidates(window, state))
        return jnp.where(constraints.delta_mask(window, state), logits, ILLEGAL)

    def draw_staff(
        self,
        window: Window,
        encoded: Encoded,
        state: State,
        h: jax.Array,
        delta: jax.Array,
        onset: jax.Array,
    ) -> tuple[jax.Array, jax.Array]:
        """Return masked logits of the staff `[S]` and the staves' summaries `[S, D]` at `onset`."""
        summary = self.heads.staves(views.staff_view(window, state, onset), encoded.staves)
        context = encoded.context[:, views.context_frame(window, onset)]
        legal = constraints.staff_masks(window, state, onset)
        logits = self.heads.staff(h, delta, summary, context, legal)
        return jnp.where(legal, logits, ILLEGAL), summary

    def draw_pitch(
        self,
        window: Window,
        encoded: Encoded,
        state: State,
        h: jax.Array,
        delta: jax.Array,
        onset: jax.Array,
        staff: jax.Array,
        summary: jax.Array,
    ) -> tuple[jax.Array, jax.Array, views.PitchView]:
        """Return masked logits of the pitch `[128]`, and what the duration needs."""
        view = views.pitch_view(window, state, onset, staff)
        frame = views.context_frame(window, onset)
        z = self.heads.pitch_state(
            h, delta, summary[staff], encoded.context[staff, frame], encoded.mean[frame], view
        )
        legal = constraints.pitch_mask(window, state, onset, staff)
        return jnp.where(legal, self.heads.pitch(z, view), ILLEGAL), z, view

    def draw_duration(
        self,
        window: Window,
        state: State,
        onset: jax.Array,
        staff: jax.Array,
        summary: jax.Array,
        z: jax.Array,
        view: views.PitchView,
        pitch: jax.Array,
    ) -> jax.Array:
        """Return masked logits of the duration `[DURATIONS]`."""
        candidates = views.duration_candidates(window, state, onset, staff)
        logits = self.heads.duration(z, pitch, view, summary[staff], candidates)
        return jnp.where(constraints.duration_mask(window, state, onset, staff), logits, ILLEGAL)

    def _sequence(self, window: Window, encoded: Encoded, hole: EventInput) -> tuple[jax.Array, jax.Array]:
        """Return the backbone's input and condition for prompt, START and the hole's events."""
        prompt = EventInput(*window.prompt.T)
        start = start_input(window)
        joined = EventInput(
            *(
                jnp.concatenate(xs)
                for xs in zip(prompt, jax.tree.map(lambda x: x[None], start), hole, strict=True)
            )
        )
        live = jnp.concatenate([window.prompt_valid, jnp.ones(1 + hole.pitch.shape[0], bool)])[:, None]
        return self._embed(encoded, joined) * live, self._condition(encoded, joined) * live

    def _embed(self, encoded: Encoded, event: EventInput) -> jax.Array:
        tone = jnp.where(event.pitch < START_PITCH, (event.pitch - event.tonic) % 12, 0)
        about = jnp.concatenate(
            [encoded.staves[event.staff], encoded.context[event.staff, event.frame]], axis=-1
        )
        return (
            self.pitch_embed(event.pitch)
            + self.tone_embed(tone)
            + self.duration_embed(event.duration)
            + self.delta_embed(event.delta)
            + self.strength_embed(event.strength)
            + self.interval_embed(event.interval)
            + self.event_staff(about)
        )

    def _condition(self, encoded: Encoded, event: EventInput) -> jax.Array:
        return jnp.concatenate(
            [encoded.mean[event.frame], encoded.context[event.staff, event.frame]], axis=-1
        )


def build_model(config: ModelConfig) -> Model:
    """Return the model of `config`; raises `ValueError` for an unknown kind."""
    if config.kind not in BACKBONES:
        raise ValueError(f"unknown model kind {config.kind!r}; there are: {', '.join(BACKBONES)}")
    return Model(config)


def init_params(config: ModelConfig, window: Window, sizes: Sizes, seed: int = 0) -> dict:
    """Return fresh parameters; any window of the model's staves and frames will do."""
    window = jax.tree.map(jnp.asarray, window)
    start = jax.jit(lambda key: build_model(config).init(key, window, sizes.beats, method=Model.losses))
    return start(jax.random.key(seed))["params"]
