"""The skeleton of a score: its parts in order, their measures, staves and kinds."""

from __future__ import annotations

from dataclasses import dataclass, replace

import lxml.etree as etree

from bridge.errors import ReadError
from bridge.musicxml.instruments import guess_program
from bridge.musicxml.timeline import integer
from bridge.score import PERCUSSION, PITCHED, TABLATURE

MAX_STAVES = 64
PERCUSSION_CHANNEL = 10


@dataclass(frozen=True, slots=True)
class PartLayout:
    """One part with its XML; `kinds` holds one entry for each staff."""

    index: int
    id: str
    name: str
    element: etree._Element
    measures: tuple[etree._Element, ...]
    first_staff: int
    kinds: tuple[str, ...]
    program: int

    @property
    def staff_count(self) -> int:
        """How many staves the part has."""
        return len(self.kinds)

    def place(self, measure_index: int) -> str:
        """Return where an error happened, for a person."""
        number: object = measure_index + 1
        if measure_index < len(self.measures):
            number = self.measures[measure_index].get("number", number)
        return f"part '{self.name}', measure {number}"


def read_layout(root: etree._Element) -> list[PartLayout]:
    """Return the parts in the order of the part list (those it doesn't name come last)."""
    declared = {part.get("id", ""): part for part in root.findall("part-list/score-part")}
    order = {part_id: index for index, part_id in enumerate(declared)}
    elements = [part for part in root.findall("part") if part.find("measure") is not None]
    if not elements:
        raise ReadError("the score has no measures", fix="Add at least one part with a measure.")
    elements.sort(key=lambda part: order.get(part.get("id", ""), len(order)))
    layouts: list[PartLayout] = []
    first_staff = 0
    for index, element in enumerate(elements):
        part_id = element.get("id", "")
        header = declared.get(part_id)
        name = _name(header) or f"part {index + 1}"
        try:
            kinds = _kinds(element, header)
        except ReadError as error:
            raise error.at(f"part '{name}'") from error
        layout = PartLayout(
            index,
            part_id,
            name,
            element,
            tuple(element.findall("measure")),
            first_staff,
            kinds,
            _program(header, name),
        )
        layouts.append(layout)
        first_staff += len(kinds)
    return layouts


def moved_layout(layout: PartLayout, element: etree._Element) -> PartLayout:
    """Return the layout of a part's copy, `element`."""
    return replace(layout, element=element, measures=tuple(element.findall("measure")))


def title_of(root: etree._Element) -> str:
    """Return the work's title, else the movement's, else an empty string."""
    for path in ("work/work-title", "movement-title"):
        text = (root.findtext(path) or "").strip()
        if text:
            return text
    return ""


def _name(header: etree._Element | None) -> str:
    if header is None:
        return ""
    names = (header.findtext(tag) or "" for tag in ("part-name", "part-abbreviation"))
    return next((" ".join(name.split()) for name in names if name.strip()), "")


def _program(header: etree._Element | None, name: str) -> int:
    if header is None:
        return -1
    for text in (element.text for element in header.findall("midi-instrument/midi-program")):
        try:
            program = integer(text) - 1
        except ReadError:
            continue  # a program is a hint; the score doesn't depend on it
        if 0 <= program < 128:
            return program
    instruments = header.findall("score-instrument")
    sounds = [instrument.findtext("instrument-sound") or "" for instrument in instruments]
    names = [instrument.findtext("instrument-name") or "" for instrument in instruments]
    return guess_program(*sounds, *names, name)


def _kinds(part: etree._Element, header: etree._Element | None) -> tuple[str, ...]:
    used = [integer(staves.text) for staves in part.iter("staves")]
    used += [integer(text) for text in {staff.text for staff in part.iter("staff")}]
    count = max(1, *used) if used else 1
    if count > MAX_STAVES:
        raise ReadError(f"{count} staves in one part", fix=f"A part can have {MAX_STAVES} staves.")
    signs: list[set[str]] = [set() for _ in range(count)]
    for clef in part.iter("clef"):
        staff = integer(clef.get("number", "1"))
        if 1 <= staff <= count:
            signs[staff - 1].add((clef.findtext("sign") or "").strip().lower())
    struck = {_staff_of(unpitched.getparent()) for unpitched in part.iter("unpitched")}
    channels = (
        [element.text for element in header.iterfind("midi-instrument/midi-channel")]
        if header is not None
        else []
    )
    drum_channel = bool(channels) and all(
        (text or "").strip() == str(PERCUSSION_CHANNEL) for text in channels
    )
    kinds = []
    for number, found in enumerate(signs, start=1):
        if "tab" in found:
            kinds.append(TABLATURE)
        elif drum_channel or number in struck or (found and found <= {"percussion", "none", "jianpu"}):
            kinds.append(
                PERCUSSION if "jianpu" not in found or number in struck or drum_channel else PITCHED
            )
        else:
            kinds.append(PITCHED)
    return tuple(kinds)


def _staff_of(note: etree._Element | None) -> int:
    return integer(note.findtext("staff") or "1") if note is not None else 1
