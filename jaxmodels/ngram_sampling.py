"""Filling a hole with the 5-gram: events, legality and wishes of a neural model, other likelihoods.

D Δonset classes, S staves.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import jax
import jax.numpy as jnp
import numpy as np

from jaxmodels import constraints
from jaxmodels import events as ev
from jaxmodels.constraints import ILLEGAL
from jaxmodels.ngram import EventNgram, WittenBell, prompt_tokens, ranks_of
from jaxmodels.rests import prefer_onsets, prefer_staves
from jaxmodels.sampling import draw
from jaxmodels.state import State, advance, init_state, voice_of
from jaxmodels.window_layout import C_TONIC, Window

_TONES_BELOW = 11
"""A pitch less its tonic's pitch class is at least −11."""


class NgramSampler:
    """Draws fills from a fitted `EventNgram`; windows must have `staves` staves."""

    def __init__(self, ngram: EventNgram, staves: int = 4) -> None:
        """Number the tokens of all three n-grams."""
        self.order, self.staves = ngram.order, staves
        when: list[Hashable] = [(delta, rank) for delta in range(ev.DELTAS) for rank in range(staves)]
        tones: list[Hashable] = list(range(-_TONES_BELOW, ev.PITCHES))
        self.when = _Table(ngram.models["when"], [*when, ev.END])
        self.pitch = _Table(ngram.models["pitch"], tones)
        self.duration = _Table(ngram.models["duration"], list(range(ev.DURATIONS)))

    def fill(
        self,
        window: Window,
        beats: int,
        most_events: int,
        longest_rest: np.ndarray,
        rng: np.random.Generator,
        temperature: float = 1.0,
        top_p: float = 1.0,
    ) -> tuple[np.ndarray, bool]:
        """Return events int `[N, 5]` (columns `D_*`), and whether the hole's end was drawn.

        - `beats`: `Sizes.beats`; `longest_rest` int `[S]`, in ticks: see `rests`.
        """
        look = self.order - 1
        rank = ranks_of(window)
        when, tones, lengths = prompt_tokens(window, rank)
        staff_of_rank = np.zeros(self.staves, np.int32)
        staff_of_rank[list(rank.values())] = list(rank)
        on_device = jax.tree.map(jnp.asarray, window)
        state = init_state(on_device, beats)
        manner = jnp.asarray(longest_rest, jnp.int32), jnp.float32(temperature), jnp.float32(top_p)
        rows: list[tuple[int, ...]] = []
        for uniforms in rng.random((most_events, 4), np.float32):
            p = self.when.distribution(tuple(when[-look:]))
            joint = np.full((ev.DELTAS, self.staves), ILLEGAL, np.float32)
            joint[:, staff_of_rank[: len(rank)]] = np.log(p[:-1]).reshape(ev.DELTAS, -1)[:, : len(rank)]
            ended, step, onset, staff = map(
                int, _draw_when(on_device, state, joint, np.log(p[-1]), uniforms, *manner)
            )
            if ended:
                return np.array(rows, np.int32).reshape(-1, 5), True
            tonic = int(window.clock[onset, C_TONIC])
            p = self.pitch.distribution(tuple(tones[staff][-look:]))
            p = p[_TONES_BELOW - tonic :][: ev.PITCHES]
            pitch = int(_draw_pitch(on_device, state, onset, staff, np.log(p), uniforms[2], *manner[1:]))
            p = self.duration.distribution(tuple(lengths[staff][-look:]))
            value, voice, state = _draw_duration(
                on_device, state, onset, staff, pitch, np.log(p), uniforms[3], *manner[1:]
            )
            rows.append((onset, staff, pitch, int(ev.DURATION_TICKS[int(value)]), int(voice)))
            when.append((step, rank[staff]))
            tones[staff].append(pitch - tonic)
            lengths[staff].append(int(value))
        return np.array(rows, np.int32).reshape(-1, 5), False


class _Table:
    """A Witten–Bell model as arrays over its numbered tokens; pasts are turned into arrays once."""

    def __init__(self, model: WittenBell, tokens: Sequence[Hashable]) -> None:
        self.model = model
        self.number = {token: place for place, token in enumerate(tokens)}
        self.seen: dict[tuple, tuple[np.ndarray, np.ndarray] | None] = {}

    def distribution(self, past: tuple[Hashable, ...]) -> np.ndarray:
        """Return p(token | past) of every token, float64; as `WittenBell.probability` gives it."""
        p = np.full(len(self.number), 1 / self.model.vocabulary)
        for length in range(min(self.model.order - 1, len(past)) + 1):
            arrays = self._arrays(past[len(past) - length :])
            if arrays is None:
                break
            places, counts = arrays
            p *= len(places)
            p[places] += counts
            p /= counts.sum() + len(places)
        return p

    def _arrays(self, past: tuple) -> tuple[np.ndarray, np.ndarray] | None:
        if past not in self.seen:
            counter = self.model.counts.get(past)
            self.seen[past] = (
                None
                if counter is None
                else (
                    np.array([self.number[token] for token in counter]),
                    np.array(list(counter.values()), float),
                )
            )
        return self.seen[past]


@jax.jit
def _draw_when(
    window: Window,
    state: State,
    joint_DS: jax.Array,
    end: jax.Array,
    uniforms: jax.Array,
    longest_rest: jax.Array,
    temperature: jax.Array,
    top_p: jax.Array,
) -> tuple[jax.Array, ...]:
    """Return whether the hole ends, the step's class, the onset and the staff, from log-probabilities."""
    legal = constraints.fresh_masks(window, state)
    legal = legal.at[0].set(legal[0] | constraints.staff_masks(window, state, state.now))
    joint_DS = jnp.where(legal, joint_DS, ILLEGAL)
    steps = jnp.where(legal.any(axis=1), jax.nn.logsumexp(joint_DS, axis=1), ILLEGAL)
    logits = jnp.append(steps, end)
    preferred = prefer_onsets(window, state, logits, longest_rest)
    step = draw(logits, uniforms[0], temperature, top_p, preferred).index
    ended = step == ev.END
    step = jnp.where(ended, 0, step)
    onset = jnp.minimum(state.now + jnp.asarray(ev.DELTA_TICKS)[step], window.hole_ticks)
    preferred = prefer_staves(window, state, onset, joint_DS[step], longest_rest)
    staff = draw(joint_DS[step], uniforms[1], temperature, top_p, preferred).index
    return ended, step, onset, staff


@jax.jit
def _draw_pitch(
    window: Window,
    state: State,
    onset: jax.Array,
    staff: jax.Array,
    log_p: jax.Array,
    uniform: jax.Array,
    temperature: jax.Array,
    top_p: jax.Array,
) -> jax.Array:
    logits = jnp.where(constraints.pitch_mask(window, state, onset, staff), log_p, ILLEGAL)
    return draw(logits, uniform, temperature, top_p).index


@jax.jit
def _draw_duration(
    window: Window,
    state: State,
    onset: jax.Array,
    staff: jax.Array,
    pitch: jax.Array,
    log_p: jax.Array,
    uniform: jax.Array,
    temperature: jax.Array,
    top_p: jax.Array,
) -> tuple[jax.Array, jax.Array, State]:
    """Return the duration's class, the note's voice from 1, and the state after the note."""
    logits = jnp.where(constraints.duration_mask(window, state, onset, staff), log_p, ILLEGAL)
    value = draw(logits, uniform, temperature, top_p).index
    ticks = jnp.asarray(ev.DURATION_TICKS)[value]
    voice = voice_of(state, staff, onset, onset + ticks) + 1
    return value, voice, advance(window, state, onset, staff, pitch, ticks)
