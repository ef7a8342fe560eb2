"""The rhythm of a region as it is, to be played with other pitches."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from bridge.codec import tick_of
from bridge.errors import RegionError
from bridge.score import PITCHED, Note, Region, Score
from jaxmodels import events as ev
from jaxmodels.piece import M_DURATION, M_ONSET, Piece
from jaxmodels.wishes import R_BELOW, R_DELTA, R_DURATION, R_ONSET, R_STAFF, R_TICKS


class KeptNote(NamedTuple):
    """A note of the region whose pitch is to be written anew; `note` lies inside the region."""

    tick: int
    staff: int
    note: Note


def kept_rhythm(score: Score, region: Region) -> tuple[KeptNote, ...]:
    """Return the notes of `region` in the order of the model's events, cut at its ends.

    - `score`: as it is before the region's notes go. Raises `RegionError` where there are none.
    """
    measures = score.measures[region.start : region.stop]
    begin, end = measures[0].onset_quarter, measures[-1].end_quarter
    kept = []
    for index in region.staves:
        staff = score.staves[index]
        for note in staff.notes if staff.kind == PITCHED else ():
            onset, stop = max(note.onset_quarter, begin), min(note.end_quarter, end)
            if onset < stop:
                cut = replace(note, onset_quarter=onset, duration_quarter=stop - onset)
                kept.append(KeptNote(tick_of(onset), index, cut))
    if not kept:
        raise RegionError(
            "there are no notes whose rhythm could be kept",
            where=f"measures {measures[0].number} to {measures[-1].number}",
            fix="Leave out the wish to keep the rhythm (--keep-rhythm).",
        )
    return tuple(sorted(kept, key=lambda each: (each.tick, each.staff, -each.note.pitch)))


def notes_between(kept: tuple[KeptNote, ...], piece: Piece, start: int, stop: int) -> tuple[KeptNote, ...]:
    """Return those that begin in measures `start` to `stop` of `piece`."""
    first, last = _ticks(piece, start, stop)
    return tuple(each for each in kept if first <= each.tick < last)


def rhythm_rows(
    notes: tuple[KeptNote, ...], piece: Piece, start: int, stop: int, staves: tuple[int, ...]
) -> np.ndarray:
    """Return int32 `[N, 6]`, the columns `R_*` of `jaxmodels.wishes`, for the hole `start` to `stop`.

    - `staves`: those of the window; rows number them from 0.
    """
    first, last = _ticks(piece, start, stop)
    rows = np.zeros((len(notes), 6), np.int32)
    for row, each in zip(rows, notes, strict=True):
        row[R_ONSET] = each.tick - first
        row[R_STAFF] = staves.index(each.staff)
        row[R_TICKS] = max(1, min(tick_of(each.note.end_quarter), last) - each.tick)
    rows[:, R_DELTA] = ev.nearest_class(np.diff(rows[:, R_ONSET], prepend=0), ev.DELTA_TICKS)
    rows[:, R_DURATION] = ev.nearest_class(rows[:, R_TICKS], ev.DURATION_TICKS)
    for number in range(len(rows) - 2, -1, -1):
        together = (rows[number, [R_ONSET, R_STAFF]] == rows[number + 1, [R_ONSET, R_STAFF]]).all()
        rows[number, R_BELOW] = rows[number + 1, R_BELOW] + 1 if together else 0
    return rows


def _ticks(piece: Piece, start: int, stop: int) -> tuple[int, int]:
    last = piece.measures[stop - 1]
    return int(piece.measures[start, M_ONSET]), int(last[M_ONSET] + last[M_DURATION])
