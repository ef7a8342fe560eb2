"""`--measures 9-16`: which measures a user means by the numbers that are printed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bridge.errors import RegionError, UsageError
from bridge.score import Measure

MEASURES = "option --measures"
FROM = "option --from"


def choose_measures(measures: Sequence[Measure], text: str) -> tuple[int, int]:
    """Return the range `(start, stop)` of measure indexes, stop exclusive, that `text` names.

    `9`, `9-16`, `9-` (to the end) and `-16` (from the start) are printed numbers, also `0` for a
    pickup or `X1`; `#12` is the twelfth measure counted from the start of the file, whatever is printed.
    Raises `UsageError` for what isn't a range, `RegionError` for measures that aren't there or unclear.
    """
    text = text.strip().replace("–", "-")
    if not text.strip("-# "):
        raise UsageError("no measure is named", where=MEASURES, fix="Give for example 9-16, 9 or 9-.")
    if any(measure.number == text for measure in measures):
        return find_measure(measures, text, MEASURES)
    first, dash, last = (part.strip() for part in text.partition("-"))
    if not dash:
        return find_measure(measures, first, MEASURES)
    start = find_measure(measures, first, MEASURES)[0] if first else 0
    if not last:
        return start, len(measures)
    stop = _find_end(measures, last, start)
    if stop <= start:
        raise UsageError(
            f"measure {last} comes before measure {first}", where=MEASURES, fix=f"Give {last}-{first}."
        )
    return start, stop


def find_measure(measures: Sequence[Measure], name: str, where: str) -> tuple[int, int]:
    """Return `(start, stop)` of the one printed measure `name`.

    The halves of a measure that is split at a repeat carry one number and are one measure.
    """
    if name.startswith("#"):
        return _find_counted(measures, name, where)
    places = _places(measures, name)
    if not places:
        raise _missing(measures, name, where)
    if len(places) > 1:
        counted = " or ".join(f"#{start + 1}" for start, _ in places[:4])
        times = f"{len(places)} times"
        raise RegionError(
            f"measure {name} is there {times}, as the numbers begin again",
            where=where,
            fix=f"Say which by counting from the start of the file: {counted}.",
        )
    return places[0]


def printed_range(measures: Sequence[Measure], start: int, stop: int) -> str:
    """Return the printed numbers of a range for people: `measures 9–16`, `measure 9`."""
    first, last = measures[start].number, measures[stop - 1].number
    if not first or not last:
        first, last = f"#{start + 1}", f"#{stop}"
    return f"measure {first}" if stop - start == 1 else f"measures {first}–{last}"


def _find_end(measures: Sequence[Measure], name: str, start: int) -> int:
    """Return where a range that begins at `start` ends: the first measure `name` from there on."""
    if not name.startswith("#"):
        for place_start, place_stop in _places(measures, name):
            if place_start >= start or place_stop > start:
                return place_stop
    return find_measure(measures, name, MEASURES)[1]


def _find_counted(measures: Sequence[Measure], name: str, where: str) -> tuple[int, int]:
    if not re.fullmatch(r"#\d{1,9}", name, re.ASCII):
        raise UsageError(
            f"'{name}' is no measure", where=where, fix="Give # and a number, for example #12."
        )
    count = int(name[1:])
    if not 1 <= count <= len(measures):
        there = f"The score has #1 to #{len(measures)}." if measures else "Add a measure to it first."
        raise RegionError(f"there is no measure {name}", where=where, fix=there)
    return count - 1, count


def _places(measures: Sequence[Measure], name: str) -> list[tuple[int, int]]:
    """Return the runs `(start, stop)` of neighbouring measures that carry the printed number `name`."""
    key = name.casefold()
    places: list[tuple[int, int]] = []
    for measure in measures:
        if measure.number.casefold() != key or not key:
            continue
        if places and places[-1][1] == measure.index:
            places[-1] = (places[-1][0], measure.index + 1)
        else:
            places.append((measure.index, measure.index + 1))
    return places


def _missing(measures: Sequence[Measure], name: str, where: str) -> RegionError:
    if not measures:
        return RegionError("the score has no measures", where=where, fix="Add a measure to it first.")
    there = printed_range(measures, 0, len(measures)).replace("–", " to ")
    return RegionError(f"there is no measure {name}", where=where, fix=f"The score has {there}.")
