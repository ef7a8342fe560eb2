"""The tables of a window that follow from its measures: frame features, the hole clock, the segments."""

from __future__ import annotations

import numpy as np

from jaxmodels import events as ev
from jaxmodels.piece import (
    DURATION,
    M_BEAT_TYPE,
    M_BEATS,
    M_DURATION,
    M_FIFTHS,
    M_MODE,
    M_ONSET,
    ONSET,
    PITCH,
    STAFF,
    top_line,
)
from jaxmodels.window_layout import (
    C_BEAT,
    C_GRID,
    C_KNOWN_ONSETS,
    C_MEASURE,
    C_PASSED,
    C_PERIOD,
    C_STRENGTH,
    C_TICK,
    C_TONIC,
    CLOCK_COLUMNS,
    FRAME_FEATURES,
    FRAME_TICKS,
    L_PITCH,
    L_STEP,
    L_TICKS,
    NO_STEP,
    X_NEXT_AFTER,
    X_PREV_LOW,
    Sizes,
)


def tonic_of(fifths: np.ndarray) -> np.ndarray:
    """Return the pitch class of `do` of a key signature."""
    return np.asarray(fifths) * 7 % 12


def padded(values: np.ndarray, shape: tuple[int, ...], fill: int = 0) -> np.ndarray:
    """Return `values` at the front of an array of `shape`, the rest `fill`."""
    out = np.full(shape, fill, values.dtype)
    out[tuple(slice(0, size) for size in values.shape)] = values
    return out


def missing_in_front(bars: np.ndarray, first: int) -> np.ndarray:
    """Return how many ticks each measure lacks in front: only a piece's short first measure lacks any."""
    missing = np.zeros(len(bars), np.int64)
    if first == 0:
        metre = 96 * int(bars[0, M_BEATS]) // max(1, int(bars[0, M_BEAT_TYPE]))
        missing[0] = max(0, metre - int(bars[0, M_DURATION]))
    return missing


def bar_strengths(bars: np.ndarray, pickup: np.ndarray) -> list[np.ndarray]:
    """Return the metrical strength of every tick, an array for each measure."""
    return [
        ev.strengths(int(bar[M_BEATS]), int(bar[M_BEAT_TYPE]), int(bar[M_DURATION]), int(missing))
        for bar, missing in zip(bars, pickup, strict=True)
    ]


def frame_features(
    bars: np.ndarray, pickup: np.ndarray, hole_bars: np.ndarray, at_start: bool, at_end: bool, sizes: Sizes
) -> np.ndarray:
    """Return metre, key, place in the measure and distance to the hole, float32 `[F, FRAME_FEATURES]`."""
    lengths = bars[:, M_DURATION]
    bar_of_tick = np.repeat(np.arange(len(bars)), lengths)
    tick = np.arange(len(bar_of_tick))
    position = tick - bars[bar_of_tick, M_ONSET] + pickup[bar_of_tick]
    strength = np.concatenate(bar_strengths(bars, pickup))
    hole_from = bars[hole_bars[0], M_ONSET]
    hole_to = bars[hole_bars[-1], M_ONSET] + lengths[hole_bars[-1]]
    bar = bars[bar_of_tick]
    metre = 96 * bar[:, M_BEATS] / np.maximum(1, bar[:, M_BEAT_TYPE])
    compound = np.array([ev.is_compound(int(b[M_BEATS]), int(b[M_BEAT_TYPE])) for b in bars])[bar_of_tick]
    phase = 2 * np.pi * position / np.maximum(1, metre)
    columns = [
        *(strength == index for index in range(len(ev.STRENGTHS))),
        *(bar[:, M_MODE] == index for index in range(3)),
        np.sin(phase),
        np.cos(phase),
        metre / 96,
        bar[:, M_BEATS] / 4,
        compound,
        bar[:, M_FIFTHS] / 7,
        (bar_of_tick == 0) & at_start,
        (bar_of_tick == len(bars) - 1) & at_end,
        np.ones(len(tick)),
        np.tanh((tick - hole_from) / 96),
        np.tanh((tick - hole_to) / 96),
        np.tanh((tick - hole_from) / 384),
        np.tanh((tick - hole_to) / 384),
        np.isin(bar_of_tick, hole_bars),
    ]
    features = np.stack([np.asarray(column, np.float32) for column in columns], axis=1)
    return padded(features[::FRAME_TICKS], (sizes.frames, FRAME_FEATURES))


