"""Fills of real scores by an RBM keep the promises of all models."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from fill.promises import FULL_CHORALE, REGIONS, problems
from host.asking import MUSESCORE_3, MUSESCORE_4, asked
from hypothesis import given, settings
from hypothesis import strategies as st
from musicxml.xml_scores import attributes, dice_score, note, score_xml
from tiny_rbm import CONFIG, random_rbm, save_tiny_rbm

from bridge.character import Character
from bridge.cli import main
from bridge.errors import ModelError, RegionError, UsageError
from bridge.fill import FillOptions, Model, fill_document, load_model
from bridge.host.answer import answer
from bridge.musicxml import MusicXmlDocument
from bridge.part_writing.care import NO_CARE
from bridge.score import Region
from jaxmodels.checkpoint import save_model
from jaxmodels.piece import Piece
from jaxmodels.rbm.config import USUAL_NATS
from jaxmodels.rbm.fill import Written
from jaxmodels.rbm.roll import units_of
from jaxmodels.window_layout import D_CLOCK, D_PITCH, D_STAFF, D_TICKS, D_VOICE


@pytest.fixture(scope="module")
def rbm(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return load_model(str(save_tiny_rbm(tmp_path_factory.mktemp("rbm") / "dice")))


@pytest.fixture
def chorale(examples: Path) -> MusicXmlDocument:
    return MusicXmlDocument.open(examples / "chorale.mxl")


@pytest.mark.parametrize("region", REGIONS)
def test_a_fill_is_full_and_touches_nothing_else(
    chorale: MusicXmlDocument, rbm: Model, region: Region
) -> None:
    filled = fill_document(chorale, region, rbm, FillOptions(seed=3, alternatives=3))
    assert len(filled.alternatives) == 3
    for number, alternative in enumerate(filled.alternatives):
        assert alternative.note_count > 0
        assert problems(chorale, filled, number) == []


def test_the_same_seed_gives_the_same_notes_and_another_gives_others(
    chorale: MusicXmlDocument, rbm: Model
) -> None:
    first, again, other = (
        fill_document(chorale, FULL_CHORALE, rbm, FillOptions(seed=seed)) for seed in (7, 7, 8)
    )
    assert first.alternatives == again.alternatives
    assert first.apply().to_bytes() == again.apply().to_bytes()
    assert first.alternatives != other.alternatives


def test_what_stands_in_the_region_makes_no_difference(chorale: MusicXmlDocument, rbm: Model) -> None:
    emptied = chorale.copy()
    emptied.write(FULL_CHORALE, {staff: [] for staff in FULL_CHORALE.staves})
    over_notes, over_rests = (
        fill_document(document, FULL_CHORALE, rbm, FillOptions(seed=2)) for document in (chorale, emptied)
    )
    assert over_notes.alternatives == over_rests.alternatives


def test_a_choirs_staves_sing_one_note_at_a_time_in_their_range_and_never_rest(
    chorale: MusicXmlDocument, rbm: Model
) -> None:
    measures = chorale.score().measures
    start, end = measures[4].onset_quarter, measures[7].end_quarter
    best = fill_document(chorale, FULL_CHORALE, rbm, FillOptions(seed=5)).alternatives[0]
    for staff, notes in best.notes.items():
        around = [each.pitch for each in chorale.score().staves[staff].notes]
        assert notes[0].onset_quarter == start
        assert notes[-1].end_quarter == end
        for first, second in itertools.pairwise(notes):
            assert first.end_quarter == second.onset_quarter
        assert min(around) - 8 <= min(each.pitch for each in notes)
        assert max(each.pitch for each in notes) <= max(around) + 8


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32))
def test_generated_scores_keep_the_promises(rbm: Model, seed: int) -> None:
    dice = random.Random(seed)
    document = MusicXmlDocument.from_bytes(dice_score(dice))
    score = document.score()
    start = dice.randrange(len(score.measures))
    stop = dice.randint(start + 1, len(score.measures))
    staves = tuple(sorted(dice.sample(range(len(score.staves)), dice.randint(1, len(score.staves)))))
    filled = fill_document(document, Region(start, stop, staves), rbm, FillOptions(seed=seed))
    assert problems(document, filled) == []


def test_a_long_region_is_filled_piece_by_piece(chorale: MusicXmlDocument, rbm: Model) -> None:
    chorale.append_measures(12)
    told: list[float] = []
    filled = fill_document(chorale, Region(17, 29, (0, 1, 2, 3)), rbm, FillOptions(seed=2), told.append)
    assert problems(chorale, filled) == []
    assert told == sorted(told)
    assert told[-1] == 1


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"keep_rhythm": True}, "a restricted Boltzmann machine, can't keep a rhythm. Leave it out"),
        ({"top_p": 0.5}, "a restricted Boltzmann machine, can't leave unlikely choices out. Leave it out"),
        ({"character": Character(density=1)}, "can't be told what its music should be like. Leave it out"),
    ],
)
def test_what_an_rbm_cannot_do_is_refused_in_one_sentence(
    chorale: MusicXmlDocument, rbm: Model, options: dict, sentence: str
) -> None:
    with pytest.raises(UsageError, match=sentence):
        fill_document(chorale, FULL_CHORALE, rbm, FillOptions(seed=1, **options))


def test_weights_that_do_not_fit_are_refused(rbm: Model, tmp_path: Path) -> None:
    save_model(tmp_path / "unfit", CONFIG, rbm.params | {"hidden_bias": np.zeros(5, np.float32)})
    document = MusicXmlDocument.from_bytes(score_xml([attributes() + note(duration=4)] * 2))
    with pytest.raises(ModelError, match="its weights don't fit this version of jaxmuse"):
        fill_document(
            document, Region(1, 2, (0,)), load_model(str(tmp_path / "unfit")), FillOptions(seed=1)
        )


@pytest.mark.parametrize("near", ["few notes", "many notes"])
def test_fills_are_ranked_by_how_near_they_come_to_real_music_not_by_their_notes(
    chorale: MusicXmlDocument, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, near: str
) -> None:
    usual, known = 3.0, 10

    def drawn(
        config: object, rbm: object, pieces: Sequence[Piece], *rest: object, **more: object
    ) -> Written:
        halves, eighths = ([[12 * at, 1, 60, 12 * step, 1] for at in range(0, 8, step)] for step in (4, 1))
        events = np.zeros((len(pieces), 8, 5), np.int32)
        count = np.array([2, 8] * (len(pieces) // 2))
        for row, number in zip(events, count, strict=True):
            row[:number, [D_CLOCK, D_STAFF, D_PITCH, D_TICKS, D_VOICE]] = halves if number == 2 else eighths
        right = count == (2 if near == "few notes" else 8)
        onsets = count + known
        return Written(events, count, np.where(right, usual, usual + 1.5) * onsets, onsets)

    monkeypatch.setattr("jaxmodels.rbm.fill.fill_hole", drawn)
    rbm = random_rbm(units_of(CONFIG), CONFIG.hidden)._asdict()
    save_model(tmp_path / "dice", CONFIG, rbm, {USUAL_NATS: usual})
    options = FillOptions(seed=1, alternatives=2, care=NO_CARE)
    best, other = fill_document(
        chorale, Region(4, 5, (1,)), load_model(str(tmp_path / "dice")), options
    ).alternatives
    assert (best.nll, other.nll) == (usual, usual + 1.5)
    assert (best.note_count, other.note_count) == ((2, 8) if near == "few notes" else (8, 2))


def test_a_staff_beyond_the_roll_is_refused_by_its_name(rbm: Model) -> None:
    bar = note("C9") * 4
    document = MusicXmlDocument.from_bytes(score_xml([attributes() + bar, *[bar] * 5], names=("Piccolo",)))
    sentence = "^Piccolo: dice has no note in its range: it knows MIDI pitches 28 to 100 in this key. "
    with pytest.raises(RegionError, match=f"{sentence}Fill other staves, or take wavenet or lstm"):
        fill_document(document, Region(2, 3, (0,)), rbm, FillOptions(seed=1))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ("fill", "{score}", "--measures", "2", "--model", "{rbm}", "--keep-rhythm"),
            "option --keep-rhythm: dice, a restricted Boltzmann machine, can't keep a rhythm. "
            "Leave it out, or take wavenet or lstm.",
        ),
        (
            ("evaluate", "{score}", "--model", "{rbm}"),
            "a restricted Boltzmann machine has no exact likelihood of a note. Take wavenet or lstm.",
        ),
    ],
)
def test_the_command_line_refuses_what_an_rbm_cannot_do(
    rbm: Model,
    examples: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    sentence: str,
) -> None:
    score = tmp_path / "chorale.mxl"
    score.write_bytes((examples / "chorale.mxl").read_bytes())
    with pytest.raises(SystemExit) as ended:
        main([word.format(score=score, rbm=rbm.folder) for word in words])
    assert ended.value.code == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    (line,) = printed.err.splitlines()
    assert line.endswith(sentence)
    assert list(tmp_path.iterdir()) == [score]


def test_a_host_without_ties_is_told_that_lengths_are_not_chosen_by_them(
    examples: Path, rbm: Model
) -> None:
    xml = (MusicXmlDocument.open(examples / "chorale.mxl")).to_bytes(".musicxml").decode()
    told = "dice can't keep to lengths without ties: a note that needs one ends early."
    for client, expected in ((MUSESCORE_3, []), (MUSESCORE_4, [told])):
        reply = answer(asked({"musicxml": xml}, 4, 5, [1], client=client), lambda name: rbm)
        assert [notice for notice in reply.notices if notice == told] == expected
