from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from drawn_holes import ANY_REST, Batch, HoleCase, drawn_batch
from untrained import SIZES

from jaxmodels import constraints
from jaxmodels import events as ev
from jaxmodels.state import State, advance, init_state
from jaxmodels.window_layout import Window

BATCHES = [
    (0, 0, 2.0),
    (1, 6, 1.0),
    (2, 24, 2.0),
    (3, ANY_REST, 0.0),
    (4, 0, 4.0),
    (5, ANY_REST, 2.0),
    (6, 0, 1.0),
    (7, 0, 3.0),
]
"""Seeds, longest rests, and how much the model leans to short notes: dense music and thin."""

Rows = list[tuple[int, int, int, int, int]]


def violations(case: HoleCase, events: Rows) -> list[str]:
    """Return which rules `events` (clock, staff, pitch, ticks, voice) break; knows nothing of the masks."""
    return [*broken_order(events), *broken_places(case, events), *broken_limits(case, events)]


def broken_order(events: Rows) -> list[str]:
    keys = [(onset, staff, -pitch) for onset, staff, pitch, *_ in events]
    return [f"{two} follows {one}" for one, two in pairwise(keys) if one >= two]


def broken_places(case: HoleCase, events: Rows) -> list[str]:
    """Check measures, segments and grids by walking the piece's measures."""
    bars = case.piece.measures[case.hole.first : case.hole.last]
    masked = np.flatnonzero(case.hole.mask.any(axis=1))
    starts, clock = {}, 0
    for bar in masked:
        starts[int(bar)] = clock
        clock += int(bars[bar, 1])
    grids: dict[tuple[int, int, int], set[str]] = defaultdict(set)
    found = []

    def mark(staff: int, bar: int, tick: int) -> None:
        beats, beat_type = int(bars[bar, 2]), int(bars[bar, 3])
        missing = 96 * beats // beat_type - int(bars[bar, 1]) if case.hole.first + bar == 0 else 0
        position = tick + max(0, missing)
        if position % 12 == 0:
            return
        kind = "binary" if position % 3 == 0 else "triplet" if position % 4 == 0 else "none"
        dotted = beats in (6, 9, 12) and beat_type >= 8
        if kind == "none" or (kind == "triplet" and dotted):
            found.append(f"tick {tick} of measure {bar} is on no grid")
        grids[staff, bar, position // 24].add(kind)

    for onset, staff, _, ticks, _ in events:
        bar = max((bar for bar in starts if starts[bar] <= onset), key=lambda bar: starts[bar])
        if onset >= clock or not case.hole.mask[bar, staff]:
            found.append(f"{onset} lies outside the hole of staff {staff}")
            continue
        mark(staff, bar, onset - starts[bar])
        left = ticks - (starts[bar] + int(bars[bar, 1]) - onset)
        while left > 0 and bar + 1 < len(bars) and case.hole.mask[bar + 1, staff]:
            bar += 1
            left -= int(bars[bar, 1])
        if left > 0:
            found.append(f"the note at {onset} ends {left} ticks outside the hole of staff {staff}")
        elif left < 0:
            mark(staff, bar, int(bars[bar, 1]) + left)
    mixed = [place for place, kinds in grids.items() if len(kinds) > 1]
    return found + [f"staff {staff} mixes grids in quarter {beat} of {bar}" for staff, bar, beat in mixed]


def broken_limits(case: HoleCase, events: Rows) -> list[str]:
    found = []
    by_staff: dict[int, Rows] = defaultdict(list)
    for event in events:
        by_staff[event[1]].append(event)
    for place, rows in by_staff.items():
        staff = case.hole.staves[place]
        low, high = (int(limit[staff]) + case.hole.shift for limit in case.facts[:2])
        pitches = [row[2] for row in rows]
        if min(pitches) < low or max(pitches) > high:
            found.append(f"staff {place} leaves {low}-{high}")
        for onset in {row[0] for row in rows}:
            now = [row for row in rows if row[0] <= onset < row[0] + row[3]]
            chords = {(row[0], row[3]) for row in now}
            if len(now) > case.facts.polyphony[staff]:
                found.append(f"{len(now)} notes of staff {place} sound at {onset}")
            if len(chords) > case.facts.layers[staff]:
                found.append(f"staff {place} needs {len(chords)} voices at {onset}")
            if max(Counter(row[2] for row in now).values()) > 1:
                found.append(f"staff {place} strikes a sounding pitch at {onset}")
            voices = {(row[4], row[0], row[3]) for row in now}
            if max(Counter(voice for voice, *_ in voices).values()) > 1:
                found.append(f"a voice of staff {place} plays two chords at {onset}")
            if not all(1 <= row[4] <= case.facts.layers[staff] for row in now):
                found.append(f"staff {place} has a voice too many at {onset}")
    return found


def rows_of(batch: Batch, index: int) -> Rows:
    return [tuple(row) for row in batch.drawn.events[index, : batch.drawn.count[index]].tolist()]


def test_ten_thousand_events_break_no_rule() -> None:
    checked, chords, longest = 0, 0, 0
    for choice in BATCHES:
        batch = drawn_batch(*choice)
        for index, case in enumerate(batch.cases):
            events = rows_of(batch, index)
            assert violations(case, events) == [], (choice, index, case.task)
            checked += len(events)
            longest = max([longest, *(event[3] for event in events)])
            chords += len(events) - len({event[:2] for event in events})
    assert checked >= 10_000
    assert chords > 500
    assert longest >= 96


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda rows: [rows[1], rows[0], *rows[2:]], "follows"),
        (lambda rows: [rows[0], *rows], "follows"),
        (lambda rows: [(rows[0][0], rows[0][1], 127, *rows[0][3:]), *rows[1:]], "leaves"),
        (lambda rows: [*rows[:-1], (*rows[-1][:3], 2000, rows[-1][4])], "outside the hole"),
        (lambda rows: [*rows, (9000, *rows[-1][1:])], "outside the hole"),
        (lambda rows: [*rows, (rows[-1][0], rows[-1][1], *rows[-1][2:4], 4)], "strikes a sounding pitch"),
        (
            lambda rows: [*rows, *((*rows[-1][:2], 1, ticks, rows[-1][4]) for ticks in (1, 2))],
            "on no grid",
        ),
        (lambda rows: [(*row[:4], 5) for row in rows], "a voice too many"),
        (
            lambda rows: [*rows, *((*rows[-1][:2], 20 + i, *rows[-1][3:]) for i in range(9))],
            "notes of staff",
        ),
    ],
)
def test_the_checker_finds_what_is_broken_on_purpose(change, message: str) -> None:
    batch = drawn_batch(*BATCHES[0])
    index = int(np.argmax(batch.drawn.count))
    assert any(message in line for line in violations(batch.cases[index], change(rows_of(batch, index))))


