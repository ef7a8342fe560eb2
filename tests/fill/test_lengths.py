"""Regions that are shorter or longer than the model takes at a time."""

from __future__ import annotations

import pytest
from fill.promises import FULL_CHORALE, problems
from musicxml.xml_scores import attributes, note, score_xml

from bridge.errors import RegionError
from bridge.fill import FillOptions, Model, fill_document
from bridge.musicxml import MusicXmlDocument
from bridge.score import Region


def test_a_measure_shorter_than_a_tick_is_passed_over_or_refused(model: Model) -> None:
    short = attributes(480, time=(4, 4)) + note(duration=1)
    document = MusicXmlDocument.from_bytes(score_xml([short, *[note(duration=1920)] * 3]))
    assert problems(document, fill_document(document, Region(0, 3, (0,)), model, FillOptions(seed=2))) == []
    with pytest.raises(RegionError, match="measure 1: it is shorter than the model's smallest step"):
        fill_document(document, Region(0, 1, (0,)), model, FillOptions(seed=2))


def test_a_draw_that_finds_no_end_is_tried_again_in_smaller_pieces(
    chorale_document: MusicXmlDocument, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.filling_task.MOST_EVENTS", 24)
    told: list[float] = []
    filled = fill_document(chorale_document, FULL_CHORALE, model, FillOptions(seed=3), told.append)
    assert problems(chorale_document, filled) == []
    assert told == sorted(told)
    assert told[-1] == 1


def test_more_measures_than_the_model_takes_are_filled_piece_by_piece(
    chorale_document: MusicXmlDocument, model: Model
) -> None:
    chorale_document.append_measures(20)
    told: list[float] = []
    region = Region(17, 37, (0, 1, 2, 3))
    filled = fill_document(chorale_document, region, model, FillOptions(seed=2), told.append)
    assert problems(chorale_document, filled) == []
    assert told[-1] == 1
    assert {0.4, 0.8} <= set(told)  # eight measures at a time
    onsets = [note.onset_quarter for notes in filled.alternatives[0].notes.values() for note in notes]
    measures = chorale_document.score().measures
    for first, last in ((17, 25), (25, 33), (33, 37)):
        inside = [o for o in onsets if measures[first].onset_quarter <= o < measures[last - 1].end_quarter]
        assert inside


def test_a_measure_longer_than_the_model_takes_is_refused(model: Model) -> None:
    data = score_xml([attributes(time=(40, 4)) + note(duration=40), note(duration=40)])
    document = MusicXmlDocument.from_bytes(data)
    with pytest.raises(
        RegionError, match="measure 2: it is 40 quarters long, and the model takes at most 32"
    ):
        fill_document(document, Region(1, 2, (0,)), model, FillOptions(seed=1))
