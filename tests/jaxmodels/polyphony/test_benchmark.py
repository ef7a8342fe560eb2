"""The benchmark's table and its refusals; its figures come from runs, not from tests."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from loaded_script import loaded_script

BENCHMARKS = Path(__file__).parents[3] / "benchmarks"


@pytest.fixture
def benchmark(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(BENCHMARKS)
    return loaded_script("benchmarks/polyphony.py")


def configured(benchmark: ModuleType, *changes: str) -> tuple:
    given = [word for change in changes for word in ("--set", change)]
    return benchmark.configure(*benchmark.SMALL, benchmark.parse(["--data", "x.mat", *given]))


def test_settings_change_the_recipe(benchmark: ModuleType) -> None:
    model, training = configured(benchmark, "order=up", "dilations=1,2", "peak_rate=1e-3", "width=64")
    assert (model.order, model.dilations, model.width) == ("up", (1, 2), 64)
    assert training.peak_rate == 1e-3
    assert configured(benchmark)[0].order == "outer"


@pytest.mark.parametrize("recipe", ["SMALL", "LARGE"])
def test_both_recipes_are_taken_as_they_are_written(benchmark: ModuleType, recipe: str) -> None:
    sizes, manner = getattr(benchmark, recipe)
    model, training = benchmark.configure(sizes, manner, benchmark.parse(["--data", "x.mat"]))
    assert {name: getattr(model, name) for name in sizes} == sizes
    assert {name: getattr(training, name) for name in manner} == manner


def test_parts_of_an_epoch_can_be_set(benchmark: ModuleType) -> None:
    training = configured(benchmark, "epochs=3.6", "valid_every=0.6")[1]
    assert (training.epochs, training.valid_every) == (3.6, 0.6)


def test_description_of_rolls(benchmark: ModuleType) -> None:
    phrase = np.zeros((12, 88), np.uint8)
    phrase[np.arange(12), [39, 41, 43, 44, 46, 48, 50, 51, 53, 55, 57, 51]] = 1
    describe = importlib.import_module("polyphony_data").describe
    facts = describe({split: [phrase] for split in benchmark.SPLITS})
    assert facts["testdata"] == {"pieces": 1, "frames": 12, "notes": 12, "last_bass_note_is_c": 1}
    found = facts["recalled_library_top"]
    assert found == {"share_of_frames": pytest.approx(4 / 11), "highest_note_right": 1.0}


def test_summary_gives_mean_and_spread_over_seeds(benchmark: ModuleType, tmp_path: Path) -> None:
    for seed, nats in enumerate((4.0, 4.2, 4.4)):
        result = {"data": "JSB_Chorales", "model": "lstm", "seed": seed, "library": True, "test_nats": nats}
        (tmp_path / f"polyphony-{seed}.json").write_text(json.dumps({"results": result}))
    table = benchmark.summarise(tmp_path)
    assert "| jaxmuse LSTM | 4.200 ± 0.200 (3) |  |" in table
    assert "| RNN-NADE (Boulanger-Lewandowski et al. 2012) | 5.56 | 2.31 |" in table


def test_mixture_of_runs(benchmark: ModuleType, tmp_path: Path) -> None:
    for name, nats in (("a", [1.0, 2.0]), ("b", [3.0, 2.0])):
        (tmp_path / name).mkdir()
        np.save(tmp_path / name / benchmark.NATS_FILE, np.array(nats))
        (tmp_path / name / benchmark.TEST_FILE).write_text('{"data": "Nottingham"}')
    mixed = benchmark.mix([tmp_path / "a", tmp_path / "b"])
    expected = np.mean([-np.log((np.exp(-1) + np.exp(-3)) / 2), 2.0])
    assert mixed["test_nats"] == pytest.approx(expected)
    assert (mixed["data"], mixed["test_frames"]) == ("Nottingham", 2)


def test_bad_input_is_refused_in_one_sentence(
    benchmark: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "text.mat").write_text("not MATLAB")
    for call in (
        lambda: benchmark.load_rolls(tmp_path / "text.mat"),
        lambda: benchmark.load_rolls(tmp_path / "missing.mat"),
        lambda: benchmark.mix([tmp_path]),
        lambda: benchmark.summarise(tmp_path),
        lambda: benchmark.parse([]),
        lambda: benchmark.parse(["--data", "x.mat", "--epochs", "0"]),
        lambda: benchmark.parse(["--data", "x.mat", "--set", "width"]),
        lambda: configured(benchmark, "breadth=3"),
        lambda: configured(benchmark, "width=many"),
        lambda: configured(benchmark, "dropout=1"),
    ):
        with pytest.raises(SystemExit) as stopped:
            call()
        assert stopped.value.code == 2
        assert str(capsys.readouterr().err).strip()


def test_a_folder_takes_one_run(
    benchmark: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    configs = configured(benchmark)
    benchmark.claim(tmp_path / "run", {"library": True}, *configs)
    benchmark.claim(tmp_path / "run", {"library": True}, *configs)  # goes on
    with pytest.raises(SystemExit) as stopped:
        benchmark.claim(tmp_path / "run", {"library": False}, *configs)
    assert stopped.value.code == 2
    assert "its run has other data or settings. Name another folder" in capsys.readouterr().err


def test_runs_without_the_library_have_a_folder_of_their_own(benchmark: ModuleType) -> None:
    with_it, without = (benchmark.parse(["--data", "x.mat", *more]).out for more in ([], ["--no-library"]))
    assert with_it != without