@jax.jit
def dead_ends(windows: Window, events: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Return for each state of each window how many legal choices lead nowhere, and how many lead on."""

    def at(window: Window, state: State) -> tuple[jax.Array, jax.Array]:
        deltas = constraints.delta_mask(window, state)[: ev.END]
        onsets = jnp.minimum(state.now + jnp.asarray(ev.DELTA_TICKS), window.hole_ticks)
        lines = jnp.arange(SIZES.staves)

        def follow(onset: jax.Array) -> tuple[jax.Array, jax.Array]:
            pitches = jax.vmap(lambda staff: constraints.pitch_mask(window, state, onset, staff).any())
            lengths = jax.vmap(lambda staff: constraints.duration_mask(window, state, onset, staff).any())
            return constraints.staff_masks(window, state, onset), pitches(lines) & lengths(lines)

        staves, go_on = jax.vmap(follow)(onsets)
        stuck = deltas & ~staves.any(axis=1)
        hidden = (
            ~deltas & staves.any(axis=1) & (state.now + jnp.asarray(ev.DELTA_TICKS) < window.hole_ticks)
        )
        return stuck.sum() + hidden.sum() + (deltas[:, None] & staves & ~go_on).sum(), deltas.sum()

    def one(window: Window, rows: jax.Array) -> tuple[jax.Array, jax.Array]:
        def forward(state: State, row: jax.Array) -> tuple[State, tuple[jax.Array, jax.Array]]:
            return advance(window, state, row[0], row[1], row[2], row[3]), at(window, state)

        return jax.lax.scan(forward, init_state(window, SIZES.beats), rows)[1]

    return jax.vmap(one)(windows, events)


@pytest.mark.parametrize("choice", BATCHES)
def test_every_legal_choice_leads_on(choice: tuple[int, int, float]) -> None:
    batch = drawn_batch(*choice)
    stuck, choices = jax.device_get(dead_ends(batch.windows, batch.drawn.events))
    live = np.arange(SIZES.events) < batch.drawn.count[:, None]
    assert stuck[live].sum() == 0
    assert choices[live].mean() > 5
