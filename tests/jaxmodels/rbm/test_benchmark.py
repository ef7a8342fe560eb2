"""The benchmark of single frames, on made frames; its figures come from runs, not from tests."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from loaded_script import loaded_script
from scipy.io import savemat

BENCHMARKS = Path(__file__).parents[3] / "benchmarks"


@pytest.fixture
def benchmark(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(BENCHMARKS)
    module = loaded_script("benchmarks/rbm.py")
    for name, value in (
        ("VALID_AIS", (20, 8)),
        ("TEST_AIS", (400, 50)),
        ("SETTLING", 50),
        ("UPDATES", 150),
    ):
        monkeypatch.setattr(module, name, value)
    return module


def write_rolls(path: Path) -> None:
    """Write three splits of two pieces, whose frames are one of two chords, equally often."""
    rng = np.random.default_rng(0)
    chords = np.zeros((2, 88), np.uint8)
    chords[0, [39, 43, 46]] = chords[1, [41, 44, 48]] = 1
    content = {}
    for split in ("traindata", "validdata", "testdata"):
        pieces = np.empty((1, 2), object)
        pieces[0, 0], pieces[0, 1] = (chords[rng.integers(0, 2, 40)] for _ in range(2))
        content[split] = pieces
    savemat(path, content)


def test_two_chords_are_learnt_measured_once_and_kept(
    benchmark: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write_rolls(tmp_path / "made.mat")
    words = [
        "rbm.py",
        "--data",
        str(tmp_path / "made.mat"),
        "--out",
        str(tmp_path / "run"),
        "--hidden",
        "8",
    ]
    words += ["--set", "steps", "600", "--set", "batch_size", "20", "--evaluate-test"]
    monkeypatch.setattr("sys.argv", [*words, "--json", str(tmp_path / "result.json")])
    benchmark.main()
    found = json.loads((tmp_path / "result.json").read_text())["results"]
    assert (found["test_frames"], found["all_test_frames"]) == (78, 80)
    assert np.log(2) - 0.3 < found["test_nats"] < 3  # units by themselves: six of them, log 64
    assert found["test_nats_low"] <= found["test_nats"] <= found["test_nats_high"]
    assert found["test_nats_reverse"] == pytest.approx(found["test_nats"], abs=0.5)
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        benchmark.main()
    assert ended.value.code == 2
    assert "its test figure was read before. Name another folder with --out." in capsys.readouterr().err
