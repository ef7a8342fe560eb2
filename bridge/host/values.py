"""New notes as the note values that a host enters one after another.

A host without ties enters every note in one go: what was engraved as several tied values becomes a single
one where there is such a value, over barlines too (the host splits it there by itself). Where there is none
(a length of 5/8, a note that leaves a tuplet), the note keeps the longest beginning that is a single value,
and rests follow.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import groupby

from bridge.host.engraved import MOST_VOICES
from bridge.host.walked import TPC_OF_C
from bridge.notation.spelling import NATURALS, place_of
from bridge.notation.values import GRID, LENGTH_OF_TYPE, VALUES
from bridge.notation.written import Tuplet, WrittenEvent, WrittenMeasure, WrittenPitch
from bridge.protocol.reply import HostChord, HostPitch, HostTuplet, HostVoice, Ratio
from bridge.score import Measure

WHOLE = 4 * GRID
"""Grid units of a whole note."""


@dataclass(frozen=True, slots=True)
class Sign:
    """One written value of a voice on its way to the host; lengths in whole notes.

    - `value`: as written; `length`: real, the tuplet's ratio included.
    - `joined`: tied to the sign before it; `tied`: to the one after it.
    - `tuplet`: the one it stands in, numbered from 0 within the voice; −1 for none.
    - `fills`: it fills its measure.
    """

    value: Fraction
    length: Fraction
    pitches: tuple[WrittenPitch, ...]
    joined: bool = False
    tied: bool = False
    tuplet: int = -1
    ratio: Tuplet | None = None
    fills: bool = False

    def silent(self) -> Sign:
        """Return it as a rest."""
        return replace(self, pitches=(), joined=False, tied=False)


@dataclass(slots=True)
class Values:
    """A staff's voices, and how many of its notes end early as the host can't write them whole."""

    voices: list[HostVoice] = field(default_factory=list)
    shortened: int = 0


def host_values(
    staff: int,
    written: Sequence[WrittenMeasure],
    measures: Sequence[Measure],
    ties: bool = True,
    tuplets: bool = True,
) -> Values:
    """Return the voices of one staff, engraved in concert pitch.

    - `measures`: those of the region, one for each of `written`.
    - `ties`: the host can tie notes of one measure; `tuplets`: it can write them (else they are written
      plainly, which needs binary times).

    Voice 1 spans the region; another begins and ends with the measures in which it plays.
    """
    found = Values()
    for voice in range(1, MOST_VOICES + 1):
        for run in _runs(voice, written):
            signs = list(_signs(voice, [(written[index], measures[index]) for index in run]))
            if not tuplets:
                signs = [part for sign in signs for part in _plain(sign)]
            if not ties:
                signs, shortened = _untied(signs)
                found.shortened += shortened
            onset = (measures[run[0]].onset_quarter - measures[0].onset_quarter) / 4
            items = list(_items(signs))
            found.voices.append(HostVoice(staff=staff, voice=voice, onset=_ratio(onset), items=items))
    return found


def _runs(voice: int, written: Sequence[WrittenMeasure]) -> Iterator[list[int]]:
    """Yield the runs of measures in which a voice is written."""
    there = [any(each.number == voice for each in measure.voices) for measure in written]
    for inside, run in groupby(range(len(written)), key=there.__getitem__):
        if inside:
            yield list(run)


def _signs(voice: int, run: Sequence[tuple[WrittenMeasure, Measure]]) -> Iterator[Sign]:
    tuplet = -1
    for written, measure in run:
        events = next(each.events for each in written.voices if each.number == voice)
        for event in events:
            if event.tuplet is not None and event.tuplet.start:
                tuplet += 1
            yield Sign(
                value=_value(event),
                length=event.duration_quarter / 4,
                pitches=event.pitches,
                joined=any(pitch.tie_stop for pitch in event.pitches),
                tied=any(pitch.tie_start for pitch in event.pitches),
                tuplet=-1 if event.tuplet is None else tuplet,
                ratio=event.tuplet,
                fills=event.duration_quarter == measure.duration_quarter,
            )


def _value(event: WrittenEvent) -> Fraction:
    if event.whole_measure:
        return event.duration_quarter / 4
    return _length_of(event.type, event.dots)


def _length_of(name: str, dots: int) -> Fraction:
    return Fraction(LENGTH_OF_TYPE[name], WHOLE) * (2 - Fraction(1, 2**dots))


def _plain(sign: Sign) -> Iterator[Sign]:
    """Yield a tuplet's sign as the plain values, tied, that last as long."""
    if sign.ratio is None:
        yield sign
        return
    left = sign.length * WHOLE
    joined = sign.joined
    while left:
        part = max(length for length in VALUES if length <= left)
        left -= part
        length = Fraction(part, WHOLE)
        tied = bool(sign.pitches) and (left > 0 or sign.tied)
        yield Sign(length, length, sign.pitches, joined, tied, fills=sign.fills and not joined and not left)
        joined = bool(sign.pitches)


def _untied(signs: Sequence[Sign]) -> tuple[list[Sign], int]:
    """Return the signs without ties, and how many notes end early for it."""
    result: list[Sign] = []
    shortened = 0
    chains: list[list[Sign]] = []
    for sign in signs:
        if sign.joined and chains:
            chains[-1].append(sign)
        else:
            chains.append([sign])
    for chain in chains:
        kept = 1
        for count in range(2, len(chain) + 1):
            if chain[count - 1].tuplet != chain[0].tuplet:
                break
            if _is_single(sum((sign.value for sign in chain[:count]), Fraction(0))):
                kept = count
        value = sum((sign.value for sign in chain[:kept]), Fraction(0))
        length = sum((sign.length for sign in chain[:kept]), Fraction(0))
        result.append(replace(chain[0], value=value, length=length, joined=False, tied=False))
        result += [sign.silent() for sign in chain[kept:]]
        if kept < len(chain):
            shortened += len(chain[0].pitches)
    return result, shortened


def _is_single(value: Fraction) -> bool:
    """Tell whether one note, dotted or not, lasts so many whole notes."""
    units = value * WHOLE
    return units.denominator == 1 and units.numerator in VALUES


def _items(signs: Sequence[Sign]) -> Iterator[HostChord | HostTuplet]:
    for tuplet, group in groupby(signs, key=lambda sign: sign.tuplet):
        inside = list(group)
        ratio = inside[0].ratio
        if tuplet < 0 or ratio is None:
            yield from map(_chord, inside)
            continue
        yield HostTuplet(
            actual=ratio.actual,
            normal=ratio.normal,
            unit=_ratio(_length_of(ratio.type, ratio.dots)),
            value=_ratio(sum((sign.length for sign in inside), Fraction(0))),
            chords=[_chord(sign) for sign in inside],
        )


def _chord(sign: Sign) -> HostChord:
    return HostChord(
        value=_ratio(sign.value),
        pitches=[_pitch(pitch, sign.tied) for pitch in sign.pitches],
        measure=sign.fills and not sign.pitches,
    )


def _pitch(pitch: WrittenPitch, tied: bool) -> HostPitch:
    sounding = 12 * (pitch.octave + 1) + NATURALS[pitch.step] + pitch.alter
    return HostPitch(pitch=sounding, tpc=TPC_OF_C + place_of(pitch.step, pitch.alter), tie=tied)


def _ratio(length: Fraction) -> Ratio:
    return length.numerator, length.denominator
