"""A token's word: a note's name with octave (`F#4`, `B-3`), or a chord's normal order (`4.7.11`).

As music21 writes them, which the tutorial uses: flats are `-`, black keys are spelt C#, E-, F#, G#, B-.
But for the octave below 0, below any instrument: `E~1`, since `E-1` is E flat.
"""

from __future__ import annotations

import re
from collections.abc import Collection

_NAMES = ("C", "C#", "D", "E-", "E", "F", "F#", "G", "G#", "A", "B-", "B")
_NOTE = re.compile(r"([A-G][#-]?)(~?\d+)")
_CHORD = re.compile(r"(\d|1[01])(\.(\d|1[01]))*")
_MIDDLE_C = 60


def word_of(pitches: Collection[int]) -> str:
    """Return the word of what begins together, MIDI numbers: one pitch is a note, more are a chord."""
    different = set(pitches)
    if len(different) == 1:
        pitch = next(iter(different))
        octave = str(pitch // 12 - 1).replace("-", "~")
        return _NAMES[pitch % 12] + octave
    return ".".join(map(str, normal_order({pitch % 12 for pitch in different})))


def normal_order(classes: Collection[int]) -> list[int]:
    """Return pitch classes in normal order: narrowest, then packed to the left (Forte 1973, §1.2)."""
    ordered = sorted(classes)
    rotations = [ordered[start:] + ordered[:start] for start in range(len(ordered))]
    return min(rotations, key=lambda order: [*_above(order, [order[-1]]), *_above(order, order), order[0]])


def pitches_of(word: str) -> list[int]:
    """Return the MIDI numbers that a word is played with; a chord's lie in middle C's octave.

    A chord's word has no octaves, and the tutorial's `note.Note(9)` puts each note there too. Raises
    `ValueError` for what is no word.
    """
    if (match := _NOTE.fullmatch(word)) and match[1] in _NAMES:
        pitch = _NAMES.index(match[1]) + 12 * (int(match[2].replace("~", "-")) + 1)
        if 0 <= pitch < 128:
            return [pitch]
    if _CHORD.fullmatch(word):
        return sorted(_MIDDLE_C + int(number) for number in word.split("."))
    raise ValueError(f"'{word}' is no note or chord")


def _above(order: list[int], chosen: list[int]) -> list[int]:
    return [(pitch_class - order[0]) % 12 for pitch_class in chosen]
