from __future__ import annotations

import random
from fractions import Fraction

import lxml.etree as etree
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from musicxml.xml_scores import attributes, backup, dice_notes, dice_score, note, score_xml

from bridge.errors import RegionError
from bridge.musicxml import MusicXmlDocument
from bridge.musicxml.check import check_full, check_untouched
from bridge.score import Region

FINAL = '<barline location="right"><bar-style>light-heavy</bar-style></barline>'
REPEAT = (
    '<barline location="right"><bar-style>light-heavy</bar-style><repeat direction="backward"/></barline>'
)


def appended(data: bytes, count: int) -> tuple[MusicXmlDocument, list[list[etree._Element]]]:
    document = MusicXmlDocument.from_bytes(data)
    document.append_measures(count)
    parts = document.tree.getroot().findall("part")
    return document, [part.findall("measure") for part in parts]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9), st.integers(1, 3))
def test_appended_measures_are_empty_full_and_fillable(seed: int, count: int) -> None:
    dice = random.Random(seed)
    data = dice_score(dice)
    document = MusicXmlDocument.from_bytes(data)
    before = document.score()
    document.append_measures(count)
    after = document.score()
    old = len(before.measures)
    assert after.measures[:old] == before.measures
    assert [staff.notes for staff in after.staves] == [staff.notes for staff in before.staves]
    assert {m.duration_quarter for m in after.measures[old:]} == {before.measures[-1].metre_quarter}
    staves = tuple(range(len(after.staves)))
    region = Region(old, old + count, staves)
    assert check_full(document, region) == []
    notes = {staff: dice_notes(dice, after.measures, old, old + count) for staff in staves}
    document.write(region, notes)
    assert check_full(document, region) == []
    assert check_untouched(data, document.to_bytes(), region) == []


def test_the_final_barline_moves_along() -> None:
    _, [measures] = appended(score_xml([attributes() + note(duration=4) + FINAL]), 2)
    assert [len(measure.findall("barline")) for measure in measures] == [0, 0, 1]


def test_a_repeat_stays_where_it_is() -> None:
    _, [measures] = appended(score_xml([attributes() + note(duration=4) + REPEAT]), 1)
    assert [len(measure.findall("barline/repeat")) for measure in measures] == [1, 0]
    assert measures[1].find("barline") is None


def test_an_ending_keeps_its_bracket_and_hands_on_its_bar_style() -> None:
    ending = FINAL.replace("</barline>", '<ending number="2" type="stop"/></barline>')
    _, [measures] = appended(score_xml([attributes() + note(duration=4) + ending]), 1)
    assert [child.tag for child in measures[0].find("barline")] == ["ending"]
    assert measures[1].findtext("barline/bar-style") == "light-heavy"


def test_metre_key_and_printed_numbers_go_on() -> None:
    data = score_xml(
        [attributes(1, 2, (4, 4)) + note(duration=4), attributes(None, -3, (3, 4)) + note(duration=3)]
    )
    data = data.replace(b'number="1"', b'number="0" implicit="yes"').replace(b'number="2"', b'number="1"')
    document, _ = appended(data, 2)
    last = document.score().measures[-1]
    assert (last.number, last.beats, last.beat_type, last.fifths, last.duration_quarter) == (
        "3",
        3,
        4,
        -3,
        3,
    )


def test_each_staff_gets_its_rest_in_its_own_voice() -> None:
    piano = attributes(more="<staves>2</staves>")
    content = note(duration=4, staff=1) + backup(4) + note(duration=4, voice=5, staff=2)
    _, [measures] = appended(score_xml([piano + content]), 1)
    assert [child.tag for child in measures[1]] == ["note", "backup", "note"]
    rests = measures[1].findall("note")
    assert [(rest.findtext("voice"), rest.findtext("staff")) for rest in rests] == [("1", "1"), ("5", "2")]
    assert all(rest.find("rest").get("measure") == "yes" for rest in rests)


def test_a_metre_that_the_divisions_cannot_express_gets_finer_ones() -> None:
    data = score_xml([attributes(1, 0, (4, 4)) + note(duration=4) + attributes(None, 0, (3, 8))])
    document, [measures] = appended(data, 2)
    assert document.score().measures[-1].duration_quarter == Fraction(3, 2)
    assert [element.text for measure in measures[1:] for element in measure.iter("divisions")] == ["2"]


def test_a_shorter_part_is_filled_up_with_rests() -> None:
    data = score_xml([attributes() + note(duration=4)] * 3, [attributes() + note(duration=4)])
    document, parts = appended(data, 1)
    assert [len(measures) for measures in parts] == [4, 4]
    assert [measure.number for measure in document.score().measures] == ["1", "2", "3", "4"]


def test_nothing_to_append_is_refused() -> None:
    with pytest.raises(RegionError, match="0 measures can't be appended"):
        MusicXmlDocument.from_bytes(score_xml([note()])).append_measures(0)
