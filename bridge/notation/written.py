"""Written music, free of any file format: what `engrave` returns and a format's writer serialises.

Times are `Fraction` quarters from the start of the *measure*.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Frame:
    """What the engraver needs to know of one measure of one staff.

    - `fifths`: the *written* key of the staff (transposed for a transposing instrument).
    - `pickup`: the measure is shorter than its metre because it begins late (beats count from its end).
    """

    onset_quarter: Fraction
    duration_quarter: Fraction
    beats: int
    beat_type: int
    fifths: int
    mode: str = ""
    pickup: bool = False


@dataclass(frozen=True, slots=True)
class WrittenPitch:
    """One notehead. `accidental` is the sign to print (`sharp`, `natural`, …) or empty."""

    step: str
    alter: int
    octave: int
    accidental: str = ""
    tie_start: bool = False
    tie_stop: bool = False


@dataclass(frozen=True, slots=True)
class Tuplet:
    """`actual` notes of type `type` (with `dots`) in the time of `normal`."""

    actual: int
    normal: int
    type: str
    dots: int = 0
    start: bool = False
    stop: bool = False


@dataclass(frozen=True, slots=True)
class WrittenEvent:
    """One chord, or a rest when `pitches` is empty.

    - `type`: MusicXML note type (`breve`, `whole`, `half`, `quarter`, `eighth`, `16th`, `32nd`, `64th`).
    - `duration_quarter`: real length, tuplet included.
    - `beams`: one of `begin`, `continue`, `end`, `forward hook`, `backward hook` for each beam level.
    - `whole_measure`: a rest that fills the measure whatever its metre.
    - `pitches`: top to bottom, as written for the instrument.
    """

    onset_quarter: Fraction
    duration_quarter: Fraction
    type: str
    dots: int = 0
    tuplet: Tuplet | None = None
    pitches: tuple[WrittenPitch, ...] = ()
    beams: tuple[str, ...] = ()
    whole_measure: bool = False


@dataclass(frozen=True, slots=True)
class WrittenVoice:
    """A voice that fills its measure exactly; `number` from 1 within the staff.

    - `stem`: `up`, `down`, or empty where one voice alone leaves it to the program.
    """

    number: int
    events: tuple[WrittenEvent, ...]
    stem: str = ""


@dataclass(frozen=True, slots=True)
class WrittenMeasure:
    """All voices of one staff in one measure; voice 1 is always there."""

    voices: tuple[WrittenVoice, ...]
