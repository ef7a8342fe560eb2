from __future__ import annotations

from pathlib import Path

import pytest
from part_writing.made_scores import score_of

from bridge.alternatives import FillOptions
from bridge.codec import piece_from_score
from bridge.musicxml import MusicXmlDocument
from bridge.part_writing.care import CARE, NO_CARE, Care, Careful, careful_lines
from bridge.part_writing.weighing import part_writing_nats
from bridge.score import Region, Score
from jaxmodels.piece import Piece
from jaxmodels.staff_facts import staff_facts

SCALE = ("C", "D", "E", "F", "G", "A", "B")


def scale(octave: int, start: int = 0, count: int = 32) -> list[str]:
    """Return a line in quarters that goes up and down by step."""
    steps = [abs((index + 7) % 14 - 7) + start for index in range(count)]
    return [f"{SCALE[step % 7]}{octave + step // 7}" for step in steps]


def careful(score: Score, to_fill: tuple[int, ...] = (), strict: bool = False) -> Careful:
    piece = piece_from_score(score)
    return careful_lines(piece, staff_facts(piece), range(len(piece.programs)), to_fill, strict)


def test_fills_take_care_unless_told_otherwise() -> None:
    assert FillOptions(seed=1).care is CARE
    assert CARE.parallels > 0
    assert Care(*[0] * 7) == NO_CARE


def test_a_chorale_avoids_all_of_it(examples: Path) -> None:
    found = careful(MusicXmlDocument.open(examples / "chorale.mxl").score())
    assert found.staves == (0, 1, 2, 3)
    assert found.parallels
    assert found.crossings
    assert 0.8 < found.chords <= 1
    assert 0 < found.repeats < 0.5


def test_music_in_parallel_fifths_does_not(examples: Path) -> None:
    organum = careful(score_of(("Cantus", scale(4, 4)), ("Bass", scale(4)), measures=8))
    assert not organum.parallels
    assert not organum.crossings
    assert organum.repeats == 1


def test_lines_in_octaves_are_one(examples: Path) -> None:
    doubled = careful(score_of(("Flute", scale(5)), ("Oboe", scale(4)), measures=8))
    assert doubled.staves == (0,)


def test_a_piano_has_no_lines_to_lead(examples: Path) -> None:
    found = careful(MusicXmlDocument.open(examples / "piano.mxl").score(), (0, 1))
    assert 0 not in found.staves
    assert not found.parallels


def test_where_little_is_known_the_style_decides() -> None:
    score = score_of(("Soprano", ["C5", "D5"]), ("Alto", []), ("Tenor", []), ("Bass", []))
    piece = piece_from_score(score)
    for strict in (False, True):
        found = careful_lines(piece, staff_facts(piece), range(4), (1, 2, 3), strict)
        assert found.parallels is strict
        assert found.staves == (0, 1, 2, 3)
        assert found.to_fill == (1, 2, 3)


@pytest.fixture
def fifths_into_the_hole_and_out_of_it() -> Piece:
    """Parallel fifths from measure 1 to 2 and from 2 to 3, none inside; a crossing; a repeated note."""
    upper = ["G4"] * 4 + ["A4", "C4", "B4", "B4"] + ["C5"] * 4
    lower = ["C4"] * 4 + ["D4", "D4", "E4", "E4"] + ["F4"] * 4
    return piece_from_score(score_of(("Soprano", upper), ("Bass", lower), measures=3))


@pytest.mark.parametrize(
    ("care", "nats"),
    [
        (Care(9, 9, 9, ranked_parallels=1, ranked_crossings=0, ranked_dissonances=0, ranked_repeats=0), 2),
        (Care(9, 9, 9, ranked_parallels=0, ranked_crossings=5, ranked_dissonances=0, ranked_repeats=0), 5),
        (Care(9, 9, 9, ranked_parallels=0, ranked_crossings=0, ranked_dissonances=0, ranked_repeats=1), 1),
        (NO_CARE, 0),
    ],
)
def test_findings_cost_nats_at_both_joins_too(
    fifths_into_the_hole_and_out_of_it: Piece, care: Care, nats: float
) -> None:
    asked = Careful((0, 1), (0, 1), True, True, 0.0, 0.25)  # 3 of 10 steps repeat; 2.5 are usual
    region = Region(1, 2, (0, 1))
    found = part_writing_nats(fifths_into_the_hole_and_out_of_it, region, asked, care)
    assert found == pytest.approx(nats, abs=0.51 if care.ranked_repeats else 0)


def test_what_the_music_does_not_avoid_costs_nothing(fifths_into_the_hole_and_out_of_it: Piece) -> None:
    free = Careful((0, 1), (0, 1), False, False, 0.0, 1.0)
    assert part_writing_nats(fifths_into_the_hole_and_out_of_it, Region(1, 2, (0, 1)), free, CARE) == 0


def test_no_lines_cost_nothing(fifths_into_the_hole_and_out_of_it: Piece) -> None:
    nothing = Careful((), (), True, True, 0.9, 0.0)
    notes = fifths_into_the_hole_and_out_of_it
    assert part_writing_nats(notes, Region(1, 2, (0, 1)), nothing, CARE) == 0
