from __future__ import annotations

import pytest
from plain_document import PlainDocument, make_document

from bridge.place_names import measures_named, staves_named
from bridge.score import PITCHED, Region


@pytest.fixture
def orchestra() -> PlainDocument:
    names = ("Flute", "Oboe", "Piano", "Harp", "", "Cello")
    parts = [(name, [PITCHED] * (2 if name == "Piano" else 1)) for name in names]
    return make_document(parts, ["0", "1", "2", "", "4"])


@pytest.mark.parametrize(
    ("staves", "said"),
    [
        ((0,), "Flute"),
        ((0, 6), "Flute and Cello"),
        ((0, 1), "Flute and Oboe"),
        ((0, 1, 2, 3), "Flute to Piano"),
        ((3,), "Piano (staff 2)"),
        ((2, 3), "Piano"),
        ((0, 3, 5), "Flute, Piano (staff 2) and instrument 5"),
        ((0, 1, 4, 6), "4 instruments"),
        (tuple(range(7)), "Flute to Cello"),
    ],
)
def test_staves_are_named_by_their_parts(
    orchestra: PlainDocument, staves: tuple[int, ...], said: str
) -> None:
    assert staves_named(orchestra.whole, staves) == said


def test_measures_are_named_as_they_are_printed(orchestra: PlainDocument) -> None:
    score = orchestra.whole
    assert measures_named(score, Region(0, 1, (0,))) == "measure 0"
    assert measures_named(score, Region(1, 3, (0,))) == "measures 1 to 2"
    assert measures_named(score, Region(2, 4, (0,))) == "measures #3 to #4"
