"""The score as jaxmuse sees it: parts, staves, measures and notes in exact quarters.

Nothing here knows a file format or a model. Times are `Fraction` quarters from the start of the
score (`onset_quarter`) or lengths (`duration_quarter`); pitches are sounding MIDI numbers.
A score is read from its start to its end once: repeats and voltas are not unfolded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Protocol, Self

PITCHED = "pitched"
PERCUSSION = "percussion"
TABLATURE = "tablature"


@dataclass(frozen=True, slots=True)
class Note:
    """One sounding note; tied notes are one `Note`, grace notes and cue notes are none.

    - `voice`: 1, 2, … within the staff.
    - `spelling`: `(step, alter, octave)` of the sounding pitch, where the file gives it.
    """

    onset_quarter: Fraction
    duration_quarter: Fraction
    pitch: int
    voice: int = 1
    spelling: tuple[str, int, int] | None = None

    @property
    def end_quarter(self) -> Fraction:
        """Where it ends."""
        return self.onset_quarter + self.duration_quarter


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of the whole score.

    - `number`: as printed; may repeat, may be empty or `X1`.
    - `duration_quarter`: its real length, which a pickup makes shorter than its metre.
    - `beats`, `beat_type`: the metre in force (additive metres as their sum).
    - `fifths`: the concert key's sharps (+) or flats (−); `mode`: `major`, `minor` or empty if unknown.
    """

    index: int
    number: str
    onset_quarter: Fraction
    duration_quarter: Fraction
    beats: int
    beat_type: int
    fifths: int = 0
    mode: str = ""

    @property
    def end_quarter(self) -> Fraction:
        """Where it ends."""
        return self.onset_quarter + self.duration_quarter

    @property
    def metre_quarter(self) -> Fraction:
        """The length that the metre alone would give."""
        return Fraction(4 * self.beats, self.beat_type)


@dataclass(frozen=True, slots=True)
class Staff:
    """One staff of one part.

    - `index`: from 0, over all staves of the score, top to bottom.
    - `number`: from 1, within its part.
    - `kind`: `pitched`, `percussion` or `tablature`; only pitched staves are written.
    - `program`: General MIDI program from 0, or −1 if unknown.
    - `notes`: by onset, then pitch downward.
    """

    index: int
    part_index: int
    number: int
    notes: tuple[Note, ...] = ()
    kind: str = PITCHED
    program: int = -1


@dataclass(frozen=True, slots=True)
class Part:
    """One part (instrument) with its staves; `id` is the file's own identifier."""

    index: int
    id: str
    name: str
    staves: tuple[Staff, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """A whole score, or one whose notes were read for a range of measures only."""

    title: str
    parts: tuple[Part, ...]
    measures: tuple[Measure, ...]

    @property
    def staves(self) -> tuple[Staff, ...]:
        """All staves, top to bottom."""
        return tuple(staff for part in self.parts for staff in part.staves)


@dataclass(frozen=True, slots=True)
class Region:
    """What is to be filled: measures `start` to `stop` (exclusive, from 0) of the staves (indexes)."""

    start: int
    stop: int
    staves: tuple[int, ...]


class Document(Protocol):
    """An open file that can be read as a `Score` and edited in place.

    Implemented by `bridge.musicxml.MusicXmlDocument` and `bridge.midi.MidiDocument`.
    """

    path: Path
    suffix: str
    """Format of `to_bytes` when nothing else is asked for: `.mxl`, `.musicxml` or `.mid`."""

    def score(self, start: int = 0, stop: int | None = None) -> Score:
        """Return all parts and measures, with the notes that begin in measures `start` to `stop`."""
        ...

    def append_measures(self, count: int) -> None:
        """Append empty measures in the last measure's metre and key; the final barline moves along."""
        ...

    def write(self, region: Region, notes: Mapping[int, Sequence[Note]]) -> None:
        """Replace the region's notes by `notes` (staff index to its notes, absolute onsets).

        Everything else stays as it is. Notes must lie inside the region; what they leave free
        becomes rests. Raises `RegionError` where the region can't be written.
        """
        ...

    def copy(self) -> Self:
        """Return a document of its own that edits of this one don't reach."""
        ...

    def to_bytes(self, suffix: str | None = None) -> bytes:
        """Return the whole file in the format of `suffix` (the document's own if None)."""
        ...
