"""The fragment is the region's music in concert pitch, and MuseScore takes it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

import lxml.etree as etree
import pytest
from host.host_reading import as_sounding, notes_in
from host.made_music import dice_region
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.host.engraved import engrave_concert
from bridge.host.fragment import fragment_of
from bridge.musicxml import MusicXmlDocument
from bridge.musicxml.check import check_full
from bridge.score import Measure, Note, Region, Score

MUSESCORE = shutil.which("mscore3")


def fragment(score: Score, region: Region) -> str:
    notes = notes_in(score, region)
    written = {staff: engrave_concert(notes[staff], score.measures, region) for staff in region.staves}
    return fragment_of(written, score.measures[region.start : region.stop])


def read_back(data: bytes | str) -> tuple[MusicXmlDocument, Score]:
    document = MusicXmlDocument.from_bytes(data.encode() if isinstance(data, str) else data)
    return document, document.score()


def assert_same_notes(score: Score, region: Region, found: Score) -> None:
    origin = score.measures[region.start].onset_quarter
    notes = notes_in(score, region)
    assert len(found.parts) == len(region.staves)
    for staff, index in zip(found.staves, region.staves, strict=True):
        assert as_sounding(staff.notes, Fraction(0)) == as_sounding(notes[index], origin)


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_a_fragment_read_back_is_the_regions_music(seed: int) -> None:
    score, region = dice_region(seed)
    text = fragment(score, region)
    document, found = read_back(text)
    assert_same_notes(score, region, found)
    inside = score.measures[region.start : region.stop]
    assert check_full(document, Region(0, len(inside), tuple(range(len(region.staves))))) == []
    for measure, original in zip(found.measures, inside, strict=True):
        assert measure.duration_quarter == original.duration_quarter
        assert (measure.beats, measure.beat_type) == (original.beats, original.beat_type)
        assert measure.fifths == original.fifths
    tags = {element.tag for element in etree.fromstring(text.encode()).iter()}
    assert not tags & {"transpose", "beam", "stem", "accidental", "staves", "staff", "sound", "print"}


def test_spellings_are_kept() -> None:
    measures = (Measure(0, "1", Fraction(0), Fraction(2), 2, 4, -5),)
    notes = [
        Note(Fraction(0), Fraction(1), 64, spelling=("F", -1, 4)),
        Note(Fraction(1), Fraction(1), 69, spelling=("B", -2, 4)),
    ]
    text = fragment_of({3: engrave_concert(notes, measures, Region(0, 1, (3,)))}, measures)
    assert [note.spelling for note in read_back(text)[1].staves[0].notes] == [("F", -1, 4), ("B", -2, 4)]


def test_keys_and_metres_stand_where_they_change() -> None:
    signs = ((2, 3), (2, 3), (-1, 3), (-1, 4))
    onsets = (0, 3, 6, 9)
    measures = tuple(
        Measure(index, str(index + 9), Fraction(onset), Fraction(beats), beats, 4, fifths)
        for index, ((fifths, beats), onset) in enumerate(zip(signs, onsets, strict=True))
    )
    written = engrave_concert([], measures, Region(0, 4, (0,)))
    text = fragment_of({0: written}, measures)
    assert [(each.fifths, each.beats) for each in read_back(text)[1].measures] == list(signs)
    assert (text.count("<key>"), text.count("<time>")) == (2, 2)


def musescore(source: Path, target: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "HOME": str(target.parent),
        "XDG_RUNTIME_DIR": str(target.parent),
        "QT_QPA_PLATFORM": "offscreen",
        "LC_ALL": "C.UTF-8",
    }
    command = [str(MUSESCORE), "-o", str(target), str(source)]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.skipif(MUSESCORE is None, reason="MuseScore 3 (mscore3) isn't installed")
@pytest.mark.parametrize("seed", [3, 11, 25, 37])
def test_musescore_finds_a_fragment_valid_and_keeps_its_notes(tmp_path: Path, seed: int) -> None:
    score, region = dice_region(seed, divided=(3, 5))  # its own export rounds sevenths
    source = tmp_path / "fragment.musicxml"
    source.write_text(fragment(score, region), "utf-8")
    log = tmp_path / "check.mlog"
    checked = musescore(source, log)
    assert "not a valid MusicXML file" not in checked.stdout + checked.stderr
    assert json.loads(log.read_text()) == {"result": 0}
    musescore(source, tmp_path / "back.musicxml")
    found = read_back((tmp_path / "back.musicxml").read_bytes())[1]
    assert_same_notes(score, region, found)
    assert [each.duration_quarter for each in found.measures] == [
        each.duration_quarter for each in score.measures[region.start : region.stop]
    ]
