"""`--parts "Alto,3,Piano:2"`: which staves a user means."""

from __future__ import annotations

from collections.abc import Sequence

from bridge.errors import RegionError, UsageError
from bridge.score import PERCUSSION, PITCHED, Part, Score, Staff

WHERE = "option --parts"


def choose_staves(score: Score, parts: str | None) -> tuple[int, ...]:
    """Return the indexes of the staves to fill, top to bottom; all pitched ones if `parts` is None.

    `parts` lists parts by name (any case, a beginning is enough where only one part begins so) or by
    number from 1, separated by commas; `Piano:2` is the second staff of the piano. Raises
    `UsageError` for a part that isn't there or isn't clear, `RegionError` for one that can't be written.
    """
    if parts is None:
        return _all_pitched(score)
    chosen: set[int] = set()
    for item in _items(parts, score):
        staves = _staves_of(item, score)
        writable = [staff for staff in staves if staff.kind == PITCHED]
        if not writable:
            raise RegionError(
                f"this is a {_kind_name(staves[0])}, which jaxmuse can't write",
                where=_part_place(score.parts[staves[0].part_index]),
                fix=_say_which(_pitched_parts(score)),
            )
        chosen.update(staff.index for staff in writable)
    return tuple(sorted(chosen))


def _all_pitched(score: Score) -> tuple[int, ...]:
    staves = score.staves
    pitched = tuple(staff.index for staff in staves if staff.kind == PITCHED)
    if pitched:
        return pitched
    if not staves:
        raise RegionError("the score has no parts", fix="Add an instrument with a staff first.")
    raise RegionError(
        f"the score has only {_kind_name(staves[0], plural=True)}, which jaxmuse can't write",
        fix="Add an instrument with a pitched staff.",
    )


def _items(parts: str, score: Score) -> list[str]:
    if _named(parts.strip(), score):
        return [parts.strip()]
    items = [item.strip() for item in parts.split(",") if item.strip()]
    if not items:
        raise UsageError("no part is named", where=WHERE, fix=_say_which(score.parts))
    return items


def _staves_of(item: str, score: Score) -> Sequence[Staff]:
    matches = _matching_parts(item, score)
    staff_number = None
    if not matches and ":" in item:
        item, _, number = (text.strip() for text in item.rpartition(":"))
        matches = _matching_parts(item, score)
        staff_number = number
    if not matches:
        raise UsageError(f"there is no part '{item}'", where=WHERE, fix=_say_which(score.parts))
    if len(matches) > 1:
        names = " and ".join(f"{part.index + 1} ({part.name})" for part in matches)
        raise UsageError(
            f"'{item}' can mean {len(matches)} parts", where=WHERE, fix=f"Give the number: {names}."
        )
    part = matches[0]
    if staff_number is None:
        return part.staves
    staves = [staff for staff in part.staves if str(staff.number) == staff_number]
    if not staves:
        count = len(part.staves)
        raise UsageError(
            f"part '{part.name}' has no staff '{staff_number}'",
            where=WHERE,
            fix="It has one staff; leave out the number."
            if count == 1
            else f"Its staves are 1 to {count}.",
        )
    return staves


def _matching_parts(item: str, score: Score) -> list[Part]:
    """Return the parts `item` can mean: by name, else by number, else by the beginning of the name."""
    if named := _named(item, score):
        return named
    if item.isascii() and item.isdigit():
        return [part for part in score.parts if part.index + 1 == int(item)]
    key = item.casefold()
    return [part for part in score.parts if key and part.name.casefold().startswith(key)]


def _named(name: str, score: Score) -> list[Part]:
    return [part for part in score.parts if part.name.casefold() == name.casefold() != ""]


def _pitched_parts(score: Score) -> list[Part]:
    return [part for part in score.parts if any(staff.kind == PITCHED for staff in part.staves)]


def _part_place(part: Part) -> str:
    return f"part '{part.name}'" if part.name else f"part {part.index + 1}"


def _kind_name(staff: Staff, plural: bool = False) -> str:
    name = "percussion" if staff.kind == PERCUSSION else "tablature"
    return f"{name} staves" if plural else f"{name} staff"


def _say_which(parts: Sequence[Part]) -> str:
    if not parts:
        return "The score has no part that it can write."
    names = ", ".join(f"{part.index + 1} {part.name}".rstrip() for part in parts)
    return f"Choose from: {names}."
