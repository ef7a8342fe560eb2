"""From what a user selects to the region to fill."""

from __future__ import annotations

from dataclasses import dataclass

from bridge.errors import RegionError, UsageError
from bridge.measure_choice import FROM, choose_measures, find_measure, printed_range
from bridge.score import Document, Region, Score
from bridge.staff_choice import choose_staves

DEFAULT_BARS = 8
MOST_BARS = 1000
"""A longer request is a slip of the keyboard, and would take hours."""

LOOK_BACK = 16
"""Measures read at once when the end of the music is looked for; no tied note is longer."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What is to be filled, in the user's words (the options of `jaxmuse fill`).

    - `bars`: how many measures; alone, the piece is continued by so many (8 if nothing is given).
    - `measures`: printed numbers such as `9-16`; see `bridge.measure_choice.choose_measures`.
    - `from_measure`: printed number of the first measure; goes with `bars`.
    - `parts`: names or numbers of parts; see `bridge.staff_choice.choose_staves`.

    Raises `UsageError` at construction where they contradict each other.
    """

    bars: int | None = None
    measures: str | None = None
    from_measure: str | None = None
    parts: str | None = None

    def __post_init__(self) -> None:
        if self.bars is not None and self.bars < 1:
            raise UsageError(
                f"{self.bars} is no number of bars to fill", where="option --bars", fix="Give 1 or more."
            )
        if self.bars is not None and self.bars > MOST_BARS:
            raise UsageError(
                f"{self.bars} bars are too many at once",
                where="option --bars",
                fix=f"Give at most {MOST_BARS}.",
            )
        for other, name in ((self.bars, "--bars"), (self.from_measure, "--from")):
            if self.measures is not None and other is not None:
                raise UsageError(
                    "they contradict each other",
                    where=f"options --measures and {name}",
                    fix="Give --measures alone, or --from with --bars.",
                )


def resolve(document: Document, selection: Selection) -> Region:
    """Return the region `selection` means in `document`, appending measures where it continues the piece.

    With `bars` alone, trailing measures without notes in the chosen staves are filled first; measures
    are appended for the rest. Raises `UsageError` or `RegionError` with the option as place.
    """
    score = document.score(0, 0)
    staves = choose_staves(score, selection.parts)
    if not score.measures:
        raise RegionError("the score has no measures", fix="Add a measure to it first.")
    if selection.measures is not None:
        start, stop = choose_measures(score.measures, selection.measures)
    elif selection.from_measure is not None:
        start, stop = _from(score, selection.from_measure, selection.bars)
    else:
        bars = selection.bars or DEFAULT_BARS
        start = _music_end(document, score, staves)
        stop = start + bars
        if stop > len(score.measures):
            document.append_measures(stop - len(score.measures))
    return Region(start, stop, staves)


def _from(score: Score, name: str, bars: int | None) -> tuple[int, int]:
    start, _ = find_measure(score.measures, name.strip(), FROM)
    left = len(score.measures) - start
    if bars is not None and bars > left:
        there = printed_range(score.measures, start, len(score.measures))
        raise RegionError(
            f"there is no room for {bars} bars, the score ends after {there}",
            where=FROM,
            fix=f"Give at most --bars {left}, or leave out --from to add measures at the end.",
        )
    return start, start + min(left, bars or DEFAULT_BARS)


def _music_end(document: Document, score: Score, staves: tuple[int, ...]) -> int:
    """Return the index of the first measure from which on `staves` hold no notes.

    Reads backwards, so that a long score is read for its last measures only.
    """
    stop = len(score.measures)
    end_quarter = None
    while stop > 0:
        start = max(0, stop - LOOK_BACK)
        window = document.score(start, stop)
        ends = [note.end_quarter for index in staves for note in window.staves[index].notes]
        found_before = end_quarter is not None
        if ends:
            end_quarter = max([*ends, end_quarter] if end_quarter is not None else ends)
        if found_before:
            break
        stop = start
    if end_quarter is None:
        return 0
    return sum(measure.onset_quarter < end_quarter for measure in score.measures)
