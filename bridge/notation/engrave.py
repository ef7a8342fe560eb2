"""Engrave: sounding notes of one staff as written measures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from math import lcm
from typing import NamedTuple

from bridge.errors import RegionError
from bridge.notation.accidentals import Head, printed_signs
from bridge.notation.beams import beams
from bridge.notation.metre import Metre, metres_of
from bridge.notation.rhythm import Piece, split
from bridge.notation.values import GRID
from bridge.notation.voices import Chord, lay_out
from bridge.notation.written import (
    Frame,
    Tuplet,
    WrittenEvent,
    WrittenMeasure,
    WrittenPitch,
    WrittenVoice,
)
from bridge.notation.written_pitches import Spelling, written_spellings
from bridge.score import Note

STEPS = "CDEFGAB"
STEMS = {1: "up", 2: "down", 3: "up", 4: "down"}


class _Line(NamedTuple):
    """One voice of one measure: the ends of its spans, and their chords (None for rests)."""

    ends: tuple[int, ...]
    chords: tuple[Chord | None, ...]

    @property
    def rests(self) -> tuple[bool, ...]:
        return tuple(chord is None for chord in self.chords)


def engrave(
    notes: Sequence[Note],
    frames: Sequence[Frame],
    transpose_chromatic: int = 0,
    transpose_diatonic: int = 0,
    max_voices: int = 4,
) -> list[WrittenMeasure]:
    """Return one written measure for each frame, every voice of it exactly full.

    - `notes`: sounding notes of one staff, with absolute onsets inside the frames; they may overlap.
    - `frames`: consecutive measures.
    - `transpose_chromatic`, `transpose_diatonic`: from written to sounding, in semitones and letters.

    Raises `RegionError` where more than `max_voices` independent lines sound at once, where a note lies
    outside the frames, and where no tuplet can express a position.
    """
    if not frames:
        return []
    origin = frames[0].onset_quarter
    times = [note.onset_quarter - origin for note in notes] + [note.duration_quarter for note in notes]
    spans = [frame.duration_quarter for frame in frames]
    resolution = lcm(GRID, *{time.denominator for time in times}, *{span.denominator for span in spans})
    bars = [0]
    for frame in frames:
        bars.append(bars[-1] + _ticks(frame.duration_quarter, resolution))
    timed = []
    for note in notes:
        start = _ticks(note.onset_quarter - origin, resolution)
        end = start + _ticks(note.duration_quarter, resolution)
        if not 0 <= start < end <= bars[-1]:
            raise RegionError(
                f"a note at quarter {note.onset_quarter} lies outside the region or has no length",
                fix="Keep every note inside the measures that are written.",
            )
        timed.append((start, end, note.pitch - transpose_chromatic, note.voice))
    spellings = written_spellings(
        notes, timed, frames, bars, resolution, 7 * transpose_chromatic - 12 * transpose_diatonic
    )
    voices = lay_out(timed, bars, max_voices)
    lines = [
        {number: line for number, voice in enumerate(voices, 1) if (line := _line(voice, first, last))}
        for first, last in pairwise(bars)
    ]
    metres = _chosen_metres(lines, frames, resolution)
    return [
        _measure(lines[index], frame, metres[index], bars[index], resolution, spellings)
        for index, frame in enumerate(frames)
    ]


def _ticks(quarters: Fraction, resolution: int) -> int:
    return quarters.numerator * (resolution // quarters.denominator)


def _line(voice: Sequence[Chord], first: int, last: int) -> _Line | None:
    """Return a voice's spans between two barlines, rests filled in; None where it is silent."""
    ends: list[int] = []
    chords: list[Chord | None] = []
    now = first
    for chord in voice:
        if chord.end <= first or chord.start >= last:
            continue
        if chord.start > now:
            ends.append(chord.start - first)
            chords.append(None)
        now = min(chord.end, last)
        ends.append(now - first)
        chords.append(chord)
    if not chords:
        return None
    if now < last:
        ends.append(last - first)
        chords.append(None)
    return _Line(tuple(ends), tuple(chords))


