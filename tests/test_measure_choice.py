"""`--measures`: printed numbers, pickups, split measures, numbers that begin again."""

from __future__ import annotations

import pytest
from plain_document import choir, make_document, refusal

from bridge.regions import Selection, resolve
from bridge.score import PITCHED, Region


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9-12", (8, 12)),
        ("9", (8, 9)),
        ("9-", (8, 12)),
        ("-3", (0, 3)),
        (" 2 – 3 ", (1, 3)),
        ("#12", (11, 12)),
        ("#2-4", (1, 4)),
        ("2-#4", (1, 4)),
    ],
)
def test_printed_numbers(text: str, expected: tuple[int, int]) -> None:
    region = resolve(choir(), Selection(measures=text))
    assert (region.start, region.stop) == expected


def test_a_pickup_is_measure_0_and_moves_the_others() -> None:
    document = make_document({"Fiddle": [PITCHED]}, ["0", "1", "2", "3"])
    assert resolve(document, Selection(measures="0")) == Region(0, 1, (0,))
    assert resolve(document, Selection(measures="1-2")) == Region(1, 3, (0,))


def test_the_halves_of_a_split_measure_are_one() -> None:
    document = make_document({"Fiddle": [PITCHED]}, ["1", "2", "2", "3", "X1", "4"])
    assert resolve(document, Selection(measures="2")) == Region(1, 3, (0,))
    assert resolve(document, Selection(measures="1-2")) == Region(0, 3, (0,))
    assert resolve(document, Selection(measures="x1-4")) == Region(4, 6, (0,))


def test_numbers_that_begin_again_have_to_be_counted() -> None:
    document = make_document({"Fiddle": [PITCHED]}, ["1", "2", "3", "1", "2", "3"])
    assert refusal(document, Selection(measures="2-3")) == (
        "option --measures: measure 2 is there 2 times, as the numbers begin again. "
        "Say which by counting from the start of the file: #2 or #5."
    )
    assert resolve(document, Selection(measures="#5-3")) == Region(4, 6, (0,))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("13", "option --measures: there is no measure 13. The score has measures 1 to 12."),
        ("9-16", "option --measures: there is no measure 16. The score has measures 1 to 12."),
        ("#99", "option --measures: there is no measure #99. The score has #1 to #12."),
        ("#x", "option --measures: '#x' is no measure. Give # and a number, for example #12."),
        ("8-3", "option --measures: measure 3 comes before measure 8. Give 3-8."),
        ("", "option --measures: no measure is named. Give for example 9-16, 9 or 9-."),
        ("-", "option --measures: no measure is named. Give for example 9-16, 9 or 9-."),
    ],
)
def test_measures_that_are_not_there(text: str, sentence: str) -> None:
    assert refusal(choir(), Selection(measures=text)) == sentence
