"""What to look at in a fill, each with its place in plain words."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from bridge.part_writing.counting import CROSSINGS, FIFTHS, LEAPS, OCTAVES, RANGE, SPANS
from bridge.part_writing.quartets import Sung, parallel_kind, pitch_name, step_name
from bridge.part_writing.voices import Voice
from bridge.score import Measure, Score
from jaxmodels.part_writing import (
    NONE,
    PARALLEL_FIFTH,
    PARALLEL_OCTAVE,
    PARALLEL_UNISON,
    WIDEST_SPAN,
    Lines,
    crossings,
    leaps,
    moving_pairs,
    pairs_of,
)
from jaxmodels.piece import TICKS_PER_QUARTER

NAMES = {PARALLEL_FIFTH: "fifths", PARALLEL_OCTAVE: "octaves", PARALLEL_UNISON: "unisons"}
FRACTIONS = {
    Fraction(1, 4): "¼",
    Fraction(1, 3): "⅓",
    Fraction(1, 2): "½",
    Fraction(2, 3): "⅔",
    Fraction(3, 4): "¾",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at.

    - `kind`: as in `counting.KINDS`; `measure`: printed number; `beat`: `1`, `2½`.
    - `parts`: names of the voices; `what`: what they do; `tick`: when.
    """

    kind: str
    measure: str
    beat: str
    parts: tuple[str, ...]
    what: str
    tick: int

    def __str__(self) -> str:
        return f"measure {self.measure}, beat {self.beat}: {self.what}"


class Places:
    """Where ticks lie in a score, and what was sung there."""

    def __init__(self, score: Score, voices: Sequence[Voice], borders: tuple[int, int]) -> None:
        self.score, self.voices = score, voices
        self.borders = borders
        self.starts = [measure.onset_quarter for measure in score.measures]

    def finding(self, kind: str, tick: int, voices: Sequence[int], what: str) -> Finding:
        """Return a finding at `tick`, and say so if it lies at a border of the fill."""
        quarter = Fraction(tick, TICKS_PER_QUARTER)
        measure = self.score.measures[max(0, bisect_right(self.starts, quarter) - 1)]
        if kind != RANGE and tick in self.borders:
            first = tick == self.borders[0]
            what += ", coming from what stands before" if first else ", going on to what follows"
        parts = tuple(self.voices[voice].name for voice in voices)
        return Finding(kind, measure.number, _beat(measure, quarter), parts, what, tick)

    def sung(self, lines: Lines, row: int, voice: int) -> tuple[Sung, Sung]:
        """Return what `voice` sings until simultaneity `row`, and there."""
        return (
            self._spelled(voice, int(lines.onset[row]) - 1, int(lines.before[row, voice])),
            self._spelled(voice, int(lines.onset[row]), int(lines.pitch[row, voice])),
        )

    def _spelled(self, voice: int, tick: int, pitch: int) -> Sung:
        notes = self.voices[voice].notes
        index = bisect_right(notes, Fraction(tick, TICKS_PER_QUARTER), key=lambda note: note.onset_quarter)
        note = notes[max(0, index - 1)]
        return Sung(pitch, note.spelling if note.pitch == pitch else None)


def _beat(measure: Measure, quarter: Fraction) -> str:
    inside = quarter - measure.onset_quarter
    if measure.index == 0:
        inside += max(Fraction(0), measure.metre_quarter - measure.duration_quarter)
    beat = 1 + inside * measure.beat_type / 4
    rest = beat - int(beat)
    return f"{int(beat)}{FRACTIONS.get(rest, f' + {rest}') if rest else ''}"


def pair_findings(places: Places, lines: Lines, own: np.ndarray) -> Iterator[Finding]:
    """Yield parallels, by music21's judgement, and crossings where they begin."""
    upper, lower = pairs_of(len(own))
    concerned = own[upper] | own[lower]
    for row, pair in np.argwhere(moving_pairs(lines) & concerned):
        one, two = int(upper[pair]), int(lower[pair])
        above, below = places.sung(lines, row, one), places.sung(lines, row, two)
        kind = parallel_kind(above, below)
        if kind != NONE:
            sung = [_over(*pair) for pair in zip(above, below, strict=True)]
            names = f"{places.voices[one].name} and {places.voices[two].name}"
            what = f"{names} go in parallel {NAMES[kind]} ({sung[0]} to {sung[1]})"
            yield places.finding(
                FIFTHS if kind == PARALLEL_FIFTH else OCTAVES, int(lines.onset[row]), (one, two), what
            )
    crossed = crossings(lines) & concerned
    new = crossed & ~np.vstack([np.zeros((1, len(concerned)), bool), crossed[:-1]])
    for row, pair in np.argwhere(new):
        one, two = int(upper[pair]), int(lower[pair])
        above, below = places.sung(lines, row, one)[1], places.sung(lines, row, two)[1]
        what = f"{places.voices[two].name} lies above {places.voices[one].name} ({_over(below, above)})"
        yield places.finding(CROSSINGS, int(lines.onset[row]), (one, two), what)


def line_findings(places: Places, lines: Lines, own: np.ndarray, last: int) -> Iterator[Finding]:
    """Yield leaps, and notes before tick `last` that leave the usual range."""
    for row, voice in np.argwhere(leaps(lines) & own):
        start, end = places.sung(lines, row, voice)
        direction = "up" if end.pitch > start.pitch else "down"
        what = (
            f"{places.voices[voice].name} leaps {direction} a {step_name(start, end)} "
            f"({pitch_name(start)} to {pitch_name(end)})"
        ).replace(" a augmented", " an augmented")
        yield places.finding(LEAPS, int(lines.onset[row]), (int(voice),), what)
    for row, voice in np.argwhere(lines.begins & own & (lines.onset < last)[:, None]):
        line, sung = places.voices[voice], places.sung(lines, row, voice)[1]
        if not line.habit.lowest <= sung.pitch <= line.habit.highest:
            high = sung.pitch > line.habit.highest
            end = pitch_name(Sung(line.habit.highest if high else line.habit.lowest))
            side = "above" if high else "below"
            what = f"{line.name} has {pitch_name(sung)}, {side} its usual range ({end})"
            yield places.finding(RANGE, int(lines.onset[row]), (int(voice),), what)


def span_findings(
    places: Places, name: str, onsets: np.ndarray, semitones: np.ndarray
) -> Iterator[Finding]:
    """Yield chords of the keyboard staff `name` that are wider than a tenth."""
    for tick, span in zip(onsets.tolist(), semitones.tolist(), strict=True):
        if span > WIDEST_SPAN:
            found = places.finding(
                SPANS, tick, (), f"one hand spans {span} semitones in {name}, more than a tenth"
            )
            yield Finding(found.kind, found.measure, found.beat, (name,), found.what, tick)


def _over(upper: Sung, lower: Sung) -> str:
    if upper.pitch == lower.pitch:
        return pitch_name(upper)
    return f"{pitch_name(upper)} over {pitch_name(lower)}"
