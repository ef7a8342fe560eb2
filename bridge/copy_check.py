"""Whether a fill repeats the training music: its longest telling runs, in measures and words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bridge.codec import ticks_of
from bridge.place_names import measures_named, staves_named
from bridge.score import Region, Score
from jaxmodels.copied_runs import TELLING_BITS, CopiedRun, copied_runs
from jaxmodels.copy_sketch import CopySketch
from jaxmodels.piece import M_ONSET, STAFF, Piece
from jaxmodels.top_lines import top_lines


@dataclass(frozen=True, slots=True)
class CopiedPassage:
    """Notes of a fill that stand in the same order and rhythm in the training music, in any key.

    - `staff`: its index; measures `start` to `stop` (exclusive, from 0): where its notes begin.
    - `notes`: how many, in the fill; `changed`: 1 if a note amidst them differs, else 0.
    - `bits`: how much they tell: repeated notes and scales little, whatever their number.
    """

    staff: int
    start: int
    stop: int
    notes: int
    changed: int
    bits: float

    @property
    def telling(self) -> bool:
        """Whether real music that isn't a copy has hardly ever as much in common with other music."""
        return self.bits >= TELLING_BITS


def copies_in(
    pieces: Sequence[Piece], region: Region, sketch: CopySketch | None
) -> list[tuple[CopiedPassage, ...] | None]:
    """Return for each candidate its staves' passages, the most telling first; None without a sketch.

    - `pieces`: one score (equal measures and staves), its `region` filled by each candidate.

    A passage may begin before the region or end after it; only what lies inside is counted.
    """
    if sketch is None:
        return [None] * len(pieces)
    measures = pieces[0].measures
    start, end = ticks_of(pieces[0], region)
    lines = top_lines(
        [
            piece._replace(notes=piece.notes[np.isin(piece.notes[:, STAFF], region.staves)])
            for piece in pieces
        ]
    )
    inside = (lines.onset >= start) & (lines.onset < end)
    found: list[list[CopiedPassage]] = [[] for _ in pieces]
    for run in copied_runs(sketch, lines, inside):
        found[run.piece].append(_passage(run, measures))
    return [tuple(each) for each in found]


def copy_warning(score: Score, copies: Sequence[CopiedPassage] | None) -> str | None:
    """Return what is to be said of a fill's passages, None where nothing is.

    `Measures 9 to 10 of Soprano repeat 17 notes in a row of the training music, perhaps in another key:
    check before you publish.`
    """
    telling = [each for each in copies or () if each.telling]
    if not telling:
        return None
    first, others = telling[0], len(telling) - 1
    where = measures_named(score, Region(first.start, first.stop, (first.staff,)))
    verb = "repeats" if first.stop - first.start == 1 else "repeat"
    notes = f"{first.notes} of {first.notes + 1}" if first.changed else f"{first.notes}"
    more = f" ({others} more {'staff does' if others == 1 else 'staves do'} so too)" if others else ""
    return (
        f"{where[0].upper()}{where[1:]} of {staves_named(score, [first.staff])} {verb} {notes} notes "
        f"in a row of the training music, perhaps in another key{more}: check before you publish."
    )


def passage_records(score: Score, copies: Sequence[CopiedPassage] | None) -> list[dict[str, Any]] | None:
    """Return a fill's passages as JSON objects, telling or not; `measures` are printed numbers."""
    if copies is None:
        return None
    return [
        {
            "part": staves_named(score, [each.staff]),
            "measures": [measure.number for measure in score.measures[each.start : each.stop]],
            "notes": each.notes,
            "changed": each.changed,
            "bits": each.bits,
            "telling": each.telling,
        }
        for each in copies
    ]


def _passage(run: CopiedRun, measures: np.ndarray) -> CopiedPassage:
    start, last = np.searchsorted(measures[:, M_ONSET], [run.first_tick, run.last_tick], side="right") - 1
    return CopiedPassage(run.staff, int(start), int(last) + 1, run.notes, run.changed, run.bits)
