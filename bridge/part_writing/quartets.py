"""What music21 says of two voices in motion. It takes a second to import, so it is imported when asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jaxmodels.part_writing import NONE, PARALLEL_FIFTH, PARALLEL_OCTAVE, PARALLEL_UNISON

if TYPE_CHECKING:
    from music21.pitch import Pitch

INTERVALS = {PARALLEL_FIFTH: "P5", PARALLEL_OCTAVE: "P8", PARALLEL_UNISON: "P1"}


class Sung(NamedTuple):
    """A pitch: its MIDI number, and `(step, alter, octave)` where it is spelled."""

    pitch: int
    spelling: tuple[str, int, int] | None = None


def parallel_kind(upper: tuple[Sung, Sung], lower: tuple[Sung, Sung]) -> int:
    """Return which of `jaxmodels.part_writing`'s parallels two voices make, each going on by one note."""
    from music21.voiceLeading import VoiceLeadingQuartet

    first, second = (_pair(*both) for both in zip(upper, lower, strict=True))
    quartet = VoiceLeadingQuartet(first[0], second[0], first[1], second[1])
    for kind, interval in INTERVALS.items():
        if quartet.parallelMotion(interval, allowOctaveDisplacement=True):
            return kind
    return NONE


def step_name(start: Sung, end: Sung) -> str:
    """Return how far a voice goes, octaves counted: `major sixth`, `minor ninth`."""
    from music21.interval import Interval

    return Interval(*_pair(start, end)).niceName.lower()


def pitch_name(sung: Sung) -> str:
    """Return a pitch as it is read: `E♭4`."""
    return str(_pitch(sung).unicodeNameWithOctave)


def _pair(one: Sung, two: Sung) -> tuple[Pitch, Pitch]:
    """Return both pitches; where one isn't spelled, the second as the plain interval above the first."""
    if one.spelling and two.spelling:
        return _pitch(one), _pitch(two)
    from music21.interval import Interval

    first = _pitch(one)
    name = Interval(two.pitch - one.pitch).directedName  # by name, or music21 chooses the spelling itself
    second = Interval(name).transposePitch(first)
    assert second is not None
    return first, second


def _pitch(sung: Sung) -> Pitch:
    from music21.pitch import Pitch

    if sung.spelling is None:
        return Pitch(midi=sung.pitch)
    step, alter, octave = sung.spelling
    pitch = Pitch(f"{step}{octave}")
    if alter:
        pitch.accidental = alter
    return pitch
