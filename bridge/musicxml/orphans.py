"""Ties and spanners that would dangle once notes are gone: the one thing changed outside a region."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fractions import Fraction

import lxml.etree as etree

from bridge.musicxml.sounding import tie_ends
from bridge.musicxml.survey import PartSurvey
from bridge.musicxml.timeline import staff_of, timeline, voice_name
from bridge.score import Measure

SPANNERS = ("slur", "glissando", "slide", "wavy-line", "tuplet")


@dataclass(frozen=True, slots=True)
class TiedNote:
    """One notehead with a tie, at its absolute time; `pitch` as written."""

    element: etree._Element
    onset_quarter: Fraction
    end_quarter: Fraction
    pitch: tuple[str | None, ...]
    staff: int
    removed: bool
    starts: bool
    stops: bool


def drop(element: etree._Element) -> None:
    """Remove an element; the white space before the parent's end tag stays right."""
    parent = element.getparent()
    assert parent is not None
    previous = element.getprevious()
    if element.getnext() is None and previous is not None:
        previous.tail = element.tail
    parent.remove(element)


def cut_ties(
    survey: PartSurvey,
    measures: tuple[Measure, ...],
    start: int,
    stop: int,
    staves: Collection[int],
    removed: Collection[int],
) -> None:
    """Take the ties to removed notes (by `id`) off the notes that stay.

    A note of a filled staff that ends where the region begins (or begins where it ends) loses
    its tie into the region even if it was dangling before.
    """
    tied = list(
        _tied_notes(survey, measures, max(0, start - 1), min(stop + 1, len(survey.measures)), removed)
    )
    begin, end = measures[start].onset_quarter, measures[stop - 1].end_quarter
    for note in tied:
        if note.removed:
            continue
        after = [other for other in tied if other.stops and _follows(note, other)]
        before = [other for other in tied if other.starts and _follows(other, note)]
        into = note.staff in staves and begin <= note.end_quarter < end
        out_of = note.staff in staves and begin < note.onset_quarter <= end
        if note.starts and _dangles(after, into):
            _untie(note.element, "start")
        if note.stops and _dangles(before, out_of):
            _untie(note.element, "stop")


def cut_spanners(part: etree._Element, removed: Collection[int]) -> None:
    """Remove from notes that stay the ends of slurs, tuplets and the like whose other end goes away."""
    starts: dict[tuple[str, str], list[etree._Element]] = {}
    lone_stops: list[etree._Element] = []
    pairs: list[tuple[etree._Element, etree._Element]] = []
    for element in part.iter(*SPANNERS):
        if next(element.iterancestors("notations"), None) is None:
            continue
        key = (str(element.tag), element.get("number", "1"))
        kind = element.get("type")
        if kind == "start":
            starts.setdefault(key, []).append(element)
        elif kind == "stop":
            waiting = starts.get(key, [])
            if not waiting:
                lone_stops.append(element)
                continue
            voice = _voice(element)
            match = next((other for other in reversed(waiting) if _voice(other) == voice), waiting[-1])
            waiting.remove(match)
            pairs.append((match, element))
    for stop in lone_stops:  # an end in an earlier voice of the measure its start stands in
        waiting = starts.get((str(stop.tag), stop.get("number", "1")), [])
        measure = next(stop.iterancestors("measure"))
        match = next((other for other in waiting if next(other.iterancestors("measure")) is measure), None)
        if match is not None:
            waiting.remove(match)
            pairs.append((match, stop))
    for pair in pairs:
        gone = [id(next(element.iterancestors("note"))) in removed for element in pair]
        if gone[0] != gone[1]:
            _drop_with_empty_parents(pair[0] if gone[1] else pair[1])


def _tied_notes(
    survey: PartSurvey, measures: tuple[Measure, ...], start: int, stop: int, removed: Collection[int]
) -> Iterator[TiedNote]:
    for index in range(start, stop):
        begin = measures[index].onset_quarter
        for item in timeline(survey.layout.measures[index], survey.measures[index].divisions):
            pitch = item.element.find("pitch") if item.tag == "note" else None
            if pitch is None or not item.duration_quarter:
                continue
            starts, stops = tie_ends(item)
            if starts or stops:
                onset = begin + item.onset_quarter
                yield TiedNote(
                    item.element,
                    onset,
                    onset + item.duration_quarter,
                    tuple((pitch.findtext(tag) or "0").strip() for tag in ("step", "alter", "octave")),
                    staff_of(item.element),
                    id(item.element) in removed,
                    starts,
                    stops,
                )


def _follows(first: TiedNote, second: TiedNote) -> bool:
    return first.end_quarter == second.onset_quarter and first.pitch == second.pitch


def _dangles(partners: list[TiedNote], into_region: bool) -> bool:
    if any(not partner.removed for partner in partners):
        return False
    return bool(partners) or into_region


def _untie(note: etree._Element, kind: str) -> None:
    for tie in note.findall("tie"):
        if tie.get("type") == kind:
            drop(tie)
    for tied in note.findall("notations/tied"):
        if tied.get("type") == kind:
            _drop_with_empty_parents(tied)


def _drop_with_empty_parents(element: etree._Element) -> None:
    parent = element.getparent()
    drop(element)
    if parent is not None and parent.tag in ("notations", "ornaments") and not len(parent):
        _drop_with_empty_parents(parent)


def _voice(element: etree._Element) -> str:
    return voice_name(next(element.iterancestors("note")).findtext("voice"))
