"""The moving cursor of a MusicXML measure: which element stands at which time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

import lxml.etree as etree

from bridge.errors import ReadError

ZERO = Fraction(0)
_NO_FIELDS: Mapping[str, etree._Element] = {}


class Item(NamedTuple):
    """One child of a measure.

    - `tag`: empty for comments and processing instructions.
    - `onset_quarter`: from the start of the measure; a chord's notes share one.
    - `duration_quarter`: the length of a note or forward, 0 for all else (grace notes too).
    - `cursor_quarter`: where the cursor stands after the element.
    - `divisions`: in force before the element, in units a quarter.
    - `fields`: a note's children by tag (the first of each), empty for all else.
    - `chord`: sounds with the note before it and doesn't move the cursor.
    """

    element: etree._Element
    tag: str
    onset_quarter: Fraction
    duration_quarter: Fraction
    cursor_quarter: Fraction
    divisions: Fraction | int
    fields: Mapping[str, etree._Element] = _NO_FIELDS
    chord: bool = False


@lru_cache(maxsize=1 << 16)
def number(text: str | None) -> Fraction | int:
    """Return a decimal as an exact number; raises `ReadError` for anything else."""
    text = (text or "").strip()
    try:
        return int(text)
    except ValueError:
        pass
    try:
        if len(text) > 32 or "e" in text.lower() or "/" in text:
            raise ValueError(text)
        return Fraction(text)
    except (ValueError, ZeroDivisionError) as error:
        raise ReadError(f"'{text[:32]}' is no number", fix="Correct it in the score.") from error


def integer(text: str | None) -> int:
    """Return a whole number; raises `ReadError` for anything else."""
    value = number(text)
    if value != int(value) or abs(value) > 10**6:
        raise ReadError(f"'{value}' is no sensible whole number", fix="Correct it in the score.")
    return int(value)


@lru_cache(maxsize=1 << 16)
def quarters(divs: Fraction | int, divisions: Fraction | int) -> Fraction:
    """Return a time in quarters from one in divisions."""
    return Fraction(divs) / divisions


@lru_cache(maxsize=1 << 12)
def duration_divs(text: str | None) -> Fraction | int:
    """Return a duration; raises `ReadError` for negative or absurd ones."""
    if text is None:
        return 0
    value = number(text)
    if value < 0 or value > 10**9:
        raise ReadError(f"a duration of {text.strip()}", fix="Correct it in the score.")
    return value


def divisions_of(attributes: etree._Element) -> Fraction | int | None:
    """Return the divisions an `attributes` element sets, if it does."""
    text = attributes.findtext("divisions")
    if text is None:
        return None
    value = number(text)
    if not 0 < value <= 10**7:
        raise ReadError(f"divisions of {text.strip()}", fix="Correct them in the score.")
    return value


def timeline(measure: etree._Element, divisions: Fraction | int) -> Iterator[Item]:
    """Yield every child of the measure with its time; `divisions` are those in force before it.

    Raises `ReadError` (without a place) for times that are no numbers.
    """
    base = now = chord_onset = ZERO  # `now` is the cursor
    divs: Fraction | int = 0  # the cursor in divisions since `base`
    for element in measure:
        tag = element.tag
        if tag == "note":
            fields = {child.tag: child for child in element.iterchildren(reversed=True)}
            if "grace" in fields:
                yield Item(element, tag, now, ZERO, now, divisions, fields, "chord" in fields)
                continue
            length = duration_divs(fields["duration"].text) if "duration" in fields else 0
            duration = quarters(length, divisions)
            if "chord" in fields:
                yield Item(element, tag, chord_onset, duration, now, divisions, fields, True)
                continue
            divs += length
            chord_onset, now = now, _at(base, divs, divisions)
            yield Item(element, tag, chord_onset, duration, now, divisions, fields)
        elif tag == "backup" or tag == "forward":
            length = duration_divs(element.findtext("duration"))
            before, divs = now, divs + (length if tag == "forward" else -length)
            now = _at(base, divs, divisions)
            if now < 0:
                base = now = ZERO
                divs = 0
            duration = quarters(length, divisions) if tag == "forward" else ZERO
            yield Item(element, tag, before, duration, now, divisions)
        else:
            yield Item(element, tag if isinstance(tag, str) else "", now, ZERO, now, divisions)
            changed = divisions_of(element) if tag == "attributes" else None
            if changed is not None and changed != divisions:
                base, divs, divisions = now, 0, changed


def _at(base: Fraction, divs: Fraction | int, divisions: Fraction | int) -> Fraction:
    return base + quarters(divs, divisions) if base else quarters(divs, divisions)


def staff_number(text: str | None) -> int:
    """Return a note's staff from its `staff` text (checked when the layout was read)."""
    return max(1, integer(text)) if text and text.strip() else 1


def staff_of(element: etree._Element) -> int:
    """Return the staff (from 1) that a note or direction stands on."""
    return staff_number(element.findtext("staff"))


def voice_name(text: str | None) -> str:
    """Return a note's voice from its `voice` text."""
    return (text or "").strip() or "1"
