"""What a selection means: continuing a piece, and options that go together or don't."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_document import choir, refusal

from bridge.errors import UsageError
from bridge.regions import LOOK_BACK, Selection, resolve
from bridge.score import Note, Part, Region, Score, Staff


def test_a_full_score_is_continued_by_eight_measures() -> None:
    document = choir()
    assert resolve(document, Selection()) == Region(12, 20, (0, 1, 2, 3))
    assert len(document.whole.measures) == 20


def test_empty_measures_at_the_end_are_filled_before_any_is_appended() -> None:
    document = choir({staff: set(range(9)) for staff in range(4)})
    assert resolve(document, Selection(bars=2)) == Region(9, 11, (0, 1, 2, 3))
    assert len(document.whole.measures) == 12
    assert resolve(document, Selection(bars=8)) == Region(9, 17, (0, 1, 2, 3))
    assert len(document.whole.measures) == 17


def test_only_the_chosen_parts_have_to_be_empty() -> None:
    document = choir({0: set(range(12)), 1: set(range(4)), 2: set(), 3: set()})
    assert resolve(document, Selection(bars=8, parts="Alto")) == Region(4, 12, (1,))
    assert resolve(document, Selection(bars=12, parts="Tenor,Bass")) == Region(0, 12, (2, 3))


def test_a_score_without_notes_is_filled_from_its_start() -> None:
    assert resolve(choir({}), Selection(bars=3)) == Region(0, 3, (0, 1, 2, 3))


def test_a_measure_into_which_a_note_is_tied_is_not_empty() -> None:
    document = choir({0: {0}}, measures=6)
    tied = Note(Fraction(0), Fraction(9), 60)
    staff = Staff(0, 0, 1, (tied,))
    whole = document.whole
    document.whole = Score("", (Part(0, "P1", "Soprano", (staff,)), *whole.parts[1:]), whole.measures)
    assert resolve(document, Selection(bars=2)).start == 3


def test_the_end_of_a_long_score_is_found_without_reading_all_of_it() -> None:
    document = choir(measures=400)
    resolve(document, Selection(bars=4))
    assert document.measures_read <= 2 * LOOK_BACK


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 70), st.data())
def test_continuing_begins_after_the_last_note_and_is_as_long_as_asked(
    count: int, data: st.DataObject
) -> None:
    sounding = {staff: data.draw(st.sets(st.integers(0, count - 1))) for staff in range(4)}
    bars = data.draw(st.integers(1, 20))
    document = choir(sounding, measures=count)
    region = resolve(document, Selection(bars=bars))
    assert region.start == max(
        (index + 1 for measures in sounding.values() for index in measures), default=0
    )
    assert region.stop - region.start == bars
    assert len(document.whole.measures) == max(count, region.stop)


def test_from_goes_with_bars() -> None:
    assert resolve(choir(), Selection(from_measure="9", bars=2)) == Region(8, 10, (0, 1, 2, 3))
    assert resolve(choir(), Selection(from_measure="3")) == Region(2, 10, (0, 1, 2, 3))
    assert resolve(choir(), Selection(from_measure="9")) == Region(8, 12, (0, 1, 2, 3))


def test_there_has_to_be_room_for_bars_from_a_measure() -> None:
    document = choir()
    assert refusal(document, Selection(from_measure="9", bars=8)) == (
        "option --from: there is no room for 8 bars, the score ends after measures 9–12. "
        "Give at most --bars 4, or leave out --from to add measures at the end."
    )
    assert len(document.whole.measures) == 12


@pytest.mark.parametrize(
    ("selection", "sentence"),
    [
        ({"bars": 0}, "option --bars: 0 is no number of bars to fill. Give 1 or more."),
        ({"bars": -3}, "option --bars: -3 is no number of bars to fill. Give 1 or more."),
        ({"bars": 5000}, "option --bars: 5000 bars are too many at once. Give at most 1000."),
        (
            {"measures": "1-2", "bars": 4},
            "options --measures and --bars: they contradict each other. "
            "Give --measures alone, or --from with --bars.",
        ),
        (
            {"measures": "1-2", "from_measure": "4"},
            "options --measures and --from: they contradict each other. "
            "Give --measures alone, or --from with --bars.",
        ),
    ],
)
def test_options_that_contradict_each_other(selection: dict, sentence: str) -> None:
    with pytest.raises(UsageError) as caught:
        Selection(**selection)
    assert str(caught.value) == sentence
