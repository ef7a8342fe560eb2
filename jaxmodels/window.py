"""A window of a piece around the hole to be filled, as the fixed-size arrays that a model takes.

Sizes: S staves, F frames of 6 ticks, K ticks of the hole clock, M measures of the hole, E events of the
hole, P prompt events.

The **hole clock** counts only ticks of measures in which something is masked, so that gaps between masked
measures vanish; `clock` tables lead back to the window's time. A **segment** is a run of masked measures
in one staff: notes that cross its ends are cut there.
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
    M_MODE,
    M_ONSET,
    ONSET,
    PITCH,
    STAFF,
    Piece,
)
from jaxmodels.staff_facts import StaffFacts

FRAME_TICKS = 6
CONTEXT_TICKS = 12
"""One output of the context encoder covers this many ticks."""

INTERVAL_LIMIT = 24
NO_INTERVAL = 2 * INTERVAL_LIMIT + 1
START_PITCH = ev.PITCHES
START_DURATION = ev.DURATIONS
PROGRAM_FAMILIES = 18  # 16 of General MIDI, unknown, not pitched

T_PITCH, T_DURATION, T_DELTA, T_STAFF, T_FRAME, T_STRENGTH, T_INTERVAL, T_TONIC = range(8)
C_TICK, C_BEAT, C_GRID, C_STRENGTH, C_TONIC, C_KNOWN_ONSETS, C_MEASURE = range(7)
X_MASK, X_START, X_END, X_PREV_LOW, X_PREV_TOP, X_PREV_AGO, X_NEXT, X_NEXT_AFTER = range(8)
E_CLOCK, E_DELTA, E_STAFF, E_PITCH, E_DURATION, E_TICKS = range(6)
FRAME_FEATURES = 25


class Sizes(NamedTuple):
    """Static sizes of a window's arrays; windows of equal sizes share compiled code."""

    staves: int
    frames: int = 256
    clock: int = 768
    measures: int = 16
    events: int = 128
    prompt: int = 64

    @property
    def beats(self) -> int:
        """Upper bound of the quarters begun in the hole."""
        return self.clock // 24 + self.measures + 1


class Window(NamedTuple):
    """One window (stack them for a batch); integers unless said otherwise.

    - `roll` uint8 `[S, F, 128]`: known notes, bit 0 sounding, bit 1 beginning; `offset` float32 `[S, F]`.
    - `known`, `hole` bool `[S, F]`; `frame` float32 `[F, FRAME_FEATURES]`; `frame_tonic` `[F]`.
    - `program`, `lowest`, `highest`, `polyphony`, `layers` `[S]`; `valid` bool `[S]`; `style` scalar.
    - `prompt` `[P, 8]` (`T_*` columns), the last known events before the hole; `prompt_valid` bool `[P]`.
    - `clock` `[K + 1, 7]` (`C_*`); `segment` `[S, M, 8]` (`X_*`); `hole_ticks` scalar.
    - `events` `[E, 6]` (`E_*`), the hole's real notes; `event_count` scalar; `complete`: all of them fit.
    """

    roll: np.ndarray
    offset: np.ndarray
    known: np.ndarray
    hole: np.ndarray
    frame: np.ndarray
    frame_tonic: np.ndarray
    program: np.ndarray
    lowest: np.ndarray
    highest: np.ndarray
    polyphony: np.ndarray
    layers: np.ndarray
    valid: np.ndarray
    style: np.ndarray
    prompt: np.ndarray
    prompt_valid: np.ndarray
    clock: np.ndarray
    segment: np.ndarray
    hole_ticks: np.ndarray
    events: np.ndarray
    event_count: np.ndarray
    complete: np.ndarray


class Hole(NamedTuple):
    """What to cut out of a piece.

    - `first`, `last`: the window's measures, `last` exclusive; `staves`: piece staves in the window.
    - `mask` bool `[last - first, len(staves)]`: measure × staff cells to fill.
    - `shift`: transposition in semitones; `style`: index, 0 unknown; `left_only`: hide all that
      sounds from the hole's first tick on.
    """

    first: int
    last: int
    staves: tuple[int, ...]
    mask: np.ndarray
    shift: int = 0
    style: int = 0
    left_only: bool = False


