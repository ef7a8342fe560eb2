"""What a selection in a host means: which measures of which staves are filled, how many are appended."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from bridge.errors import RegionError
from bridge.model_reach import STAFF_SIZES
from bridge.protocol.request import MOST_MEASURES, REPLACE, Selected
from bridge.regions import LOOK_BACK
from bridge.score import PERCUSSION, PITCHED, Document, Region, Score, Staff

MOST_STAVES = STAFF_SIZES[-1]

SELECT_AGAIN = "Select whole measures of the score and run it again."


@dataclass(frozen=True, slots=True)
class Meaning:
    """What to fill.

    - `append`: how many of the region's measures, the last ones, aren't there yet.
    - `empty`: nothing sounds in the region yet.
    - `notices`: what was left out, and why.
    """

    region: Region
    append: int = 0
    empty: bool = True
    notices: tuple[str, ...] = ()


def meaning_of(document: Document, selected: Selected) -> Meaning:
    """Return what a selection means; nothing is appended yet.

    To replace means the whole selection. To continue means the first of these that there is:

    1. the selection, if nothing sounds in it;
    2. the measures at its end that are empty in all its staves;
    3. the empty measures after it, at most as many as it has, or as many new ones where the score ends,
       unless some of its staves have no note in the whole score: then these, parts yet to be written;
    4. the one run of measures in its middle that is empty in all its staves;
    5. those of its staves in which nothing sounds.

    Raises `RegionError` for a selection outside the score, without a staff that can be written, without
    room, or larger than what is filled at a time.
    """
    score = document.score(0, 0)
    staves, notices = _writable(score, selected)
    start, stop = selected.start, selected.stop
    if not start < stop <= len(score.measures):
        raise RegionError(
            f"measures {start + 1} to {stop} were selected, and the score has {len(score.measures)}",
            fix=SELECT_AGAIN,
        )
    if selected.mode == REPLACE:
        _check_size(stop - start, len(staves))
        cells = _empty_cells(document, score, start, stop, staves)
        empty = all(all(line) for line in cells.values())
        return Meaning(Region(start, stop, staves), empty=empty, notices=notices)
    region, append = _continued(document, score, start, stop, staves)
    _check_size(region.stop - region.start, len(region.staves))
    return Meaning(region, append, notices=notices)


def _continued(
    document: Document, score: Score, start: int, stop: int, staves: tuple[int, ...]
) -> tuple[Region, int]:
    """Return the region that continues, and how many of its measures are to be appended."""
    count = stop - start
    last = min(stop + count, len(score.measures))
    cells = _empty_cells(document, score, start, last, staves)
    empty = [all(line[index] for line in cells.values()) for index in range(last - start)]
    if all(empty[:count]):
        return Region(start, stop, staves), 0
    if empty[count - 1]:
        begin = count - _run(empty[:count][::-1])
        return Region(start + begin, stop, staves), 0
    silent = tuple(staff for staff in staves if all(cells[staff][:count]))
    append = count if stop == len(score.measures) else 0
    room = append or _run(empty[count:])
    if room and (unwritten := _unwritten(document, silent)):
        return Region(start, stop, unwritten), 0
    if room:
        return Region(stop, stop + room, staves), append
    holes = [index for index in range(count) if empty[index] and (index == 0 or not empty[index - 1])]
    if len(holes) == 1:
        begin = holes[0]
        return Region(start + begin, start + begin + _run(empty[begin:count]), staves), 0
    if silent:
        return Region(start, stop, silent), 0
    if holes:
        raise RegionError(
            f"{len(holes)} stretches of the selection are empty, with notes between them",
            fix="Select one of them, or use Plugins > Replace selection.",
        )
    raise RegionError(
        "the selected measures and the one after them are full of notes",
        fix="Use Plugins > Replace selection, or select empty measures.",
    )


def _unwritten(document: Document, staves: tuple[int, ...]) -> tuple[int, ...]:
    """Return those of `staves` without a note anywhere in the score."""
    whole = document.score().staves if staves else ()
    return tuple(staff for staff in staves if not whole[staff].notes)


def _run(empty: list[bool]) -> int:
    """Return how many measures are empty from the first on."""
    return next((index for index, each in enumerate(empty) if not each), len(empty))


def _empty_cells(
    document: Document, score: Score, start: int, stop: int, staves: tuple[int, ...]
) -> dict[int, list[bool]]:
    """Return for each staff in which of the measures `start` to `stop` nothing sounds."""
    window = document.score(max(0, start - LOOK_BACK), stop)
    measures = score.measures[start:stop]
    onsets = [measure.onset_quarter for measure in measures]
    found = {}
    for staff in staves:
        empty = [True] * len(measures)
        for note in window.staves[staff].notes:
            index = max(0, bisect_right(onsets, note.onset_quarter) - 1)
            while index < len(measures) and onsets[index] < note.end_quarter:
                empty[index] &= measures[index].end_quarter <= note.onset_quarter
                index += 1
        found[staff] = empty
    return found


def _writable(score: Score, selected: Selected) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Return the selected staves that can be written, and a notice for each that can't."""
    staves = score.staves
    chosen = sorted(set(selected.staves))
    if chosen[-1] >= len(staves):
        raise RegionError(
            f"staff {chosen[-1] + 1} was selected, and the score has {len(staves)}",
            fix=SELECT_AGAIN,
        )
    pitched = tuple(index for index in chosen if staves[index].kind == PITCHED)
    others = [staves[index] for index in chosen if staves[index].kind != PITCHED]
    if not pitched:
        only = "a percussion staff" if others[0].kind == PERCUSSION else "a tablature staff"
        raise RegionError(
            f"jaxmuse can't write {only}, and nothing else is selected",
            fix="Select a staff with pitched notes too.",
        )
    return pitched, tuple(_left_out(score, staff) for staff in others)


def _left_out(score: Score, staff: Staff) -> str:
    part = score.parts[staff.part_index]
    kind = "percussion" if staff.kind == PERCUSSION else "tablature"
    return f"{part.name or f'Staff {staff.index + 1}'} was left out: it is a {kind} staff."


def _check_size(measures: int, staves: int) -> None:
    for count, most, what in ((measures, MOST_MEASURES, "measures"), (staves, MOST_STAVES, "staves")):
        if count > most:
            raise RegionError(
                f"{count} {what} are more than jaxmuse fills at a time ({most})",
                fix=f"Select at most {most} {what}.",
            )
