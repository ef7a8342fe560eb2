"""Which lines of a score are to be led carefully: those of music that itself avoids parallels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from jaxmodels.harmony import beats_of, chord_tally
from jaxmodels.part_writing import (
    NONE,
    crossing_tally,
    independent_lines,
    lines_of,
    moving_pairs,
    parallels,
    repeat_tally,
    single_lines,
)
from jaxmodels.piece import DURATION, M_ONSET, ONSET, STAFF, Piece
from jaxmodels.staff_facts import StaffFacts

ENOUGH_MOVES = 24
"""Pairs of lines seen to move at once before anything is concluded: two measures of a chorale."""

MOST_PARALLELS = 0.02
"""Share of them that may be parallels in music that avoids them: chorales have .003, quartets .1."""

MOST_CROSSINGS = 0.03
"""Share of sounding pairs that may be crossed in music that avoids it: chorales have .005, trecento .1."""

ENOUGH_BEATS = 8
LEAST_CHORDS = 0.8
"""Share of beats on which music that is made of chords sounds one."""

USUAL_CHORDS = 0.9
"""The share that chorales have."""


@dataclass(frozen=True, slots=True)
class Care:
    """How much part-writing counts, in nats for each finding; 0 not at all.

    - `parallels`, `crossings`, `dissonances`: taken off a pitch that makes them while it is drawn.
    - `ranked_…`: added to a candidate's −log p for those that it has; for dissonances and repeated notes,
      for each more than the music usually has.
    """

    parallels: float = 6.0
    crossings: float = 3.0
    dissonances: float = 0.25
    ranked_parallels: float = 6.0
    ranked_crossings: float = 2.0
    ranked_dissonances: float = 0.5
    ranked_repeats: float = 1.0


CARE = Care()
"""What fills take, chosen on the chorales of the validation split (docs/part_writing.md)."""

NO_CARE = Care(0, 0, 0, 0, 0, 0, 0)


class Careful(NamedTuple):
    """What a score's music is careful about.

    - `staves`: its lines to be led carefully, from the top; `to_fill`: those of them that are filled.
    - `parallels`, `crossings`: whether it avoids them.
    - `chords`: its share of beats on which a chord sounds, 0 where it isn't made of chords.
    - `repeats`: its share of repeated notes, 1 where that doesn't matter.
    """

    staves: tuple[int, ...]
    to_fill: tuple[int, ...]
    parallels: bool
    crossings: bool
    chords: float
    repeats: float


def careful_lines(
    piece: Piece, facts: StaffFacts, staves: Sequence[int], to_fill: Sequence[int], strict: bool
) -> Careful:
    """Return what the known notes of `piece` ask for.

    - `staves`: those of the window; `to_fill`: those of them that are filled.
    - `strict`: what is assumed where the notes say too little.
    """
    known = independent_lines(piece.notes, single_lines(piece.notes, staves))
    lines = lines_of(piece.notes, known)
    silent = set(to_fill) - set(np.unique(piece.notes[:, STAFF]).tolist())
    fresh = {staff for staff in silent if facts.polyphony[staff] == 1}
    chosen = tuple(staff for staff in staves if staff in fresh or staff in known)
    moves = int(moving_pairs(lines).sum())
    chords = chord_tally(piece.notes, beats_of(piece, *_measures_with_notes(piece)))
    shown = moves >= ENOUGH_MOVES
    made = int((parallels(lines) != NONE).sum())
    avoided = made <= MOST_PARALLELS * moves if shown else strict
    uncrossed = crossing_tally(lines).rate <= MOST_CROSSINGS if shown else strict
    share = chords.rate if chords.cases >= ENOUGH_BEATS else USUAL_CHORDS * strict
    own = repeat_tally(lines, np.isin(known, to_fill))
    repeats = own if own.cases >= ENOUGH_MOVES else repeat_tally(lines)
    return Careful(
        chosen,
        tuple(staff for staff in chosen if staff in to_fill),
        avoided,
        avoided and uncrossed,
        share if avoided and share >= LEAST_CHORDS else 0.0,
        repeats.rate if avoided and repeats.cases >= ENOUGH_MOVES else 1.0,
    )


def _measures_with_notes(piece: Piece) -> tuple[int, int]:
    """Return the range of measures in which notes sound; in a long score, those near the hole."""
    if not len(piece.notes):
        return 0, 0
    starts, onsets = piece.measures[:, M_ONSET], piece.notes[:, ONSET]
    first = np.searchsorted(starts, onsets.min(), side="right") - 1
    end = np.searchsorted(starts, (onsets + piece.notes[:, DURATION]).max(), side="left")
    return max(0, int(first)), int(end)
