"""From made-up scores to a model and to new music, by the commands; refusals with one sentence."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from command import Run
from training.made_scores import tune

from bridge.corpus import build
from bridge.errors import ModelError
from bridge.models import load_model
from bridge.open import open_document
from bridge.tokens import reading, train_command
from bridge.tokens.recipe import Recipe
from jaxmodels.checkpoint import load_facts
from jaxmodels.tokens import fit as fit_module
from jaxmodels.tokens.config import KINDS, TokenConfig

SCORES = 6
TRAIN, STATS = ["train", "--recipe", KINDS[0]], ["corpus", "stats", "--tokens"]
MATERIAL = (["--min-count", "0"], ["--instrument", "kazoo"], ["--instrument", ""])


@pytest.fixture(scope="module", autouse=True)
def tiny() -> Iterator[None]:
    def config_of(kind: str, vocabulary: tuple[str, ...]) -> TokenConfig:
        sizes = {"embedding": 4, "filters": (4, 4), "dilations": (1, 2), "lstm_channels": (4,), "dense": 4}
        return replace(TokenConfig(kind, vocabulary), **sizes)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train_command, "TokenConfig", config_of)
        yield


@pytest.fixture
def tunes(tmp_path: Path) -> Path:
    folder = tmp_path / "tunes"
    folder.mkdir()
    for seed in range(SCORES):
        (folder / f"tune{seed}.musicxml").write_text(tune(seed))
    return folder


@pytest.mark.parametrize("kind", KINDS)
def test_a_recipe_trains_and_its_model_generates(kind: str, tunes: Path, tmp_path: Path, run: Run) -> None:
    out = tmp_path / "run"
    asked = ["train", "--recipe", kind, str(tunes), "--out", str(out), "--instrument", "all"]
    trained = run(*asked, "--epochs", "2", "--json")
    assert trained.code == 0, trained.err
    assert trained.records[0]["epochs"] == 2
    assert len((out / "metrics.jsonl").read_text().splitlines()) == 2
    written = []
    for name in ("one.musicxml", "two.musicxml", "three.mid"):
        made = run(
            "generate", "--model", str(out), "--notes", "10", "--seed", "3", "-o", str(tmp_path / name)
        )
        assert made.code == 0, made.err
        written.append((tmp_path / name).read_bytes())
    assert written[0] == written[1]
    score = open_document(tmp_path / "one.musicxml").score()
    assert sum(len(staff.notes) for staff in score.staves) == 10
    assert len(score.measures) == 3
    with pytest.raises(ModelError, match=r"notes and chords without durations.*jaxmuse generate"):
        load_model(str(out))  # as jaxmuse fill does


def test_the_histogram(tunes: Path, tmp_path: Path, run: Run) -> None:
    counted = run("corpus", "stats", str(tunes), "--tokens", "--instrument", "all", "--json")
    assert counted.code == 0, counted.err
    record = counted.records[0]
    assert record["works"] == SCORES
    assert record["tokens"] == sum(record["counts"].values())
    assert set(record["counts"]) == {f"{step}4" for step in "CDEFGAB"}
    plotted = run(
        "corpus", "stats", str(tunes), "--tokens", "--instrument", "all", "--png", str(tmp_path / "t.png")
    )
    assert plotted.code == 0
    assert (tmp_path / "t.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["train", "--recipe", "gru"], "option --recipe: 'gru' is no recipe"),
        (["train", "--recipe", KINDS[0], "--model", "lstm"], "options --recipe and --model"),
        (["train", "--recipe", KINDS[0], "--minutes", "3"], "options --recipe and --minutes"),
        (["train", "--recipe", KINDS[0], "--epochs", "0"], "option --epochs: 0 is out of its range"),
        (["train", "--recipe", KINDS[0], "--split", "bar"], "option --split: 'bar' is no way to split"),
        (
            ["train", "--epochs", "3"],
            "option --epochs: nothing here has a use for it. Add --recipe tutorial-wavenet or",
        ),
        (
            ["corpus", "stats", "--min-count", "3"],
            "option --min-count: nothing here has a use for it. Add --tokens",
        ),
        (["generate", "--model", "wavenet"], "option --model wavenet: this model fills scores"),
        (["generate", "--model", "wavenet", "--notes", "0"], "option --notes: 0 is out of its range"),
        (["generate", "--model", "x", "--greedy", "--temperature", "1"], "they contradict each other"),
        (["generate", "--model", "x", "--temperature", "0"], "option --temperature: 0 is out of its range"),
        (["generate", "--model", "x", "-o", "a.pdf"], "a.pdf: '.pdf' is no format that can be written"),
    ],
)
def test_refusals(
    arguments: list[str], sentence: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    refused = run(*arguments)
    assert refused.code == 2
    assert sentence in refused.err
    assert len(refused.err.strip().splitlines()) == 1
    assert not list(tmp_path.glob("*.mid"))


def test_nothing_to_validate_on(tunes: Path, tmp_path: Path, run: Run) -> None:
    one = ["train", "--recipe", KINDS[1], str(tunes / "tune0.musicxml"), "--instrument", "all"]
    one += ["--min-count", "1", "--epochs", "2"]
    shown = run(*one, "--out", str(tmp_path / "shown"))
    assert shown.code == 0, shown.err
    assert "epoch 2 of 2" in shown.err
    assert "nothing to validate on" in shown.err
    assert "Best model: epoch 2 of 2, nothing to validate on." in shown.out
    told = run(*one, "--out", str(tmp_path / "told"), "--json")
    assert told.records[0]["best_epoch"] == 2
    assert told.records[0]["valid"] is None
    logged = [json.loads(line, parse_constant=pytest.fail) for line in open_log(tmp_path / "told")]
    assert [epoch["valid"] for epoch in logged] == [None, None]
    assert load_facts(tmp_path / "told" / "best") == {
        "epoch": 2,
        "valid": None,
        "command": Recipe(
            KINDS[1], (tunes / "tune0.musicxml",), 2, instrument="all", min_count=1
        ).command_line(tmp_path / "told"),
    }


def open_log(folder: Path) -> list[str]:
    return (folder / "metrics.jsonl").read_text().splitlines()


def test_of_equal_epochs_the_first_is_kept_and_named(
    tunes: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    losses = iter([2.0, 1.5, 1.5, 1.75])
    monkeypatch.setattr(fit_module, "validation_loss", lambda *_: next(losses))
    asked = ["train", "--recipe", KINDS[1], str(tunes), "--instrument", "all", "--epochs", "4", "--json"]
    trained = run(*asked, "--out", str(tmp_path / "r"))
    assert trained.code == 0, trained.err
    assert trained.records[0]["best_epoch"] == 2
    assert load_facts(tmp_path / "r" / "best")["epoch"] == 2


@pytest.mark.parametrize(
    ("command", "given"),
    [
        *((command, given) for command in (TRAIN, STATS) for given in MATERIAL),
        (TRAIN, ["--split", ""]),
        (TRAIN, ["--products", ""]),
    ],
)
def test_options_are_looked_at_before_scores(
    command: list[str], given: list[str], tunes: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "build_corpus", lambda *_, **__: pytest.fail("the corpus was built"))
    monkeypatch.setattr(reading, "build_corpus", lambda *_, **__: pytest.fail("the corpus was built"))
    refused = run(*command, str(tunes), *given)
    assert refused.code == 2
    assert f"option {given[0]}" in refused.err
    assert len(refused.err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (["--instrument", "kazoo"], "option --instrument: 'kazoo' is no instrument that is known"),
        ([], "no part of 6 works is played by 'piano'"),
        (["--instrument", "all", "--min-count", "9999"], "option --min-count: 0 of 7 notes and chords"),
    ],
)
def test_scores_without_what_is_needed(
    given: list[str], sentence: str, tunes: Path, tmp_path: Path, run: Run
) -> None:
    refused = run("train", "--recipe", KINDS[0], str(tunes), "--out", str(tmp_path / "r"), *given)
    assert refused.code == 2
    assert sentence in refused.err
    assert not (tmp_path / "r").exists()
