"""What levels from −2 to 2 mean in the model's own numbers, counted from what each staff does itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from jaxmodels.controls import (
    CLOSENESS,
    CONTROLS,
    DENSITY,
    MIDDLE_PITCH,
    POLYPHONY,
    REGISTER,
    measure_controls,
)
from jaxmodels.piece import M_DURATION, M_ONSET, ONSET, STAFF, Piece
from jaxmodels.staff_facts import StaffFacts

if TYPE_CHECKING:
    from bridge.character import Character

STEPS = {DENSITY: 0.5, POLYPHONY: 0.5, REGISTER: 0.25}
"""What a level adds: half a doubling of the notes, and of the notes at once; three semitones."""

CLOSENESS_OF_LEVEL = {-2: 0.0, -1: 0.25, 0: 0.5, 1: 0.75, 2: 1.0}


def controls_told(
    character: Character, piece: Piece, facts: StaffFacts, staves: Sequence[int], to_fill: Sequence[int]
) -> np.ndarray:
    """Return what the model is told of `staves`, float32 `[len(staves), CONTROLS]`, NaN where nothing.

    - `piece`: the music around the region, the region empty; `facts`: what its staves may play.
    - `to_fill`: those that are filled; of the others nothing is told.
    """
    told = np.full((len(staves), CONTROLS), np.nan, np.float32)
    if character.closeness is not None:
        told[:, CLOSENESS] = CLOSENESS_OF_LEVEL[character.closeness]
    usual = _usual(piece, facts)[np.asarray(staves)]
    for control, level in (
        (DENSITY, character.density),
        (POLYPHONY, character.polyphony),
        (REGISTER, character.register),
    ):
        if level is not None:
            told[:, control] = usual[:, control] + level * STEPS[control]
    told[~np.isin(staves, to_fill)] = np.nan
    return told


def widen_limits(character: Character, facts: StaffFacts, habits: dict[int, tuple[int, int]]) -> None:
    """Move the limits of the staves that are to be filled as far as what is asked for needs, in place.

    - `habits`: of each of those staves, what its instrument can play, lowest and highest pitch.
    """
    register, more = character.register or 0, max(0, character.polyphony or 0)
    for staff, (lowest, highest) in habits.items():
        moved = round(12 * STEPS[REGISTER] * register)
        if moved > 0:
            top = facts.highest[staff]
            facts.highest[staff] = max(top, min(highest, top + moved))
        elif moved < 0:
            low = facts.lowest[staff]
            facts.lowest[staff] = min(low, max(lowest, low + moved))
        facts.polyphony[staff] += more


def _usual(piece: Piece, facts: StaffFacts) -> np.ndarray:
    """Return what each staff does where it plays, `[S, CONTROLS]`; silent ones do as the others do."""
    count = len(piece.programs)
    measures = np.searchsorted(piece.measures[:, M_ONSET], piece.notes[:, ONSET], side="right") - 1
    played = np.zeros((len(piece.measures), count), bool)
    played[measures, piece.notes[:, STAFF]] = True
    usual = measure_controls(
        piece.notes, piece.notes[:0], count, piece.measures[:, M_DURATION] @ played
    ).astype(float)
    heard = ~np.isnan(usual[:, DENSITY])
    others = np.median(usual[heard], axis=0) if heard.any() else np.zeros(CONTROLS)
    usual[~heard, DENSITY] = others[DENSITY]
    usual[~heard, POLYPHONY] = 0.0
    middle = (facts.lowest + facts.highest) / 2
    usual[~heard, REGISTER] = ((middle - MIDDLE_PITCH) / 12)[~heard]
    return usual
