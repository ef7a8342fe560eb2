"""Filling a hole: what is known is clamped, the rest drawn by annealed Gibbs sampling, many chains at once.

A window of the roll slides over the hole from left to right. Of its W steps the first third is known or
written already, the next are written, and the last ones look ahead: known where the hole ends before
them, else drawn and forgotten. Clamped are all steps outside the hole, the metre, and in the hole the
notes of the staves that aren't filled; the new notes are lines (`jaxmodels.rbm.lines`), one for each
voice of each staff.

A alternatives, L lines, T steps of the grid, W steps of a window, P pitches, M metre units.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from jaxmodels.piece import M_FIFTHS, Piece
from jaxmodels.rbm.config import RbmConfig
from jaxmodels.rbm.energy import Rbm, hidden_logits, pseudo_nats, visible_logits
from jaxmodels.rbm.gibbs import annealing, bernoulli
from jaxmodels.rbm.hole import Hole, HoleRolls, forced_states, known_bounds, lines_of
from jaxmodels.rbm.lines import FREE, Lines, draw_lines, units_of_states
from jaxmodels.rbm.roll import METRE, Grid, grid_of, shift_to_c, step_for
from jaxmodels.staff_facts import StaffFacts
from jaxmodels.window_layout import D_CLOCK, D_PITCH, D_STAFF, D_TICKS, D_VOICE

SWEEPS = 48
"""Gibbs sweeps for each window, most of them while it cools."""


class Written(NamedTuple):
    """What was drawn.

    - `events` int32 `[A, E, 5]`, columns `D_*`, with the piece's own numbers of staves; `count` `[A]`.
    - `nll` float64 `[A]`: −Σ log p(unit | all others) over the pitch units of all written steps, in nats:
      the pseudo-likelihood (Besag 1975) that stands in for the likelihood, which isn't known here.
    - `onsets` `[A]`: onset units that are on in these steps, of known notes and of new ones: what `nll` is
      to be divided by, as `config.USUAL_NATS` is.
    """

    events: np.ndarray
    count: np.ndarray
    nll: np.ndarray
    onsets: np.ndarray


def reach(steps: int) -> tuple[int, int]:
    """Return how many of a window's steps lie before those that are written, and how many are written."""
    left = steps // 3
    return left, max(1, (steps - left) * 3 // 5)


def fill_hole(
    config: RbmConfig,
    rbm: Rbm,
    pieces: Sequence[Piece],
    facts: StaffFacts,
    hole: Hole,
    key: jax.Array,
    *,
    temperature: float = 1.0,
    sweeps: int = SWEEPS,
    progress: Callable[[float], None] | None = None,
) -> Written:
    """Fill `hole` of each of `pieces`, which differ in their notes alone and have none in the hole.

    - `facts`: the staves' ranges and numbers of voices; a chord within a voice is never written.
    - `progress`: hears the share of the hole that is written, after every window; what it raises stops
      the filling.
    """
    measures = pieces[0].measures
    step = step_for(pieces[0], config.step_ticks)
    grid = grid_of(measures, 0, step)
    shift = shift_to_c(int(measures[hole.start, M_FIFTHS]))
    rolls = HoleRolls(config, pieces, grid, shift, hole)
    lines = lines_of(config, facts, hole, shift)
    states = np.zeros((len(pieces), len(lines.low), len(grid.metre)), np.int32)
    nll, onsets = np.zeros(len(pieces)), np.zeros(len(pieces), int)
    betas = annealing(sweeps, temperature=temperature)
    left, written = reach(config.steps)
    begin, end = rolls.span
    for at in range(begin, end, written):
        window = np.arange(at - left, at - left + config.steps)
        stop = min(at + written, end)
        known, metre = rolls.cut(window)
        forced = forced_states(rolls, lines, states, window, at)
        upper, lower = known_bounds(rolls, facts, lines, window)
        inside = (window >= begin) & (window < rolls.free_end)
        drawn, nats, begun = _sample(
            config,
            rbm,
            lines._replace(forced=forced, cut=window == begin, inside=inside, upper=upper, lower=lower),
            known,
            metre,
            jnp.asarray(betas),
            jax.random.fold_in(key, at - begin),
            (window >= at) & (window < stop),
        )
        states[:, :, at:stop] = np.asarray(drawn)[:, :, left : left + stop - at]
        nll += np.asarray(nats, np.float64)
        onsets += np.asarray(begun, int)
        if progress:
            progress((stop - begin) / (end - begin))
    return Written(*_events(config, lines, states, grid, rolls.span, shift), nll, onsets)


@partial(jax.jit, static_argnums=0)
def _sample(
    config: RbmConfig,
    rbm: Rbm,
    lines: Lines,
    known: Any,
    metre: Any,
    betas: jax.Array,
    key: jax.Array,
    written: Any,
) -> tuple[jax.Array, jax.Array, jax.Array]:
    """Return states `[A, L, W]` after a sweep at each of `betas`, and `nll` and `onsets` as in `Written`.

    Both `[A]`, of the steps `written` bool `[W]`, which lie where `reach` says.

    - `known` bool `[A, W, 2, P]` and `metre` float32 `[W, M]` are clamped: a line only ever adds to them.
    """
    chains, steps, pitches = known.shape[0], config.steps, config.pitches

    def visible(states: jax.Array) -> jax.Array:
        new = (units_of_states(states, pitches) & lines.inside[:, None, None]).any(axis=1)
        cells = (known | new).reshape(chains, steps, -1).astype(jnp.float32)
        beats = jnp.broadcast_to(metre, (chains, steps, METRE))
        return jnp.concatenate([cells, beats], axis=2).reshape(chains, -1)

    def sweep(states: jax.Array, now: tuple) -> tuple[jax.Array, None]:
        beta, key = now
        up, down = jax.random.split(key)
        hidden = bernoulli(up, beta * hidden_logits(rbm, visible(states)))
        logits = visible_logits(rbm, hidden).reshape(chains, steps, -1)[..., : 2 * pitches]
        cells = logits.reshape(chains, steps, 2, pitches)
        axes = Lines(*[None] * len(Lines._fields))._replace(forced=0)  # type: ignore[arg-type]
        step = jax.vmap(draw_lines, in_axes=(axes, 0, 0, 0, None, 0))
        return step(lines, states, known, cells, beta, jax.random.split(down, chains)), None

    start = jnp.where(lines.forced == FREE, 0, lines.forced).astype(jnp.int32)
    states = jax.lax.scan(sweep, start, (betas, jax.random.split(key, len(betas))))[0]
    first, count = reach(steps)
    numbers = np.arange(steps * (2 * pitches + METRE)).reshape(steps, -1)
    units = numbers[first : first + count, : 2 * pitches]
    counted = jnp.repeat(written[first : first + count], units.shape[1])
    cells = visible(states)
    begun = (cells.reshape(chains, steps, -1)[:, :, :pitches].sum(axis=2) * written).sum(axis=1)
    return states, pseudo_nats(rbm, cells, units.ravel(), counted), begun


def _events(
    config: RbmConfig,
    lines: Lines,
    states: np.ndarray,
    grid: Grid,
    span: tuple[int, int],
    shift: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Return `Written.events` and `Written.count`: the lines' notes in the written steps."""
    begin, end = span
    ticks = grid.starts[begin : end + 1] - grid.starts[begin]
    found = []
    for chain in states[:, :, begin:end]:
        rows = []
        for line, staff in enumerate(lines.staff):
            if staff < 0:
                continue
            voice = 1 + int((lines.staff[:line] == staff).sum())
            onsets = np.flatnonzero((chain[line] > 0) & (chain[line] <= config.pitches))
            stops = np.append(np.flatnonzero(chain[line] <= config.pitches), end - begin)
            for onset in onsets:
                stop = stops[np.searchsorted(stops, onset, side="right")]
                pitch = int(chain[line, onset]) - 1 + config.lowest - shift
                rows.append((ticks[onset], staff, pitch, ticks[stop] - ticks[onset], voice))
        found.append(
            np.array(sorted(rows, key=lambda row: (row[0], row[1], -row[2])), np.int32).reshape(-1, 5)
        )
    count = np.array([len(rows) for rows in found])
    events = np.zeros((len(found), max(1, count.max()), 5), np.int32)
    for row, each in zip(events, found, strict=True):
        row[: len(each), [D_CLOCK, D_STAFF, D_PITCH, D_TICKS, D_VOICE]] = each
    return events, count
