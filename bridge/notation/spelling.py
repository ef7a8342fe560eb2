"""Spelling: which letter and alteration a pitch is written with.

Spellings are places on the line of fifths: C is 0, G 1, F −1, F sharp 6, B flat −2. A pitch has one
place in every twelve; the one is chosen that lies best in the key and makes plain intervals with what
sounds around it (an augmented unison, a diminished third and the like are what the wrong choice makes).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

LETTERS = "FCGDAEB"
NATURALS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}

MAJOR_COSTS = {
    -7: 2.2,
    -6: 1.6,
    -5: 1.1,
    -4: 0.7,
    -3: 0.6,
    -2: 0.35,
    6: 0.3,
    7: 0.5,
    8: 0.6,
    9: 0.9,
    10: 1.3,
    11: 2.0,
}
MINOR_COSTS = {
    -7: 2.4,
    -6: 1.8,
    -5: 1.5,
    -4: 1.3,
    -3: 0.9,
    -2: 0.5,
    6: 0.1,
    7: 0.4,
    8: 0.1,
    9: 0.5,
    10: 0.8,
    11: 1.2,
}
"""Cost of a place, counted from the key's signature (its scale is −1 … 5)."""

FAR_COST = 3.0
INTERVAL_COSTS = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.05, 0.9, 0.9, 0.7, 0.8, 1.6)
"""Cost of an interval by the fifths it spans: 7 an augmented unison, 8 an augmented fifth, …"""

WIDE_COST = 2.5
MELODIC_NEXT, MELODIC_BEFORE, HARMONIC, NEARBY = 1.7, 0.1, 1.2, 0.25
"""Weights of a neighbour: a step away next or before, sounding at once, or merely near. What a note moves
to says most about it. Chosen by trial on 80,000 notes of the music21 corpus."""

WINDOW_QUARTERS = 3
MAX_SWEEPS = 6


class Sounding(NamedTuple):
    """A pitch to spell: `start` and `end` in ticks, MIDI `pitch`, the key's `fifths` and `mode` there.

    `place`: its place on the line of fifths where it is given, else None.
    """

    start: int
    end: int
    pitch: int
    fifths: int
    mode: str = ""
    place: int | None = None


def place_of(step: str, alter: int) -> int:
    """Return the place of a spelling on the line of fifths."""
    return LETTERS.index(step) - 1 + 7 * alter


def spelled(place: int, pitch: int) -> tuple[str, int, int]:
    """Return `(step, alter, octave)` of a MIDI pitch at a place on the line of fifths."""
    step, alter = LETTERS[(place + 1) % 7], (place + 1) // 7
    return step, alter, (pitch - alter - NATURALS[step]) // 12 - 1


def places(soundings: Sequence[Sounding], resolution: int) -> list[int]:
    """Return a place on the line of fifths for each pitch; `resolution` is ticks per quarter.

    `soundings` are sorted by start; those that have a place keep it and inform the others.
    """
    costs = [_key_costs(soundings, index) for index in range(len(soundings))]
    options = [
        (s.place,) if s.place is not None else tuple(sorted(cost, key=cost.__getitem__))
        for s, cost in zip(soundings, costs, strict=True)
    ]
    chosen = [option[0] for option in options]
    open_notes = [index for index, option in enumerate(options) if len(option) > 1]
    neighbours = {index: _neighbours(soundings, index, resolution) for index in open_notes}
    for _ in range(MAX_SWEEPS):
        changed = False
        for index in open_notes:
            best = min(
                options[index],
                key=lambda place: (
                    costs[index][place]
                    + sum(
                        weight * _interval_cost(place, chosen[other]) for other, weight in neighbours[index]
                    )
                ),
            )
            if best != chosen[index]:
                chosen[index] = best
                changed = True
        if not changed:
            break
    return chosen


def _key_costs(soundings: Sequence[Sounding], index: int) -> dict[int, float]:
    """Return the cost in the key of each place that a pitch could have."""
    sounding = soundings[index]
    table = MINOR_COSTS if sounding.mode == "minor" else MAJOR_COSTS
    found = {}
    first = 7 * sounding.pitch % 12
    for place in range(first - 24, first + 36, 12):
        from_key = place - sounding.fifths
        if abs((place + 1) // 7) <= 2 and -8 <= from_key <= 12:
            found[place] = 0.0 if -1 <= from_key <= 5 else table.get(from_key, FAR_COST)
    if not found:
        nearest = min(range(first - 24, first + 36, 12), key=lambda place: abs(place - 2))
        found[nearest] = 0.0
    return found


def _interval_cost(place: int, other: int) -> float:
    distance = abs(place - other)
    return INTERVAL_COSTS[distance] if distance < len(INTERVAL_COSTS) else WIDE_COST


def _neighbours(soundings: Sequence[Sounding], index: int, resolution: int) -> list[tuple[int, float]]:
    """Return the pitches that bear on one, with their weights: what it moves to counts most."""
    here = soundings[index]
    reach = WINDOW_QUARTERS * resolution
    found = []
    for step in (1, -1):
        other = index + step
        nearest: dict[int, int] = {}
        while 0 <= other < len(soundings) and abs(soundings[other].start - here.start) <= reach:
            rival = soundings[other]
            gap = rival.start - here.end if step > 0 else here.start - rival.end
            if rival.start < here.end and here.start < rival.end:
                weight = HARMONIC
            else:
                weight = NEARBY / (1 + max(gap, 0) / resolution)
                interval = abs(rival.pitch - here.pitch)
                if gap <= resolution // 2 and interval <= 2 and interval not in nearest:
                    nearest[interval] = other
                    weight += MELODIC_NEXT if step > 0 else MELODIC_BEFORE
            found.append((other, weight))
            other += step
    return found


def guessed_mode(soundings: Sequence[Sounding]) -> str:
    """Return the mode that the pitches suggest: the minor's leading note against the note below it."""
    raised = sum(7 * s.pitch % 12 == (s.fifths + 8) % 12 for s in soundings)
    plain = sum(7 * s.pitch % 12 == (s.fifths + 1) % 12 for s in soundings)
    return "minor" if raised > 0.4 * plain else "major"
