"""One call from Python does what the command does."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from bridge.api import fill
from bridge.errors import RegionError, UsageError, WriteError
from bridge.open import open_document


def test_a_filled_score_tells_what_was_filled(dice_model: ModuleType, chorale: Path) -> None:
    result = fill(chorale, measures="9-10", parts="Tenor", seed=4, alternatives=2)
    assert (result.parts, result.measures) == (("Tenor",), ("9", "10"))
    assert (result.seed, result.model, result.notes, result.nll) == (4, "lstm", 8, 1.5)
    assert len(result.filled.alternatives) == 2
    assert {path.name for path in chorale.parent.iterdir()} == {"chorale.mxl"}


def test_an_alternative_is_saved_in_the_format_of_its_suffix(dice_model: ModuleType, chorale: Path) -> None:
    result = fill(str(chorale), bars=2, seed=4, alternatives=2)
    best = result.save(chorale.with_name("best.mxl"))
    second = result.save(str(chorale.with_name("second.musicxml")), alternative=1)
    sounding = [open_document(path).score().staves[0].notes for path in (best, second)]
    assert sounding[0] != sounding[1]
    with pytest.raises(WriteError, match="it is there already"):
        result.save(best)
    with pytest.raises(WriteError, match="this is the input"):
        result.save(chorale, force=True)


def test_an_alternative_that_there_isnt_is_one_sentence(dice_model: ModuleType, chorale: Path) -> None:
    output = chorale.with_name("second.mxl")
    one, two = (fill(chorale, bars=2, seed=4, alternatives=count) for count in (1, 2))
    with pytest.raises(UsageError) as caught:
        one.save(output, alternative=1)
    assert str(caught.value) == (
        "chorale.mxl, alternative=1: there is 1 alternative (those that came out the same count once). "
        "Give 0, the best."
    )
    with pytest.raises(
        UsageError, match=r"alternative=-1: there are 2 alternatives .* Give 0, the best, to 1"
    ):
        two.to_bytes(alternative=-1)
    assert not output.exists()


def test_a_loaded_model_serves_many_scores(dice_model: ModuleType, chorale: Path, tune: Path) -> None:
    model = dice_model.load_model("mine")
    assert [fill(path, seed=1, model=model).model for path in (chorale, tune)] == ["mine", "mine"]
    assert dice_model.loads == 1


def test_errors_have_their_place(dice_model: ModuleType, chorale: Path) -> None:
    with pytest.raises(RegionError, match=r"^chorale\.mxl, option --measures: there is no measure 99\."):
        fill(chorale, measures="99")
    with pytest.raises(UsageError, match=r"^option --top-p: 2 is out of its range\."):
        fill(chorale, top_p=2)


def test_parts_may_be_a_sequence(dice_model: ModuleType, chorale: Path) -> None:
    listed, joined = (fill(chorale, bars=2, seed=4, parts=parts) for parts in (["Alto", 3], "Alto,3"))
    assert listed.parts == joined.parts == ("Alto", "Tenor")
