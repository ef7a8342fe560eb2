"""Models of tokens that can't be used: one sentence, exit code 2."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest
from command import Run

from bridge.cli import main
from jaxmodels.tokens.checkpoint import PROMPTS_FILE, save_model
from jaxmodels.tokens.config import KINDS, TokenConfig
from jaxmodels.tokens.model import init_params

WORDS = ("0.4.7", "A4", "B4", "C4")


def config_of(kind: str) -> TokenConfig:
    return TokenConfig(
        kind, WORDS, embedding=4, filters=(4, 4), dilations=(1, 2), lstm_channels=(4,), dense=4
    )


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def folder(kind: str, tmp_path: Path) -> Path:
    config = config_of(kind)
    save_model(tmp_path / "m", config, init_params(config, 0), np.zeros((2, 32), np.int32), {})
    return tmp_path / "m"


def refused(run: Run, folder: Path, *given: str) -> str:
    outcome = run("generate", "--model", str(folder), "-o", str(folder.parent / "new.mid"), *given)
    assert outcome.code == 2, outcome.err
    assert len(outcome.err.strip().splitlines()) == 1
    assert not (folder.parent / "new.mid").exists()
    return outcome.err


def test_weights_of_another_shape(kind: str, folder: Path, run: Run) -> None:
    config = config_of(kind)
    whole = jax.device_get(init_params(config, 0))
    for name in ("embedding", "dense"):
        cut = dict(whole)
        cut[name] = jax.tree.map(lambda array: array[..., :-1], whole[name])
        save_model(folder, config, cut, np.zeros((2, 32), np.int32), {})
        assert f"option --model {folder}: its weights don't fit" in refused(run, folder)
    save_model(folder, config, {"last": whole["last"]}, np.zeros((2, 32), np.int32), {})
    assert f"option --model {folder}: its weights don't fit" in refused(run, folder)


@pytest.mark.parametrize("token", [-1, len(WORDS), 0.5, 2**70, "A4"])
def test_openings_of_other_tokens(token: Any, folder: Path, run: Run) -> None:
    (folder / PROMPTS_FILE).write_text(json.dumps([[token] * 32]))
    assert "beyond the vocabulary of 4" in refused(run, folder)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda words: [*words[:-1], "H4"], "'H4' is no note or chord"),
        (lambda words: [*words[:-1], "C12"], "'C12' is no note or chord"),
        (lambda words: [*words[:-1], "4.12"], "'4.12' is no note or chord"),
        (lambda words: [*words[:-1], 4], "vocabulary must be words"),
        (lambda words: words[:-1] + words[:1], "vocabulary must have 2 or more different words"),
    ],
)
def test_vocabularies_that_are_no_music(change: Callable, sentence: str, folder: Path, run: Run) -> None:
    file = folder / "config.json"
    values = json.loads(file.read_text())
    file.write_text(json.dumps(values | {"vocabulary": change(values["vocabulary"])}))
    assert sentence in refused(run, folder)


@pytest.mark.parametrize("seed", [-1, 2**63])
def test_seeds_out_of_range(seed: int, folder: Path, run: Run) -> None:
    said = refused(run, folder, "--seed", str(seed))
    assert said.strip().endswith(f"option --seed: {seed} is out of its range. Give 0 to 2^63 − 1.")


def test_the_last_seed(folder: Path, run: Run) -> None:
    made = run(
        "generate", "--model", str(folder), "--seed", str(2**63 - 1), "-o", str(folder.parent / "a.mid")
    )
    assert made.code == 0, made.err


def test_it_fills_no_scores(folder: Path, chorale: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["fill", str(chorale), "--bars", "2", "--model", str(folder), "--no-bridge"])
    said = capsys.readouterr().err.strip()
    assert stopped.value.code == 2
    assert f"jaxmuse generate --model {folder}" in said
    assert len(said.splitlines()) == 1
    assert sorted(chorale.parent.glob("*.mxl")) == [chorale]
