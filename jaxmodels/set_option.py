"""The option `--set NAME VALUE` of trainings: any field of their configurations, as JSON."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from typing import Any

from jaxmodels.config import with_values


def add_set_option(parser: argparse.ArgumentParser, help: str) -> None:
    """Let `parser` take `--set`, as often as wanted."""
    parser.add_argument("--set", nargs=2, action="append", default=[], metavar=("NAME", "VALUE"), help=help)


def with_set(
    parser: argparse.ArgumentParser, pairs: Sequence[Sequence[str]], configs: Sequence[Any]
) -> list[Any]:
    """Return `configs` with what `pairs` of names and values set in them.

    What is no JSON, no field of any, or can't be, ends the program by `parser.error`.
    """
    try:
        given = {name: json.loads(value) for name, value in pairs}
        changed = [with_values(config, given) for config in configs]
    except json.JSONDecodeError as error:
        parser.error(f"--set takes a value as JSON ({error}): {error.doc}")
    except (ValueError, TypeError) as error:
        parser.error(str(error))
    if given:
        parser.error(f"--set: there is no such field: {', '.join(given)}")
    return changed
