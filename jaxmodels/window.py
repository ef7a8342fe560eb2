"""Cutting a window out of a piece, as the fixed-size arrays that `window_layout` names."""

from __future__ import annotations

import numpy as np

from jaxmodels import events as ev
from jaxmodels.controls import CONTROLS, measure_controls
from jaxmodels.hole_notes import known_and_hidden
from jaxmodels.piece import DURATION, M_DURATION, M_FIFTHS, M_ONSET, ONSET, PITCH, STAFF, Piece
from jaxmodels.repeats import run_table
from jaxmodels.staff_facts import StaffFacts
from jaxmodels.window_layout import (
    CONTEXT_TICKS,
    E_CLOCK,
    E_DELTA,
    E_DURATION,
    E_PITCH,
    E_STAFF,
    E_TICKS,
    FRAME_TICKS,
    INTERVAL_LIMIT,
    NO_INTERVAL,
    T_DELTA,
    T_DURATION,
    T_FRAME,
    T_INTERVAL,
    T_PITCH,
    T_STAFF,
    T_STRENGTH,
    T_TONIC,
    Hole,
    Sizes,
    Window,
)
from jaxmodels.window_tables import (
    clock_table,
    frame_features,
    line_table,
    measure_strengths,
    missing_in_front,
    padded,
    segment_table,
    tonic_of,
)


def program_family(programs: np.ndarray) -> np.ndarray:
    """Return General MIDI families 0–15, 16 for unknown, 17 for not pitched."""
    programs = np.asarray(programs)
    return np.where(programs >= 0, np.minimum(programs, 127) // 8, np.where(programs == -1, 16, 17)).astype(
        np.int32
    )


def make_window(piece: Piece, facts: StaffFacts, hole: Hole, sizes: Sizes) -> Window:
    """Return the arrays of one window.

    Raises `ValueError` when the hole or the window is larger than `sizes`.
    """
    staves = np.array(hole.staves, np.int32)
    count = len(staves)
    measures = piece.measures[hole.first : hole.last].copy()
    measures[:, M_ONSET] -= measures[0, M_ONSET]
    end = int(measures[-1, M_ONSET] + measures[-1, M_DURATION])
    mask = np.asarray(hole.mask, bool)
    hole_measures = np.flatnonzero(mask.any(axis=1))
    hole_ticks = int(measures[hole_measures, M_DURATION].sum())
    if count > sizes.staves or end > sizes.frames * FRAME_TICKS:
        raise ValueError(f"a window of {count} staves and {end} ticks doesn't fit into {sizes}")
    if not 0 < hole_ticks <= sizes.clock or len(hole_measures) > sizes.measures or not len(hole_measures):
        raise ValueError(
            f"a hole of {len(hole_measures)} measures and {hole_ticks} ticks doesn't fit into {sizes}"
        )

    measures[:, M_FIFTHS] = (
        (measures[:, M_FIFTHS] + 7 * hole.shift + 6) % 12 - 6 if hole.shift else measures[:, M_FIFTHS]
    )
    context, target = known_and_hidden(piece, hole)
    hole_start = int(measures[hole_measures[0], M_ONSET])
    if hole.left_only:
        context = context[context[:, ONSET] < hole_start]

    clock_of_measure = np.full(len(measures), -1, np.int64)
    clock_of_measure[hole_measures] = np.concatenate(
        [[0], np.cumsum(measures[hole_measures, M_DURATION])[:-1]]
    )
    pickup = missing_in_front(measures, hole.first)
    roll, offset = _roll(context, sizes)
    known, in_hole = _cells(measures, mask, count, hole_start if hole.left_only else None, sizes)
    line = line_table(context, sizes)
    prompt, prompt_valid = _prompt(context, measures, hole_start, pickup, sizes)
    events, complete = _events(target, measures, clock_of_measure, sizes)
    last_measure = hole.last == len(piece.measures)

    def staff_row(values: np.ndarray, fill: int) -> np.ndarray:
        return padded(np.asarray(values)[staves].astype(np.int32), (sizes.staves,), fill)

    return Window(
        roll=roll,
        offset=offset,
        line=line,
        known=known,
        hole=in_hole,
        frame=frame_features(measures, pickup, hole_measures, hole.first == 0, last_measure, sizes),
        frame_tonic=padded(
            np.repeat(tonic_of(measures[:, M_FIFTHS]), measures[:, M_DURATION])[::FRAME_TICKS],
            (sizes.frames,),
        ),
        program=padded(program_family(piece.programs[staves]), (sizes.staves,)),
        lowest=np.clip(staff_row(facts.lowest, 0) + hole.shift, 0, 115),
        highest=np.clip(staff_row(facts.highest, 127) + hole.shift, 12, 127),
        polyphony=staff_row(facts.polyphony, 1),
        layers=staff_row(facts.layers, 1),
        valid=padded(np.ones(count, bool), (sizes.staves,)),
        style=np.int32(hole.style),
        controls=_controls(hole, sizes),
        prompt=prompt,
        prompt_valid=prompt_valid,
        clock=clock_table(measures, hole_measures, pickup, context, sizes),
        segment=segment_table(measures, mask, hole_measures, clock_of_measure, context, sizes),
        runs=run_table(line, measures, mask, hole_measures, sizes),
        hole_ticks=np.int32(hole_ticks),
        events=events,
        event_count=np.int32(min(len(target), sizes.events)),
        complete=np.bool_(complete),
    )


