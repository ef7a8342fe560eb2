"""One pass over a part: how long its measures are and what is in force where."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

from lxml import etree

from bridge.errors import ReadError
from bridge.musicxml.attributes import PartState
from bridge.musicxml.layout import PartLayout
from bridge.musicxml.timeline import ZERO, timeline


@dataclass(frozen=True, slots=True)
class PartMeasure:
    """One measure of one part.

    - `divisions`: in force before the measure's first element.
    - `state`: in force at its first beat (attributes at onset 0 included); the metre is the measure's.
    - `length_quarter`: the furthest point its cursor reaches.
    - `rests_only`: nothing but whole-measure rests (or nothing): no witness of the measure's length.
    """

    divisions: Fraction | int
    state: PartState
    length_quarter: Fraction
    rests_only: bool


@dataclass(frozen=True, slots=True)
class PartSurvey:
    """All measures of a part, the state after them, and how often each (staff, voice) occurs."""

    layout: PartLayout
    measures: tuple[PartMeasure, ...]
    final: PartState
    voices: dict[tuple[int, str], int]


def survey_part(layout: PartLayout) -> PartSurvey:
    """Walk the whole part once; raises `ReadError` with part and measure."""
    state = PartState.initial(layout.staff_count)
    voices: Counter[tuple[str | None, str | None]] = Counter()
    measures: list[PartMeasure] = []
    for index, element in enumerate(layout.measures):
        try:
            measure, state = _survey_measure(element, state, voices)
        except ReadError as error:
            raise error.at(layout.place(index)) from error
        measures.append(measure)
    counted: Counter[tuple[int, str]] = Counter()
    for (staff, voice), count in voices.items():
        counted[staff_number(staff), voice_name(voice)] += count
    return PartSurvey(layout, tuple(measures), state, dict(counted))


def staff_number(text: str | None) -> int:
    """Return a note's staff from its `staff` text (checked when the layout was read)."""
    return max(1, int(text)) if text and text.strip() else 1


def voice_name(text: str | None) -> str:
    """Return a note's voice from its `voice` text."""
    return (text or "").strip() or "1"


def _survey_measure(
    element: etree._Element, before: PartState, voices: Counter[tuple[str | None, str | None]]
) -> tuple[PartMeasure, PartState]:
    state = at_start = before
    length = ZERO
    rests_only = True
    for item in timeline(element, before.divisions):
        if item.tag == "note" or item.tag == "forward":
            end = item.onset_quarter + item.duration_quarter
            if end > length:
                length = end
            if item.tag == "note":
                note = item.element
                voices[note.findtext("staff"), note.findtext("voice")] += 1
                rests_only = rests_only and _fills_measure(note, item.onset_quarter)
        elif item.tag == "attributes":
            state = state.after(item.element)
            if item.onset_quarter == 0:
                at_start = state
            else:
                at_start = PartState(
                    at_start.divisions, state.metre, at_start.keys, at_start.transpositions
                )
    return PartMeasure(before.divisions, at_start, length, rests_only), state


def _fills_measure(note: etree._Element, onset: Fraction) -> bool:
    """Tell a whole-measure rest: marked so, or a whole rest (as older programs write it)."""
    rest = note.find("rest")
    if rest is None or onset != 0:
        return False
    return rest.get("measure") == "yes" or (note.findtext("type") or "").strip() == "whole"
