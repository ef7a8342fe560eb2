"""What a reply says to people: what was written where, and what had to be left out."""

from __future__ import annotations

from bridge.place_names import measures_named, staves_named
from bridge.score import Region, Score


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


def lengths_notice(model: str) -> str:
    """Say that a model doesn't choose its lengths by what can be written without ties."""
    return f"{model} can't keep to lengths without ties: a note that needs one ends early."


def moved_notice(count: int) -> str:
    """Say that notes were moved because the host has no tuplets to write."""
    were = "was" if count == 1 else "were"
    return f"{notes_counted(count)} {were} moved to the nearest 16th: tuplets can't be written here."
