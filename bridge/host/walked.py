"""A score in memory, as a host's cursor found it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple, NoReturn, Self

from bridge.errors import ReadError, RegionError, WriteError
from bridge.host.ticks import Clock, Ticks, quarters_of
from bridge.notation.spelling import place_of, spelled
from bridge.protocol.walk import Walk, WalkStaff
from bridge.score import PITCHED, Measure, Note, Part, Region, Score, Staff

TPC_OF_C = 14
"""Tonal pitch classes are places on the line of fifths, counted so that C is 14."""

AGAIN = "Run it again; if it stays so, report it with the score."


class Played(NamedTuple):
    """One notehead in ticks; `tied` to the same pitch before it; `tpc` None where nobody gives it."""

    start: Ticks
    end: Ticks
    pitch: int
    voice: int
    tpc: int | None
    tied: bool


class WalkDocument:
    """A score that a client has walked through; implements `bridge.score.Document` without any file.

    Times stay ticks until they are asked for, so that a long score costs little. Raises `ReadError` for
    measures that don't follow each other and notes outside of them.
    """

    def __init__(self, walk: Walk) -> None:
        self.path = Path("score")
        self.suffix = ""
        self._walk = walk
        measures = _measures(walk)
        self._clock = Clock([measure.tick for measure in walk.measures], measures, walk.division)
        self._end: Ticks = walk.measures[-1].tick + walk.measures[-1].ticks
        walked = [staff for part in walk.parts for staff in part.staves]
        self._heads = [_heads(staff, walk.measures[0].tick, self._end) for staff in walked]
        self._notes = [_joined(heads) for heads in self._heads]

    def score(self, start: int = 0, stop: int | None = None) -> Score:
        """Return all parts and measures, with the notes that begin in measures `start` to `stop`."""
        count = len(self._clock.measures)
        first, last = self._tick(max(0, start)), self._tick(count if stop is None else min(stop, count))
        parts = []
        index = 0
        for number, part in enumerate(self._walk.parts):
            staves = []
            for within, staff in enumerate(part.staves, 1):
                notes = self._between(index, first, last)
                staves.append(Staff(index, number, within, notes, staff.kind, staff.program))
                index += 1
            parts.append(Part(number, f"P{number + 1}", part.name, tuple(staves)))
        return Score(self._walk.title, tuple(parts), tuple(self._clock.measures))

    def append_measures(self, count: int) -> None:
        """Append empty measures in the last measure's metre and key."""
        if count < 1:
            raise RegionError(f"{count} measures can't be appended", fix="Append at least one.")
        measures, starts = list(self._clock.measures), list(self._clock.starts)
        for _ in range(count):
            last = measures[-1]
            number = str(int(last.number) + 1) if last.number.isdecimal() else ""
            measures.append(
                replace(
                    last,
                    index=last.index + 1,
                    number=number,
                    onset_quarter=last.end_quarter,
                    duration_quarter=last.metre_quarter,
                )
            )
            starts.append(self._end)
            self._end += _ticks(last.metre_quarter * self._clock.division)
        self._clock = Clock(starts, measures, self._clock.division)

    def write(self, region: Region, notes: Mapping[int, Sequence[Note]]) -> None:
        """Replace the region's notes by `notes` (staff index to its notes, absolute onsets).

        Raises `RegionError` where the region can't be written.
        """
        self._check(region, notes)
        first, last = self._tick(region.start), self._tick(region.stop)
        for staff in set(region.staves):
            kept = [piece for head in self._heads[staff] for piece in _outside(head, first, last)]
            new = [self._head(note) for note in notes.get(staff, ())]
            self._heads[staff] = sorted(kept + new, key=_order)
            self._notes[staff] = _joined(self._heads[staff])

    def copy(self) -> Self:
        """Return a document of its own that edits of this one don't reach."""
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__)
        other._heads, other._notes = list(self._heads), list(self._notes)
        return other

    def to_bytes(self, suffix: str | None = None) -> NoReturn:
        """Raise `WriteError`: the score lives in its host."""
        raise WriteError("a walked score has no file", fix="Take the notes, or send the score as MusicXML.")

    def _tick(self, measure: int) -> Ticks:
        starts = self._clock.starts
        return starts[measure] if measure < len(starts) else self._end

    def _between(self, staff: int, first: Ticks, last: Ticks) -> tuple[Note, ...]:
        heads = self._notes[staff]
        inside = heads[bisect_left(heads, (first,)) : bisect_left(heads, (last,))]
        notes = [self._note(head) for head in inside]
        return tuple(sorted(notes, key=lambda note: (note.onset_quarter, -note.pitch)))

    def _note(self, head: Played) -> Note:
        onset = self._clock.quarter_at(head.start)
        place = None if head.tpc is None else head.tpc - TPC_OF_C
        fits = place is not None and (place - 7 * head.pitch) % 12 == 0 and abs((place + 1) // 7) <= 2
        spelling = spelled(place, head.pitch) if place is not None and fits else None
        return Note(onset, self._clock.quarter_at(head.end) - onset, head.pitch, head.voice, spelling)

    def _head(self, note: Note) -> Played:
        tpc = None if note.spelling is None else TPC_OF_C + place_of(*note.spelling[:2])
        start, end = map(self._clock.tick_at, (note.onset_quarter, note.end_quarter))
        return Played(start, end, note.pitch, note.voice, tpc, tied=False)

    def _check(self, region: Region, notes: Mapping[int, Sequence[Note]]) -> None:
        measures = self._clock.measures
        if not 0 <= region.start < region.stop <= len(measures):
            raise RegionError(
                f"measures {region.start + 1} to {region.stop} of {len(measures)} can't be filled",
                fix="Choose measures of the score, or append some first.",
            )
        kinds = [staff.kind for part in self._walk.parts for staff in part.staves]
        for staff in sorted({*region.staves, *notes}):
            if not 0 <= staff < len(kinds) or kinds[staff] != PITCHED or staff not in region.staves:
                raise RegionError(f"staff {staff + 1} can't be filled", fix="Leave it out.")
        begin, end = measures[region.start].onset_quarter, measures[region.stop - 1].end_quarter
        for note in (note for line in notes.values() for note in line):
            if not begin <= note.onset_quarter < note.end_quarter <= end:
                raise RegionError(
                    f"a note at quarter {note.onset_quarter} lies outside the region",
                    fix="Give only notes inside the region.",
                )


def _measures(walk: Walk) -> list[Measure]:
    """Return the walked measures; where none has a number they are counted, a pickup as 0."""
    found: list[Measure] = []
    onset = Fraction(0)
    expected = walk.measures[0].tick
    numbered = any(measure.number for measure in walk.measures)
    for index, measure in enumerate(walk.measures):
        if measure.tick != expected:
            raise ReadError(
                f"measure {index + 1} begins at tick {measure.tick} instead of {expected}", fix=AGAIN
            )
        expected += measure.ticks
        duration = quarters_of(measure.ticks, walk.division)
        made = Measure(
            index, measure.number, onset, duration, measure.beats, measure.beat_type, measure.fifths
        )
        if not numbered:
            pickup = found[0].number == "0" if found else duration < made.metre_quarter
            made = replace(made, number=str(index if pickup else index + 1))
        found.append(made)
        onset += duration
    return found


def _heads(staff: WalkStaff, first: Ticks, last: Ticks) -> list[Played]:
    heads = [
        Played(tick, tick + ticks, pitch, voice, tpc, bool(tied))
        for tick, ticks, pitch, voice, tpc, tied in staff.notes
    ]
    heads.sort(key=_order)
    if heads and (heads[0].start < first or max(head.end for head in heads) > last):
        raise ReadError("a note lies outside the score's measures", fix=AGAIN)
    return heads


def _order(head: Played) -> tuple[Ticks, Ticks, int, int]:
    return head[:4]


def _joined(heads: Iterable[Played]) -> list[Played]:
    """Return sorted heads as sounding notes: what is tied to the head before it goes on with that."""
    found: list[Played] = []
    sounding: dict[tuple[Ticks, int], list[int]] = {}
    for head in heads:
        before = sounding.get((head.start, head.pitch)) if head.tied else None
        if before:
            index = min(before, key=lambda each: found[each].voice != head.voice)
            before.remove(index)
            found[index] = found[index]._replace(end=head.end)
        else:
            index = len(found)
            found.append(head)
        sounding.setdefault((head.end, head.pitch), []).append(index)
    return found


def _outside(head: Played, first: Ticks, last: Ticks) -> Iterable[Played]:
    """Yield what is left of a head outside a region, struck anew where the region ends."""
    if head.start < first:
        yield head._replace(end=min(head.end, first))
    if head.end > last:
        yield head if head.start > last else head._replace(start=max(head.start, last), tied=False)


def _ticks(length: Fraction) -> Ticks:
    return length.numerator if length.denominator == 1 else length
