"""Benchmarks take a model that draws note by note, and say in one sentence that another one isn't."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest
from loaded_script import loaded_script
from tiny_rbm import save_tiny_rbm

from bridge.models import Model

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("none", "option --model {folder}: there is no such model"),
        (
            "rbm",
            "option --model {folder}: a restricted Boltzmann machine has no exact likelihood of a note",
        ),
    ],
)
def test_what_does_not_draw_note_by_note_ends_the_benchmark(
    model: Model, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, sentence: str
) -> None:
    module = loaded_script("benchmarks/stepwise_model.py")
    parser = argparse.ArgumentParser()
    assert module.stepwise_model(parser, str(model.folder)).config == model.config
    save_tiny_rbm(tmp_path / "rbm")
    with pytest.raises(SystemExit) as ended:
        module.stepwise_model(parser, str(tmp_path / name))
    assert ended.value.code == 2
    named = tmp_path / name if name == "none" else "rbm"
    assert sentence.format(folder=named) in capsys.readouterr().err
