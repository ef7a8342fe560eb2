"""One pass over a part: how long its measures are and what is in force where."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from fractions import Fraction

import lxml.etree as etree

from bridge.errors import ReadError
from bridge.musicxml.attributes import PartState
from bridge.musicxml.layout import PartLayout
from bridge.musicxml.timeline import ZERO, divisions_of, staff_number, timeline, voice_name


@dataclass(frozen=True, slots=True)
class PartMeasure:
    """One measure of one part.

    - `divisions`: in force before the measure's first element.
    - `state`: in force at its first beat (attributes at onset 0 included).
    - `length_quarter`: the furthest point its cursor reaches.
    - `rests_only`: nothing but whole-measure rests (or nothing): a weak witness of the measure's length.
    - `rests_marked`: they say that they are such (others are whole rests, of any length in old files).
    """

    divisions: Fraction | int
    state: PartState
    length_quarter: Fraction
    rests_only: bool
    rests_marked: bool


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


def _survey_measure(
    element: etree._Element, before: PartState, voices: Counter[tuple[str | None, str | None]]
) -> tuple[PartMeasure, PartState]:
    changes: list[tuple[Fraction, etree._Element]] = []
    divisions = before.divisions
    length = now = ZERO
    rests_only = rests_marked = True
    for item in timeline(element, before.divisions):
        if item.tag == "note":
            fields = item.fields
            staff, voice = fields.get("staff"), fields.get("voice")
            voices[None if staff is None else staff.text, None if voice is None else voice.text] += 1
            if rests_only:
                rest = fields.get("rest") if not item.onset_quarter else None
                marked = rest is not None and rest.get("measure") == "yes"
                rests_marked = rests_marked and marked
                rests_only = marked or (
                    rest is not None and (item.element.findtext("type") or "") == "whole"
                )
        elif item.tag == "backup":
            length = max(length, now)
        elif item.tag == "attributes":
            changes.append((item.onset_quarter, item.element))
            divisions = divisions_of(item.element) or divisions
        now = item.cursor_quarter
    state = at_start = before
    for onset, attributes in sorted(changes, key=lambda change: change[0]):
        state = state.after(attributes)
        if not onset:
            at_start = state
    state = replace(state, divisions=divisions) if divisions != state.divisions else state
    return PartMeasure(before.divisions, at_start, max(length, now), rests_only, rests_marked), state
