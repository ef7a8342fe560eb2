from __future__ import annotations

import random
import re
from fractions import Fraction

import lxml.etree as etree
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from musicxml.xml_scores import attributes, backup, dice_notes, dice_score, note, score_xml

from bridge.errors import RegionError
from bridge.musicxml import MusicXmlDocument
from bridge.musicxml.check import check_full, check_untouched
from bridge.score import Note, Region


def written(data: bytes, region: Region, notes: dict[int, list[Note]]) -> bytes:
    document = MusicXmlDocument.from_bytes(data)
    document.write(region, notes)
    after = document.to_bytes()
    assert check_full(after, region) == []
    assert check_untouched(data, after, region) == []
    return after


def measure_tags(data: bytes, index: int, part: int = 0) -> list[str]:
    root = etree.fromstring(data)
    return [child.tag for child in root.findall("part")[part].findall("measure")[index]]


def sounding(data: bytes, region: Region, staff: int) -> set[tuple[Fraction, int, Fraction]]:
    score = MusicXmlDocument.from_bytes(data).score(region.start, region.stop)
    return {(n.onset_quarter, n.pitch, n.duration_quarter) for n in score.staves[staff].notes}


@settings(max_examples=120, deadline=None)
@given(st.integers(0, 10**9))
def test_any_region_is_exactly_full_and_all_else_is_untouched(seed: int) -> None:
    dice = random.Random(seed)
    data = dice_score(dice)
    score = MusicXmlDocument.from_bytes(data).score()
    start = dice.randrange(len(score.measures))
    stop = dice.randint(start + 1, len(score.measures))
    staves = tuple(sorted(dice.sample(range(len(score.staves)), dice.randint(1, len(score.staves)))))
    region = Region(start, stop, staves)
    notes = {staff: dice_notes(dice, score.measures, start, stop, dice.randint(1, 2)) for staff in staves}
    after = written(data, region, notes)
    for staff in staves:
        wanted = {(n.onset_quarter, n.pitch, n.duration_quarter) for n in notes[staff]}  # unisons are one
        assert sounding(after, region, staff) == wanted


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**9))
def test_writing_twice_gives_the_same_bytes(seed: int) -> None:
    dice = random.Random(seed)
    data = re.sub(rb"<(tie|tied) [^>]*>", b"", dice_score(dice))  # dangling ones may find partners
    document = MusicXmlDocument.from_bytes(data)
    score = document.score(0, 0)
    region = Region(0, 1, (0,))
    notes = {0: dice_notes(dice, score.measures, 0, 1)}
    document.write(region, notes)
    once = document.to_bytes()
    document.write(region, notes)
    assert document.to_bytes() == once
    assert MusicXmlDocument.from_bytes(once).to_bytes() == once


FOUR_QUARTERS = "".join(note(pitch) for pitch in ("C4", "D4", "E4", "F4"))


def test_a_plain_measure_comes_out_as_plain_notes() -> None:
    data = score_xml([attributes() + FOUR_QUARTERS, FOUR_QUARTERS])
    half = Fraction(2)
    after = written(
        data, Region(1, 2, (0,)), {0: [Note(Fraction(4), half, 60), Note(Fraction(6), half, 62)]}
    )
    assert measure_tags(after, 1) == ["note", "note"]


def test_directions_stay_between_the_new_notes_at_their_time() -> None:
    word = "<direction><direction-type><words>dolce</words></direction-type></direction>"
    data = score_xml([attributes() + note() + note() + word + note() + note()])
    halves = {0: [Note(Fraction(0), Fraction(2), 60), Note(Fraction(2), Fraction(2), 62)]}
    after = written(data, Region(0, 1, (0,)), halves)
    assert measure_tags(after, 0) == ["attributes", "note", "direction", "note"]
    after = written(data, Region(0, 1, (0,)), {0: [Note(Fraction(0), Fraction(4), 60)]})
    assert measure_tags(after, 0) == ["attributes", "note", "backup", "direction", "forward"]


def test_triplets_in_coarse_divisions_bring_finer_ones_and_the_old_ones_come_back() -> None:
    data = score_xml([attributes(2) + note(duration=8), note(duration=8), note(duration=8)])
    thirds = [Note(4 + Fraction(k, 3), Fraction(1, 3), 60 + k) for k in range(3)]
    after = written(data, Region(1, 2, (0,)), {0: thirds})
    assert measure_tags(after, 1) == ["attributes", *["note"] * 5, "attributes"]
    root = etree.fromstring(after)
    assert [element.text for element in root.iter("divisions")] == ["2", "6", "2"]


