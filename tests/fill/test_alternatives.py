"""Seeds, and which of several alternatives comes first."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from fill.promises import FULL_CHORALE

from bridge.codec import piece_from_score
from bridge.fill import Filled, FillOptions, Model, fill_document
from bridge.musicxml import MusicXmlDocument
from bridge.part_writing.care import CARE, NO_CARE
from bridge.score import Region
from jaxmodels.part_writing import crossings, lines_of
from jaxmodels.piece import M_DURATION, M_ONSET


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
