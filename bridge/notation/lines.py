"""Lines: how overlapping chords of one staff are followed as voices when nobody says which is which.

A beam search over onsets finds the lines that leap, cross, rest and enter least. Times are ticks.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise, permutations
from typing import NamedTuple

BEAM_WIDTH = 6
HEIGHT_ORDERS = {1: (0,), 2: (0, 1), 3: (0, 2, 1), 4: (0, 2, 3, 1)}
"""Voices from the highest to the lowest line: the outer lines are voices 1 and 2, inner ones 3 and 4."""

LEAP_COST = 0.12
CROSSING_COST = 3.0
ENTRY_COST = 1.5
GAP_COST = 1.0
PARTING_COST = 0.2
WIDE_CHORD_COST = 0.6
WIDE_GAP = 8
"""Semitones between neighbours from which a chord looks like two lines that happen to coincide."""

HINT_COST = 1.5


TimedNote = tuple[int, int, int, int]
"""`(start, end, pitch, voice hint)`."""


class Chord(NamedTuple):
    """Notes struck and released together: their indexes with the caller, and their mean pitch."""

    start: int
    end: int
    notes: tuple[int, ...]
    height: float
    hint: int


class _State(NamedTuple):
    cost: float
    ends: tuple[int, ...]
    heights: tuple[float | None, ...]
    measure: int
    used: int
    chosen: tuple | None
    """`(chords of the last onset, their voices, the chain before it)`."""


def chord_of(start: int, end: int, members: Sequence[int], notes: Sequence[TimedNote]) -> Chord:
    """Return the chord of the given members (indexes into `notes`), a doubled pitch taken once."""
    members = list({notes[index][2]: index for index in members}.values())
    pitches = [notes[index][2] for index in members]
    hint = min(notes[index][3] for index in members)
    return Chord(start, end, tuple(members), sum(pitches) / len(pitches), hint)


def tracked_lines(
    chords: Sequence[Chord], notes: Sequence[TimedNote], bars: Sequence[int], count: int
) -> list[list[Chord]]:
    """Return `count` lines that leap, cross, rest and enter as little as a beam search can find."""
    ranks = {voice: rank for rank, voice in enumerate(HEIGHT_ORDERS[min(count, 4)])}
    ranks.update({voice: voice for voice in range(4, count)})
    informative = len({chord.hint for chord in chords}) > 1
    onsets: dict[int, list[Chord]] = {}
    for chord in chords:
        onsets.setdefault(chord.start, []).append(chord)
    states = [_State(0.0, (-1,) * count, (None,) * count, -1, 0, None)]
    for onset, group in onsets.items():
        measure = bisect_right(bars, onset) - 1
        grown = []
        for state in states:
            free = [voice for voice in range(count) if state.ends[voice] <= onset]
            for chords, extra in _partings(group, notes, len(free)):
                grown.extend(
                    _extended(
                        state._replace(cost=state.cost + extra), chords, choice, measure, ranks, informative
                    )
                    for choice in permutations(free, len(chords))
                )
        best: dict[tuple, _State] = {}
        for state in sorted(grown, key=lambda state: state.cost):
            best.setdefault((state.ends, state.heights), state)
        states = list(best.values())[:BEAM_WIDTH]
    voices: list[list[Chord]] = [[] for _ in range(count)]
    chain = states[0].chosen
    while chain:
        chords, choice, chain = chain
        for chord, voice in zip(chords, choice, strict=True):
            voices[voice].append(chord)
    return [voice[::-1] for voice in voices]


def _partings(
    group: Sequence[Chord], notes: Sequence[TimedNote], room: int
) -> list[tuple[Sequence[Chord], float]]:
    """Return the chords of one onset, and each way to part one of them between two lines, with its cost."""
    if len(group) >= room:
        return [(group, 0.0)]
    found: list[tuple[Sequence[Chord], float]] = []
    unparted = 0.0
    for index, chord in enumerate(group):
        members = sorted(chord.notes, key=lambda note: -notes[note][2])
        gaps = [notes[high][2] - notes[low][2] for high, low in pairwise(members)]
        if gaps:
            unparted += WIDE_CHORD_COST if max(gaps) >= WIDE_GAP else 0.0
            cut = gaps.index(max(gaps)) + 1
            halves = [
                chord_of(chord.start, chord.end, part, notes) for part in (members[:cut], members[cut:])
            ]
            found.append(([*group[:index], *halves, *group[index + 1 :]], PARTING_COST))
    return [(group, unparted), *found]


def _extended(
    state: _State,
    group: Sequence[Chord],
    choice: tuple[int, ...],
    measure: int,
    ranks: dict[int, int],
    informative: bool,
) -> _State:
    """Return the state after the chords of one onset went to the chosen voices."""
    cost = state.cost
    ends, heights = list(state.ends), list(state.heights)
    used = state.used if measure == state.measure else 0
    for voice, end in enumerate(state.ends):
        if end > group[0].start:
            used |= 1 << voice
    for chord, voice in zip(group, choice, strict=True):
        before = heights[voice]
        if before is not None:
            cost += LEAP_COST * min(abs(chord.height - before), 14)
            if ends[voice] < chord.start:
                cost += GAP_COST
        if not used >> voice & 1:
            cost += ENTRY_COST if used else 0.3 * voice
            used |= 1 << voice
        if informative and chord.hint != voice + 1:
            cost += HINT_COST
        ends[voice] = chord.end
        heights[voice] = chord.height
    now = group[0].start
    for voice in choice:
        for other, end in enumerate(ends):
            if other == voice or end <= now or (other in choice and other < voice):
                continue
            height, rival = heights[voice], heights[other]
            if height is None or rival is None:
                continue
            distance = (height - rival) * (1 if ranks[voice] < ranks[other] else -1)
            if distance < 0:
                cost += CROSSING_COST - 0.1 * distance
    return _State(cost, tuple(ends), tuple(heights), measure, used, (group, choice, state.chosen))
