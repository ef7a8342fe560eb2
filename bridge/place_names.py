"""What people call a place in a score: the parts its staves belong to, its measures as printed."""

from __future__ import annotations

from collections.abc import Sequence

from bridge.measure_choice import printed_range
from bridge.score import Part, Region, Score

MOST_NAMES = 3
"""Parts that are listed by name; of more only the number is said."""


def measures_named(score: Score, region: Region) -> str:
    """Return `measures 9 to 12` or `measure 9`."""
    return printed_range(score.measures, region.start, region.stop).replace("–", " to ")


def staves_named(score: Score, staves: Sequence[int]) -> str:
    """Return `Violin I to Cello`, `Flute and Oboe`, `Piano (staff 2)`: the parts that staves belong to."""
    chosen = set(staves)
    parts = [part for part in score.parts if chosen.intersection(staff.index for staff in part.staves)]
    names = [_name(part, chosen) for part in parts]
    if len(names) > 2 and parts[-1].index - parts[0].index == len(parts) - 1:
        return f"{names[0]} to {names[-1]}"
    if len(names) > MOST_NAMES:
        return f"{len(names)} instruments"
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _name(part: Part, chosen: set[int]) -> str:
    name = part.name or f"instrument {part.index + 1}"
    numbers = [str(staff.number) for staff in part.staves if staff.index in chosen]
    if len(numbers) == len(part.staves):
        return name
    return f"{name} (staff {', '.join(numbers)})"
