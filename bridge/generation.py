"""New music without a score to begin with: an empty score for four voices, filled by a model.

The voices are a choir's; the first measure may be a chord that is given.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from fractions import Fraction

from bridge.alternatives import FillOptions
from bridge.errors import UsageError
from bridge.fill import Filled, Model, fill_document
from bridge.instruments import habit_of
from bridge.musicxml import MusicXmlDocument
from bridge.score import Note, Region, Score

VOICES = (("Soprano", "G", 2, 0), ("Alto", "G", 2, 0), ("Tenor", "G", 2, -1), ("Bass", "F", 4, 0))
"""Name, clef sign, its line, and the octaves that the clef moves; General MIDI's choir sings all four."""

CHOIR_PROGRAM = 53
"""General MIDI's "Choir Aahs", counted from 1 as MusicXML counts."""


def generate(
    model: Model,
    measures: int,
    options: FillOptions,
    *,
    chord: Sequence[int] = (),
    fifths: int = 0,
    beats: int = 4,
    beat_type: int = 4,
    progress: Callable[[float], None] | None = None,
) -> Filled:
    """Return `options.alternatives` ways to write so many measures for four voices.

    - `chord`: one to four sounding MIDI pitches that the voices hold in a first measure of their own, in
      front of the `measures` that are written; without, they begin from nothing.
    - `fifths`: sharps (+) or flats (−) of the key; `beats`, `beat_type`: the metre.

    Raises `UsageError` for a chord or a length that can't be, else what `fill_document` raises.
    """
    if measures < 1:
        raise UsageError(f"{measures} measures are none", where="argument measures", fix="Give 1 or more.")
    document = empty_choir(measures + bool(chord), fifths, beats, beat_type)
    score = document.score()
    staves = tuple(range(len(VOICES)))
    if chord:
        document.write(Region(0, 1, staves), chord_notes(score, chord))
    return fill_document(
        document, Region(int(bool(chord)), len(score.measures), staves), model, options, progress
    )


def chord_notes(score: Score, chord: Sequence[int]) -> dict[int, tuple[Note, ...]]:
    """Return the notes of `chord` in the first measure of a choir's `score`, the highest voice's highest.

    Each pitch goes to the voice whose range it suits best. Raises `UsageError`.
    """
    pitches = sorted(set(chord), reverse=True)
    if len(pitches) > len(VOICES) or not all(0 <= pitch <= 127 for pitch in pitches):
        raise UsageError(
            f"{' '.join(map(str, chord))} is no chord for {len(VOICES)} voices",
            where="argument chord",
            fix=f"Give at most {len(VOICES)} MIDI numbers from 0 to 127.",
        )
    habits = [habit_of(score.parts[staff.part_index], staff) for staff in score.staves]
    centres = [(habit.lowest + habit.highest) / 2 for habit in habits]

    def distance(staves: tuple[int, ...]) -> float:
        return sum(abs(centres[staff] - pitch) for staff, pitch in zip(staves, pitches, strict=True))

    chosen = min(itertools.combinations(range(len(VOICES)), len(pitches)), key=distance)
    length = score.measures[0].duration_quarter
    return {
        staff: (Note(Fraction(0), length, pitch),) for staff, pitch in zip(chosen, pitches, strict=True)
    }


def empty_choir(measures: int, fifths: int, beats: int, beat_type: int) -> MusicXmlDocument:
    """Return so many empty measures for four voices, a staff each. Raises `UsageError`."""
    if not (-7 <= fifths <= 7 and 1 <= beats <= 64 and beat_type in (1, 2, 4, 8, 16, 32, 64)):
        raise UsageError(
            f"{fifths} fifths in {beats}/{beat_type} can't be written",
            where="arguments fifths, beats and beat_type",
            fix="Give a key of at most seven signs and a metre such as 3/4.",
        )
    length = Fraction(4 * beats, beat_type)
    rest = f'<note><rest measure="yes"/><duration>{length.numerator}</duration><voice>1</voice></note>'
    listed, parts = [], []
    for number, (name, sign, line, octaves) in enumerate(VOICES, 1):
        listed.append(
            f'<score-part id="P{number}"><part-name>{name}</part-name>'
            f'<score-instrument id="P{number}-I1"><instrument-name>{name}</instrument-name>'
            f'</score-instrument><midi-instrument id="P{number}-I1"><midi-channel>{number}</midi-channel>'
            f"<midi-program>{CHOIR_PROGRAM}</midi-program></midi-instrument></score-part>"
        )
        moved = f"<clef-octave-change>{octaves}</clef-octave-change>" if octaves else ""
        attributes = (
            f"<attributes><divisions>{length.denominator}</divisions><key><fifths>{fifths}</fifths></key>"
            f"<time><beats>{beats}</beats><beat-type>{beat_type}</beat-type></time>"
            f"<clef><sign>{sign}</sign><line>{line}</line>{moved}</clef></attributes>"
        )
        bars = [f'<measure number="{bar}">{rest}</measure>' for bar in range(2, measures + 1)]
        parts.append(
            f'<part id="P{number}"><measure number="1">{attributes}{rest}</measure>{"".join(bars)}</part>'
        )
    return MusicXmlDocument.from_bytes(
        (
            '<?xml version="1.0" encoding="UTF-8"?><score-partwise version="4.0">'
            f"<part-list>{''.join(listed)}</part-list>{''.join(parts)}</score-partwise>"
        ).encode()
    )
