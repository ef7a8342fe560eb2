"""Empty measures after the last one, in every part."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

import lxml.etree as etree

from bridge.musicxml.indent import Indent
from bridge.musicxml.orphans import drop
from bridge.musicxml.read import common_metre
from bridge.musicxml.relay import Pen
from bridge.musicxml.serialise import VoicePlace, note_elements
from bridge.musicxml.styles import open_signs
from bridge.musicxml.survey import PartSurvey
from bridge.musicxml.timeline import ZERO
from bridge.musicxml.voices import voice_names
from bridge.notation.written import WrittenEvent
from bridge.score import Measure

FINAL_STYLE = "light-heavy"


def append_to_parts(surveys: Sequence[PartSurvey], measures: Sequence[Measure], count: int) -> None:
    """Append `count` measures; a part that ended early is first filled up with rests.

    They take the metre in force at the end, or the last measure's length where there is none.
    """
    metre = common_metre([survey.final for survey in surveys])
    length = measures[-1].duration_quarter if metre.free else metre.quarters
    first = _last_number(measures) + 1
    new = [(str(first + offset), length) for offset in range(count)]
    for survey in surveys:
        missing = measures[len(survey.measures) :]
        _append(survey, [(measure.number, measure.duration_quarter) for measure in missing] + new)


def _last_number(measures: Sequence[Measure]) -> int:
    """Return the last printed number that is one, or the count where none is."""
    numbers = (measure.number for measure in reversed(measures))
    return next((int(number) for number in numbers if number.isdecimal()), len(measures))


def _append(survey: PartSurvey, numbered: Sequence[tuple[str, Fraction]]) -> None:
    layout = survey.layout
    indent = Indent.of(layout.element)
    last = layout.measures[-1]
    signs = open_signs(layout)
    old_divisions = survey.final.divisions
    fine = lcm(Fraction(old_divisions).numerator, *(length.denominator for _, length in numbered))
    pen = Pen(old_divisions, fine)
    closing = _take_final_barline(last, indent)
    previous = last
    for index, (number, length) in enumerate(numbered):
        pen.begin_measure()
        if index == 0 and signs:
            attributes = etree.Element("attributes")
            for sign in signs:
                style = etree.SubElement(attributes, "measure-style")
                if sign.staff is not None:
                    style.set("number", str(sign.staff))
                etree.SubElement(style, sign.tag, type="stop")
            pen.add(attributes)
        _write_rests(pen, survey, length)
        if index == len(numbered) - 1 and closing is not None:
            pen.add(closing)
        measure = etree.Element("measure", number=number)
        indent.set_children(measure, pen.children, pen.new)
        previous.addnext(measure)
        measure.tail, previous.tail = previous.tail, indent.between or None
        previous = measure


def _write_rests(pen: Pen, survey: PartSurvey, length: Fraction) -> None:
    """Write a whole-measure rest on each staff of the part."""
    rest = WrittenEvent(ZERO, length, "whole", whole_measure=True)
    pen.refine_for(length)
    several = survey.layout.staff_count > 1
    for staff in range(1, survey.layout.staff_count + 1):
        pen.move_to(ZERO)
        place = VoicePlace(voice_names(survey, staff, 1)[0], staff if several else None)
        for element in note_elements(rest, place, pen.divisions):
            pen.add(element)
        pen.cursor = length


def _take_final_barline(measure: etree._Element, indent: Indent) -> etree._Element | None:
    """Take the final barline off the last measure and return it; a repeat stays where it is.

    Where a barline holds more (an ending, a fermata), only its style goes along.
    """
    for barline in measure.findall("barline"):
        style = barline.find("bar-style")
        if style is None or (style.text or "").strip() != FINAL_STYLE or barline.get("location") == "left":
            continue
        if barline.find("repeat") is not None:
            return None
        if len(barline) == 1:
            drop(barline)
            return barline
        drop(style)
        moved = etree.Element("barline", location="right")
        moved.append(style)
        return moved
    return None
