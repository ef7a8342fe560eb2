"""Refusals of options that belong to another way of the same command."""

from __future__ import annotations

from bridge.errors import UsageError
from jaxmodels.tokens.config import KINDS

RECIPE = f"--recipe {' or '.join(KINDS)}"


def refuse_beside_recipe(**given: object) -> None:
    """Raise `UsageError` for the first option, by name, that is given though a recipe has no use for it."""
    for name, value in given.items():
        if value is not None and value is not False:
            raise UsageError(
                "a recipe has its own model and length",
                where=f"options --recipe and --{name}",
                fix="Leave one of them out; --epochs says how long a recipe trains.",
            )


def refuse_without(needed: str, **given: object) -> None:
    """Raise `UsageError` for the first option, by name, that is given though `needed` isn't."""
    for name, value in given.items():
        if value is not None:
            raise UsageError(
                "nothing here has a use for it",
                where=f"option --{name.replace('_', '-')}",
                fix=f"Add {needed}, or leave it out.",
            )
