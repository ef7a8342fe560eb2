"""The promises, kept by a model that plays anything legal."""

from __future__ import annotations

import itertools
import random
from pathlib import Path

import pytest
from fill.promises import FULL_CHORALE, REGIONS, problems
from hypothesis import given, settings
from hypothesis import strategies as st
from musicxml.xml_scores import attributes, dice_score, note, score_xml

from bridge.fill import FillOptions, Model, fill_document
from bridge.instruments import habit_of
from bridge.musicxml import MusicXmlDocument
from bridge.score import Region


@pytest.mark.parametrize("region", REGIONS)
def test_a_fill_is_full_and_touches_nothing_else(
    chorale_document: MusicXmlDocument, model: Model, region: Region
) -> None:
    filled = fill_document(chorale_document, region, model, FillOptions(seed=3))
    assert filled.alternatives[0].note_count > 0
    assert problems(chorale_document, filled) == []


def test_the_document_itself_stays_as_it_was(chorale_document: MusicXmlDocument, model: Model) -> None:
    before = chorale_document.to_bytes()
    fill_document(chorale_document, FULL_CHORALE, model, FillOptions(seed=3)).apply()
    assert chorale_document.to_bytes() == before


def test_notes_lie_in_the_region_and_in_each_staffs_range(
    chorale_document: MusicXmlDocument, model: Model
) -> None:
    score = chorale_document.score()
    start, end = score.measures[4].onset_quarter, score.measures[7].end_quarter
    best = fill_document(chorale_document, FULL_CHORALE, model, FillOptions(seed=5)).alternatives[0]
    assert set(best.notes) == {0, 1, 2, 3}
    for staff, notes in best.notes.items():
        around = [
            known.pitch for known in score.staves[staff].notes if not start <= known.onset_quarter < end
        ]
        spare = 2 + max(0, 13 - (max(around) - min(around))) // 2  # two semitones, and an octave at least
        for new in notes:
            assert start <= new.onset_quarter < new.end_quarter <= end
            assert min(around) - spare <= new.pitch <= max(around) + spare
        for first, second in itertools.pairwise(notes):
            assert first.end_quarter <= second.onset_quarter, "a choir's staff sings one note at a time"


def test_what_stands_in_the_region_makes_no_difference(
    chorale_document: MusicXmlDocument, model: Model
) -> None:
    emptied = chorale_document.copy()
    emptied.write(FULL_CHORALE, {staff: [] for staff in FULL_CHORALE.staves})
    over_notes, over_rests = (
        fill_document(document, FULL_CHORALE, model, FillOptions(seed=2))
        for document in (chorale_document, emptied)
    )
    assert over_notes.alternatives == over_rests.alternatives


def test_a_note_tied_out_of_the_region_is_no_part_of_it(model: Model) -> None:
    start, stop = note("D5", 4, ties="start"), note("D5", 4, ties="stop")
    tied = score_xml([attributes() + note(duration=4), start, stop, *[note("E4", 4)] * 2])
    document = MusicXmlDocument.from_bytes(tied)
    emptied = document.copy()
    emptied.write(Region(1, 2, (0,)), {0: ()})
    filled = [
        fill_document(each, Region(1, 2, (0,)), model, FillOptions(seed=2)) for each in (document, emptied)
    ]
    assert filled[0].alternatives == filled[1].alternatives
    assert problems(document, filled[0]) == []


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32))
def test_generated_scores_keep_the_promises(model: Model, seed: int) -> None:
    dice = random.Random(seed)
    document = MusicXmlDocument.from_bytes(dice_score(dice))
    score = document.score()
    if dice.random() < 0.5:
        document.append_measures(2)
        start, stop = len(score.measures), len(score.measures) + 2
    else:
        start = dice.randrange(len(score.measures))
        stop = dice.randint(start + 1, len(score.measures))
    staves = tuple(sorted(dice.sample(range(len(score.staves)), dice.randint(1, len(score.staves)))))
    filled = fill_document(document, Region(start, stop, staves), model, FillOptions(seed=seed))
    assert problems(document, filled) == []


def test_a_staff_that_never_rests_is_given_no_rests(
    chorale_document: MusicXmlDocument, model: Model
) -> None:
    measures = chorale_document.score().measures
    length = measures[7].end_quarter - measures[4].onset_quarter
    for alternative in fill_document(
        chorale_document, FULL_CHORALE, model, FillOptions(seed=3, alternatives=8)
    ).alternatives:
        for notes in alternative.notes.values():
            silent = length - sum(note.duration_quarter for note in notes)
            assert silent < 1, "only what no step of the model reaches may be left"


def test_an_empty_staff_plays_what_its_instrument_plays(examples: Path, model: Model) -> None:
    document = MusicXmlDocument.open(examples / "chorale.mxl")
    count = len(document.score().measures)
    document.write(Region(0, count, (3,)), {3: []})
    filled = fill_document(document, Region(0, count, (3,)), model, FillOptions(seed=1))
    score = document.score()
    habit = habit_of(score.parts[3], score.staves[3])
    pitches = [note.pitch for note in filled.alternatives[0].notes[3]]
    assert pitches
    assert habit.lowest <= min(pitches) <= max(pitches) <= habit.highest
