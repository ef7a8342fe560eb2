"""What new music should be like, in the user's words, and what the model is told of it.

A level from −2 to 2 is counted from what the staff itself does around the region: 0 is as there, 1 more,
−1 less (of closeness, −2 is nothing and 2 all); None says nothing and leaves it to the model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

from bridge.errors import UsageError

RHYTHMIC = ("density", "polyphony")
"""What is asked of the rhythm."""

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

    def check_kept_rhythm(self) -> None:
        """Raise `UsageError` where something is asked for that a kept rhythm has settled."""
        for name in RHYTHMIC:
            if getattr(self, name) is not None:
                raise UsageError(
                    "a kept rhythm leaves nothing to choose",
                    where=f"option --{name}",
                    fix="Leave out either it or --keep-rhythm.",
                )


FREE = Character()
"""Nothing is asked for."""


def known_styles(names: Sequence[str]) -> list[str]:
    """Return those of a model's style `names` that can be asked for: not the first one, its "unknown"."""
    return [name for name in dict.fromkeys(names) if name != names[0]]


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())
