"""What a reply says to people: where, what, and what had to be left out."""

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


def notes_counted(count: int) -> str:
    """Return `84 notes`, `1 note`."""
    return "1 note" if count == 1 else f"{count} notes"


def summary(score: Score, region: Region, count: int) -> str:
    """Return `Violin I to Cello, measures 9 to 12: 84 notes`."""
    return f"{staves_named(score, region.staves)}, {measures_named(score, region)}: {notes_counted(count)}"


def shortened_notice(count: int) -> str:
    """Say that notes end early because the host has no ties to write."""
    ends = "ends" if count == 1 else "end"
    return f"{notes_counted(count)} {ends} early: ties can't be written here."


def moved_notice(count: int) -> str:
    """Say that notes were moved because the host has no tuplets to write."""
    were = "was" if count == 1 else "were"
    return f"{notes_counted(count)} {were} moved to the nearest 16th: tuplets can't be written here."


def _name(part: Part, chosen: set[int]) -> str:
    name = part.name or f"instrument {part.index + 1}"
    numbers = [str(staff.number) for staff in part.staves if staff.index in chosen]
    if len(numbers) == len(part.staves):
        return name
    return f"{name} (staff {', '.join(numbers)})"
