"""What is compiled at the start is what requests need."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_model import save_tiny_model

from bridge import stepwise_filling
from bridge.fill import FillOptions, fill_document, load_model
from bridge.model_reach import STAFF_SIZES
from bridge.models import Model
from bridge.score import Region
from bridge.server.warm import STAVES_IN_ORDER, compile_for, made_up_score, warm_steps
from jaxmodels.exported import Programs
from jaxmodels.holes import LONGEST_HOLE


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return load_model(str(save_tiny_model(tmp_path_factory.mktemp("tiny"))))


def test_every_number_of_staves_has_its_turn() -> None:
    assert sorted(STAVES_IN_ORDER) == sorted(STAFF_SIZES)


def test_the_made_up_score_has_an_empty_second_measure() -> None:
    score = made_up_score(3).score()
    assert [len(staff.notes) for staff in score.staves] == [1, 1, 1]
    assert {note.onset_quarter for staff in score.staves for note in staff.notes} == {0}
    assert len(score.measures) == 2


def test_a_request_compiles_nothing_any_more(
    model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = Programs(tmp_path, "of this test")
    monkeypatch.setattr(stepwise_filling, "kept_programs", lambda: programs)
    compile_for(1, model)
    assert programs.compiled() == 3
    shares: list[float] = []
    for options in (FillOptions(seed=5), FillOptions(seed=6, temperature=2.0, tuplets=False, ties=False)):
        fill_document(made_up_score(1), Region(1, 2, (0,)), model, options, shares.append)
    longer = made_up_score(1)
    longer.append_measures(LONGEST_HOLE)
    fill_document(longer, Region(1, 2 + LONGEST_HOLE, (0,)), model, FillOptions(seed=7), shares.append)
    assert programs.compiled() == 3
    assert shares[-1] == 1.0


def test_loading_comes_first_and_uses_the_models_by_name(model: Model) -> None:
    asked: list[str] = []

    def model_for(name: str) -> Model:
        asked.append(name)
        return model

    steps = warm_steps(model_for)
    assert [step.label for step in steps] == [
        "loading the model",
        "compiling for 4 staves",
        "compiling for 2 staves",
        "compiling for 1 staff",
        "compiling for 8 staves",
        "compiling for 16 staves",
        "compiling for 32 staves",
    ]
    steps[0].run()
    steps[3].run()
    assert asked == ["lstm", "lstm"]
    assert isinstance(model.folder, Path)
