"""Spell new notes with the whole score in view: staves that sound together agree with what stands there."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bridge.codec import tick_of
from bridge.notation.spelling import Sounding, guessed_mode, place_of, places, spelled
from bridge.score import PITCHED, Note, Region, Score
from jaxmodels.piece import TICKS_PER_QUARTER

NEAR_QUARTERS = 8
"""How far from the region given spellings still count."""


def spell_together(
    notes: Mapping[int, Sequence[Note]], score: Score, region: Region
) -> dict[int, tuple[Note, ...]]:
    """Return `notes` (staff index to its notes in the region) with their sounding spelling.

    `score` gives the keys, and the spelling of what surrounds the region.
    """
    start = score.measures[region.start].onset_quarter
    end = score.measures[region.stop - 1].end_quarter
    rows: list[tuple[Sounding, int, int]] = []
    starts = [measure.onset_quarter for measure in score.measures]

    def sounding(note: Note, place: int | None) -> Sounding:
        measure = score.measures[max(0, bisect_right(starts, note.onset_quarter) - 1)]
        times = tick_of(note.onset_quarter), tick_of(note.end_quarter)
        return Sounding(*times, note.pitch, measure.fifths, measure.mode, place)

    for staff in score.staves:
        if staff.kind != PITCHED:
            continue
        mine = staff.index in region.staves
        for note in staff.notes:
            near = start - NEAR_QUARTERS <= note.onset_quarter < end + NEAR_QUARTERS
            inside = mine and start <= note.onset_quarter < end
            if near and not inside and note.spelling is not None:
                rows.append((sounding(note, place_of(*note.spelling[:2])), -1, -1))
    for staff, line in notes.items():
        rows.extend((sounding(note, None), staff, number) for number, note in enumerate(line))
    rows.sort(key=lambda row: (row[0].start, -row[0].pitch))
    mode = guessed_mode([row[0] for row in rows])
    known = [row[0] if row[0].mode else row[0]._replace(mode=mode) for row in rows]

    result = {staff: list(line) for staff, line in notes.items()}
    for (_, staff, number), place in zip(rows, places(known, TICKS_PER_QUARTER), strict=True):
        if staff >= 0:
            note = result[staff][number]
            result[staff][number] = replace(note, spelling=spelled(place, note.pitch))
    return {staff: tuple(line) for staff, line in result.items()}
