"""Notes on binary positions, for hosts that can't write tuplets."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from fractions import Fraction

from bridge.notation.values import GRID
from bridge.score import Measure, Note

STEP = Fraction(1, 4)
"""Quarters between the positions that notes are moved to: a 16th."""


def binary_notes(notes: Sequence[Note], measures: Sequence[Measure]) -> tuple[tuple[Note, ...], int]:
    """Return one staff's notes with every time binary, and how many moved or, too short for that, went.

    - `measures`: those that the notes lie in.

    In a measure with a position that no plain value reaches, all positions go to the nearest 16th.
    """
    borders = [measures[0].onset_quarter, *(measure.end_quarter for measure in measures)]

    def measure_at(time: Fraction) -> int:
        return min(max(0, bisect_right(borders, time) - 1), len(measures) - 1)

    times = {time for note in notes for time in (note.onset_quarter, note.end_quarter)}
    odd = {index for time in times if ((time - borders[index := measure_at(time)]) * GRID).denominator > 1}

    def moved(time: Fraction) -> Fraction:
        index = measure_at(time)
        if index not in odd:
            return time
        steps = int((time - borders[index]) / STEP + Fraction(1, 2))
        return min(borders[index] + steps * STEP, borders[index + 1])

    result = []
    changed = 0
    for note in notes:
        onset, end = moved(note.onset_quarter), moved(note.end_quarter)
        changed += (onset, end) != (note.onset_quarter, note.end_quarter)
        if onset < end:
            result.append(Note(onset, end - onset, note.pitch, note.voice, note.spelling))
    return tuple(result), changed
