"""Measure styles that hide or stand for notes: multi-measure rests, repeat signs, slashes."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import lxml.etree as etree

from bridge.errors import RegionError
from bridge.musicxml.layout import PartLayout
from bridge.musicxml.orphans import drop
from bridge.musicxml.timeline import integer

_SIGNS = {
    "measure-repeat": "a measure-repeat sign",
    "beat-repeat": "a beat-repeat sign",
    "slash": "slash notation",
}


@dataclass(frozen=True, slots=True)
class Style:
    """One measure style over measures `start` to `stop`, or to the end; `staff` None means all staves."""

    element: etree._Element
    tag: str
    staff: int | None
    start: int
    stop: int | None

    def covers(self, start: int, stop: int, staves: Collection[int]) -> bool:
        """Tell whether the style holds anywhere in the measures of the staves."""
        on_staves = self.staff is None or self.staff in staves
        return on_staves and self.start < stop and (self.stop is None or start < self.stop)


def refuse_signs(layout: PartLayout, start: int, stop: int, staves: Collection[int]) -> None:
    """Raise `RegionError` if notes of the region would stand under a sign that replaces notes."""
    for style in _signs(layout):
        if style.covers(start, stop, staves):
            raise RegionError(
                f"{_SIGNS[style.tag]} stands for the notes here",
                where=layout.place(max(start, style.start)),
                fix="Write its measures out first, or choose other measures.",
            )


def open_signs(layout: PartLayout) -> list[Style]:
    """Return the signs that hold up to the end of the part and beyond."""
    return [style for style in _signs(layout) if style.stop is None]


def uncover_rests(layout: PartLayout, start: int, stop: int, staves: Collection[int]) -> None:
    """Shorten or remove multi-measure rests that would hide the region's notes."""
    for style in list(_multiple_rests(layout)):
        if not style.covers(start, stop, staves):
            continue
        left = start - style.start
        if left >= 2:
            style.element.text = str(left)
        else:
            measure_style = style.element.getparent()
            attributes = None if measure_style is None else measure_style.getparent()
            if measure_style is not None:
                drop(measure_style)
            if attributes is not None and not len(attributes):
                drop(attributes)


def _multiple_rests(layout: PartLayout) -> Iterator[Style]:
    for index, staff, element in _styles(layout):
        if element.tag == "multiple-rest":
            yield Style(element, element.tag, staff, index, index + max(1, integer(element.text or "1")))


def _signs(layout: PartLayout) -> Iterator[Style]:
    running: dict[tuple[str, int | None], Style] = {}
    for index, staff, element in _styles(layout):
        if element.tag not in _SIGNS:
            continue
        begun = running.pop((element.tag, staff), None)
        if begun is not None:
            end = index + (1 if _after_notes(element) else 0)
            yield Style(begun.element, begun.tag, staff, begun.start, max(end, begun.start + 1))
        if element.get("type") == "start":
            running[element.tag, staff] = Style(element, element.tag, staff, index, None)
    yield from running.values()


def _styles(layout: PartLayout) -> Iterator[tuple[int, int | None, etree._Element]]:
    found = list(layout.element.iter("measure-style"))
    places = {measure: index for index, measure in enumerate(layout.measures)} if found else {}
    for style in found:
        index = places[next(style.iterancestors("measure"))]
        staff = style.get("number")
        for element in style.iterchildren("*"):
            yield index, None if staff is None else integer(staff), element


def _after_notes(element: etree._Element) -> bool:
    attributes = next(element.iterancestors("attributes"))
    return next(attributes.itersiblings("note", preceding=True), None) is not None
