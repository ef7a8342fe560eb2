"""Scores to model arrays and back: the only place where exact quarters meet ticks."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from bridge.score import PITCHED, Note, Score
from jaxmodels.piece import MODES, TICKS_PER_QUARTER, Piece, canonical_notes


def tick_of(quarter: Fraction) -> int:
    """Return the nearest tick to a time in quarters (halves go up)."""
    return int(quarter * TICKS_PER_QUARTER + Fraction(1, 2))


def piece_from_score(score: Score) -> Piece:
    """Return the model's view of `score`; staves that aren't pitched contribute no notes."""
    rows = [
        (tick_of(note.onset_quarter), staff.index, note.pitch, tick_of(note.end_quarter) - tick_of(note.onset_quarter))
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


def notes_from_events(events: np.ndarray) -> dict[int, list[Note]]:
    """Return each staff's notes from model events `[N, 5]` (onset_tick, staff, pitch, duration_tick, voice)."""
    notes: dict[int, list[Note]] = {}
    for onset, staff, pitch, duration, voice in events.tolist():
        note = Note(
            onset_quarter=Fraction(onset, TICKS_PER_QUARTER),
            duration_quarter=Fraction(duration, TICKS_PER_QUARTER),
            pitch=pitch,
            voice=voice,
        )
        notes.setdefault(staff, []).append(note)
    return notes
