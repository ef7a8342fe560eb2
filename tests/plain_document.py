"""A document without a file format, for tests that only need measures and notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pytest

from bridge.errors import JaxmuseError
from bridge.regions import Selection, resolve
from bridge.score import PITCHED, Measure, Note, Part, Region, Score, Staff


@dataclass
class PlainDocument:
    """A `Document` that is nothing but a score in memory; counts what is read of it."""

    whole: Score
    path: Path = Path("score.mxl")
    suffix: str = ".mxl"
    measures_read: int = 0

    def score(self, start: int = 0, stop: int | None = None) -> Score:
        measures = self.whole.measures
        stop = len(measures) if stop is None else stop
        self.measures_read += max(0, stop - start)
        begin = measures[start].onset_quarter if start < len(measures) else Fraction(10**6)
        end = measures[stop - 1].end_quarter if stop > start else begin
        parts = tuple(
            Part(
                part.index,
                part.id,
                part.name,
                tuple(
                    Staff(
                        staff.index,
                        staff.part_index,
                        staff.number,
                        tuple(note for note in staff.notes if begin <= note.onset_quarter < end),
                        staff.kind,
                        staff.program,
                    )
                    for staff in part.staves
                ),
            )
            for part in self.whole.parts
        )
        return Score(self.whole.title, parts, measures)

    def append_measures(self, count: int) -> None:
        last = self.whole.measures[-1]
        added = tuple(
            Measure(
                last.index + 1 + number,
                str(len(self.whole.measures) + 1 + number),
                last.end_quarter + number * last.metre_quarter,
                last.metre_quarter,
                last.beats,
                last.beat_type,
            )
            for number in range(count)
        )
        self.whole = Score(self.whole.title, self.whole.parts, self.whole.measures + added)

    def write(self, region: Region, notes: Mapping[int, Sequence[Note]]) -> None:
        raise AssertionError("nothing is written here")

    def to_bytes(self, suffix: str | None = None) -> bytes:
        raise AssertionError("nothing is written here")


def make_document(
    parts: dict[str, list[str]] | list[tuple[str, list[str]]],
    numbers: list[str],
    sounding: dict[int, set[int]] | None = None,
    beats: int = 4,
) -> PlainDocument:
    """A score of the given staves; `sounding` says in which measures a staff has a note (all if None)."""
    measures = tuple(
        Measure(index, number, Fraction(index * beats), Fraction(beats), beats, 4)
        for index, number in enumerate(numbers)
    )
    made: list[Part] = []
    count = 0
    for part_index, (name, kinds) in enumerate(parts.items() if isinstance(parts, dict) else parts):
        staves = []
        for number, kind in enumerate(kinds, 1):
            where = range(len(numbers)) if sounding is None else sorted(sounding.get(count, ()))
            notes = tuple(Note(Fraction(index * beats), Fraction(1), 60) for index in where)
            staves.append(Staff(count, part_index, number, notes, kind))
            count += 1
        made.append(Part(part_index, f"P{part_index + 1}", name, tuple(staves)))
    return PlainDocument(Score("", tuple(made), measures))


def choir(sounding: dict[int, set[int]] | None = None, measures: int = 12) -> PlainDocument:
    names = ("Soprano", "Alto", "Tenor", "Bass")
    return make_document(
        {name: [PITCHED] for name in names}, [str(number) for number in range(1, measures + 1)], sounding
    )


def refusal(document: PlainDocument, selection: Selection) -> str:
    with pytest.raises(JaxmuseError) as caught:
        resolve(document, selection)
    return str(caught.value)
