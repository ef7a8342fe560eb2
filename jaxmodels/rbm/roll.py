"""Piano rolls: a piece as time steps of onset and hold units, in the key without signature, and back.

A step has an onset unit and a hold unit for each pitch (it begins in this step; it sounds on from the
step before) and a few metre units that say how strong the step is. Steps never reach over a measure's
end: the last one of a measure may be shorter. What is finer than a step is rounded here, in the model's
view only.

T steps of a piece, W steps of a window, P pitches, M metre units; a window's units are the vector `[W·(2P
+ M)]`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from jaxmodels import events as ev
from jaxmodels.piece import (
    DURATION,
    M_BEAT_TYPE,
    M_BEATS,
    M_DURATION,
    M_FIFTHS,
    M_ONSET,
    ONSET,
    PITCH,
    TICKS_PER_QUARTER,
    Piece,
)
from jaxmodels.rbm.config import RbmConfig
from jaxmodels.window_tables import missing_in_front

METRE = 4
"""Metre units of a step, one for each of the first of `events.STRENGTHS`; weaker steps have none on."""

SHORTEST_TICKS = 3
"""A 32nd."""

ON_GRID = 0.85
"""Share of a piece's onsets that a step has to hold to be fine enough."""


class Grid(NamedTuple):
    """Steps of consecutive measures: `starts` `[T + 1]` in ticks, the last their end; `metre` `[T, M]`."""

    starts: np.ndarray
    metre: np.ndarray


def units_of(config: RbmConfig) -> int:
    """Return the visible units of a window, W·(2P + M)."""
    return config.steps * (2 * config.pitches + METRE)


def step_for(piece: Piece, step_ticks: tuple[int, ...]) -> int:
    """Return the first of `step_ticks`, coarsest first, that holds the piece's onsets, else the last."""
    measure = np.searchsorted(piece.measures[:, M_ONSET], piece.notes[:, ONSET], side="right") - 1
    within = piece.notes[:, ONSET] - piece.measures[measure, M_ONSET]
    for step in step_ticks:
        if not len(within) or (within % step == 0).mean() >= ON_GRID:
            return step
    return step_ticks[-1]


def shift_to_c(fifths: int) -> int:
    """Return the transposition, −5 to 6 semitones, that takes a signature of so many fifths to none."""
    return (-7 * fifths + 5) % 12 - 5


def grid_of(measures: np.ndarray, first: int, step: int) -> Grid:
    """Return the steps of `measures` `[N, 6]`, of which the first is number `first` of its piece."""
    pickup = missing_in_front(measures, first)
    starts, metre = [], []
    for row, missing in zip(measures, pickup, strict=True):
        length = int(row[M_DURATION])
        if not length:
            continue
        strength = ev.strengths(int(row[M_BEATS]), int(row[M_BEAT_TYPE]), length, int(missing))
        begun = _step_starts(length, int(missing), step)
        starts.append(int(row[M_ONSET]) + begun)
        metre.append(strength[begun, None] == np.arange(METRE))
    end = int(measures[-1, M_ONSET] + measures[-1, M_DURATION])
    return Grid(np.append(np.concatenate([[], *starts]), end).astype(np.int64), np.concatenate(metre))


def _step_starts(length: int, missing: int, step: int) -> np.ndarray:
    """Return the ticks of a measure at which steps begin; `missing` ticks of its metre lie in front of it.

    Where the measure's start or end cuts a quarter off the grid of 32nds, that quarter has no step inside:
    nothing could be written between the two.
    """
    tick = np.arange(length)
    quarter, within = np.divmod(tick + missing, TICKS_PER_QUARTER)
    begins = within % step == 0
    for border in (missing, missing + length):
        if border % SHORTEST_TICKS:
            begins &= (quarter != border // TICKS_PER_QUARTER) | (within == 0)
    return np.flatnonzero(begins | (tick == 0))


def roll_of(notes: np.ndarray, grid: Grid, config: RbmConfig, shift: int) -> np.ndarray:
    """Return the onset and hold units of `notes` `[N, 4]` moved by `shift` semitones, uint8 `[T, 2, P]`.

    Notes outside the grid's time and outside the roll's pitches are left out.
    """
    starts, count = grid.starts, len(grid.starts) - 1
    roll = np.zeros((count, 2, config.pitches), np.uint8)
    pitch = notes[:, PITCH] + shift - config.lowest
    kept = (pitch >= 0) & (pitch < config.pitches)
    kept &= (notes[:, ONSET] < starts[-1]) & (notes[:, ONSET] + notes[:, DURATION] > starts[0])
    notes, pitch = notes[kept], pitch[kept]
    first = np.searchsorted(starts, notes[:, ONSET], side="right") - 1
    middles = (starts[:-1] + starts[1:]) / 2
    last = np.searchsorted(middles, notes[:, ONSET] + notes[:, DURATION])
    changes = np.zeros((count + 1, config.pitches), np.int32)
    begin = np.maximum(first + 1, 0)
    np.add.at(changes, (np.minimum(begin, count), pitch), 1)
    np.add.at(changes, (np.maximum(last, begin), pitch), -1)
    roll[:, 1] = np.cumsum(changes, axis=0)[:-1] > 0
    inside = first >= 0
    roll[first[inside], 0, pitch[inside]] = 1
    return roll


def piece_rolls(piece: Piece, config: RbmConfig) -> np.ndarray:
    """Return a piece's units, step by step, with a window of silence on both sides, uint8 `[T, 2P + M]`.

    In the key without signature, as its first measure has it.
    """
    step = step_for(piece, config.step_ticks)
    grid = grid_of(piece.measures, 0, step)
    roll = roll_of(piece.notes, grid, config, shift_to_c(int(piece.measures[0, M_FIFTHS])))
    units = np.concatenate([roll.reshape(len(roll), -1), grid.metre.astype(np.uint8)], axis=1)
    silence = np.zeros((config.steps, units.shape[1]), np.uint8)
    return np.concatenate([silence, units, silence])
