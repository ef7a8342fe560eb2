"""How notes are drawn, in the user's words: model, seed, temperature and the rest."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bridge.character import FREE, Character
from bridge.errors import UsageError
from bridge.models import DEFAULT_MODEL

if TYPE_CHECKING:
    from bridge.alternatives import FillOptions

MOST_ALTERNATIVES = 64


def check_seed(seed: int) -> None:
    """Raise `UsageError` for a seed that the random numbers can't begin from."""
    if not 0 <= seed < 2**63:
        raise UsageError(f"{seed} is out of its range", where="option --seed", fix="Give 0 to 2^63 − 1.")


@dataclass(frozen=True, slots=True)
class Manner:
    """How the notes are to be drawn; `seed` None draws one at random.

    - `wide_range`: up to the ends of the instrument's range, not only of what the staff shows.
    - `character`: what the music should be like.

    Raises `UsageError` at construction for numbers that mean nothing, and what a kept rhythm can't have.
    """

    model: str = DEFAULT_MODEL
    seed: int | None = None
    temperature: float = 1.0
    top_p: float = 0.95
    alternatives: int = 1
    keep_rhythm: bool = False
    wide_range: bool = False
    character: Character = FREE

    def __post_init__(self) -> None:
        for right, option, value, fix in (
            (
                0 < self.temperature <= 10,
                "--temperature",
                self.temperature,
                "Give more than 0 and at most 10.",
            ),
            (0 < self.top_p <= 1, "--top-p", self.top_p, "Give more than 0 and at most 1."),
            (
                1 <= self.alternatives <= MOST_ALTERNATIVES,
                "--alternatives",
                self.alternatives,
                f"Give 1 to {MOST_ALTERNATIVES}.",
            ),
        ):
            if not right:
                raise UsageError(f"{value} is out of its range", where=f"option {option}", fix=fix)
        if self.seed is not None:
            check_seed(self.seed)
        if self.keep_rhythm:
            self.character.check_kept_rhythm()

    def seeded(self) -> Manner:
        """Return the same with a seed, drawn where none is given."""
        return self if self.seed is not None else replace(self, seed=random.SystemRandom().randrange(2**31))

    def options(self) -> FillOptions:
        """Return what the model is told, with a seed drawn where none is given."""
        from bridge.alternatives import FillOptions

        seed = self.seeded().seed
        assert seed is not None
        return FillOptions(
            seed,
            self.temperature,
            self.top_p,
            self.alternatives,
            keep_rhythm=self.keep_rhythm,
            own_range=not self.wide_range,
            character=self.character,
        )