def tonic_of(fifths: np.ndarray) -> np.ndarray:
    """Return the pitch class of `do` of a key signature."""
    return np.asarray(fifths) * 7 % 12


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
    bars = piece.measures[hole.first : hole.last].copy()
    start = int(bars[0, M_ONSET])
    bars[:, M_ONSET] -= start
    end = int(bars[-1, M_ONSET] + bars[-1, M_DURATION])
    mask = np.asarray(hole.mask, bool)
    hole_bars = np.flatnonzero(mask.any(axis=1))
    hole_ticks = int(bars[hole_bars, M_DURATION].sum())
    if count > sizes.staves or end > sizes.frames * FRAME_TICKS:
        raise ValueError(f"a window of {count} staves and {end} ticks doesn't fit into {sizes}")
    if hole_ticks > sizes.clock or len(hole_bars) > sizes.measures or not len(hole_bars):
        raise ValueError(
            f"a hole of {len(hole_bars)} measures and {hole_ticks} ticks doesn't fit into {sizes}"
        )

    bars[:, M_FIFTHS] = (
        (bars[:, M_FIFTHS] + 7 * hole.shift + 6) % 12 - 6 if hole.shift else bars[:, M_FIFTHS]
    )
    notes = _notes_of_window(piece, hole, staves, start, end)
    notes = _cut_at_segments(notes, bars, mask)
    measure_of_note = np.searchsorted(bars[:, M_ONSET], notes[:, ONSET], side="right") - 1
    masked = mask[measure_of_note, notes[:, STAFF]]
    hole_start = int(bars[hole_bars[0], M_ONSET])
    visible = ~masked & (notes[:, ONSET] < hole_start) if hole.left_only else ~masked
    context, target = notes[visible], notes[masked]

    clock_of_bar = np.full(len(bars), -1, np.int64)
    clock_of_bar[hole_bars] = np.concatenate([[0], np.cumsum(bars[hole_bars, M_DURATION])[:-1]])
    pickup = _missing_in_front(bars, hole.first)
    roll, offset = _roll(context, sizes)
    known, in_hole = _cells(bars, mask, count, hole_start if hole.left_only else None, sizes)
    prompt, prompt_valid = _prompt(context, bars, hole_start, pickup, sizes)
    events, complete = _events(target, bars, clock_of_bar, sizes)
    last_measure = hole.last == len(piece.measures)

    def staff_row(values: np.ndarray, fill: int) -> np.ndarray:
        return _padded(np.asarray(values)[staves].astype(np.int32), (sizes.staves,), fill)

    return Window(
        roll=roll,
        offset=offset,
        known=known,
        hole=in_hole,
        frame=_frame_features(bars, pickup, hole_bars, hole.first == 0, last_measure, sizes),
        frame_tonic=_padded(
            np.repeat(tonic_of(bars[:, M_FIFTHS]), bars[:, M_DURATION])[::FRAME_TICKS], (sizes.frames,)
        ),
        program=_padded(program_family(piece.programs[staves]), (sizes.staves,)),
        lowest=np.clip(staff_row(facts.lowest, 0) + hole.shift, 0, 115),
        highest=np.clip(staff_row(facts.highest, 127) + hole.shift, 12, 127),
        polyphony=staff_row(facts.polyphony, 1),
        layers=staff_row(facts.layers, 1),
        valid=_padded(np.ones(count, bool), (sizes.staves,)),
        style=np.int32(hole.style),
        prompt=prompt,
        prompt_valid=prompt_valid,
        clock=_clock(bars, hole_bars, pickup, context, sizes),
        segment=_segments(bars, mask, hole_bars, clock_of_bar, context, sizes),
        hole_ticks=np.int32(hole_ticks),
        events=events,
        event_count=np.int32(min(len(target), sizes.events)),
        complete=np.bool_(complete),
    )


def _padded(values: np.ndarray, shape: tuple[int, ...], fill: int = 0) -> np.ndarray:
    out = np.full(shape, fill, values.dtype)
    out[tuple(slice(0, size) for size in values.shape)] = values
    return out


def _notes_of_window(piece: Piece, hole: Hole, staves: np.ndarray, start: int, length: int) -> np.ndarray:
    low, high = np.searchsorted(piece.notes[:, ONSET], [start, start + length])
    notes = piece.notes[low:high].copy()
    place = np.full(len(piece.programs), -1, np.int32)
    place[staves] = np.arange(len(staves))
    notes[:, STAFF] = place[notes[:, STAFF]]
    notes = notes[notes[:, STAFF] >= 0]
    notes[:, ONSET] -= start
    notes[:, PITCH] = np.clip(notes[:, PITCH] + hole.shift, 0, 127)
    notes[:, DURATION] = np.minimum(notes[:, DURATION], length - notes[:, ONSET])
    return notes


