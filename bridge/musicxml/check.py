"""Whether a written score keeps its promises: filled measures exactly full, all else untouched.

Reads the XML with a cursor of its own, so that a mistake of the writer can't hide behind itself.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

import lxml.etree as etree

from bridge.musicxml.document import MusicXmlDocument
from bridge.musicxml.layout import PartLayout, read_layout
from bridge.score import Region, Score

SPANNER_ENDS = ("slur", "glissando", "slide", "wavy-line", "tuplet")
TIE_ENDS = ("tie", "tied")
NOTE_TYPES = "breve whole half quarter eighth 16th 32nd 64th 128th 256th 512th 1024th"
TYPE_QUARTERS = {name: Fraction(8, 2**power) for power, name in enumerate(NOTE_TYPES.split(" "))}


class Placed(NamedTuple):
    """A measure's child at its time; `divisions` those in force before it."""

    element: etree._Element
    onset_quarter: Fraction
    duration_quarter: Fraction
    divisions: Fraction


def check_full(document: MusicXmlDocument | bytes, region: Region) -> list[str]:
    """Return what is wrong with the region's voices: not exactly full, or signs that contradict lengths."""
    score, layouts, _ = _open(document)
    problems: list[str] = []
    for layout in layouts:
        staves = _filled(layout, region)
        for index, placed in enumerate(_measures(layout) if staves else ()):
            if not region.start <= index < region.stop:
                continue
            voices: dict[tuple[int, str], list[Placed]] = {}
            for row in placed:
                if row.element.tag == "note" and _staff(row.element) in staves:
                    voice = (row.element.findtext("voice") or "1").strip()
                    voices.setdefault((_staff(row.element), voice), []).append(row)
            place = layout.place(index)
            problems += [
                f"{place}: staff {s} has no voice" for s in staves - {staff for staff, _ in voices}
            ]
            length = score.measures[index].duration_quarter
            for (staff, voice), notes in voices.items():
                problems += [
                    f"{place}: staff {staff}, voice {voice}: {what}" for what in _voice(notes, length)
                ]
    return problems


def check_untouched(before: bytes, after: bytes, region: Region) -> list[str]:
    """Return what differs between two versions of a file besides the notes of the region.

    Allowed outside: tie ends on notes next to the region, ends of spanners into it, the count of a
    multi-measure rest over it, the final barline where measures were appended.
    """
    old_score, old_layouts, old_tree = _open(before)
    new_score, new_layouts, new_tree = _open(after)
    problems: list[str] = []
    if (old_tree.docinfo.doctype, old_tree.docinfo.encoding) != (
        new_tree.docinfo.doctype,
        new_tree.docinfo.encoding,
    ):
        problems.append("the doctype or the encoding changed")
    if [_exact(element) for element in _around(old_tree)] != [
        _exact(element) for element in _around(new_tree)
    ]:
        problems.append("something beside the parts changed")
    count = len(old_score.measures)
    if old_score.measures != new_score.measures[:count]:
        problems.append("the measures' numbers, lengths, metres or keys changed")
    if len(old_layouts) != len(new_layouts):
        return [*problems, "the number of parts changed"]
    for old, new in zip(old_layouts, new_layouts, strict=True):
        staves = _filled(old, region)
        appended = len(new_score.measures) > count
        pairs = zip(_measures(old), _measures(new), strict=False)
        for index, (old_rows, new_rows) in enumerate(pairs):
            place = old.place(index)
            if staves and region.start <= index < region.stop:
                if _inside(old_rows, staves) != _inside(new_rows, staves):
                    problems.append(f"{place}: something besides the filled notes changed")
                continue
            if _exact(old.measures[index]) == _exact(new.measures[index]):
                continue
            last = appended and index == len(old.measures) - 1
            ties = bool(staves) and index in (region.start - 1, region.stop)
            loose = [_loose(layout.measures[index], bool(staves), ties, last) for layout in (old, new)]
            if loose[0] != loose[1]:
                problems.append(f"{place}: changed, though outside the region")
            elif _ends(new.measures[index]) - _ends(old.measures[index]):
                problems.append(f"{place}: a tie or spanner was added")
    return problems


def _voice(notes: list[Placed], length: Fraction) -> Iterator[str]:
    time = chord_length = Fraction(0)
    for row in notes:
        note = row.element
        if note.find("chord") is not None:
            if row.duration_quarter != chord_length:
                yield f"a chord of unequal lengths at {row.onset_quarter}"
            continue
        chord_length = row.duration_quarter
        if row.onset_quarter != time:
            yield f"expected the next note at {time}, found it at {row.onset_quarter}"
        time = row.onset_quarter + row.duration_quarter
        rest = note.find("rest")
        if rest is not None and rest.get("measure") == "yes":
            continue
        signed = _signed_length(note)
        if signed != row.duration_quarter:
            yield f"the sign at {row.onset_quarter} says {signed}, the duration {row.duration_quarter}"
    if time != length:
        yield f"{time} of {length} quarters"


