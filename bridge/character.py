"""What new music should be like, in the user's words, and what the model is told of it.

A level from −2 to 2 is counted from what the staff itself does around the region: 0 is as there, 1 more,
−1 less (of closeness, −2 is nothing and 2 all); None says nothing and leaves it to the model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from bridge.errors import UsageError

if TYPE_CHECKING:
    import numpy as np

    from jaxmodels.piece import Piece
    from jaxmodels.staff_facts import StaffFacts

MOST = 2
"""The highest level; its negative is the lowest."""


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
        """Return what the model is told of `staves`: see `bridge.character_levels.controls_told`."""
        from bridge.character_levels import controls_told

        return controls_told(self, piece, facts, staves, to_fill)

    def widen(self, facts: StaffFacts, habits: dict[int, tuple[int, int]]) -> None:
        """Move the limits of staves, in place: see `bridge.character_levels.widen_limits`."""
        from bridge.character_levels import widen_limits

        widen_limits(self, facts, habits)


FREE = Character()
"""Nothing is asked for."""


def known_styles(names: Sequence[str]) -> list[str]:
    """Return those of a model's style `names` that can be asked for: not the first one, its "unknown"."""
    return [name for name in dict.fromkeys(names) if name != names[0]]


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())
