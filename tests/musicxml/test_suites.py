"""Scores that no one here wrote: each is filled in three ways and checked, or refused in one sentence."""

from __future__ import annotations

import os
import random
from pathlib import Path

import music21
import pytest
from musicxml.xml_scores import dice_notes

from bridge.errors import JaxmuseError
from bridge.musicxml import MusicXmlDocument
from bridge.musicxml.check import check_full, check_untouched
from bridge.score import PITCHED, Region

SUFFIXES = (".xml", ".musicxml", ".mxl")
SUITE = Path(music21.__file__).parent / "musicxml" / "lilypondTestSuite"
SUITE_FILES = sorted(path for path in SUITE.iterdir() if path.suffix in SUFFIXES)
EXTRA = os.environ.get("JAXMUSE_EXTRA_SCORES")
EXTRA_FILES = sorted(path for path in Path(EXTRA).rglob("*") if path.suffix in SUFFIXES) if EXTRA else []
MANY_BYTES = 400_000
"""Longer scores are filled in one way only, to keep the tests quick."""


def fill(path: Path, way: str) -> bool:
    """Fill a region of the score and check it; returns False where it has no pitched staff."""
    dice = random.Random(path.name + way)
    document = MusicXmlDocument.open(path)
    before = document.to_bytes()
    score = document.score(0, 0)
    staves = tuple(staff.index for staff in score.staves if staff.kind == PITCHED)
    if not staves:
        return False
    count = len(score.measures)
    if way == "append":
        document.append_measures(2)
        score = document.score(0, 0)
        region = Region(count, count + 2, staves)
    elif way == "replace":
        region = Region(count // 2, min(count // 2 + 2, count), staves)
    else:
        region = Region(count // 3, min(count // 3 + 3, count), (dice.choice(staves),))
    notes = {
        staff: dice_notes(dice, score.measures, region.start, region.stop, dice.randint(1, 2))
        for staff in region.staves
    }
    document.write(region, notes)
    after = document.to_bytes()
    assert check_full(after, region) == []
    assert check_untouched(before, after, region) == []
    again = MusicXmlDocument.from_bytes(after).score(region.start, region.stop)
    for staff in region.staves:
        found = {(n.onset_quarter, n.pitch, n.duration_quarter) for n in again.staves[staff].notes}
        assert found == {
            (n.onset_quarter, n.pitch, n.duration_quarter) for n in notes[staff]
        }  # unisons are one
    return True


def refusal(path: Path, way: str) -> JaxmuseError | None:
    """Fill, and return the refusal if there was one; any other exception fails the test."""
    try:
        fill(path, way)
    except JaxmuseError as error:
        return error
    return None


@pytest.mark.parametrize("way", ["append", "replace", "one staff"])
@pytest.mark.parametrize("path", SUITE_FILES, ids=lambda path: path.stem)
def test_lilypond_suite(path: Path, way: str) -> None:
    error = refusal(path, way)
    if path.stem == "22b-Staff-Notestyles" and way != "append":
        assert "slash notation stands for the notes here" in str(error)
    else:
        assert error is None


@pytest.mark.skipif(not EXTRA, reason="JAXMUSE_EXTRA_SCORES names no folder of scores")
@pytest.mark.parametrize("path", EXTRA_FILES, ids=lambda path: path.stem)
def test_extra_scores(path: Path) -> None:
    long = len(MusicXmlDocument.open(path).to_bytes(".musicxml")) > MANY_BYTES
    for way in ("append",) if long else ("append", "replace", "one staff"):
        error = refusal(path, way)
        assert error is None or (str(error).endswith(".") and error.fix)
