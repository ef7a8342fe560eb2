"""What `<attributes>` say: metre, key and transposition, and what of it carries on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm

import lxml.etree as etree

from bridge.errors import ReadError
from bridge.musicxml.timeline import divisions_of, integer

MAX_BEATS = 10_000


@dataclass(frozen=True, slots=True)
class Key:
    """A written key; a non-traditional one counts as no sharps and no flats."""

    fifths: int = 0
    mode: str = ""


@dataclass(frozen=True, slots=True)
class Transposition:
    """Sounding less written pitch, octave change included: semitones and steps."""

    chromatic: int = 0
    diatonic: int = 0

    def concert_fifths(self, fifths: int) -> int:
        """Return the concert key of a written one, folded into −7…7."""
        concert = fifths + 7 * self.chromatic - 12 * self.diatonic
        while concert > 7:
            concert -= 12
        while concert < -7:
            concert += 12
        return concert


@dataclass(frozen=True, slots=True)
class Metre:
    """Additive metres are their sum; `free` is senza misura, whose measures have no length of their own."""

    beats: int = 4
    beat_type: int = 4
    free: bool = False

    @property
    def quarters(self) -> Fraction:
        """The length of one full measure."""
        return Fraction(4 * self.beats, self.beat_type)


@dataclass(frozen=True, slots=True)
class PartState:
    """All that carries on from measure to measure.

    - `metre`: None as long as the part names none.
    - `keys`, `transpositions`: one for each staff.
    """

    divisions: Fraction | int = 1
    metre: Metre | None = None
    keys: tuple[Key, ...] = (Key(),)
    transpositions: tuple[Transposition, ...] = (Transposition(),)

    @classmethod
    def initial(cls, staff_count: int) -> PartState:
        """Return what holds where a file says nothing."""
        return cls(keys=(Key(),) * staff_count, transpositions=(Transposition(),) * staff_count)

    def after(self, attributes: etree._Element) -> PartState:
        """Return the state that holds after an `attributes` element."""
        divisions, metre = divisions_of(attributes) or self.divisions, self.metre
        keys, transpositions = self.keys, self.transpositions
        time = attributes.find("time")
        if time is not None:
            metre = metre_of(time) or metre
        for element in attributes.findall("key"):
            keys = _on_staff(keys, element, key_of(element))
        for element in attributes.findall("transpose"):
            transpositions = _on_staff(transpositions, element, transposition_of(element))
        return replace(self, divisions=divisions, metre=metre, keys=keys, transpositions=transpositions)


def _on_staff(values: tuple, element: etree._Element, value: object) -> tuple:
    staff = element.get("number")
    if staff is None:
        return (value,) * len(values)
    index = integer(staff) - 1
    return tuple(value if i == index else old for i, old in enumerate(values))


def metre_of(time: etree._Element) -> Metre | None:
    """Return the metre of a `time` element, or None if it gives none."""
    if time.find("senza-misura") is not None:
        return Metre(free=True)
    total, types = Fraction(0), []
    for beats, beat_type in zip(time.findall("beats"), time.findall("beat-type"), strict=False):
        unit = integer(beat_type.text)
        counted = sum(integer(term) for term in (beats.text or "").split("+"))
        if unit <= 0 or unit > 1024 or not 0 < counted <= MAX_BEATS:
            raise ReadError(
                f"a metre of {beats.text}/{unit}", fix="Correct the time signature in the score."
            )
        total += Fraction(counted, unit)
        types.append(unit)
    if not types:
        return None
    unit = lcm(*types)
    return Metre(int(total * unit), unit)


def key_of(key: etree._Element) -> Key:
    """Return a `key` element's key."""
    fifths = key.findtext("fifths")
    mode = (key.findtext("mode") or "").strip().lower()
    number = integer(fifths) if fifths and fifths.strip() else 0
    return Key(number, mode if mode in ("major", "minor") else "")


def transposition_of(transpose: etree._Element) -> Transposition:
    """Return a `transpose` element's interval; a missing diatonic part is the usual one."""
    chromatic = integer(transpose.findtext("chromatic") or "0")
    octaves = integer(transpose.findtext("octave-change") or "0")
    diatonic = transpose.findtext("diatonic")
    steps = integer(diatonic) if diatonic and diatonic.strip() else _usual_steps(chromatic)
    return Transposition(chromatic + 12 * octaves, steps + 7 * octaves)


def _usual_steps(chromatic: int) -> int:
    octaves, semitones = divmod(abs(chromatic), 12)
    steps = 7 * octaves + (0, 1, 1, 2, 2, 3, 3, 4, 5, 5, 6, 6)[semitones]
    return steps if chromatic >= 0 else -steps
