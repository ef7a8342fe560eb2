"""Scores to model arrays and back: the only place where exact quarters meet ticks."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cache

import numpy as np

from bridge.score import PITCHED, Measure, Note, Region, Score
from jaxmodels.piece import M_DURATION, M_ONSET, MODES, TICKS_PER_QUARTER, Piece, canonical_notes


def tick_of(quarter: Fraction) -> int:
    """Return the nearest tick to a time in quarters (halves go up)."""
    twice = 2 * quarter.denominator
    return (2 * TICKS_PER_QUARTER * quarter.numerator + quarter.denominator) // twice


def piece_from_score(score: Score) -> Piece:
    """Return the model's view of `score`; staves that aren't pitched contribute no notes."""
    rows = [
        (
            tick_of(note.onset_quarter),
            staff.index,
            note.pitch,
            tick_of(note.end_quarter) - tick_of(note.onset_quarter),
        )
        for staff in score.staves
        if staff.kind == PITCHED
        for note in staff.notes
    ]
    measures = [
        (
            tick_of(measure.onset_quarter),
            tick_of(measure.end_quarter) - tick_of(measure.onset_quarter),
            measure.beats,
            measure.beat_type,
            measure.fifths,
            MODES.index(measure.mode) if measure.mode in MODES else 0,
        )
        for measure in score.measures
    ]
    programs = [staff.program if staff.kind == PITCHED else -2 for staff in score.staves]
    return Piece(
        notes=canonical_notes(np.array(rows, np.int32).reshape(-1, 4)),
        measures=np.array(measures, np.int32).reshape(-1, 6),
        programs=np.array(programs, np.int32),
    )


def ticks_of(piece: Piece, region: Region) -> tuple[int, int]:
    """Return the tick at which `region` begins and the one at which it ends."""
    measures = piece.measures
    end = measures[region.stop - 1, [M_ONSET, M_DURATION]].sum()
    return int(measures[region.start, M_ONSET]), int(end)


def notes_from_events(
    events: np.ndarray, measures: Sequence[Measure], starts: np.ndarray
) -> dict[int, list[Note]]:
    """Return each staff's notes, exact in time, from events on the clock of consecutive measures.

    - `events` `[N, 5]`: onset, staff, pitch, ticks, voice from 1; `starts` `[M + 1]`: the clock at which
      each of `measures` begins, and where the last ends.

    Where a measure's length is no whole number of ticks, what would reach beyond it ends with it.
    """

    @cache  # chords, and notes that follow each other, share their times
    def exact(tick: int) -> Fraction:
        within = min(int(np.searchsorted(starts, tick, side="right")) - 1, len(measures) - 1)
        inside = Fraction(tick - int(starts[within]), TICKS_PER_QUARTER)
        if within == len(measures) - 1 and tick >= starts[-1]:
            return measures[within].end_quarter
        return measures[within].onset_quarter + min(inside, measures[within].duration_quarter)

    notes: dict[int, list[Note]] = {}
    for onset, staff, pitch, ticks, voice in events.tolist():
        start, end = exact(onset), exact(onset + ticks)
        if end > start:
            notes.setdefault(staff, []).append(Note(start, end - start, pitch, voice))
    return notes
