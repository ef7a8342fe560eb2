"""The checks must find what they are there to find."""

from __future__ import annotations

import pytest
from musicxml.xml_scores import attributes, note, score_xml

from bridge.musicxml.check import check_full, check_untouched
from bridge.score import Region

REGION = Region(1, 2, (0,))
QUARTERS = "".join(
    note(pitch, after="<type>quarter</type>").replace("</duration>", "</duration>")
    for pitch in ("C4", "D4", "E4", "F4")
)
WORD = "<direction><direction-type><words>dolce</words></direction-type></direction>"


def score(middle: str, first: str = QUARTERS, last: str = QUARTERS) -> bytes:
    return score_xml([attributes() + first, middle, last], [attributes() + QUARTERS, QUARTERS, QUARTERS])


@pytest.mark.parametrize(
    ("middle", "problem"),
    [
        (note(after="<type>quarter</type>") * 3, "voice 1: 3 of 4 quarters"),
        (
            QUARTERS + note("G4", 1, voice=2, after="<type>quarter</type>"),
            "voice 2: expected the next note at 0",
        ),
        (note(duration=4, after="<type>half</type>"), "says 2, the duration 4"),
        ("<forward><duration>4</duration></forward>", "staff 1 has no voice"),
    ],
)
def test_measures_that_are_not_full_are_found(middle: str, problem: str) -> None:
    assert any(problem in found for found in check_full(score(middle), REGION))


def test_a_full_measure_passes() -> None:
    assert check_full(score(QUARTERS), REGION) == []


@pytest.mark.parametrize(
    "after",
    [
        score(QUARTERS, first=QUARTERS.replace("E", "G")),
        score(QUARTERS, last=QUARTERS.replace("quarter", "half")),
        score(WORD + QUARTERS + WORD),
        score(QUARTERS + WORD),
        score(WORD + QUARTERS).replace(b"dolce", b"forte"),
        score(WORD + QUARTERS).replace(b"Part 1", b"Part 3"),
        score(WORD + QUARTERS).replace(b"<fifths>0", b"<fifths>1"),
        score(WORD + QUARTERS).replace(b"3.1 Partwise", b"3.0 Partwise"),
        score(WORD + QUARTERS, first=note(duration=4, ties="start")),
    ],
)
def test_any_other_change_is_found(after: bytes) -> None:
    assert check_untouched(score(WORD + QUARTERS), after, REGION) != []


def test_changed_notes_of_the_region_pass() -> None:
    assert check_untouched(score(WORD + QUARTERS), score(WORD + QUARTERS.replace("E", "G")), REGION) == []
