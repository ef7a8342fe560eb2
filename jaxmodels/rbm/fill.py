"""Filling a hole: what is known is clamped, the rest is drawn by annealed Gibbs sampling, many chains as a batch.

A window of the roll slides over the hole from left to right. Of its W steps the first third is known or written
already, the next are written, and the last ones look ahead: known where the hole ends before them, else drawn and
forgotten. Clamped are all steps outside the hole, the metre, and in the hole the notes of the staves that aren't
filled; the new notes are lines (`jaxmodels.rbm.lines`), one for each voice of each staff.

A alternatives, L lines, T steps of the grid, W steps of a window, P pitches, M metre units.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from jaxmodels.piece import DURATION, M_DURATION, M_FIFTHS, M_ONSET, ONSET, PITCH, STAFF, Piece
from jaxmodels.rbm.config import RbmConfig
from jaxmodels.rbm.energy import Rbm, flip_log_odds, hidden_logits, visible_logits
from jaxmodels.rbm.gibbs import annealing, bernoulli
from jaxmodels.rbm.lines import FREE, Lines, draw_lines, units_of_states
from jaxmodels.rbm.roll import METRE, Grid, grid_of, roll_of, shift_to_c, step_for
from jaxmodels.staff_facts import StaffFacts
from jaxmodels.window_layout import D_CLOCK, D_PITCH, D_STAFF, D_TICKS, D_VOICE

SWEEPS = 48
"""Gibbs sweeps for each window, most of them while it cools."""

LINE_SIZES = (1, 2, 4, 8, 16, 32, 64, 128)
"""Numbers of lines that are compiled for."""


class Hole(NamedTuple):
    """What to fill.

    - `staves`: the piece's staves to write; `start`, `stop`: its measures to write; `free_until`: up to where they
      are empty, beyond `stop` if more is to be written later.
    - `rests` bool, for each staff of the piece: whether it may rest.
    """

    staves: tuple[int, ...]
    start: int
    stop: int
    free_until: int
    rests: np.ndarray


class Written(NamedTuple):
    """What was drawn.

    - `events` int32 `[A, E, 5]`, columns `D_*`, with the piece's own numbers of staves; `count` `[A]`.
    - `nll` float64 `[A]`: −Σ log p(unit | all others) over the pitch units of all written steps, in nats:
      the pseudo-likelihood (Besag 1975) that stands in for the likelihood, which isn't known here.
    """

    events: np.ndarray
    count: np.ndarray
    nll: np.ndarray


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
    """Fill `hole` of each of `pieces`, which differ in their notes alone; nothing stands in the hole itself.

    - `facts`: the staves' ranges and numbers of voices; a chord within a voice is never written.
    - `progress`: hears the share of the hole that is written, after every window; what it raises stops the filling.
    """
    measures = pieces[0].measures
    step = step_for(pieces[0], config.step_ticks)
    grid = grid_of(measures, 0, step)
    shift = shift_to_c(int(measures[hole.start, M_FIFTHS]))
    score = _Rolls(config, pieces, grid, shift, hole)
    lines = _lines(config, facts, hole, shift)
    states = np.zeros((len(pieces), len(lines.low), len(grid.metre)), np.int32)
    nll = np.zeros(len(pieces))
    betas = annealing(sweeps, temperature=temperature)
    left, written = reach(config.steps)
    begin, end = score.span
    for at in range(begin, end, written):
        window = np.arange(at - left, at - left + config.steps)
        stop = min(at + written, end)
        known, metre = score.cut(window)
        forced = _forced(config, score, lines, states, window, at)
        inside = (window >= begin) & (window < score.free_end)
        drawn, nats = _sample(
            config,
            rbm,
            lines._replace(forced=forced, cut=window == begin, inside=inside),
            known,
            metre,
            jnp.asarray(betas),
            jax.random.fold_in(key, at - begin),
            left,
            left + stop - at,
        )
        states[:, :, at:stop] = np.asarray(drawn)[:, :, left : left + stop - at]
        nll += np.asarray(nats, np.float64)
        if progress:
            progress((stop - begin) / (end - begin))
    return _written(config, lines, states, grid, score.span, shift, nll)


class _Rolls:
    """The known units of all alternatives on one grid, and which of its steps the hole takes."""

    def __init__(
        self, config: RbmConfig, pieces: Sequence[Piece], grid: Grid, shift: int, hole: Hole
    ) -> None:
        self.config, self.grid, self.hole = config, grid, hole
        self.pieces, self.shift = pieces, shift
        measures = pieces[0].measures
        ends = measures[:, M_ONSET] + measures[:, M_DURATION]
        ticks = [measures[hole.start, M_ONSET], ends[hole.stop - 1], ends[hole.free_until - 1]]
        begin, end, free_end = np.searchsorted(grid.starts, ticks)
        self.span, self.free_end = (int(begin), int(end)), int(free_end)
        self.rolls = np.stack([roll_of(_cut(piece, hole), grid, config, shift) for piece in pieces])

    def cut(self, window: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the window's known units bool `[A, W, 2, P]` and metre `[W, M]`; beyond the piece is silence."""
        inside = (window >= 0) & (window < len(self.grid.metre))
        rows = np.where(inside, window, 0)
        known = self.rolls[:, rows].astype(bool) & inside[:, None, None]
        return known, self.grid.metre[rows].astype(np.float32) * inside[:, None]

    def neighbour(self, number: int, staff: int, *, after: bool) -> int:
        """Return the pitch in the roll of a staff's nearest known note before or after the hole, −1 if none."""
        notes = self.pieces[number].notes
        notes = notes[notes[:, STAFF] == staff]
        border = self.grid.starts[self.free_end if after else self.span[0]]
        notes = notes[(notes[:, ONSET] >= border) == after]
        if not len(notes):
            return -1
        pitch = int(notes[0 if after else -1, PITCH]) + self.shift - self.config.lowest
        return pitch if 0 <= pitch < self.config.pitches else -1


