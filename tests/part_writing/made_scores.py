"""Small scores by hand: a measure row for each part, pitches by name."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from bridge.score import Measure, Note, Part, Score, Staff

STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
ALTERS = {"#": 1, "b": -1}

Named = tuple[str, Sequence[str]]


def note(name: str, onset: Fraction | int, duration: Fraction | int = 1, voice: int = 1) -> Note:
    """Return the note of a name like `F#4`, times in quarters."""
    step, alter, octave = name[0], ALTERS.get(name[1:-1], 0), int(name[-1])
    pitch = 12 * (octave + 1) + STEPS[step] + alter
    return Note(Fraction(onset), Fraction(duration), pitch, voice, (step, alter, octave))


def line(names: Sequence[str], voice: int = 1) -> list[Note]:
    """Return quarters; `-` is a rest, and a `F#4+A4` a chord."""
    return [
        note(each, onset, 1, voice)
        for onset, chord in enumerate(names)
        if chord != "-"
        for each in sorted(chord.split("+"), reverse=True)
    ]


def score_of(*parts: Named, measures: int = 4, program: int = 52) -> Score:
    """Return a score in 4/4 with one staff for each part."""
    made = [
        Part(index, f"P{index}", name, (Staff(index, index, 1, tuple(line(names)), program=program),))
        for index, (name, names) in enumerate(parts)
    ]
    return Score("made", tuple(made), measures_of(measures))


def measures_of(count: int) -> tuple[Measure, ...]:
    return tuple(
        Measure(index, str(index + 1), Fraction(4 * index), Fraction(4), 4, 4) for index in range(count)
    )
