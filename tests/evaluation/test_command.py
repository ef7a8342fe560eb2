"""`jaxmuse evaluate` from a folder of scores to tables, JSON and a picture; compiled once for all tests."""

from __future__ import annotations

import contextlib
import json
import runpy
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from tiny_model import save_tiny_model

from bridge.cli import main
from bridge.evaluation.plot import plot_png
from bridge.evaluation.result import of_model
from bridge.evaluation.samples import BASELINES, REAL
from bridge.evaluation.tables import Table, all_tables, markdown, print_tables
from jaxmodels.checkpoint import load_facts, load_model, save_model
from jaxmodels.config import TrainConfig
from jaxmodels.holes import TASKS
from jaxmodels.shards import load_corpus


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_model(tmp_path_factory.mktemp("models") / "tiny")


def call(*arguments: object) -> int:
    with pytest.raises(SystemExit) as stopped:
        main(["evaluate", *map(str, arguments)])
    return int(stopped.value.code or 0)


@pytest.fixture(scope="module")
def asked(model: Path, examples: Path) -> tuple[object, ...]:
    """Two models that differ in nothing but their names, on the example scores."""
    twin = shutil.copytree(model, model.with_name("twin"))
    return examples, "--model", model, "--model", twin, "--holes", 3


@pytest.fixture(scope="module")
def out(asked: tuple[object, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("figures") / "new"
    assert call(*asked, "--out", folder) == 0
    return folder


@pytest.fixture(scope="module")
def result(out: Path) -> dict:
    return json.loads((out / "result.json").read_text())


def test_every_system_is_measured_in_every_task(result: dict) -> None:
    models = ["tiny", "tiny, left only", "twin", "twin, left only"]
    assert tuple(result["likelihood"]) == tuple(result["samples"]) == TASKS
    for task in TASKS:
        assert list(result["likelihood"][task]["systems"]) == [*models, "5-gram", "uniform"]
        assert list(result["samples"][task]["systems"]) == ["tiny", "twin", *BASELINES, REAL]
        assert result["samples"][task]["holes"] == result["likelihood"][task]["holes"] == 3


def test_fills_are_legal_and_the_real_music_is_like_itself(result: dict) -> None:
    for task in TASKS:
        systems = result["samples"][task]["systems"]
        assert [record["faults"] for record in systems.values()] == [0] * 6
        real = systems[REAL]["metrics"]
        assert real["note_f1"]["value"] == 1
        assert real["histogram_distance"]["value"] == 0
        assert {metric["value"] for name, metric in real.items() if name.endswith("_gap")} <= {0, None}
        assert systems["tiny"]["metrics"]["note_f1"]["value"] < 1


def test_figures_hang_together(result: dict) -> None:
    for task in TASKS:
        systems = result["likelihood"][task]["systems"]
        for record in systems.values():
            low, high = record["nll"]["interval"]
            assert low <= record["nll"]["value"] <= high
        heads = systems["tiny"]["heads"].values()
        assert sum(heads) == pytest.approx(systems["tiny"]["nll"]["value"], abs=1e-3)
    by_figure = {(row["task"], row["figure"], row["against"]): row for row in result["comparisons"]}
    row = by_figure["infill", "nats below", "5-gram"]
    infill = result["likelihood"]["infill"]["systems"]
    gain = 1 - infill["tiny"]["nll"]["value"] / infill["5-gram"]["nll"]["value"]
    assert row["value"] == pytest.approx(gain, abs=1e-4)
    assert row["is_share"]
    blind = by_figure["continue", "nats below", "tiny, left only"]
    assert blind["value"] == pytest.approx(0, abs=1e-4)  # nothing stands on the right
    assert ("infill", "nats below, last 24 ticks", "tiny, left only") in by_figure
    alone = by_figure["staff", "nats below, one staff hidden", "5-gram"]
    staff = result["likelihood"]["staff"]["systems"]
    gain = 1 - staff["tiny"]["one_staff"]["value"] / staff["5-gram"]["one_staff"]["value"]
    assert alone["value"] == pytest.approx(gain, abs=1e-4)
    copied = by_figure["staff", "note F1 above", "copy previous"]
    fills = result["samples"]["staff"]["systems"]
    f1 = {name: fills[name]["metrics"]["note_f1"]["value"] for name in ("tiny", "copy previous")}
    assert copied["value"] == pytest.approx(f1["tiny"] - f1["copy previous"], abs=1e-4)


def test_models_are_measured_alike(result: dict) -> None:
    for part in ("likelihood", "samples"):
        for task in TASKS:
            systems = result[part][task]["systems"]
            assert systems["tiny"] == systems["twin"]


def test_a_model_can_be_told_alone(result: dict) -> None:
    alone = of_model(result, "twin")
    assert "tiny" not in json.dumps(alone)
    assert alone["samples"]["staff"]["systems"]["twin"] == result["samples"]["staff"]["systems"]["twin"]
    assert 2 * len(alone["comparisons"]) == len(result["comparisons"])
    assert "tiny" not in markdown(all_tables(alone))


def test_tables_and_picture_are_kept(out: Path) -> None:
    table = (out / "table.md").read_text()
    assert table.startswith(
        "## Nats per note, lower is better\n\n|  | continue | infill | staff | cells |\n|---|---:|"
    )
    assert "| copy previous |" in table
    assert (out / "plot.png").read_bytes().startswith(b"\x89PNG")
    assert sorted(path.name for path in out.iterdir()) == ["plot.png", "result.json", "table.md"]


def test_the_same_again_as_json_with_a_progress_bar(
    asked: tuple[object, ...],
    result: dict,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    heard: list[float] = []

    @contextlib.contextmanager
    def progress_bar(label: str) -> Iterator[Callable[[float], None]]:
        yield heard.append

    monkeypatch.setattr("bridge.evaluation.command.progress_bar", progress_bar)
    assert call(*asked, "--json") == 0
    again = json.loads(capsys.readouterr().out)
    assert again.pop("seconds") > 0
    assert again == {key: value for key, value in result.items() if key != "seconds"}
    assert heard == sorted(heard)
    assert len(heard) > 10
    assert 0.98 < heard[-1] <= 1


def test_a_corpus_of_tunes_has_fewer_tasks_and_figures(result: dict) -> None:
    fewer = json.loads(json.dumps(result))
    for part in ("likelihood", "samples"):
        fewer[part] = {"continue": fewer[part]["continue"]}
    for record in fewer["samples"]["continue"]["systems"].values():
        record["metrics"]["triads"] = {"value": None, "interval": [None, None]}
    fewer["comparisons"] = [row for row in fewer["comparisons"] if row["task"] == "continue"]
    assert "| triads and sevenths | – | – |" in markdown(all_tables(fewer))
    assert plot_png(fewer).startswith(b"\x89PNG")


def test_a_model_card_tells_the_figures(
    model: Path, result: dict, tmp_path: Path, corpus_file: Path
) -> None:
    folder = shutil.copytree(model, tmp_path / "twin")
    config, params = load_model(folder)
    told = {"parameters": 6, "command": "jaxmuse train", "machine": "a machine", "versions": {"jax": "1"}}
    save_model(folder, config, params, told | {"train_config": asdict(TrainConfig()), "step": 7})
    release = runpy.run_path(str(Path(__file__).parents[2] / "benchmarks" / "release.py"))
    card = release["tell"](folder, [result], load_corpus(corpus_file)).read_text()
    nll = {task: result["likelihood"][task]["systems"]["twin"]["nll"]["value"] for task in TASKS}
    assert load_facts(folder)["test"] == nll
    assert f"| continue | {nll['continue']:.3f} |" in card
    assert "### Better by" in card
    assert "tiny" not in card
    untold = release["tell"](folder, [], load_corpus(corpus_file)).read_text()
    assert f"| continue | {nll['continue']:.3f} |" in untold


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--split", "train"], "option --split: 'train' can't be evaluated on. Take test or valid."),
        (["--styles", "made, jazz"], "option --styles: no work has the style 'jazz'. Take made, unknown."),
        (["--holes", "0"], "option --holes: 0 is out of its range. Give 1 to 100000."),
        (
            ["--seed", "-1"],
            "option --seed: -1 is out of its range. Give 0 or a positive number below 2^32.",
        ),
        (["--model", "nobody"], "option --model nobody: there is no such model."),
        (["nowhere"], "nowhere: there is no such file or folder."),
    ],
)
def test_what_cant_be_followed_is_said(
    arguments: list[str], sentence: str, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = [] if "--model" in arguments else ["--model", str(model)]
    assert call(*arguments, *more) == 2
    printed = capsys.readouterr()
    assert printed.err.splitlines()[-1].startswith(sentence)
    assert not printed.out


def test_a_model_named_twice_is_refused(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("--model", model, "--model", model) == 2
    assert capsys.readouterr().err.startswith(f"option --model: '{model}' is named twice. Name it once.")


def test_an_output_folder_that_cant_be_is_refused_at_once(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("a model was loaded")

    monkeypatch.setattr("bridge.evaluation.command.load_model", never)
    (tmp_path / "taken").write_text("a file")
    assert call("--model", model, "--out", tmp_path / "taken") == 2
    assert "the folder can't be made" in capsys.readouterr().err


def test_weights_of_another_model_are_refused(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = shutil.copytree(model, tmp_path / "odd")
    config = json.loads((odd / "config.json").read_text())
    (odd / "config.json").write_text(json.dumps(config | {"context_channels": 9}))
    assert call("--model", odd, "--holes", 1) == 2
    said = capsys.readouterr().err.splitlines()[-1]
    assert said.startswith("option --model odd: its weights don't fit")


def test_names_are_printed_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    print_tables(
        [Table("my [old] scores", ["", "[/x]"], [["[bold] is a long name", "1"]], note="of [red]")]
    )
    printed = capsys.readouterr().out
    assert all(name in printed for name in ("my [old] scores", "[/x]", "[bold]", "of [red]"))
