"""Which lines of a score are to be led carefully: those of music that itself avoids parallels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from jaxmodels.part_writing import (
    NONE,
    crossing_tally,
    independent_lines,
    lines_of,
    moving_pairs,
    parallels,
    single_lines,
)
from jaxmodels.piece import STAFF, Piece
from jaxmodels.staff_facts import StaffFacts

ENOUGH_MOVES = 24
"""Pairs of lines seen to move at once before anything is concluded: two measures of a chorale."""

MOST_PARALLELS = 0.02
"""Share of them that may be parallels in music that avoids them: chorales have .003, quartets .1."""

MOST_CROSSINGS = 0.03
"""Share of sounding pairs that may be crossed in music that avoids it: chorales have .005, trecento .1."""


@dataclass(frozen=True, slots=True)
class Care:
    """How much part-writing counts, in nats for each finding; 0 not at all.

    - `parallels`, `crossings`: taken off a pitch that makes them while it is drawn.
    - `ranked_parallels`, `ranked_crossings`: added to a candidate's −log p for those left in it.
    """

    parallels: float = 6.0
    crossings: float = 3.0
    ranked_parallels: float = 6.0
    ranked_crossings: float = 2.0


NO_CARE = Care(0, 0, 0, 0)


class Careful(NamedTuple):
    """The staves to lead carefully, from the top, and what is avoided in them."""

    staves: tuple[int, ...]
    parallels: bool
    crossings: bool


def careful_lines(
    piece: Piece, facts: StaffFacts, staves: Sequence[int], to_fill: Sequence[int], strict: bool
) -> Careful:
    """Return what the known notes of `piece` ask for.

    - `staves`: those of the window; `to_fill`: those of them that are filled.
    - `strict`: what is assumed where the notes say too little.
    """
    single = single_lines(piece.notes, staves)
    known = independent_lines(piece.notes, single)
    lines = lines_of(piece.notes, known)
    moves = int(moving_pairs(lines).sum())
    made = int((parallels(lines) != NONE).sum())
    silent = set(to_fill) - set(np.unique(piece.notes[:, STAFF]).tolist())
    fresh = {staff for staff in silent if facts.polyphony[staff] == 1}
    chosen = tuple(staff for staff in staves if staff in fresh or staff in known)
    if moves < ENOUGH_MOVES:
        return Careful(chosen, strict, strict)
    avoided = made <= MOST_PARALLELS * moves
    return Careful(chosen, avoided, avoided and crossing_tally(lines).rate <= MOST_CROSSINGS)
