"""Voices: which notes of one staff form chords, and which chords form lines.

Times are ticks from the start of the run of measures.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise, permutations
from typing import NamedTuple

from bridge.errors import RegionError

BEAM_WIDTH = 6
HEIGHT_ORDERS = {1: (0,), 2: (0, 1), 3: (0, 2, 1), 4: (0, 2, 3, 1)}
"""Voices from the highest to the lowest line: the outer lines are voices 1 and 2, inner ones 3 and 4."""

LEAP_COST = 0.12
CROSSING_COST = 3.0
ENTRY_COST = 1.5
GAP_COST = 1.0
PARTING_COST = 0.2
HINT_COST = 1.5


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


def lay_out(
    notes: Sequence[tuple[int, int, int, int]], bars: Sequence[int], max_voices: int
) -> list[list[Chord]]:
    """Return the chords of each voice, voice 1 first.

    - `notes`: `(start, end, pitch, voice hint)`.
    - `bars`: start of each measure, and the end of the last.

    Raises `RegionError` where more than `max_voices` lines sound at once.
    """
    merged = _chords(notes, by_hint=False)
    needed = _overlap(merged)
    if needed > max_voices:
        raise RegionError(
            f"{needed} independent lines sound at once in one staff, which has room for {max_voices}",
            fix="Give some of the notes the same onset and length, or move them to another staff.",
        )
    if needed <= 1:
        return [merged]
    hinted = _hinted_lines(_chords(notes, by_hint=True), max_voices)
    voices = hinted or _tracked_lines(merged, notes, bars, needed)
    return _compact(voices, bars)


def _chords(notes: Sequence[tuple[int, int, int, int]], by_hint: bool) -> list[Chord]:
    groups: dict[tuple[int, int, int], list[int]] = {}
    for index, (start, end, _, hint) in enumerate(notes):
        groups.setdefault((start, end, hint if by_hint else 0), []).append(index)
    chords = [_chord(start, end, members, notes) for (start, end, _), members in groups.items()]
    return sorted(chords, key=lambda chord: (chord.start, -chord.height, chord.end))


def _chord(
    start: int, end: int, members: Sequence[int], notes: Sequence[tuple[int, int, int, int]]
) -> Chord:
    pitches = [notes[index][2] for index in members]
    hint = min(notes[index][3] for index in members)
    return Chord(start, end, tuple(members), sum(pitches) / len(pitches), hint)


def _overlap(chords: Iterable[Chord]) -> int:
    """Return how many chords sound at once at most."""
    changes = sorted([(c.start, 1) for c in chords] + [(c.end, -1) for c in chords])
    most = now = 0
    for _, change in changes:
        now += change
        most = max(most, now)
    return most


def _hinted_lines(chords: Sequence[Chord], max_voices: int) -> list[list[Chord]] | None:
    """Return the lines that the hints name, if they name several and each is free of overlaps."""
    lines: dict[int, list[Chord]] = {}
    for chord in chords:
        line = lines.setdefault(chord.hint, [])
        if line and line[-1].end > chord.start:
            return None
        line.append(chord)
    if not 1 < len(lines) <= max_voices:
        return None
    ordered = [lines[hint] for hint in sorted(lines)]
    if len(ordered) == 2 and _height_above(ordered[0], ordered[1]) < 0:
        ordered.reverse()
    return ordered


def _height_above(line: Sequence[Chord], other: Sequence[Chord]) -> float:
    """Return by how much `line` lies above `other` where both sound, summed over chords."""
    starts = [chord.start for chord in other]
    total = 0.0
    for chord in line:
        for rival in other[max(0, bisect_right(starts, chord.start) - 1) : bisect_left(starts, chord.end)]:
            if rival.end > chord.start:
                total += chord.height - rival.height
    return total


def _tracked_lines(
    chords: Sequence[Chord], notes: Sequence[tuple[int, int, int, int]], bars: Sequence[int], count: int
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
    group: Sequence[Chord], notes: Sequence[tuple[int, int, int, int]], room: int
) -> list[tuple[Sequence[Chord], float]]:
    """Return the chords of one onset, and each way to part one of them between two lines, with its cost."""
    found: list[tuple[Sequence[Chord], float]] = [(group, 0.0)]
    if len(group) >= room:
        return found
    for index, chord in enumerate(group):
        members = sorted(chord.notes, key=lambda note: -notes[note][2])
        gaps = [notes[high][2] - notes[low][2] for high, low in pairwise(members)]
        if gaps:
            cut = gaps.index(max(gaps)) + 1
            halves = [
                _chord(chord.start, chord.end, part, notes) for part in (members[:cut], members[cut:])
            ]
            found.append(([*group[:index], *halves, *group[index + 1 :]], PARTING_COST))
    return found


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


def _compact(voices: Sequence[Sequence[Chord]], bars: Sequence[int]) -> list[list[Chord]]:
    """Renumber the voices between barlines that no note crosses: each stretch uses the first ones."""
    crossed = {
        index
        for voice in voices
        for chord in voice
        for index in range(bisect_right(bars, chord.start), bisect_left(bars, chord.end))
    }
    walls = [bars[index] for index in range(1, len(bars) - 1) if index not in crossed]
    order = HEIGHT_ORDERS.get(len(voices), tuple(range(len(voices))))
    result: list[list[Chord]] = [[] for _ in voices]
    parts = [[bisect_right(walls, chord.start) for chord in voice] for voice in voices]
    for part in range(len(walls) + 1):
        sounding = [
            (
                voice,
                [
                    chord
                    for chord, number in zip(voices[voice], parts[voice], strict=True)
                    if number == part
                ],
            )
            for voice in order
        ]
        lines = [(voice, line) for voice, line in sounding if line]
        count = len(lines)
        kept = {voice for voice, _ in lines} == set(range(count))
        targets = HEIGHT_ORDERS.get(count, tuple(range(count)))
        for (voice, line), target in zip(lines, targets, strict=True) if count else ():
            result[voice if kept else target].extend(line)
    return [voice for voice in result if voice] or [[]]
