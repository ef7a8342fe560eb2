"""What a selection means, case by case."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_document import PlainDocument, choir, make_document

from bridge.errors import RegionError
from bridge.host.selection import Meaning, meaning_of
from bridge.protocol.request import Selected
from bridge.score import PERCUSSION, PITCHED, TABLATURE, Note, Region

ALL = (0, 1, 2, 3)
EVERYWHERE = set(range(12))


def meaning(
    document: PlainDocument, start: int, stop: int, staves: tuple[int, ...] = ALL, mode: str = "continue"
) -> Meaning:
    return meaning_of(
        document,  # pyright: ignore[reportArgumentType]
        Selected.model_validate({"start": start, "stop": stop, "staves": list(staves), "mode": mode}),
    )


def voices(*sounding: set[int], measures: int = 12) -> PlainDocument:
    return choir(dict(enumerate(sounding)), measures)


def test_a_selection_without_notes_is_filled() -> None:
    document = voices(*[set(range(4))] * 4)
    assert meaning(document, 4, 8) == Meaning(Region(4, 8, ALL))


def test_the_empty_end_of_a_selection_is_filled() -> None:
    document = voices(*[{0, 1, 2}] * 3, {0, 1})
    assert meaning(document, 0, 8).region == Region(3, 8, ALL)


def test_empty_measures_after_a_full_selection_are_filled_at_most_as_many_as_selected() -> None:
    document = voices(*[{0, 1, 2, 3, 10, 11}] * 4)
    assert meaning(document, 2, 4).region == Region(4, 6, ALL)
    assert meaning(document, 0, 4).region == Region(4, 8, ALL)
    assert meaning(voices(*[{0, 1, 2, 3, 6}] * 4), 0, 4).region == Region(4, 6, ALL)


def test_at_the_scores_end_as_many_measures_are_appended() -> None:
    found = meaning(voices(*[EVERYWHERE] * 4), 9, 12, (1, 2))
    assert (found.region, found.append) == (Region(12, 15, (1, 2)), 3)


def test_measures_that_end_early_at_the_scores_end_are_taken_as_they_are() -> None:
    found = meaning(voices(*[set(range(11))] * 4), 8, 11)
    assert (found.region, found.append) == (Region(11, 12, ALL), 0)


def test_parts_that_are_yet_to_be_written_go_before_new_measures() -> None:
    for melody in (EVERYWHERE, set(range(6))):  # up to the score's end, and up to empty measures
        document = voices(melody, set(), set(), {0})
        last = max(melody) + 1
        assert meaning(document, last - 4, last) == Meaning(Region(last - 4, last, (1, 2)))
    resting = voices(EVERYWHERE, {0}, {0}, {0})
    assert meaning(resting, 8, 12).append == 4


def test_the_one_hole_in_a_selection_is_filled() -> None:
    document = voices(*[EVERYWHERE - {3, 4}] * 4)
    assert meaning(document, 1, 7).region == Region(3, 5, ALL)
    assert meaning(document, 3, 7).region == Region(3, 5, ALL)


def test_staves_that_are_empty_throughout_are_filled() -> None:
    document = voices(EVERYWHERE, set(), EVERYWHERE, {0, 11})
    assert meaning(document, 2, 6).region == Region(2, 6, (1, 3))


def test_two_holes_are_a_question() -> None:
    with pytest.raises(RegionError, match=r"^2 stretches of the selection are empty.*Select one of them"):
        meaning(voices(*[EVERYWHERE - {3, 5}] * 4), 1, 8)


def test_a_full_selection_in_full_measures_says_what_to_do() -> None:
    with pytest.raises(RegionError) as caught:
        meaning(voices(*[EVERYWHERE] * 4), 1, 4)
    assert str(caught.value) == (
        "the selected measures and the one after them are full of notes. "
        "Use Plugins > Replace selection, or select empty measures."
    )


def test_replacing_takes_the_whole_selection_and_tells_whether_it_was_empty() -> None:
    document = voices(*[{0, 1, 2}] * 4)
    assert meaning(document, 1, 6, (0, 2), "replace") == Meaning(Region(1, 6, (0, 2)), empty=False)
    assert meaning(document, 4, 6, (0, 2), "replace") == Meaning(Region(4, 6, (0, 2)), empty=True)


def test_a_measure_into_which_a_long_note_is_tied_is_not_empty() -> None:
    document = make_document({"Organ": [PITCHED]}, [str(number) for number in range(12)], {0: set()})
    staff = document.whole.parts[0].staves[0]
    object.__setattr__(staff, "notes", (Note(Fraction(0), Fraction(6 * 4), 60),))
    assert meaning(document, 4, 10, (0,)).region == Region(6, 10, (0,))


def test_only_staves_that_were_asked_for_count() -> None:
    document = voices({0}, EVERYWHERE, {0}, EVERYWHERE)
    assert meaning(document, 1, 3, (2, 0, 0)).region == Region(1, 3, (0, 2))


def test_drums_and_tablature_are_left_out_and_named() -> None:
    document = make_document(
        {"Flute": [PITCHED], "Drums": [PERCUSSION], "Guitar": [PITCHED, TABLATURE]},
        ["1", "2", "3", "4"],
        {0: {0}},
    )
    found = meaning(document, 1, 3)
    assert found.region == Region(1, 3, (0, 2))
    assert found.notices == (
        "Drums was left out: it is a percussion staff.",
        "Guitar was left out: it is a tablature staff.",
    )
    for staff, kind in ((1, "percussion"), (3, "tablature")):
        with pytest.raises(RegionError, match=f"can't write a {kind} staff"):
            meaning(document, 1, 3, (staff,))


@pytest.mark.parametrize(
    ("start", "stop", "staves", "said"),
    [
        (2, 13, ALL, "measures 3 to 13 were selected, and the score has 12"),
        (20, 21, ALL, "measures 21 to 21 were selected"),
        (5, 5, ALL, "measures 6 to 5 were selected"),
        (0, 1, (4,), "staff 5 was selected, and the score has 4"),
    ],
)
def test_what_lies_outside_the_score_is_refused(
    start: int, stop: int, staves: tuple[int, ...], said: str
) -> None:
    with pytest.raises(RegionError, match=said) as caught:
        meaning(voices(*[{0}] * 4), start, stop, staves)
    assert caught.value.fix == "Select whole measures of the score and run it again."


def test_too_much_at_a_time_is_refused() -> None:
    with pytest.raises(RegionError, match=r"65 measures are more than jaxmuse fills at a time \(64\)"):
        meaning(voices({0}, measures=80), 10, 75)
    wide = make_document([("Violin", [PITCHED])] * 33, ["1", "2"], {0: {0}})
    with pytest.raises(RegionError, match=r"33 staves are more than jaxmuse fills at a time \(32\)"):
        meaning(wide, 0, 2, tuple(range(33)))
    assert meaning(voices(*[set(range(70))] * 4, measures=80), 0, 80).region == Region(70, 80, ALL)


def test_only_what_lies_near_is_read() -> None:
    document = voices(*[{500}] * 4, measures=1000)
    meaning(document, 500, 504)
    assert document.measures_read <= 16 + 8


@settings(max_examples=200, deadline=None)
@given(
    cells=st.lists(st.sets(st.integers(0, 7)), min_size=1, max_size=3),
    start=st.integers(0, 7),
    count=st.integers(1, 8),
)
def test_continuing_never_touches_a_note(cells: list[set[int]], start: int, count: int) -> None:
    document = make_document(
        {f"Part {index}": [PITCHED] for index in range(len(cells))},
        [str(number) for number in range(1, 9)],
        dict(enumerate(cells)),
    )
    stop = min(8, start + count)
    try:
        found = meaning(document, start, stop, tuple(range(len(cells))))
    except RegionError:
        return
    region = found.region
    assert region.start < region.stop
    assert region.stop - region.start <= stop - start
    assert region.stop == max(8, region.start) + found.append if found.append else region.stop <= 8
    filled = set(range(region.start, region.stop))
    assert all(not cells[staff] & filled for staff in region.staves)
