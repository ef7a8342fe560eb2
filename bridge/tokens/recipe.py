"""What a token training is asked for; refusals of what a recipe has no use for."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bridge.errors import UsageError
from bridge.tokens.kept_instruments import DEFAULT_INSTRUMENT
from bridge.tokens.reading import DEFAULT_MIN_COUNT
from jaxmodels.tokens.config import KINDS, PRODUCTS, FitConfig, TokenConfig

SPLIT_BY = ("work", "window")


@dataclass(frozen=True)
class Recipe:
    """A training by a recipe; `UsageError` at construction for what means nothing.

    - `split`: `work` holds whole works out, `window` (the tutorial's) windows that overlap with others.
    """

    name: str
    paths: tuple[Path, ...] = ()
    epochs: int = FitConfig.epochs
    split: str = "work"
    instrument: str = DEFAULT_INSTRUMENT
    min_count: int = DEFAULT_MIN_COUNT
    include_restricted: bool = False
    products: str = TokenConfig.products

    def __post_init__(self) -> None:
        if self.name not in KINDS:
            raise UsageError(
                f"'{self.name}' is no recipe", where="option --recipe", fix=f"Take {' or '.join(KINDS)}."
            )
        if self.epochs < 1:
            raise UsageError(
                f"{self.epochs} is out of its range", where="option --epochs", fix="Give 1 or more."
            )
        if self.products not in PRODUCTS:
            raise UsageError(
                f"'{self.products}' is no kind of number",
                where="option --products",
                fix=f"Take {' or '.join(PRODUCTS)}.",
            )
        if self.split not in SPLIT_BY:
            raise UsageError(
                f"'{self.split}' is no way to split",
                where="option --split",
                fix=f"Take {' or '.join(SPLIT_BY)}.",
            )

    def command_line(self, out: Path) -> str:
        """Return the command that trains so."""
        words = ["jaxmuse", "train", "--recipe", self.name, *map(str, self.paths)]
        words += ["--epochs", str(self.epochs), "--split", self.split, "--instrument", self.instrument]
        words += ["--min-count", str(self.min_count)]
        words += ["--products", self.products] if self.products != TokenConfig.products else []
        words += ["--include-restricted"] if self.include_restricted else []
        return shlex.join([*words, "--out", str(out)])


def refuse_beside_recipe(**given: object) -> None:
    """Raise `UsageError` for the first option, by name, that is given though a recipe has no use for it."""
    for name, value in given.items():
        if value is not None and value is not False:
            raise UsageError(
                "a recipe has its own model and length",
                where=f"options --recipe and --{name}",
                fix="Leave one of them out; --epochs says how long a recipe trains.",
            )


def refuse_without_recipe(**given: object) -> None:
    """Raise `UsageError` for the first option, by name, that is given though only recipes have it."""
    for name, value in given.items():
        if value is not None:
            raise UsageError(
                "only a recipe has it",
                where=f"option --{name.replace('_', '-')}",
                fix=f"Add --recipe {' or '.join(KINDS)}, or leave it out.",
            )


def recipe_of(
    name: str,
    paths: Sequence[Path],
    epochs: int | None,
    split: str | None,
    instrument: str | None,
    min_count: int | None,
    include_restricted: bool,
    products: str | None,
) -> Recipe:
    """Return the recipe with its own values for what is None."""
    return Recipe(
        name,
        tuple(Path(path).expanduser().absolute() for path in paths),
        Recipe.epochs if epochs is None else epochs,
        split or Recipe.split,
        instrument or Recipe.instrument,
        Recipe.min_count if min_count is None else min_count,
        include_restricted,
        products or Recipe.products,
    )
