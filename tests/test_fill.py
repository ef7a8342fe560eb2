"""The promises, kept by a model that plays anything legal."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from musicxml.xml_scores import attributes, dice_score, note, score_xml
from tiny_model import save_tiny_model

from bridge.codec import piece_from_score
from bridge.errors import RegionError
from bridge.fill import Filled, FillOptions, Model, fill_document, load_model
from bridge.instruments import habit_of
from bridge.musicxml import MusicXmlDocument
from bridge.musicxml.check import check_full, check_untouched
from bridge.open import open_document
from bridge.part_writing.care import CARE, NO_CARE
from bridge.score import Note, Region
from jaxmodels.part_writing import crossings, lines_of
from jaxmodels.piece import M_DURATION, M_ONSET

FULL_CHORALE = Region(4, 8, (0, 1, 2, 3))


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return load_model(str(save_tiny_model(tmp_path_factory.mktemp("tiny"))))


@pytest.fixture
def chorale_document(examples: Path) -> MusicXmlDocument:
    return MusicXmlDocument.open(examples / "chorale.mxl")


def problems(document: MusicXmlDocument, filled: Filled, k: int = 0) -> list[str]:
    """Return what the independent checks find in alternative `k`."""
    after = filled.apply(k).to_bytes(".musicxml")
    before = document.to_bytes(".musicxml")
    return check_full(after, filled.region) + check_untouched(before, after, filled.region)


@pytest.mark.parametrize(
    "region",
    [
        FULL_CHORALE,
        Region(0, 1, (0, 1, 2, 3)),
        Region(2, 5, (1,)),
        Region(16, 17, (0, 3)),
        Region(0, 17, (2,)),
    ],
)
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


def test_the_same_seed_gives_the_same_notes_and_another_gives_others(
    chorale_document: MusicXmlDocument, model: Model
) -> None:
    first, again, other = (
        fill_document(chorale_document, FULL_CHORALE, model, FillOptions(seed=seed)) for seed in (7, 7, 8)
    )
    assert first.alternatives == again.alternatives
    assert first.apply().to_bytes() == again.apply().to_bytes()
    assert first.alternatives != other.alternatives


def test_alternatives_differ_and_the_likeliest_comes_first(
    chorale_document: MusicXmlDocument, model: Model
) -> None:
    one = fill_document(chorale_document, FULL_CHORALE, model, FillOptions(seed=1, care=NO_CARE))
    five = fill_document(
        chorale_document, FULL_CHORALE, model, FillOptions(seed=1, alternatives=5, care=NO_CARE)
    )
    assert five.alternatives[0] == one.alternatives[0]
    assert [each.nll for each in five.alternatives] == sorted(each.nll for each in five.alternatives)
    assert len({tuple(each.notes.items()) for each in five.alternatives}) == 5


def test_with_care_the_best_written_comes_first(chorale_document: MusicXmlDocument, model: Model) -> None:
    def crossed(filled: Filled, number: int) -> float:
        piece = piece_from_score(filled.apply(number).score())
        bars = piece.measures[FULL_CHORALE.start : FULL_CHORALE.stop]
        lines = lines_of(piece.notes, FULL_CHORALE.staves)
        inside = lines.between(bars[0, M_ONSET], bars[-1, M_ONSET] + bars[-1, M_DURATION])
        return float(crossings(inside).sum() / filled.alternatives[number].note_count)

    careful = replace(NO_CARE, ranked_crossings=1e6)
    for care, in_order in ((careful, True), (NO_CARE, False)):
        options = FillOptions(seed=1, alternatives=8, care=care)
        filled = fill_document(chorale_document, FULL_CHORALE, model, options)
        found = [crossed(filled, number) for number in range(len(filled.alternatives))]
        assert len(set(found)) > 2
        assert (found == sorted(found)) is in_order


def test_care_while_drawing_changes_the_notes_of_a_chorale_and_not_those_of_a_tune(
    examples: Path, chorale_document: MusicXmlDocument, model: Model
) -> None:
    tune = MusicXmlDocument.open(examples / "tune.musicxml")
    for document, region, the_same in (
        (chorale_document, FULL_CHORALE, False),
        (tune, Region(4, 8, (0,)), True),
    ):
        led, free = (
            fill_document(document, region, model, FillOptions(seed=1, care=care))
            for care in (CARE, NO_CARE)
        )
        assert (led.alternatives == free.alternatives) is the_same


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


def test_a_measure_longer_than_the_model_takes_is_refused(model: Model, tmp_path: Path) -> None:
    data = score_xml([attributes(time=(40, 4)) + note(duration=40), note(duration=40)])
    document = MusicXmlDocument.from_bytes(data)
    with pytest.raises(
        RegionError, match="measure 2: it is 40 quarters long, and the model takes at most 32"
    ):
        fill_document(document, Region(1, 2, (0,)), model, FillOptions(seed=1))


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


def test_midi_is_filled_too(model: Model, tmp_path: Path, examples: Path) -> None:
    from bridge.output import document_bytes

    path = tmp_path / "tune.mid"
    path.write_bytes(document_bytes(open_document(examples / "tune.musicxml"), ".mid"))
    document = open_document(path)
    filled = fill_document(document, Region(2, 4, (0,)), model, FillOptions(seed=1))
    after = filled.apply().score()
    measures = document.score().measures
    start, end = measures[2].onset_quarter, measures[3].end_quarter

    def outside(notes: tuple[Note, ...]) -> list[tuple[Fraction, int]]:
        return [(note.onset_quarter, note.pitch) for note in notes if not start <= note.onset_quarter < end]

    assert outside(after.staves[0].notes) == outside(document.score().staves[0].notes)
    written = [note for note in after.staves[0].notes if start <= note.onset_quarter < end]
    assert [note.pitch for note in written] == [note.pitch for note in filled.alternatives[0].notes[0]]


def test_a_midi_staff_all_of_whose_notes_are_replaced_stays_a_staff(
    model: Model, tmp_path: Path, examples: Path
) -> None:
    from bridge.output import document_bytes

    path = tmp_path / "tune.mid"
    path.write_bytes(document_bytes(open_document(examples / "tune.musicxml"), ".mid"))
    document = open_document(path)
    count = len(document.score().measures)
    filled = fill_document(document, Region(0, count, (0,)), model, FillOptions(seed=1))
    assert len(filled.apply().score().staves) == 1


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