def _cut(piece: Piece, hole: Hole) -> np.ndarray:
    """Return the notes of `piece`, those of the staves to fill cut where the hole begins."""
    notes = piece.notes.copy()
    start = piece.measures[hole.start, M_ONSET]
    over = np.isin(notes[:, STAFF], hole.staves) & (notes[:, ONSET] < start)
    notes[over, DURATION] = np.minimum(notes[over, DURATION], start - notes[over, ONSET])
    return notes


def _lines(config: RbmConfig, facts: StaffFacts, hole: Hole, shift: int) -> Lines:
    """Return the lines of the staves to fill, one for each voice; further voices may rest as they like."""
    rows = []
    for staff in hole.staves:
        low = int(facts.lowest[staff]) + shift - config.lowest
        high = int(facts.highest[staff]) + shift - config.lowest
        for voice in range(max(1, min(int(facts.layers[staff]), int(facts.polyphony[staff])))):
            rows.append((low, high, staff, bool(hole.rests[staff]) or voice > 0))
    count = next(size for size in LINE_SIZES if size >= len(rows))
    rows += [(1, 0, -1, True)] * (count - len(rows))  # no pitch: they rest
    low, high, staff, rests = (np.array(column) for column in zip(*rows, strict=True))
    return Lines(low, high, staff, rests, *[np.zeros(0)] * 3)


def _forced(
    config: RbmConfig, score: _Rolls, lines: Lines, states: np.ndarray, window: np.ndarray, at: int
) -> np.ndarray:
    """Return the states that lines have to have, int32 `[A, L, W]`: outside what is free, and before `at`."""
    forced = np.zeros((*states.shape[:2], len(window)), np.int32)
    begin = score.span[0]
    forced[:, :, (window >= at) & (window < score.free_end)] = FREE
    written = (window >= begin) & (window < at)
    forced[:, :, written] = states[:, :, window[written]]
    before, after = np.flatnonzero(window == begin - 1), np.flatnonzero(window == score.free_end)
    for place, follows in ((before, False), (after, True)):
        for number in range(len(states)) if len(place) else ():
            for line, staff in enumerate(lines.staff):
                pitch = score.neighbour(number, staff, after=follows) if staff >= 0 else -1
                forced[number, line, place] = 1 + pitch  # 0, a rest, where there is none
    return forced


@partial(jax.jit, static_argnums=(0, 7, 8))
def _sample(
    config: RbmConfig,
    rbm: Rbm,
    lines: Lines,
    known: Any,
    metre: Any,
    betas: jax.Array,
    key: jax.Array,
    first: int,
    last: int,
) -> tuple[jax.Array, jax.Array]:
    """Return the lines' states `[A, L, W]` after a sweep at each of `betas`, and the nats of steps `first` to `last`.

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
        axes = Lines(None, None, None, None, forced=0, cut=None, inside=None)  # type: ignore[arg-type]
        step = jax.vmap(draw_lines, in_axes=(axes, 0, 0, 0, None, 0))
        return step(lines, states, known, cells, beta, jax.random.split(down, chains)), None

    start = jnp.where(lines.forced == FREE, 0, lines.forced).astype(jnp.int32)
    states = jax.lax.scan(sweep, start, (betas, jax.random.split(key, len(betas))))[0]
    units = np.arange(steps * (2 * pitches + METRE)).reshape(steps, -1)[first:last, : 2 * pitches].ravel()
    end = visible(states)
    odds = jax.lax.map(lambda each: flip_log_odds(rbm, each, units), end)
    nats = jax.nn.softplus(jnp.where(end[:, units] > 0, -odds, odds)).sum(axis=1)
    return states, nats


def _written(
    config: RbmConfig,
    lines: Lines,
    states: np.ndarray,
    grid: Grid,
    span: tuple[int, int],
    shift: int,
    nll: np.ndarray,
) -> Written:
    """Return the lines' notes in the written steps as events on the hole's clock."""
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
        found.append(np.array(sorted(rows, key=lambda row: (row[0], row[1], -row[2])), np.int32).reshape(-1, 5))
    count = np.array([len(rows) for rows in found])
    events = np.zeros((len(found), max(1, count.max()), 5), np.int32)
    for row, each in zip(events, found, strict=True):
        row[: len(each), [D_CLOCK, D_STAFF, D_PITCH, D_TICKS, D_VOICE]] = each
    return Written(events, count, nll)