PIANO = attributes(more="<staves>2</staves>")


def two_staves(above: str, below: str) -> str:
    return above + backup(4) + below


def test_the_upper_staff_is_written_before_the_lower_and_the_lower_after() -> None:
    upper, lower = note(duration=4, staff=1), note("C3", 4, voice=5, staff=2)
    data = score_xml([PIANO + two_staves(upper, lower)])
    for staff, kept in ((0, 2), (1, 1)):
        after = written(data, Region(0, 1, (staff,)), {staff: [Note(Fraction(0), Fraction(4), 60)]})
        staves = [element.text for element in etree.fromstring(after).iter("staff")]
        assert staves == ["1", "2"]
        assert measure_tags(after, 0) == ["attributes", "note", "backup", "note"]
        voices = [element.text for element in etree.fromstring(after).iter("voice")]
        assert voices == ["1", "5"], kept


def test_a_cross_staff_note_of_a_kept_staff_keeps_its_time_and_voice() -> None:
    mixed = note(duration=1, staff=1) + note("C3", 2, staff=2) + note(duration=1, staff=1)
    lower = note("", 4, voice=5, staff=2)
    data = score_xml([PIANO + two_staves(mixed, lower)])
    after = written(data, Region(0, 1, (0,)), {0: [Note(Fraction(0), Fraction(4), 72)]})
    score = MusicXmlDocument.from_bytes(after).score()
    assert [(n.onset_quarter, n.pitch) for n in score.staves[1].notes] == [(1, 48)]
    new = next(e for e in etree.fromstring(after).iter("note") if e.findtext("pitch/octave") == "5")
    assert new.findtext("voice") not in ("1", "5")  # the kept note holds voice 1 of this measure


def test_the_kept_note_of_a_chord_leads_it_when_its_first_note_goes() -> None:
    chord = note(duration=4, staff=1) + note("C3", 4, staff=2, before="<chord/>")
    data = score_xml([PIANO + chord])
    after = written(data, Region(0, 1, (0,)), {0: []})
    kept = next(e for e in etree.fromstring(after).iter("note") if e.findtext("staff") == "2")
    assert kept.find("chord") is None


def test_transposing_instruments_get_written_pitches() -> None:
    clarinet = "<transpose><diatonic>-1</diatonic><chromatic>-2</chromatic></transpose>"
    data = score_xml([attributes(fifths=2, more=clarinet) + note(duration=4)])
    assert MusicXmlDocument.from_bytes(data).score().staves[0].notes[0].pitch == 58
    after = written(data, Region(0, 1, (0,)), {0: [Note(Fraction(0), Fraction(4), 60)]})
    assert etree.fromstring(after).findtext(".//note/pitch/step") == "D"


@pytest.mark.parametrize(
    ("region", "sentence"),
    [
        (Region(0, 3, (0,)), "measures 1 to 3 of 1 can't be filled"),
        (Region(1, 1, (0,)), "can't be filled"),
        (Region(0, 1, (4,)), "there is no staff 5"),
        (Region(0, 1, (1,)), "part 'Drums': a percussion staff can't be filled"),
    ],
)
def test_what_cannot_be_filled_is_refused_and_nothing_changes(region: Region, sentence: str) -> None:
    drum = "<clef><sign>percussion</sign></clef>"
    data = score_xml([attributes() + note(duration=4)], [attributes(more=drum)], names=("Flute", "Drums"))
    document = MusicXmlDocument.from_bytes(data, "duo.musicxml")
    with pytest.raises(RegionError) as caught:
        document.write(region, {})
    assert sentence in str(caught.value)
    assert str(caught.value).startswith("duo.musicxml")
    assert document.to_bytes() == MusicXmlDocument.from_bytes(data).to_bytes()


def test_notes_outside_the_region_are_refused() -> None:
    document = MusicXmlDocument.from_bytes(score_xml([attributes() + note(duration=4)]))
    with pytest.raises(RegionError, match="lies outside the region"):
        document.write(Region(0, 1, (0,)), {0: [Note(Fraction(3), Fraction(2), 60)]})
