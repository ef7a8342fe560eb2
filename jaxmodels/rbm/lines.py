"""Voice lines in a roll: the visible half of a Gibbs sweep, drawn so that it can be written down.

In a plain sweep each visible unit is drawn by itself, and a window may come out with any number of notes.
Here the roll above the known notes is the union of *lines*, each of which plays one pitch or rests at a
step, within its staff's range, and holds only what it has begun. Given the hidden units, a line's
probability factorises along time, so that it is drawn exactly, by forward filtering and backward sampling
(Scott 2002, *Bayesian Methods for Hidden Markov Models*, §2.2), one line after the other given the
others. What results is a Gibbs sampler of the RBM's distribution restricted to what the lines can
play, times a preference for small steps: the RBM says which pitches sound, not who plays them.

A chains, L lines, W steps, P pitches. A line's state at a step: 0 rests, 1 + p begins pitch p, 1 + P + p
holds it.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

NEVER = -1e9
UNWANTED = -1e4
"""Log weights of what mustn't be, and of what only happens where nothing else is left."""

LEAP_NATS = 0.2
"""What each semitone of a line's step costs."""

CROSSING_NATS = 5.0
"""What a step costs in which a line lies above one that should lie above it, or below one below."""

UNISON_NATS = 3.0
"""What a step costs in which a line plays the pitch of another line or of a known staff.

The roll doesn't count players."""

FREE = -1


class Lines(NamedTuple):
    """What the lines of a window may play.

    - `low`, `high` `[L]`: their pitches in the roll, both included; `staff` `[L]`: whose they are (lines
      of one staff never share a pitch); `rests` bool `[L]`: whether they may rest.
    - `order` `[L, L]`: 1 where the second line should lie above the first, −1 where below, else 0; `upper`,
      `lower` `[L, W]`: what known staves allow likewise, P and −1 where they say nothing.
    - `forced` `[A, L, W]`: the state that a line has to have, `FREE` where it is drawn.
    - `cut` bool `[W]`: steps into which nothing is held; `inside` bool `[W]`: steps that they play in,
      elsewhere their states only say where they come from and go to.
    """

    low: jax.Array | np.ndarray
    high: jax.Array | np.ndarray
    staff: jax.Array | np.ndarray
    rests: jax.Array | np.ndarray
    order: jax.Array | np.ndarray
    upper: jax.Array | np.ndarray
    lower: jax.Array | np.ndarray
    forced: jax.Array | np.ndarray
    cut: jax.Array | np.ndarray
    inside: jax.Array | np.ndarray


def units_of_states(states: jax.Array, pitches: int) -> jax.Array:
    """Return the onset and hold units, bool `[..., 2, P]`, of lines in `states` `[...]`."""
    units = (jnp.arange(2 * pitches) + 1) == states[..., None]
    return units.reshape(*states.shape, 2, pitches)


def draw_lines(
    lines: Lines, states: jax.Array, known: jax.Array, logits: jax.Array, beta: jax.Array, key: jax.Array
) -> jax.Array:
    """Return new states `[L, W]` of one chain's lines, each drawn given the others.

    - `states` `[L, W]`: as they are; `known` bool `[W, 2, P]`: units that known notes hold on;
      `logits` `[W, 2, P]`: the visible units' given the hidden ones; `beta`: inverse temperature.
    """
    pitches = logits.shape[-1]
    steps = jnp.arange(pitches)
    leaps = jnp.exp(-beta * LEAP_NATS * jnp.abs(steps[:, None] - steps))

    def draw(states: jax.Array, now: tuple) -> tuple[jax.Array, None]:
        line, key = now
        units = units_of_states(states, pitches) & (jnp.arange(len(states)) != line)[:, None, None, None]
        own = (units & (lines.staff == lines.staff[line])[:, None, None, None]).any(axis=(0, 2))  # [W, P]
        sounds = (units.any(axis=0) | known).any(axis=1)
        gains = jnp.where(units.any(axis=0) | known, 0.0, logits) - UNISON_NATS * sounds[:, None]
        upper, lower = _bounds(lines, states, line, pitches)
        crossing = (steps > upper[:, None]) | (steps < lower[:, None])
        gains -= CROSSING_NATS * crossing[:, None]
        in_range = (steps >= lines.low[line]) & (steps <= lines.high[line])
        gains = jnp.where((in_range & ~own)[:, None], beta * gains, NEVER)
        gains = gains.at[:, 1].add(jnp.where(lines.cut[:, None], NEVER, 0.0))
        rest = jnp.full((len(gains), 1), jnp.where(lines.rests[line], 0.0, UNWANTED))
        weights = jnp.concatenate([rest, gains.reshape(len(gains), -1)], axis=1)  # [W, 1 + 2P]
        forced = lines.forced[line][:, None]
        as_told = jnp.where(jnp.arange(weights.shape[1]) == forced, 0.0, NEVER)
        weights = jnp.where(forced == FREE, weights, as_told)
        return states.at[line].set(_draw_line(weights, leaps, key)), None

    count = len(states)
    return jax.lax.scan(draw, states, (jnp.arange(count), jax.random.split(key, count)))[0]


def _bounds(lines: Lines, states: jax.Array, line: jax.Array, pitches: int) -> tuple[jax.Array, jax.Array]:
    """Return the highest and the lowest pitch `[W]` that a line crosses none of the others with."""
    sounding, pitch = states > 0, (states - 1) % pitches
    order = jnp.asarray(lines.order)[line][:, None]
    above = jnp.where(sounding & (order > 0), pitch, pitches).min(axis=0)
    below = jnp.where(sounding & (order < 0), pitch, -1).max(axis=0)
    return jnp.minimum(lines.upper[line], above), jnp.maximum(lines.lower[line], below)


def _draw_line(weights: jax.Array, leaps: jax.Array, key: jax.Array) -> jax.Array:
    """Return states `[W]` drawn in proportion to exp(`weights`) and to the moves' `leaps`."""
    pitches = len(leaps)
    log_leaps = jnp.log(leaps)

    def forward(before: jax.Array, weight: jax.Array) -> tuple[jax.Array, jax.Array]:
        top = before.max()
        share = jnp.exp(before - top)
        sounding = share[1 : 1 + pitches] + share[1 + pitches :]
        moved = jnp.log(sounding @ leaps + share[0]) + top
        held = jnp.where(sounding > 0, jnp.log(sounding) + top, 2 * NEVER)
        total = jnp.log(share.sum()) + top
        after = weight + jnp.concatenate([total[None], moved, held])
        return after, after

    first = weights[0]
    _, later = jax.lax.scan(forward, first, weights[1:])
    filtered = jnp.concatenate([first[None], later])

    def backward(after: jax.Array, now: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
        before, key = now
        pitch = jnp.where(after == 0, 0, (after - 1) % pitches)
        leap = log_leaps[:, pitch]
        same = jnp.where(jnp.arange(pitches) == pitch, 0.0, 2 * NEVER)
        begun = jnp.concatenate([jnp.zeros(1), leap, leap])
        held = jnp.concatenate([jnp.full(1, 2 * NEVER), same, same])
        move = jnp.where(after == 0, 0.0, jnp.where(after <= pitches, begun, held))
        state = jax.random.categorical(key, before + move)
        return state, state

    keys = jax.random.split(key, len(filtered))
    last = jax.random.categorical(keys[-1], filtered[-1])
    _, states = jax.lax.scan(backward, last, (filtered[:-1], keys[:-1]), reverse=True)
    return jnp.append(states, last)
