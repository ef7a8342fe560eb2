"""Written events as `<note>` elements."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import lxml.etree as etree

from bridge.notation.written import WrittenEvent, WrittenPitch


@dataclass(frozen=True, slots=True)
class VoicePlace:
    """Where the notes of a voice belong; `staff` is None in parts of one staff, which don't say it."""

    voice: str
    staff: int | None = None
    stem: str = ""


def note_elements(
    event: WrittenEvent, place: VoicePlace, divisions: int | Fraction
) -> list[etree._Element]:
    """Return the notes of a chord from the lowest up, or one rest; `divisions` must fit the duration."""
    if not event.pitches:
        return [_note(event, None, place, divisions, first=True)]
    lowest_first = event.pitches[::-1]
    return [
        _note(event, pitch, place, divisions, first=index == 0) for index, pitch in enumerate(lowest_first)
    ]


def _note(
    event: WrittenEvent,
    pitch: WrittenPitch | None,
    place: VoicePlace,
    divisions: int | Fraction,
    *,
    first: bool,
) -> etree._Element:
    note = etree.Element("note")
    if not first:
        etree.SubElement(note, "chord")
    if pitch is None:
        rest = etree.SubElement(note, "rest")
        if event.whole_measure:
            rest.set("measure", "yes")
    else:
        _pitch(note, pitch)
    _text(note, "duration", div_text(event.duration_quarter, divisions))
    ties = [] if pitch is None else _tie_types(pitch)
    for tie in ties:
        etree.SubElement(note, "tie", type=tie)
    _text(note, "voice", place.voice)
    if not event.whole_measure:
        _text(note, "type", event.type)
        for _ in range(event.dots):
            etree.SubElement(note, "dot")
    if pitch is not None and pitch.accidental:
        _text(note, "accidental", pitch.accidental)
    if event.tuplet is not None:
        modification = etree.SubElement(note, "time-modification")
        _text(modification, "actual-notes", str(event.tuplet.actual))
        _text(modification, "normal-notes", str(event.tuplet.normal))
        _text(modification, "normal-type", event.tuplet.type)
        for _ in range(event.tuplet.dots):
            etree.SubElement(modification, "normal-dot")
    if pitch is not None and place.stem and event.type not in ("whole", "breve"):
        _text(note, "stem", place.stem)
    if place.staff is not None:
        _text(note, "staff", str(place.staff))
    if first and pitch is not None:
        for level, beam in enumerate(event.beams, start=1):
            _text(note, "beam", beam).set("number", str(level))
    _notations(note, event, ties, first=first)
    return note


def _notations(note: etree._Element, event: WrittenEvent, ties: list[str], *, first: bool) -> None:
    tuplets = []
    if first and event.tuplet is not None:
        tuplets = [kind for kind in ("start", "stop") if getattr(event.tuplet, kind)]
    if not ties and not tuplets:
        return
    notations = etree.SubElement(note, "notations")
    for tie in ties:
        etree.SubElement(notations, "tied", type=tie)
    for kind in tuplets:
        etree.SubElement(notations, "tuplet", type=kind, number="1")


def _tie_types(pitch: WrittenPitch) -> list[str]:
    return ["stop"] * pitch.tie_stop + ["start"] * pitch.tie_start


def _pitch(note: etree._Element, pitch: WrittenPitch) -> None:
    element = etree.SubElement(note, "pitch")
    _text(element, "step", pitch.step)
    if pitch.alter:
        _text(element, "alter", str(pitch.alter))
    _text(element, "octave", str(pitch.octave))


def move_element(distance_quarter: Fraction, divisions: int | Fraction) -> etree._Element:
    """Return the `forward` or `backup` that moves the cursor by a distance that isn't zero."""
    move = etree.Element("forward" if distance_quarter > 0 else "backup")
    _text(move, "duration", div_text(abs(distance_quarter), divisions))
    return move


def divisions_element(divisions: int | Fraction) -> etree._Element:
    """Return `attributes` that change nothing but the unit of time."""
    attributes = etree.Element("attributes")
    _text(
        attributes,
        "divisions",
        str(divisions) if Fraction(divisions).denominator == 1 else str(float(divisions)),
    )
    return attributes


def fits(time_quarter: Fraction, divisions: int | Fraction) -> bool:
    """Tell whether a time is a whole number of divisions."""
    return (time_quarter * divisions).denominator == 1


def div_text(time_quarter: Fraction, divisions: int | Fraction) -> str:
    """Return a time in divisions; it must be a whole number of them."""
    divs = time_quarter * divisions
    assert divs.denominator == 1, f"{time_quarter} quarters in divisions of {divisions}"
    return str(divs.numerator)


def _text(parent: etree._Element, tag: str, text: str) -> etree._Element:
    element = etree.SubElement(parent, tag)
    element.text = text
    return element