def clock_table(
    bars: np.ndarray, hole_bars: np.ndarray, pickup: np.ndarray, context: np.ndarray, sizes: Sizes
) -> np.ndarray:
    """Return the hole clock, int32 `[K + 1, 9]`: a row for each tick, one that closes it, then padding."""
    rows, beat = [], 0
    strength = bar_strengths(bars[hole_bars], pickup[hole_bars])
    onsets = np.bincount(context[:, ONSET], minlength=int(bars[-1, M_ONSET] + bars[-1, M_DURATION]))
    for slot, bar in enumerate(hole_bars):
        length = int(bars[bar, M_DURATION])
        if not length:
            continue  # a measure shorter than half a tick
        position = np.arange(length) + pickup[bar]
        grid = ev.GRID_OF_TICK[position % 24].copy()
        if ev.is_compound(int(bars[bar, M_BEATS]), int(bars[bar, M_BEAT_TYPE])):
            grid[grid == ev.ON_TRIPLET] = ev.OFF_GRID
        row = np.zeros((length, CLOCK_COLUMNS), np.int32)
        row[:, C_TICK] = np.arange(length) + bars[bar, M_ONSET]
        row[:, C_BEAT] = beat + (position // 24 - position[0] // 24)
        row[:, C_GRID] = grid
        row[:, C_STRENGTH] = strength[slot]
        row[:, C_TONIC] = tonic_of(bars[bar, M_FIFTHS])
        row[:, C_KNOWN_ONSETS] = np.minimum(onsets[row[:, C_TICK]], 3)
        row[:, C_MEASURE] = slot
        row[:, C_PERIOD] = max(1, 96 * int(bars[bar, M_BEATS]) // max(1, int(bars[bar, M_BEAT_TYPE])))
        beat = int(row[-1, C_BEAT]) + 1
        rows.append(row)
    table = np.concatenate(rows)
    begun = np.cumsum(table[:, C_KNOWN_ONSETS] > 0)
    table[:, C_PASSED] = np.concatenate([[0], begun[:-1]])
    closing = table[-1:].copy()
    closing[0, C_TICK] += 1
    closing[0, [C_BEAT, C_GRID, C_STRENGTH, C_KNOWN_ONSETS]] = beat, ev.ON_BOTH, 0, 0
    closing[0, C_PASSED] = begun[-1]
    out = np.repeat(closing, sizes.clock + 1, axis=0)
    out[: len(table)] = table
    out[len(table) + 1 :, C_GRID] = ev.OFF_GRID
    return out


def line_table(context: np.ndarray, sizes: Sizes) -> np.ndarray:
    """Return the known lines, int32 `[S, F, 3]`: where two chords begin in one frame, the first."""
    out = np.empty((sizes.staves, sizes.frames, 3), np.int32)
    out[:] = -1, NO_STEP, 0
    for staff in np.unique(context[:, STAFF]):
        notes = context[context[:, STAFF] == staff]
        tops = top_line(notes)[::-1]  # the first in a frame is last
        frames = tops[:, ONSET] // FRAME_TICKS
        out[staff, frames, L_PITCH] = tops[:, PITCH]
        out[staff, frames, L_STEP] = np.append(tops[:-1, PITCH] - tops[1:, PITCH], NO_STEP)
        out[staff, frames, L_TICKS] = tops[:, DURATION]
    return out


def segment_table(
    bars: np.ndarray,
    mask: np.ndarray,
    hole_bars: np.ndarray,
    clock_of_bar: np.ndarray,
    context: np.ndarray,
    sizes: Sizes,
) -> np.ndarray:
    """Return each masked cell's segment and the known notes around it, int32 `[S, M, 8]`."""
    out = np.zeros((sizes.staves, sizes.measures, 8), np.int32)
    out[:, :, X_PREV_LOW : X_NEXT_AFTER + 1] = -1
    ends = bars[:, M_ONSET] + bars[:, M_DURATION]
    slot_of_bar = {int(bar): slot for slot, bar in enumerate(hole_bars)}
    for staff in range(mask.shape[1]):
        line = context[context[:, STAFF] == staff]
        column = mask[:, staff].astype(np.int8)
        steps = np.flatnonzero(np.diff(np.concatenate([[0], column, [0]])))
        for first, last in zip(steps[::2], steps[1::2], strict=True):
            row = [
                1,
                clock_of_bar[first],
                clock_of_bar[last - 1] + bars[last - 1, M_DURATION],
                -1,
                -1,
                -1,
                -1,
                -1,
            ]
            before = np.searchsorted(line[:, ONSET], bars[first, M_ONSET])
            if before:
                chord = line[line[:, ONSET] == line[before - 1, ONSET], PITCH]
                row[3:6] = chord.min(), chord.max(), bars[first, M_ONSET] - line[before - 1, ONSET]
            after = np.searchsorted(line[:, ONSET], ends[last - 1])
            if after < len(line):
                row[6:8] = line[after, PITCH], line[after, ONSET] - ends[last - 1]
            for bar in range(first, last):
                out[staff, slot_of_bar[bar]] = row
    return out
