"""Rolls out of nothing, or out of a chord: plain Gibbs sampling, window after window.

The first window is sampled with its metre clamped, and the chord if there is one; each later one begins
with what the one before wrote. Nothing else is asked of a roll: as many notes sound as the RBM likes.

A alternatives, T steps, W steps of a window, P pitches, M metre units.
"""

from __future__ import annotations

from collections.abc import Sequence

import jax
import numpy as np

from jaxmodels.piece import DURATION, ONSET, PITCH, canonical_notes
from jaxmodels.rbm.config import RbmConfig
from jaxmodels.rbm.energy import Rbm
from jaxmodels.rbm.gibbs import annealing, gibbs
from jaxmodels.rbm.roll import METRE, Grid

SWEEPS = 200
"""Gibbs sweeps for each window."""


def generate_rolls(
    config: RbmConfig,
    rbm: Rbm,
    metre: np.ndarray,
    key: jax.Array,
    *,
    chord: Sequence[int] = (),
    chord_steps: int = 2,
    count: int = 1,
    temperature: float = 1.0,
    sweeps: int = SWEEPS,
) -> np.ndarray:
    """Return `count` rolls of onset and hold units, bool `[A, T, 2, P]`.

    - `metre` `[T, M]`: `Grid.metre` of the measures to fill, at least a window of them.
    - `chord`: MIDI pitches in the key without signature, begun at the first step and held for
      `chord_steps`, in which nothing else sounds.

    Raises `ValueError` for fewer steps than a window, or for a chord outside the roll.
    """
    total, steps = len(metre), config.steps
    if total < steps:
        raise ValueError(f"{total} steps are fewer than a window's {steps}")
    places = np.asarray(chord, int) - config.lowest
    if len(places) and not (places.min() >= 0 and places.max() < config.pitches):
        highest = config.lowest + config.pitches - 1
        raise ValueError(f"the chord leaves the roll, which has pitches {config.lowest} to {highest}")
    rng = np.random.default_rng(np.asarray(jax.random.key_data(jax.random.fold_in(key, total))))
    units = np.zeros((count, total, 2 * config.pitches + METRE), np.float32)
    known = np.zeros((total, units.shape[2]), bool)
    units[:, :, : 2 * config.pitches] = rng.random((count, total, 2 * config.pitches)) < 0.5  # noise
    units[:, :, 2 * config.pitches :] = metre
    known[:, 2 * config.pitches :] = True
    if len(places):
        known[:chord_steps] = True
        units[:, :chord_steps, : 2 * config.pitches] = 0
        units[:, 0, places] = 1
        units[:, 1:chord_steps, config.pitches + places] = 1
    betas = annealing(sweeps, temperature=temperature)
    hop = steps - steps // 3
    for begin in [*range(0, total - steps, hop), total - steps]:
        window = slice(begin, begin + steps)
        clamped = np.broadcast_to(known[window].ravel(), (count, known[window].size))
        start = units[:, window].reshape(count, -1)
        drawn = gibbs(rbm, start, clamped, betas, jax.random.fold_in(key, begin))
        units[:, window] = np.asarray(drawn).reshape(count, steps, -1)
        known[window] = True
    return units[:, :, : 2 * config.pitches].reshape(count, total, 2, config.pitches) > 0


def notes_of_roll(roll: np.ndarray, grid: Grid, config: RbmConfig, shift: int) -> np.ndarray:
    """Return the notes `[N, 4]` of a roll `[T, 2, P]`, all in staff 0; the inverse of `roll.roll_of`.

    A hold unit that nothing leads to begins a note.
    """
    onset, sounds = roll[:, 0].copy(), roll[:, 0] | roll[:, 1]
    onset[0] |= sounds[0]
    onset[1:] |= sounds[1:] & ~sounds[:-1]
    ends = np.concatenate([onset[1:] | ~sounds[1:], np.ones((1, roll.shape[2]), bool)])
    rows = []
    for step, pitch in zip(*np.nonzero(onset), strict=True):
        last = step + int(np.argmax(ends[step:, pitch]))
        row = np.zeros(4, np.int32)
        row[ONSET], row[PITCH] = grid.starts[step], pitch + config.lowest - shift
        row[DURATION] = grid.starts[last + 1] - grid.starts[step]
        rows.append(row)
    return canonical_notes(np.array(rows, np.int32).reshape(-1, 4))
