"""A fill that repeats its model's training music is told of, everywhere, and ranked last."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tiny_model import save_tiny_model

from bridge.account import account_of
from bridge.api import fill
from bridge.codec import piece_from_score
from bridge.console import fill_record, fill_summary
from bridge.copy_check import CopiedPassage, copies_in, copy_warning
from bridge.errors import ModelError
from bridge.fill import FillOptions, Model, fill_document, load_model
from bridge.filling_task import FillingTask
from bridge.host.answer import answer
from bridge.musicxml import MusicXmlDocument
from bridge.open import open_document
from bridge.protocol.request import FillRequest
from bridge.score import Region, Score
from jaxmodels.copy_sketch import SKETCH_FILE, build_sketch, save_sketch
from jaxmodels.piece import Piece

ALL = (0, 1, 2, 3)
REGION = Region(4, 12, ALL)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_model(tmp_path_factory.mktemp("plain"))


@pytest.fixture(scope="module")
def score(examples: Path) -> Score:
    return open_document(examples / "chorale.mxl").score()


@pytest.fixture
def trained_on(plain: Path, tmp_path: Path) -> Callable[[Piece], Model]:
    """Make the model of dice that was trained on a piece, as its sketch says."""

    def make(piece: Piece) -> Model:
        folder = Path(shutil.copytree(plain, tmp_path / f"model {len(list(tmp_path.iterdir()))}"))
        save_sketch(folder, build_sketch([piece]))
        return load_model(str(folder))

    return make


@pytest.fixture
def copying(examples: Path, plain: Path, trained_on: Callable[[Piece], Model]) -> Model:
    """The model whose likeliest fill of `REGION` for seed 5 is its training music."""
    filled = fill_document(
        MusicXmlDocument.open(examples / "chorale.mxl"), REGION, load_model(str(plain)), FillOptions(seed=5)
    )
    return trained_on(piece_from_score(filled.apply().score()))


def test_a_score_is_told_of_that_the_sketch_was_made_of(score: Score) -> None:
    piece = piece_from_score(score)
    higher = piece._replace(notes=piece.notes + np.array([0, 0, 3, 0], np.int32))
    (copies,) = copies_in([higher], REGION, build_sketch([piece]))
    assert copies
    assert {each.staff for each in copies} == set(ALL)
    assert [each.bits for each in copies] == sorted((each.bits for each in copies), reverse=True)
    assert copies[0].telling
    assert (copies[0].start, copies[0].stop) == (REGION.start, REGION.stop)
    assert copies_in([piece], REGION, None) == [None]


def test_what_stands_outside_the_region_does_not_count(score: Score) -> None:
    piece = piece_from_score(score)
    start = piece.measures[REGION.start, 0]
    stop = piece.measures[REGION.stop, 0]
    rng = np.random.default_rng(0)
    notes = piece.notes.copy()
    inside = (notes[:, 0] >= start) & (notes[:, 0] < stop)
    notes[inside, 2] = rng.integers(30, 100, inside.sum())
    assert copies_in([piece._replace(notes=notes)], REGION, build_sketch([piece])) == [()]
    assert copies_in([piece], Region(4, 12, (1,)), build_sketch([piece]))[0][0].staff == 1  # type: ignore[index]


def test_the_sentence_names_what_is_to_be_looked_at(score: Score) -> None:
    passage = CopiedPassage(staff=0, start=8, stop=10, notes=17, changed=0, bits=80.0)
    place = "Measures 8 to 9 of Soprano"
    tail = "of the training music, perhaps in another key"
    assert copy_warning(score, [passage]) == (
        f"{place} repeat 17 notes in a row {tail}: check before you publish."
    )
    single = replace(passage, stop=9, notes=30, changed=1, staff=3)
    assert copy_warning(score, [single, passage, replace(passage, bits=1.0)]) == (
        f"Measure 8 of Bass repeats 30 of 31 notes in a row {tail} (1 more staff does so too): "
        "check before you publish."
    )
    assert copy_warning(score, [replace(passage, bits=20.0)]) is None
    assert copy_warning(score, []) is None
    assert copy_warning(score, None) is None


def test_a_copy_is_ranked_last_and_told_where_it_is_taken(
    examples: Path, copying: Model, plain: Path
) -> None:
    path = examples / "chorale.mxl"
    ask = {"measures": "#5-#12", "seed": 5, "alternatives": 8}
    before, after = fill(path, model=load_model(str(plain)), **ask), fill(path, model=copying, **ask)  # type: ignore[arg-type]
    best, last = before.filled.alternatives[0], after.filled.alternatives[-1]
    assert (best.copies, best.copied, best.copied_notes) == (None, False, None)
    assert (last.notes, last.nll) == (best.notes, best.nll)
    assert last.copied
    assert last.copied_notes
    assert [each.copied for each in after.filled.alternatives] == [False] * 7 + [True]
    assert after.copied_notes is not None
    assert after.copied_notes < 12
    sentence = after.copy_warning(7)
    assert sentence
    assert sentence.startswith("Measures 4 to ")
    assert "of the training music, perhaps in another key" in sentence
    outputs = [Path(f"{number}.mxl") for number in range(8)]
    assert fill_summary(account_of(after), outputs).endswith(f"→ 7.mxl\n    {sentence}")
    assert "training" not in fill_summary(account_of(before), outputs)
    record = json.loads(json.dumps(fill_record(account_of(after), outputs)))
    assert (record["copied_notes"], record["warning"]) == (after.copied_notes, None)
    assert not any(each["telling"] for each in record["copied"])
    told = record["alternatives"][7]
    assert (told["copied_notes"], told["warning"]) == (last.copied_notes, sentence)
    assert {each["part"] for each in told["copied"]} == {"Soprano", "Alto", "Tenor", "Bass"}
    assert told["copied"][0]["telling"]
    record = fill_record(account_of(before), outputs)
    assert (record["copied_notes"], record["copied"], record["warning"]) == (None, None, None)


def test_a_host_is_told_with_the_best_alternatives_notices(
    examples: Path, copying: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.filling_task._rank", lambda found: found[1])
    xml = MusicXmlDocument.open(examples / "chorale.mxl").to_bytes(".musicxml").decode()
    selection = {"start": 4, "stop": 12, "staves": list(ALL), "mode": "replace"}
    client = {"name": "MuseScore", "version": "3.2.3", "fragment": True}
    options = {"seed": 5, "alternatives": 2}
    body = {"musicxml": xml, "selection": selection, "options": options, "client": client}
    reply = answer(FillRequest.model_validate_json(json.dumps(body)), lambda name: copying)
    first, second = reply.alternatives
    assert first.copied_notes
    assert first.warning
    assert first.warning.startswith("Measures 4 to ")
    assert reply.notices == [first.warning]
    assert (second.copied_notes is None, second.warning) == (False, None)


def test_a_damaged_sketch_is_one_sentence(plain: Path, tmp_path: Path, examples: Path) -> None:
    folder = Path(shutil.copytree(plain, tmp_path / "model"))
    (folder / SKETCH_FILE).write_bytes(b"nothing")
    with pytest.raises(ModelError, match=rf"{SKETCH_FILE} is damaged .*\. Delete {SKETCH_FILE}"):
        fill(examples / "chorale.mxl", bars=1, model=load_model(str(folder)))


def test_the_task_asks_its_models_sketch(
    examples: Path, trained_on: Callable[[Piece], Model], score: Score
) -> None:
    task = FillingTask(score, REGION, trained_on(piece_from_score(score)), FillOptions(seed=1))
    task.fill_some()
    task.pieces = [piece_from_score(score)] * task.count  # as if it had written what stands there
    assert all(each.copied for each in task.ranked())
