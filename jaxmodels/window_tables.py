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
    TICKS_PER_QUARTER,
    metre_ticks,
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


def missing_in_front(measures: np.ndarray, first: int) -> np.ndarray:
    """Return how many ticks each measure lacks in front: only a piece's short first measure lacks any."""
    missing = np.zeros(len(measures), np.int64)
    if first == 0:
        missing[0] = max(0, int(metre_ticks(measures[0])) - int(measures[0, M_DURATION]))
    return missing


def measure_strengths(measures: np.ndarray, pickup: np.ndarray) -> list[np.ndarray]:
    """Return the metrical strength of every tick, an array for each measure."""
    return [
        ev.strengths(
            int(measure[M_BEATS]), int(measure[M_BEAT_TYPE]), int(measure[M_DURATION]), int(missing)
        )
        for measure, missing in zip(measures, pickup, strict=True)
    ]


def frame_features(
    measures: np.ndarray,
    pickup: np.ndarray,
    hole_measures: np.ndarray,
    at_start: bool,
    at_end: bool,
    sizes: Sizes,
) -> np.ndarray:
    """Return metre, key, place in the measure and distance to the hole, float32 `[F, FRAME_FEATURES]`."""
    lengths = measures[:, M_DURATION]
    measure_of_frame = np.repeat(np.arange(len(measures)), lengths)[::FRAME_TICKS]
    tick = FRAME_TICKS * np.arange(len(measure_of_frame))
    position = tick - measures[measure_of_frame, M_ONSET] + pickup[measure_of_frame]
    strength = np.concatenate(measure_strengths(measures, pickup))[::FRAME_TICKS]
    hole_from = measures[hole_measures[0], M_ONSET]
    hole_to = measures[hole_measures[-1], M_ONSET] + lengths[hole_measures[-1]]
    measure = measures[measure_of_frame]
    metre = metre_ticks(measure)
    compounds = [ev.is_compound(int(row[M_BEATS]), int(row[M_BEAT_TYPE])) for row in measures]
    phase = 2 * np.pi * position / np.maximum(1, metre)
    columns = [
        *(strength == index for index in range(len(ev.STRENGTHS))),
        *(measure[:, M_MODE] == index for index in range(3)),
        np.sin(phase),
        np.cos(phase),
        metre / 96,
        measure[:, M_BEATS] / 4,
        np.array(compounds)[measure_of_frame],
        measure[:, M_FIFTHS] / 7,
        (measure_of_frame == 0) & at_start,
        (measure_of_frame == len(measures) - 1) & at_end,
        np.ones(len(tick)),
        np.tanh((tick - hole_from) / 96),
        np.tanh((tick - hole_to) / 96),
        np.tanh((tick - hole_from) / 384),
        np.tanh((tick - hole_to) / 384),
        np.isin(measure_of_frame, hole_measures),
    ]
    features = np.stack([np.asarray(column, np.float32) for column in columns], axis=1)
    return padded(features, (sizes.frames, FRAME_FEATURES))


def clock_table(
    measures: np.ndarray, hole_measures: np.ndarray, pickup: np.ndarray, context: np.ndarray, sizes: Sizes
) -> np.ndarray:
    """Return the hole clock, int32 `[K + 1, 9]`: a row for each tick, one that closes it, then padding."""
    rows, beat = [], 0
    strength = measure_strengths(measures[hole_measures], pickup[hole_measures])
    onsets = np.bincount(context[:, ONSET], minlength=int(measures[-1, M_ONSET] + measures[-1, M_DURATION]))
    for slot, measure in enumerate(hole_measures):
        length = int(measures[measure, M_DURATION])
        if not length:
            continue  # a measure shorter than half a tick
        position = np.arange(length) + pickup[measure]
        grid = ev.GRID_OF_TICK[position % TICKS_PER_QUARTER].copy()
        if ev.is_compound(int(measures[measure, M_BEATS]), int(measures[measure, M_BEAT_TYPE])):
            grid[grid == ev.ON_TRIPLET] = ev.OFF_GRID
        row = np.zeros((length, CLOCK_COLUMNS), np.int32)
        row[:, C_TICK] = np.arange(length) + measures[measure, M_ONSET]
        row[:, C_BEAT] = beat + (position // TICKS_PER_QUARTER - position[0] // TICKS_PER_QUARTER)
        row[:, C_GRID] = grid
        row[:, C_STRENGTH] = strength[slot]
        row[:, C_TONIC] = tonic_of(measures[measure, M_FIFTHS])
        row[:, C_KNOWN_ONSETS] = np.minimum(onsets[row[:, C_TICK]], 3)
        row[:, C_MEASURE] = slot
        row[:, C_PERIOD] = max(1, int(metre_ticks(measures[measure])))
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
    measures: np.ndarray,
    mask: np.ndarray,
    hole_measures: np.ndarray,
    clock_of_measure: np.ndarray,
    context: np.ndarray,
    sizes: Sizes,
) -> np.ndarray:
    """Return each masked cell's segment and the known notes around it, int32 `[S, M, 8]`."""
    out = np.zeros((sizes.staves, sizes.measures, 8), np.int32)
    out[:, :, X_PREV_LOW : X_NEXT_AFTER + 1] = -1
    ends = measures[:, M_ONSET] + measures[:, M_DURATION]
    slot_of_measure = {int(measure): slot for slot, measure in enumerate(hole_measures)}
    for staff in range(mask.shape[1]):
        line = context[context[:, STAFF] == staff]
        column = mask[:, staff].astype(np.int8)
        steps = np.flatnonzero(np.diff(np.concatenate([[0], column, [0]])))
        for first, last in zip(steps[::2], steps[1::2], strict=True):
            row = [
                1,
                clock_of_measure[first],
                clock_of_measure[last - 1] + measures[last - 1, M_DURATION],
                -1,
                -1,
                -1,
                -1,
                -1,
            ]
            before = np.searchsorted(line[:, ONSET], measures[first, M_ONSET])
            if before:
                chord = line[line[:, ONSET] == line[before - 1, ONSET], PITCH]
                row[3:6] = chord.min(), chord.max(), measures[first, M_ONSET] - line[before - 1, ONSET]
            after = np.searchsorted(line[:, ONSET], ends[last - 1])
            if after < len(line):
                row[6:8] = line[after, PITCH], line[after, ONSET] - ends[last - 1]
            for measure in range(first, last):
                out[staff, slot_of_measure[measure]] = row
    return out
