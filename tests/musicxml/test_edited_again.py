"""After an edit a document says what its file, read anew, says; only what was edited is walked again."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import lxml.etree as etree
import music21
import pytest

from bridge.errors import JaxmuseError
from bridge.musicxml import MusicXmlDocument
from bridge.musicxml.timeline import Item, timeline
from bridge.score import PITCHED, Note, Region, Score

SUITE = sorted(Path(music21.__file__).parent.glob("musicxml/lilypondTestSuite/*.xml"))


def reread(document: MusicXmlDocument) -> Score:
    return MusicXmlDocument.from_bytes(document.to_bytes(".musicxml")).score()


def first_notes(score: Score, region: Region) -> dict[int, list[Note]]:
    """Return a note of a quarter or less at the region's start, for each of its staves."""
    first = score.measures[region.start]
    return {
        staff: [Note(first.onset_quarter, min(Fraction(1), first.duration_quarter), 60)]
        for staff in region.staves
    }


@pytest.mark.parametrize("path", SUITE, ids=lambda path: path.stem)
def test_edits_are_seen_as_if_read_anew(path: Path) -> None:
    try:
        document = MusicXmlDocument.open(path)
        score = document.score()
        document.append_measures(2)
        assert document.score() == reread(document)
        pitched = tuple(staff.index for staff in score.staves if staff.kind == PITCHED)
        for start in {0, len(score.measures) // 2, len(score.measures)}:
            region = Region(start, start + 1, pitched)
            for notes in ({}, first_notes(document.score(), region)):
                copied = document.copy()
                copied.write(region, notes)
                assert copied.score() == reread(copied)
                document = copied
    except JaxmuseError as error:
        pytest.skip(f"this score can't be edited so: {error}")


def test_a_copy_is_edited_alone() -> None:
    document = MusicXmlDocument.open(SUITE[0])
    before = document.score()
    copied = document.copy()
    copied.write(Region(0, 1, (0,)), {})
    assert copied.score() == reread(copied) != before
    assert document.score() == reread(document) == before


def test_only_what_was_edited_is_walked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    document = MusicXmlDocument.open(SUITE[0])
    count = len(document.score().measures)
    assert count > 4
    walked: list[etree._Element] = []

    def watched(element: etree._Element, *args: Any) -> Iterator[Item]:
        walked.append(element)
        return timeline(element, *args)

    monkeypatch.setattr("bridge.musicxml.survey.timeline", watched)
    copied = document.copy()
    copied.write(Region(1, 3, (0,)), {})
    copied.score(0, 0)
    assert len(walked) == 2