def hole_controls(piece: Piece, hole: Hole) -> np.ndarray:
    """Return what the real notes of the hole are like, transposed as it is, float32 `[S, CONTROLS]`."""
    known, hidden = known_and_hidden(piece, hole)
    ticks = piece.measures[hole.first : hole.last, M_DURATION] @ np.asarray(hole.mask, bool)
    return measure_controls(hidden, known, len(hole.staves), ticks)


def _controls(hole: Hole, sizes: Sizes) -> np.ndarray:
    out = np.full((sizes.staves, CONTROLS), np.nan, np.float32)
    if hole.controls is not None:
        out[: len(hole.controls)] = hole.controls
    return out


def _roll(context: np.ndarray, sizes: Sizes) -> tuple[np.ndarray, np.ndarray]:
    first = context[:, ONSET] // FRAME_TICKS
    last = np.maximum(
        first + 1, (context[:, ONSET] + context[:, DURATION] + FRAME_TICKS // 2) // FRAME_TICKS
    )
    roll = np.zeros((sizes.staves, sizes.frames, ev.PITCHES), np.uint8)
    notes = zip(
        context[:, STAFF].tolist(), first.tolist(), last.tolist(), context[:, PITCH].tolist(), strict=True
    )
    for staff, start, end, pitch in notes:
        roll[staff, start:end, pitch] = 1
    roll[context[:, STAFF], first, context[:, PITCH]] |= 2
    offset = np.zeros((sizes.staves, sizes.frames), np.float32)
    offset[context[:, STAFF], first] = context[:, ONSET] % FRAME_TICKS / FRAME_TICKS
    return roll, offset


def _cells(
    measures: np.ndarray, mask: np.ndarray, count: int, hidden_from: int | None, sizes: Sizes
) -> tuple[np.ndarray, np.ndarray]:
    per_frame = np.repeat(mask, measures[:, M_DURATION], axis=0)[::FRAME_TICKS].T
    hole = padded(per_frame, (sizes.staves, sizes.frames))
    known = padded(~per_frame, (sizes.staves, sizes.frames))
    if hidden_from is not None:
        known[:, -(-hidden_from // FRAME_TICKS) :] = False
    return known, hole


def _prompt(
    context: np.ndarray, measures: np.ndarray, hole_start: int, pickup: np.ndarray, sizes: Sizes
) -> tuple[np.ndarray, np.ndarray]:
    left = context[context[:, ONSET] < hole_start]
    interval = np.full(len(left), NO_INTERVAL, np.int32)
    for staff in np.unique(left[:, STAFF]):
        rows = np.flatnonzero(left[:, STAFF] == staff)
        steps = np.clip(np.diff(left[rows, PITCH]), -INTERVAL_LIMIT, INTERVAL_LIMIT)
        interval[rows[1:]] = steps + INTERVAL_LIMIT
    delta = np.diff(left[:, ONSET], prepend=left[:1, ONSET])
    left, interval, delta = left[-sizes.prompt :], interval[-sizes.prompt :], delta[-sizes.prompt :]
    prompt = np.zeros((sizes.prompt, 8), np.int32)
    valid = np.zeros(sizes.prompt, bool)
    if len(left):
        strength = np.concatenate(measure_strengths(measures, pickup))
        measure = np.searchsorted(measures[:, M_ONSET], left[:, ONSET], side="right") - 1
        tail = slice(sizes.prompt - len(left), None)
        valid[tail] = True
        prompt[tail, T_PITCH] = left[:, PITCH]
        prompt[tail, T_DURATION] = ev.nearest_class(left[:, DURATION], ev.DURATION_TICKS)
        prompt[tail, T_DELTA] = ev.nearest_class(delta, ev.DELTA_TICKS)
        prompt[tail, T_STAFF] = left[:, STAFF]
        prompt[tail, T_FRAME] = left[:, ONSET] // CONTEXT_TICKS
        prompt[tail, T_STRENGTH] = strength[left[:, ONSET]]
        prompt[tail, T_INTERVAL] = interval
        prompt[tail, T_TONIC] = tonic_of(measures[measure, M_FIFTHS])
    return prompt, valid


def _events(
    target: np.ndarray, measures: np.ndarray, clock_of_measure: np.ndarray, sizes: Sizes
) -> tuple[np.ndarray, bool]:
    measure = np.searchsorted(measures[:, M_ONSET], target[:, ONSET], side="right") - 1
    clock = clock_of_measure[measure] + target[:, ONSET] - measures[measure, M_ONSET]
    rows = np.zeros((len(target), 6), np.int32)
    rows[:, E_CLOCK] = clock
    rows[:, E_DELTA] = ev.nearest_class(np.diff(clock, prepend=0), ev.DELTA_TICKS)
    rows[:, E_STAFF] = target[:, STAFF]
    rows[:, E_PITCH] = target[:, PITCH]
    rows[:, E_DURATION] = ev.nearest_class(target[:, DURATION], ev.DURATION_TICKS)
    rows[:, E_TICKS] = target[:, DURATION]
    return padded(rows[: sizes.events], (sizes.events, 6)), len(target) <= sizes.events
