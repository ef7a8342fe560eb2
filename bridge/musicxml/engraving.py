"""The new notes of one staff, engraved for the measures they are to stand in."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from bridge.musicxml.survey import PartSurvey
from bridge.notation.engrave import engrave
from bridge.notation.written import Frame, WrittenMeasure
from bridge.score import Measure, Note


def engrave_staff(
    survey: PartSurvey,
    measures: Sequence[Measure],
    start: int,
    stop: int,
    staff: int,
    notes: Sequence[Note],
) -> list[WrittenMeasure]:
    """Return one written measure for each of `start` to `stop`; `staff` from 1 within the part.

    Where the part's transposition changes, notes over that barline are struck again.
    """
    written: list[WrittenMeasure] = []
    indexes = range(start, stop)
    for transposition, group in groupby(
        indexes, lambda index: _state(survey, index).transpositions[staff - 1]
    ):
        run = list(group)
        frames = [_frame(survey, measures, index, staff) for index in run]
        begin, end = measures[run[0]].onset_quarter, measures[run[-1]].end_quarter
        inside = [
            _cut(note, begin, end)
            for note in notes
            if note.onset_quarter < end and note.end_quarter > begin
        ]
        written += engrave(inside, frames, transposition.chromatic, transposition.diatonic)
    return written


def _state(survey: PartSurvey, index: int):
    return survey.measures[index].state


def _frame(survey: PartSurvey, measures: Sequence[Measure], index: int, staff: int) -> Frame:
    measure = measures[index]
    key = _state(survey, index).keys[staff - 1]
    late = index == 0 or survey.layout.measures[index].get("implicit") == "yes"
    return Frame(
        onset_quarter=measure.onset_quarter,
        duration_quarter=measure.duration_quarter,
        beats=measure.beats,
        beat_type=measure.beat_type,
        fifths=max(-7, min(7, key.fifths)),
        mode=key.mode,
        pickup=late and measure.duration_quarter < measure.metre_quarter,
    )


def _cut(note: Note, begin, end) -> Note:
    onset = max(note.onset_quarter, begin)
    return Note(onset, min(note.end_quarter, end) - onset, note.pitch, note.voice, note.spelling)
