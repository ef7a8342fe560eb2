"""The training's command on made pieces: what it keeps, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from made_pieces import random_piece
from tiny_rbm import CONFIG

from jaxmodels.checkpoint import load_facts, load_model
from jaxmodels.rbm import train as training
from jaxmodels.rbm.config import USUAL_NATS, RbmConfig
from jaxmodels.rbm.energy import Rbm
from jaxmodels.rbm.roll import METRE, units_of
from jaxmodels.rbm.train import usual_nats
from jaxmodels.shards import Corpus, save_corpus


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("corpus") / "corpus.npz"
    save_corpus(
        path,
        Corpus(
            pieces=[random_piece(seed, [(4, 4)] * 6, 2) for seed in range(6)],
            work_ids=[f"made/{number}" for number in range(6)],
            collections=np.zeros(6, np.int32),
            collection_names=["made"],
            splits=np.array([0] * 4 + [1] * 2, np.int8),
            styles=np.zeros(6, np.int32),
            style_names=["unknown"],
        ),
    )
    return path


@pytest.fixture(autouse=True)
def less_to_measure(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("VALIDATIONS", 2), ("VALID_WINDOWS", 32), ("AIS_STEPS", 20), ("AIS_RUNS", 10)):
        monkeypatch.setattr(training, name, value)


def call(monkeypatch: pytest.MonkeyPatch, *words: object) -> None:
    sizes = ("--set", "hidden", 4, "--set", "batch_size", 5, "--steps", 20)
    monkeypatch.setattr("sys.argv", ["train", *map(str, (*sizes, *words))])
    training.main()


def test_twenty_updates_leave_the_best_rbm_and_the_validations(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "run"
    call(monkeypatch, "--corpus", corpus, "--out", out)
    config, params = load_model(out / "best")
    assert config == RbmConfig(hidden=4)
    assert np.shape(params["weights"]) == (units_of(config), 4)
    assert all(np.isfinite(array).all() for array in params.values())
    log = [json.loads(line) for line in (out / "metrics.jsonl").read_text().splitlines()]
    assert [row["step"] for row in log] == [10, 20]
    assert len(capsys.readouterr().out.splitlines()) == 2
    best = min(log, key=lambda row: row["valid_nats_per_window"])
    facts = load_facts(out / "best")
    assert {name: facts[name] for name in best} == best
    assert facts[USUAL_NATS] > 0
    with pytest.raises(SystemExit) as ended:
        call(monkeypatch, "--corpus", corpus, "--out", out)
    assert ended.value.code == 2
    assert f"--out {out}: it is there already. Name a new folder." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("validated", "sentence"),
    [
        (1, "stopped: {out}/best holds the best RBM until then."),
        (0, "stopped: nothing was validated, or kept."),
    ],
)
def test_a_stop_says_what_is_kept(
    corpus: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    validated: int,
    sentence: str,
) -> None:
    learn, calls = training.learn, []

    def stopping(*given: object) -> object:
        if len(calls) == validated:
            raise KeyboardInterrupt
        calls.append(given)
        return learn(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(training, "learn", stopping)
    with pytest.raises(SystemExit) as ended:
        call(monkeypatch, "--corpus", corpus, "--out", tmp_path / "run")
    assert ended.value.code == 130
    assert capsys.readouterr().err.splitlines()[-1] == sentence.format(out=tmp_path / "run")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--set", "kind", '"lstm"'), "kind must be 'rbm', got 'lstm'"),
        (("--set", "depth", "3"), "--set: there is no such field: depth"),
        (("--set", "steps", "three"), "--set takes a value as JSON"),
        (("--set", "hidden", "0"), "hidden must be positive, got 0"),
    ],
)
def test_settings_that_cannot_be_are_refused(
    corpus: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    sentence: str,
) -> None:
    with pytest.raises(SystemExit) as ended:
        call(monkeypatch, "--corpus", corpus, "--out", tmp_path / "run", *words)
    assert ended.value.code == 2
    assert sentence in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_the_usual_nats_are_those_of_independent_units_for_each_note_begun() -> None:
    units = units_of(CONFIG)
    rbm = Rbm(np.zeros((units, 2), np.float32), np.full(units, np.log(1 / 3), np.float32), np.zeros(2))
    windows = np.zeros((2, CONFIG.steps, 2 * CONFIG.pitches + METRE), np.uint8)
    windows[0, [0, 4, 4], [30, 30, 34]] = 1  # three onsets in one window, one in the other
    windows[1, 2, 20] = 1
    windows[0, 1:4, CONFIG.pitches + 30] = 1  # three holds
    windows[:, :, -1] = 1  # metre units count for nothing
    pitched = 2 * CONFIG.steps * 2 * CONFIG.pitches
    on = 4 + 3  # each on with probability 1/4
    nats = on * np.log(4) + (pitched - on) * np.log(4 / 3)
    assert usual_nats(CONFIG, rbm, windows.reshape(2, -1)) == pytest.approx(nats / 4, rel=1e-5)