def _cut_at_segments(notes: np.ndarray, bars: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Split notes where they cross the border of a masked segment of their staff."""
    if not len(notes):
        return notes
    ends = bars[:, M_ONSET] + bars[:, M_DURATION]
    border = np.empty(mask.shape, np.int64)  # tick of the next border after each measure
    border[-1] = ends[-1]
    for bar in range(len(bars) - 2, -1, -1):
        border[bar] = np.where(mask[bar] == mask[bar + 1], border[bar + 1], ends[bar])
    done = []
    while len(notes):
        bar = np.searchsorted(bars[:, M_ONSET], notes[:, ONSET], side="right") - 1
        cut = border[bar, notes[:, STAFF]]
        over = notes[:, ONSET] + notes[:, DURATION] - cut
        rest = notes[over > 0].copy()
        rest[:, ONSET], rest[:, DURATION] = cut[over > 0], over[over > 0]
        notes[:, DURATION] -= np.maximum(over, 0).astype(np.int32)
        done.append(notes)
        notes = rest
    notes = np.concatenate(done)
    return notes[np.lexsort((-notes[:, PITCH], notes[:, STAFF], notes[:, ONSET]))]


def _missing_in_front(bars: np.ndarray, first: int) -> np.ndarray:
    """Return how many ticks each measure lacks in front: only a piece's short first measure lacks any."""
    missing = np.zeros(len(bars), np.int64)
    if first == 0:
        metre = 96 * int(bars[0, M_BEATS]) // max(1, int(bars[0, M_BEAT_TYPE]))
        missing[0] = max(0, metre - int(bars[0, M_DURATION]))
    return missing


def _bar_strengths(bars: np.ndarray, pickup: np.ndarray) -> list[np.ndarray]:
    return [
        ev.strengths(int(bar[M_BEATS]), int(bar[M_BEAT_TYPE]), int(bar[M_DURATION]), int(missing))
        for bar, missing in zip(bars, pickup, strict=True)
    ]


def _roll(context: np.ndarray, sizes: Sizes) -> tuple[np.ndarray, np.ndarray]:
    first = context[:, ONSET] // FRAME_TICKS
    last = np.maximum(
        first + 1, (context[:, ONSET] + context[:, DURATION] + FRAME_TICKS // 2) // FRAME_TICKS
    )
    steps = np.zeros((sizes.staves, sizes.frames + 2, ev.PITCHES), np.int8)
    np.add.at(steps, (context[:, STAFF], first, context[:, PITCH]), 1)
    np.add.at(steps, (context[:, STAFF], np.minimum(last, sizes.frames), context[:, PITCH]), -1)
    roll = (np.cumsum(steps, axis=1, dtype=np.int8)[:, : sizes.frames] > 0).astype(np.uint8)
    roll[context[:, STAFF], first, context[:, PITCH]] |= 2
    offset = np.zeros((sizes.staves, sizes.frames), np.float32)
    offset[context[:, STAFF], first] = context[:, ONSET] % FRAME_TICKS / FRAME_TICKS
    return roll, offset


def _cells(
    bars: np.ndarray, mask: np.ndarray, count: int, hidden_from: int | None, sizes: Sizes
) -> tuple[np.ndarray, np.ndarray]:
    per_frame = np.repeat(mask, bars[:, M_DURATION], axis=0)[::FRAME_TICKS].T
    hole = _padded(per_frame, (sizes.staves, sizes.frames))
    known = _padded(~per_frame, (sizes.staves, sizes.frames))
    if hidden_from is not None:
        known[:, -(-hidden_from // FRAME_TICKS) :] = False
    return known, hole


def _frame_features(
    bars: np.ndarray, pickup: np.ndarray, hole_bars: np.ndarray, at_start: bool, at_end: bool, sizes: Sizes
) -> np.ndarray:
    lengths = bars[:, M_DURATION]
    bar_of_tick = np.repeat(np.arange(len(bars)), lengths)
    tick = np.arange(len(bar_of_tick))
    position = tick - bars[bar_of_tick, M_ONSET] + pickup[bar_of_tick]
    strength = np.concatenate(_bar_strengths(bars, pickup))
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
    return _padded(features[::FRAME_TICKS], (sizes.frames, FRAME_FEATURES))


def _clock(
    bars: np.ndarray, hole_bars: np.ndarray, pickup: np.ndarray, context: np.ndarray, sizes: Sizes
) -> np.ndarray:
    rows, beat = [], 0
    strength = _bar_strengths(bars[hole_bars], pickup[hole_bars])
    onsets = np.bincount(context[:, ONSET], minlength=int(bars[-1, M_ONSET] + bars[-1, M_DURATION]))
    for slot, bar in enumerate(hole_bars):
        length = int(bars[bar, M_DURATION])
        position = np.arange(length) + pickup[bar]
        grid = ev.GRID_OF_TICK[position % 24].copy()
        if ev.is_compound(int(bars[bar, M_BEATS]), int(bars[bar, M_BEAT_TYPE])):
            grid[grid == ev.ON_TRIPLET] = ev.OFF_GRID
        row = np.zeros((length, 7), np.int32)
        row[:, C_TICK] = np.arange(length) + bars[bar, M_ONSET]
        row[:, C_BEAT] = beat + (position // 24 - position[0] // 24)
        row[:, C_GRID] = grid
        row[:, C_STRENGTH] = strength[slot]
        row[:, C_TONIC] = tonic_of(bars[bar, M_FIFTHS])
        row[:, C_KNOWN_ONSETS] = np.minimum(onsets[row[:, C_TICK]], 3)
        row[:, C_MEASURE] = slot
        beat = int(row[-1, C_BEAT]) + 1
        rows.append(row)
    table = np.concatenate(rows)
    closing = table[-1:].copy()
    closing[0, [C_BEAT, C_GRID, C_STRENGTH, C_KNOWN_ONSETS]] = beat, ev.ON_BOTH, 0, 0
    out = np.repeat(closing, sizes.clock + 1, axis=0)
    out[: len(table)] = table
    out[len(table) + 1 :, C_GRID] = ev.OFF_GRID
    return out


def _segments(
    bars: np.ndarray,
    mask: np.ndarray,
    hole_bars: np.ndarray,
    clock_of_bar: np.ndarray,
    context: np.ndarray,
    sizes: Sizes,
) -> np.ndarray:
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


def _prompt(
    context: np.ndarray, bars: np.ndarray, hole_start: int, pickup: np.ndarray, sizes: Sizes
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
        strength = np.concatenate(_bar_strengths(bars, pickup))
        bar = np.searchsorted(bars[:, M_ONSET], left[:, ONSET], side="right") - 1
        tail = slice(sizes.prompt - len(left), None)
        valid[tail] = True
        prompt[tail, T_PITCH] = left[:, PITCH]
        prompt[tail, T_DURATION] = ev.nearest_class(left[:, DURATION], ev.DURATION_TICKS)
        prompt[tail, T_DELTA] = ev.nearest_class(delta, ev.DELTA_TICKS)
        prompt[tail, T_STAFF] = left[:, STAFF]
        prompt[tail, T_FRAME] = left[:, ONSET] // CONTEXT_TICKS
        prompt[tail, T_STRENGTH] = strength[left[:, ONSET]]
        prompt[tail, T_INTERVAL] = interval
        prompt[tail, T_TONIC] = tonic_of(bars[bar, M_FIFTHS])
    return prompt, valid


def _events(
    target: np.ndarray, bars: np.ndarray, clock_of_bar: np.ndarray, sizes: Sizes
) -> tuple[np.ndarray, bool]:
    bar = np.searchsorted(bars[:, M_ONSET], target[:, ONSET], side="right") - 1
    clock = clock_of_bar[bar] + target[:, ONSET] - bars[bar, M_ONSET]
    rows = np.zeros((len(target), 6), np.int32)
    rows[:, E_CLOCK] = clock
    rows[:, E_DELTA] = ev.nearest_class(np.diff(clock, prepend=0), ev.DELTA_TICKS)
    rows[:, E_STAFF] = target[:, STAFF]
    rows[:, E_PITCH] = target[:, PITCH]
    rows[:, E_DURATION] = ev.nearest_class(target[:, DURATION], ev.DURATION_TICKS)
    rows[:, E_TICKS] = target[:, DURATION]
    return _padded(rows[: sizes.events], (sizes.events, 6)), len(target) <= sizes.events
