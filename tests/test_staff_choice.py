"""`--parts`: by name, number and staff; percussion and tablature are never written."""

from __future__ import annotations

import pytest
from plain_document import choir, make_document, refusal

from bridge.errors import RegionError
from bridge.regions import Selection, resolve
from bridge.score import PERCUSSION, PITCHED, TABLATURE


@pytest.mark.parametrize(
    ("text", "staves"),
    [
        ("Alto", (1,)),
        ("alto, 3", (1, 2)),
        ("3,Alto,alto", (1, 2)),
        ("sop", (0,)),
        ("4", (3,)),
        ("1,2,3,4", (0, 1, 2, 3)),
    ],
)
def test_parts_by_name_and_number(text: str, staves: tuple[int, ...]) -> None:
    assert resolve(choir(), Selection(parts=text)).staves == staves


def test_a_staff_within_a_part() -> None:
    document = make_document({"Voice": [PITCHED], "Piano": [PITCHED, PITCHED]}, ["1", "2"])
    assert resolve(document, Selection(parts="Piano")).staves == (1, 2)
    assert resolve(document, Selection(parts="piano:2")).staves == (2,)
    assert resolve(document, Selection(parts="2:1,1")).staves == (0, 1)
    assert refusal(document, Selection(parts="Piano:3")) == (
        "option --parts: part 'Piano' has no staff '3'. Its staves are 1 to 2."
    )
    assert refusal(document, Selection(parts="Voice:2")) == (
        "option --parts: part 'Voice' has no staff '2'. It has one staff; leave out the number."
    )


def test_a_name_with_a_comma_is_a_name() -> None:
    document = make_document({"Horn 1, 2": [PITCHED], "Horn 3": [PITCHED]}, ["1"])
    assert resolve(document, Selection(parts="horn 1, 2")).staves == (0,)


def test_parts_of_one_name_are_told_apart_by_number() -> None:
    document = make_document(
        [("Violin", [PITCHED]), ("Violin", [PITCHED]), ("Violin II", [PITCHED])], ["1"]
    )
    assert refusal(document, Selection(parts="violin")) == (
        "option --parts: 'violin' can mean 2 parts. Give the number: 1 (Violin) and 2 (Violin)."
    )
    assert refusal(document, Selection(parts="vio")) == (
        "option --parts: 'vio' can mean 3 parts. "
        "Give the number: 1 (Violin) and 2 (Violin) and 3 (Violin II)."
    )


def test_an_unknown_part() -> None:
    there = "Choose from: 1 Soprano, 2 Alto, 3 Tenor, 4 Bass."
    assert refusal(choir(), Selection(parts="Oboe")) == f"option --parts: there is no part 'Oboe'. {there}"
    assert refusal(choir(), Selection(parts="5")) == f"option --parts: there is no part '5'. {there}"
    assert refusal(choir(), Selection(parts=" , ")) == f"option --parts: no part is named. {there}"


def test_percussion_and_tablature_are_left_out() -> None:
    document = make_document(
        {"Guitar": [PITCHED, TABLATURE], "Drums": [PERCUSSION], "Bass": [PITCHED]}, ["1", "2"]
    )
    assert resolve(document, Selection()).staves == (0, 3)
    assert resolve(document, Selection(parts="Guitar")).staves == (0,)
    assert refusal(document, Selection(parts="Drums")) == (
        "part 'Drums': this is a percussion staff, which jaxmuse can't write. "
        "Choose from: 1 Guitar, 3 Bass."
    )


def test_a_score_of_only_percussion() -> None:
    document = make_document({"Drums": [PERCUSSION]}, ["1", "2"])
    with pytest.raises(RegionError) as caught:
        resolve(document, Selection())
    assert str(caught.value) == (
        "the score has only percussion staves, which jaxmuse can't write. "
        "Add an instrument with a pitched staff."
    )
    assert len(document.whole.measures) == 2
