"""What new music should be like, in the user's words, and what the model is told of it.

A level from −2 to 2 is counted from what the staff itself does around the region: 0 is as there, 1 more,
−1 less (of closeness, −2 is nothing and 2 all); None says nothing and leaves it to the model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from bridge.errors import UsageError
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

MOST = 2
"""The highest level; its negative is the lowest."""

STEPS = {DENSITY: 0.5, POLYPHONY: 0.5, REGISTER: 0.25}
"""What a level adds: half a doubling of the notes, and of the notes at once; three semitones."""

CLOSENESS_OF_LEVEL = {-2: 0.0, -1: 0.25, 0: 0.5, 1: 0.75, 2: 1.0}


@dataclass(frozen=True, slots=True)
class Character:
    """What the notes should be like; each None leaves it to the model.

    - `style`: a name of the model's styles.
    - `density`, `polyphony`, `register`, `closeness`: levels from −2 to 2: notes in a given time, notes at
      once, how high, and how much of what stands around the region is taken up.

    Raises `UsageError` at construction for levels that mean nothing.
    """

    style: str | None = None
    density: int | None = None
    polyphony: int | None = None
    register: int | None = None
    closeness: int | None = None

    def __post_init__(self) -> None:
        for field in fields(self)[1:]:
            level = getattr(self, field.name)
            if level is not None and not -MOST <= level <= MOST:
                raise UsageError(
                    f"{level} is out of its range",
                    where=f"option --{field.name}",
                    fix=f"Give {-MOST} (less) to {MOST} (more).",
                )

    def style_index(self, names: Sequence[str]) -> int:
        """Return the index of the style among a model's `names`, 0 (unknown) if none is asked for.

        Letter case, hyphens and the rest of a name that is clear already don't matter. Raises `UsageError`.
        """
        if self.style is None:
            return 0
        wanted = _plain(self.style)
        known = known_styles(names)
        matches = [name for name in known if _plain(name).startswith(wanted)]
        exact = [name for name in matches if _plain(name) == wanted]
        if len(exact or matches) == 1:
            return names.index((exact or matches)[0])
        raise UsageError(
            f"'{self.style}' is no style of this model",
            where="option --style",
            fix=f"Take one of {', '.join(known)}." if known else "Leave it out: this model has no styles.",
        )

    def controls(
        self, piece: Piece, facts: StaffFacts, staves: Sequence[int], to_fill: Sequence[int]
    ) -> np.ndarray:
        """Return what the model is told of `staves`, float32 `[len(staves), CONTROLS]`, NaN where nothing.

        - `piece`: the music around the region, the region empty; `facts`: what its staves may play.
        - `to_fill`: those that are filled; of the others nothing is told.
        """
        told = np.full((len(staves), CONTROLS), np.nan, np.float32)
        if self.closeness is not None:
            told[:, CLOSENESS] = CLOSENESS_OF_LEVEL[self.closeness]
        usual = _usual(piece, facts)[np.asarray(staves)]
        for control, level in (
            (DENSITY, self.density),
            (POLYPHONY, self.polyphony),
            (REGISTER, self.register),
        ):
            if level is not None:
                told[:, control] = usual[:, control] + level * STEPS[control]
        told[~np.isin(staves, to_fill)] = np.nan
        return told

    def widen(self, facts: StaffFacts, habits: dict[int, tuple[int, int]]) -> None:
        """Move the limits of the staves that are to be filled as far as what is asked for needs, in place.

        - `habits`: of each of those staves, what its instrument can play, lowest and highest pitch.
        """
        register, more = self.register or 0, max(0, self.polyphony or 0)
        for staff, (lowest, highest) in habits.items():
            moved = round(12 * STEPS[REGISTER] * register)
            if moved > 0:
                top = facts.highest[staff]
                facts.highest[staff] = max(top, min(highest, top + moved))
            elif moved < 0:
                low = facts.lowest[staff]
                facts.lowest[staff] = min(low, max(lowest, low + moved))
            facts.polyphony[staff] += more


FREE = Character()
"""Nothing is asked for."""


def known_styles(names: Sequence[str]) -> list[str]:
    """Return those of a model's style `names` that can be asked for: not the first one, its "unknown"."""
    return [name for name in dict.fromkeys(names) if name != names[0]]


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


def _usual(piece: Piece, facts: StaffFacts) -> np.ndarray:
    """Return what each staff does where it plays, `[S, CONTROLS]`; silent ones do as the others do."""
    count = len(piece.programs)
    bars = np.searchsorted(piece.measures[:, M_ONSET], piece.notes[:, ONSET], side="right") - 1
    played = np.zeros((len(piece.measures), count), bool)
    played[bars, piece.notes[:, STAFF]] = True
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