def _chosen_metres(
    lines: Sequence[dict[int, _Line]], frames: Sequence[Frame], resolution: int
) -> list[Metre | None]:
    """Return each frame's metre; an irregular one in the grouping that reads best over all frames."""
    costs: dict[tuple[int, int], list[float]] = {}
    for measure, frame in zip(lines, frames, strict=True):
        options = metres_of(frame)
        if len(options) > 1:
            total = costs.setdefault((frame.beats, frame.beat_type), [0.0] * len(options))
            for line in measure.values():
                for option, metre in enumerate(options):
                    total[option] += split(line.ends, line.rests, resolution, metre).cost
    chosen: list[Metre | None] = []
    for frame in frames:
        options = metres_of(frame)
        total = costs.get((frame.beats, frame.beat_type))
        best = total.index(min(total)) if total and len(options) > 1 else 0
        chosen.append(options[best] if options else None)
    return chosen


def _measure(
    lines: dict[int, _Line],
    frame: Frame,
    metre: Metre | None,
    bar: int,
    resolution: int,
    spellings: Sequence[Spelling],
) -> WrittenMeasure:
    """Return the written measure of the lines, by voice number; `bar` is its first tick."""
    writing: list[tuple[int, _Line, tuple[Piece, ...]]] = []
    heads: list[Head] = []
    for number, line in lines.items():
        pieces = split(line.ends, line.rests, resolution, metre).pieces if metre else ()
        if not pieces:
            raise RegionError(
                f"no note value or tuplet can express the rhythm at quarter {frame.onset_quarter}",
                fix="Move the notes there to binary, triplet or other simple tuplet positions.",
            )
        writing.append((number, line, pieces))
        for piece in pieces:
            chord = line.chords[piece.span]
            if chord:
                tied = piece.start + bar > chord.start
                heads.extend(Head(piece.start, *spelling, tied) for spelling in _top_down(chord, spellings))
    signs = iter(printed_signs(heads, frame.fifths))
    voices = [] if 1 in lines else [_empty_voice(frame)]
    for number, line, pieces in writing:
        assert metre
        levels = beams(pieces, line.rests, resolution, metre)
        events = tuple(
            _event(piece, line.chords[piece.span], level, bar, resolution, spellings, signs)
            for piece, level in zip(pieces, levels, strict=True)
        )
        voices.append(WrittenVoice(number, events))
    if len(voices) > 1:
        voices = [replace(voice, stem=STEMS.get(voice.number, "")) for voice in voices]
    return WrittenMeasure(tuple(voices))


def _empty_voice(frame: Frame) -> WrittenVoice:
    return WrittenVoice(
        1, (WrittenEvent(Fraction(0), frame.duration_quarter, "whole", whole_measure=True),)
    )


def _top_down(chord: Chord, spellings: Sequence[Spelling]) -> list[Spelling]:
    """Return the chord's spellings from the highest line of the staff to the lowest."""
    heads = [spellings[note] for note in chord.notes]
    return sorted(heads, key=lambda head: (head[2], STEPS.index(head[0]), head[1]), reverse=True)


def _event(
    piece: Piece,
    chord: Chord | None,
    beam: tuple[str, ...],
    bar: int,
    resolution: int,
    spellings: Sequence[Spelling],
    signs: Iterator[str],
) -> WrittenEvent:
    """Return a piece as a written event, with the next of the `signs` for each of its heads."""
    pitches: tuple[WrittenPitch, ...] = ()
    if chord:
        start, stop = piece.end + bar < chord.end, piece.start + bar > chord.start
        pitches = tuple(
            WrittenPitch(*spelling, accidental=next(signs), tie_start=start, tie_stop=stop)
            for spelling in _top_down(chord, spellings)
        )
    tuplet = None
    if ratio := piece.ratio:
        tuplet = Tuplet(ratio.actual, ratio.normal, ratio.type, start=ratio.first, stop=ratio.last)
    return WrittenEvent(
        onset_quarter=Fraction(piece.start, resolution),
        duration_quarter=Fraction(piece.end - piece.start, resolution),
        type=piece.type,
        dots=piece.dots,
        tuplet=tuplet,
        pitches=pitches,
        beams=beam,
    )
