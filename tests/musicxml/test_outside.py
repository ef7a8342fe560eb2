"""What may change outside a region: ties and spanners that would dangle, rests that would hide notes."""

from __future__ import annotations

from fractions import Fraction

import lxml.etree as etree
import pytest
from musicxml.xml_scores import attributes, note, score_xml

from bridge.errors import RegionError
from bridge.musicxml import MusicXmlDocument
from bridge.musicxml.check import check_full, check_untouched
from bridge.score import Note, Region

MIDDLE = Region(1, 2, (0,))


def fill_middle(*measures: str) -> tuple[bytes, list[etree._Element]]:
    data = score_xml([attributes() + measures[0], *measures[1:]])
    document = MusicXmlDocument.from_bytes(data)
    document.write(MIDDLE, {0: [Note(Fraction(4), Fraction(4), 72)]})
    after = document.to_bytes()
    assert check_full(after, MIDDLE) == []
    assert check_untouched(data, after, MIDDLE) == []
    return after, etree.fromstring(after).findall("part/measure")


def count(measure: etree._Element, tag: str) -> int:
    return sum(1 for _ in measure.iter(tag))


def test_ties_into_and_out_of_the_region_are_cut() -> None:
    _, measures = fill_middle(
        note(duration=4, ties="start"), note(duration=4, ties="stop start"), note(duration=4, ties="stop")
    )
    assert [count(measure, "tie") + count(measure, "tied") for measure in measures] == [0, 0, 0]
    assert [count(measure, "notations") for measure in measures] == [0, 0, 0]


def test_ties_elsewhere_stay() -> None:
    tied = note(duration=2, ties="start") + note(duration=2, ties="stop")
    _, measures = fill_middle(tied, note(duration=4), tied)
    assert [count(measure, "tie") for measure in measures] == [2, 0, 2]


@pytest.mark.parametrize("tag", ["slur", "glissando", "slide"])
def test_a_spanner_with_one_end_in_the_region_goes_and_one_over_it_stays(tag: str) -> None:
    start, stop = f'<{tag} type="start" number="1"/>', f'<{tag} type="stop" number="1"/>'
    _, measures = fill_middle(
        note(duration=4, notations=start), note(duration=4, notations=stop), note(duration=4)
    )
    assert count(measures[0], tag) == 0
    _, measures = fill_middle(
        note(duration=4, notations=start), note(duration=4), note(duration=4, notations=stop)
    )
    assert [count(measure, tag) for measure in measures] == [1, 0, 1]


def test_a_trill_line_loses_its_end_and_keeps_its_trill() -> None:
    trill = '<ornaments><trill-mark/><wavy-line type="start" number="1"/></ornaments>'
    end = '<ornaments><wavy-line type="stop" number="1"/></ornaments>'
    _, measures = fill_middle(
        note(duration=4, notations=trill), note(duration=4, notations=end), note(duration=4)
    )
    assert count(measures[0], "wavy-line") == 0
    assert count(measures[0], "trill-mark") == 1


def test_wedges_stay_where_they_are() -> None:
    opening = '<direction><direction-type><wedge type="crescendo"/></direction-type></direction>'
    closing = '<direction><direction-type><wedge type="stop"/></direction-type></direction>'
    _, measures = fill_middle(opening + note(duration=4), note(duration=4) + closing, note(duration=4))
    assert [count(measure, "wedge") for measure in measures] == [1, 1, 0]


def styled(style: str) -> str:
    return f"<attributes><measure-style>{style}</measure-style></attributes>"


def test_a_multi_measure_rest_over_the_region_no_longer_hides_it() -> None:
    rest = '<note><rest measure="yes"/><duration>4</duration></note>'
    data = score_xml([attributes() + styled("<multiple-rest>4</multiple-rest>") + rest, rest, rest, rest])
    for start, counts in ((0, []), (1, []), (2, ["2"]), (3, ["3"])):
        document = MusicXmlDocument.from_bytes(data)
        region = Region(start, start + 1, (0,))
        document.write(region, {0: [Note(Fraction(4 * start), Fraction(4), 60)]})
        after = document.to_bytes()
        assert check_untouched(data, after, region) == []
        assert [element.text for element in etree.fromstring(after).iter("multiple-rest")] == counts


def test_measure_repeat_signs_are_refused_with_the_place() -> None:
    start = styled('<measure-repeat type="start">1</measure-repeat>')
    stop = styled('<measure-repeat type="stop"/>')
    data = score_xml([attributes() + note(duration=4), start + note(duration=4), stop + note(duration=4)])
    document = MusicXmlDocument.from_bytes(data, "signs.musicxml")
    with pytest.raises(RegionError) as caught:
        document.write(MIDDLE, {})
    assert str(caught.value) == (
        "signs.musicxml, part 'Part 1', measure 2: a measure-repeat sign stands for the notes here. "
        "Write its measures out first, or choose other measures."
    )
    document.write(Region(2, 3, (0,)), {})


def test_a_sign_without_end_stops_where_measures_are_appended() -> None:
    start = styled('<slash type="start"/>')
    document = MusicXmlDocument.from_bytes(score_xml([attributes() + start + note(duration=4)]))
    document.append_measures(1)
    document.write(MIDDLE, {0: [Note(Fraction(4), Fraction(1), 60)]})
    assert [element.get("type") for element in document.tree.iter("slash")] == ["start", "stop"]
