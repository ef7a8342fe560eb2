"""What a token training is asked for."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bridge.errors import UsageError
from bridge.tokens import DEFAULT_INSTRUMENT, DEFAULT_MIN_COUNT
from bridge.tokens.kept_instruments import programs_of
from bridge.tokens.reading import check_min_count
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
        check_min_count(self.min_count)
        programs_of(self.instrument)

    def command_line(self, out: Path) -> str:
        """Return the command that trains so."""
        words = ["jaxmuse", "train", "--recipe", self.name, *map(str, self.paths)]
        words += ["--epochs", str(self.epochs), "--split", self.split, "--instrument", self.instrument]
        words += ["--min-count", str(self.min_count)]
        words += ["--products", self.products] if self.products != TokenConfig.products else []
        words += ["--include-restricted"] if self.include_restricted else []
        return shlex.join([*words, "--out", str(out)])


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
        Recipe.split if split is None else split,
        Recipe.instrument if instrument is None else instrument,
        Recipe.min_count if min_count is None else min_count,
        include_restricted,
        Recipe.products if products is None else products,
    )
