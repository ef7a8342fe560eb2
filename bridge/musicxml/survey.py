"""One pass over a part: how long its measures are and what is in force where.

After an edit only the measures that it reached are walked again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
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

    - `before`: in force before the measure's first element.
    - `state`: in force at its first beat (attributes at onset 0 included).
    - `length_quarter`: the furthest point its cursor reaches.
    - `rests_only`: nothing but whole-measure rests (or nothing): a weak witness of the measure's length.
    - `rests_marked`: they say that they are such (others are whole rests, of any length in old files).
    - `voices`: how often each (staff, voice) occurs, as their texts stand.
    """

    before: PartState
    state: PartState
    length_quarter: Fraction
    rests_only: bool
    rests_marked: bool
    voices: tuple[tuple[tuple[str | None, str | None], int], ...]

    @property
    def divisions(self) -> Fraction | int:
        """In force before the measure's first element, in units a quarter."""
        return self.before.divisions


@dataclass(frozen=True, slots=True)
class PartSurvey:
    """All measures of a part, the state after them, and how often each (staff, voice) occurs."""

    layout: PartLayout
    measures: tuple[PartMeasure, ...]
    final: PartState
    voices: dict[tuple[int, str], int]


def survey_part(
    layout: PartLayout, known: PartSurvey | None = None, start: int = 0, stop: int = 0
) -> PartSurvey:
    """Walk the part once; raises `ReadError` with part and measure.

    - `known`: the survey of the part before its measures `start` to `stop` were edited: those before them
      aren't walked again, and those after them only if another state reaches them.
    """
    old = known.measures if known else ()
    measures = list(old[:start])
    state = PartState.initial(layout.staff_count)
    if known:
        state = old[start].before if start < len(old) else known.final
    for index in range(len(measures), len(layout.measures)):
        if known and stop <= index < len(old) and old[index].before == state:
            measures += old[index:]
            state = known.final
            break
        try:
            measure, state = _survey_measure(layout.measures[index], state)
        except ReadError as error:
            raise error.at(layout.place(index)) from error
        measures.append(measure)
    return PartSurvey(layout, tuple(measures), state, _voices(measures))


def _voices(measures: Iterable[PartMeasure]) -> dict[tuple[int, str], int]:
    written: Counter[tuple[str | None, str | None]] = Counter()
    for measure in measures:
        for voice, count in measure.voices:
            written[voice] += count
    counted: Counter[tuple[int, str]] = Counter()
    for (staff, voice), count in written.items():
        counted[staff_number(staff), voice_name(voice)] += count
    return dict(counted)


def _survey_measure(element: etree._Element, before: PartState) -> tuple[PartMeasure, PartState]:
    voices: Counter[tuple[str | None, str | None]] = Counter()
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
    length = max(length, now)
    return PartMeasure(before, at_start, length, rests_only, rests_marked, tuple(voices.items())), state
