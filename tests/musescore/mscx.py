"""Look into MuseScore's own files: what stands in each measure of each staff, and whether it is full."""

from __future__ import annotations

import zipfile
from fractions import Fraction
from pathlib import Path

import lxml.etree as etree

LENGTHS = {
    "breve": Fraction(2),
    "whole": Fraction(1),
    "half": Fraction(1, 2),
    "quarter": Fraction(1, 4),
    "eighth": Fraction(1, 8),
    "16th": Fraction(1, 16),
    "32nd": Fraction(1, 32),
    "64th": Fraction(1, 64),
    "128th": Fraction(1, 128),
}
GRACE = {"acciaccatura", "appoggiatura", "grace4", "grace16", "grace32", "grace8after", "grace16after"}


class Mscx:
    """A score as MuseScore 3 saves it, from `.mscx` or `.mscz`; staves and measures from 0."""

    def __init__(self, path: Path) -> None:
        self._score = etree.fromstring(_text(path)).find("Score")
        assert self._score is not None
        self._measures = [
            [measure for measure in staff.findall("Measure") if measure.find("multiMeasureRest") is None]
            for staff in self._score.findall("Staff")
        ]

    @property
    def staves(self) -> int:
        """How many there are."""
        return len(self._measures)

    @property
    def measures(self) -> int:
        """How many there are."""
        return len(self._measures[0])

    def measure(self, staff: int, index: int) -> str:
        """Return a measure as text."""
        return etree.tostring(self._measures[staff][index], encoding="unicode").strip()

    def changed(self, other: Mscx) -> set[tuple[int, int]]:
        """Return the staff and the measure of all that differs in `other`, and of what only one has."""
        both = [
            (staff, index)
            for staff in range(max(self.staves, other.staves))
            for index in range(max(self.measures, other.measures))
        ]
        return {
            (staff, index)
            for staff, index in both
            if index >= min(self.measures, other.measures)
            or self.measure(staff, index) != other.measure(staff, index)
        }

    def notes(self, staff: int, index: int) -> list[int]:
        """Return the sounding pitches, voice by voice."""
        return [int(pitch.text or 0) for pitch in self._measures[staff][index].iterfind(".//Note/pitch")]

    def count(self, staff: int, index: int, tag: str) -> int:
        """Return how often an element occurs in a measure."""
        return len(self._measures[staff][index].findall(f".//{tag}"))

    def lengths(self, staff: int, index: int) -> list[Fraction]:
        """Return how long each voice is, in whole notes; those without a note or a rest are left out."""
        found = [_voice_length(voice) for voice in self._measures[staff][index].findall("voice")]
        return [length for length in found if length is not None]


def _text(path: Path) -> bytes:
    if path.suffix == ".mscx":
        return path.read_bytes()
    with zipfile.ZipFile(path) as packed:
        name = next(name for name in packed.namelist() if name.endswith(".mscx"))
        return packed.read(name)


def _voice_length(voice: etree._Element) -> Fraction | None:
    total = Fraction(0)
    scales = [Fraction(1)]
    seen = False
    for element in voice:
        if element.tag == "Tuplet":
            normal, actual = element.findtext("normalNotes"), element.findtext("actualNotes")
            scales.append(scales[-1] * Fraction(int(normal or 1), int(actual or 1)))
        elif element.tag == "endTuplet":
            scales.pop()
        elif element.tag == "location":
            total += Fraction(element.findtext("fractions") or "0")
        elif element.tag in ("Chord", "Rest") and not GRACE & {child.tag for child in element}:
            seen = True
            total += _length(element) * scales[-1]
    return total if seen else None


def _length(element: etree._Element) -> Fraction:
    kind = element.findtext("durationType") or ""
    if kind == "measure":
        return Fraction(element.findtext("duration") or "0")
    dots = int(element.findtext("dots") or 0)
    return LENGTHS[kind] * (2 - Fraction(1, 2**dots))