def _signed_length(note: etree._Element) -> Fraction:
    length = TYPE_QUARTERS[note.findtext("type") or ""]
    length *= 2 - Fraction(1, 2 ** len(note.findall("dot")))
    ratio = note.find("time-modification")
    if ratio is None:
        return length
    return length * int(ratio.findtext("normal-notes") or 1) / int(ratio.findtext("actual-notes") or 1)


def _measures(layout: PartLayout) -> Iterator[list[Placed]]:
    divisions = Fraction(1)
    for measure in layout.measures:
        rows: list[Placed] = []
        now = head = Fraction(0)
        for element in measure:
            timed = element.tag in ("note", "backup", "forward")
            length = Fraction((element.findtext("duration") if timed else None) or 0) / divisions
            if element.tag == "note" and element.find("chord") is not None:
                rows.append(Placed(element, head, length, divisions))
                continue
            rows.append(Placed(element, now, length, divisions))
            if element.tag in ("note", "forward"):
                head = now if element.tag == "note" else head
                now += length
            elif element.tag == "backup":
                now = max(Fraction(0), now - length)
            elif element.tag == "attributes":
                divisions = Fraction(element.findtext("divisions") or divisions)
        yield rows


def _inside(rows: list[Placed], staves: set[int]) -> Counter[tuple[bytes, Fraction]]:
    """Return what must stay in a filled measure, with its times in quarters."""
    kept: Counter[tuple[bytes, Fraction]] = Counter()
    for row in rows:
        tag = row.element.tag
        if tag in ("backup", "forward") or (tag == "note" and _staff(row.element) in staves):
            continue
        element = copy.deepcopy(row.element)
        element.tail = None
        if not isinstance(tag, str):
            kept[etree.tostring(element), row.onset_quarter] += 1
            continue
        if tag == "attributes":
            _remove(element, "divisions")
            _remove_rests(element)
            if not len(element):
                continue
        timed = element.findall("duration") if tag in ("note", "figured-bass") else []
        for time in [*timed, *element.iter("offset")]:
            time.text = str(Fraction(time.text or 0) / row.divisions)
        if tag == "note":
            _remove(element, "chord", *TIE_ENDS, *SPANNER_ENDS)
        free = tag == "barline" and element.get("location", "right") == "right"
        kept[_stripped(element), Fraction(-1) if free else row.onset_quarter] += 1
    return kept


def _loose(measure: etree._Element, filled_part: bool, ties: bool, last: bool) -> bytes:
    """Return a measure's canonical form without what may change outside the region."""
    loose = copy.deepcopy(measure)
    loose.tail = None
    if filled_part:
        _remove_rests(loose)
        _remove(loose, *SPANNER_ENDS)
    if ties:
        _remove(loose, *TIE_ENDS)
    for barline in loose.findall("barline") if last else ():
        style = barline.find("bar-style")
        if style is not None and style.text == "light-heavy" and barline.find("repeat") is None:
            barline.remove(style)
            if not len(barline):
                loose.remove(barline)
    return _stripped(loose)


def _ends(measure: etree._Element) -> Counter[bytes]:
    return Counter(_stripped(copy.deepcopy(element)) for element in measure.iter(*TIE_ENDS, *SPANNER_ENDS))


def _remove(element: etree._Element, *tags: str) -> None:
    for found in list(element.iter(*tags)):
        parent = found.getparent()
        if parent is not None:
            parent.remove(found)
    for emptied in list(element.iter("ornaments", "notations")):
        if not len(emptied) and emptied is not element:
            parent = emptied.getparent()
            if parent is not None:
                parent.remove(emptied)


def _remove_rests(element: etree._Element) -> None:
    for rest in list(element.iter("multiple-rest")):
        style = rest.getparent()
        attributes = None if style is None else style.getparent()
        if style is None or attributes is None:
            continue
        attributes.remove(style)
        outer = attributes.getparent()
        if not len(attributes) and outer is not None:
            outer.remove(attributes)


def _stripped(element: etree._Element) -> bytes:
    for node in element.iter():
        if node.text is not None and not node.text.strip():
            node.text = None
        if node.tail is not None and not node.tail.strip():
            node.tail = None
    return etree.tostring(element, method="c14n", with_tail=False)


def _exact(element: etree._Element) -> bytes:
    if not isinstance(element.tag, str):
        return etree.tostring(element, with_tail=False)
    return etree.tostring(element, method="c14n", with_tail=False)


def _around(tree: etree._ElementTree) -> list[etree._Element]:
    root = tree.getroot()
    outside = [*root.itersiblings(preceding=True), *root.itersiblings()]
    return outside + [element for element in root if element.tag != "part"]


def _staff(note: etree._Element) -> int:
    return max(1, int(note.findtext("staff") or 1))


def _filled(layout: PartLayout, region: Region) -> set[int]:
    numbers = (index - layout.first_staff + 1 for index in region.staves)
    return {number for number in numbers if 1 <= number <= layout.staff_count}


def _open(document: MusicXmlDocument | bytes) -> tuple[Score, list[PartLayout], etree._ElementTree]:
    data = document if isinstance(document, bytes) else document.to_bytes()
    opened = MusicXmlDocument.from_bytes(data)
    return opened.score(0, 0), read_layout(opened.tree.getroot()), opened.tree
