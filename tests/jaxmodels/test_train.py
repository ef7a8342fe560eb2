from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest
from made_pieces import melody
from untrained import CONFIG, random_params

from jaxmodels import evaluate
from jaxmodels import train as training
from jaxmodels.checkpoint import load_facts, load_model
from jaxmodels.config import ModelConfig, TrainConfig
from jaxmodels.data import Example, TrainingData, make_examples
from jaxmodels.optimiser import fresh_state, learning_rate
from jaxmodels.shards import Corpus, save_corpus
from jaxmodels.train import train
from jaxmodels.train_log import Progress
from jaxmodels.train_state import TrainState, TrainStore
from jaxmodels.train_step import train_step
from jaxmodels.window_layout import Sizes, Window

pytestmark = pytest.mark.slow  # one gradient to compile

MODEL = replace(CONFIG, dropout=0.1)
SETTINGS = TrainConfig(
    batch_size=2, steps=20, warmup_steps=5, peak_rate=5e-3, valid_every=10, valid_windows=16, patience=9
)


@pytest.fixture(scope="module")
def tunes() -> list[Example]:
    return make_examples([melody(bars) for bars in (6, 8, 10)], [1, 1, 1])


def first_params(config: ModelConfig, window: Window, sizes: Sizes, seed: int = 0) -> dict:
    return jax.tree.map(lambda leaf: 0.5 * leaf, random_params(config, window, sizes, seed))


def one_step(model: ModelConfig, config: TrainConfig, *rest: Any) -> tuple[TrainState, jax.Array]:
    """Make a step of any length of training the same one, which is compiled once."""
    return train_step(model, replace(config, steps=SETTINGS.steps, patience=SETTINGS.patience), *rest)


@pytest.fixture(scope="module", autouse=True)
def less_to_compile():
    """Make small batches of small windows for validation, and start without a compiled initialisation."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evaluate, "EVALUATION_BATCH", 2)
        patch.setattr(evaluate, "STAFF_BUCKETS", (1,))
        patch.setattr("jaxmodels.train.init_params", first_params)
        patch.setattr(training, "train_step", one_step)
        yield


class Run:
    """A finished training and what it told."""

    def __init__(self, tunes: list[Example], out: Path) -> None:
        self.out, self.told = out, list[Progress]()
        self.tunes = tunes

    def go(
        self, *, resume: bool = False, stop_at: int | None = None, settings: TrainConfig = SETTINGS
    ) -> dict:
        def report(progress: Progress) -> None:
            self.told.append(progress)
            if progress.kind == "step" and progress.step == stop_at:
                raise KeyboardInterrupt

        run = partial(train, self.tunes, self.tunes[:1], self.out, MODEL, settings)
        return run(resume=resume, report=report)

    def lines(self) -> list[dict]:
        return [json.loads(line) for line in (self.out / "metrics.jsonl").read_text().splitlines()]

    def state(self) -> tuple[TrainState, dict]:
        return TrainStore(self.out / "state").restore(first_state(self.tunes))


def first_state(tunes: list[Example]) -> TrainState:
    sizes, batch = TrainingData(tunes, SETTINGS.batch_size, SETTINGS.seed).batch(0)
    params = first_params(MODEL, jax.tree.map(lambda x: x[0], batch), sizes)
    return fresh_state(SETTINGS, params)


@pytest.fixture(scope="module")
def straight(tunes: list[Example], tmp_path_factory: pytest.TempPathFactory) -> Run:
    run = Run(tunes, tmp_path_factory.mktemp("straight"))
    run.facts = run.go()  # type: ignore[attr-defined]
    return run


def assert_same_tree(one: object, other: object) -> None:
    leaves, others = jax.tree.leaves(one), jax.tree.leaves(other)
    assert len(leaves) == len(others) > 0
    for a, b in zip(leaves, others, strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_training_leaves_its_metrics_and_its_best_model(straight: Run) -> None:
    steps = [line["step"] for line in straight.lines() if line["kind"] == "step"]
    valid = [line["step"] for line in straight.lines() if line["kind"] == "valid"]
    assert (steps, valid) == ([10, 20], [10, 20])
    for line in straight.lines():
        assert all(np.isfinite(value) for key, value in line.items() if key != "kind")
    assert {"valid", "valid_continue", "head_pitch"} <= set(straight.lines()[1])
    assert [progress.kind for progress in straight.told if progress.kind != "best"] == [
        line["kind"] for line in straight.lines() if line["kind"] != "best"
    ]
    assert load_model(straight.out / "best")[0] == MODEL
    assert load_facts(straight.out / "best") == straight.facts  # type: ignore[attr-defined]
    assert straight.facts["step"] in (10, 20)  # type: ignore[attr-defined]
    state, run = straight.state()
    assert int(state.step) == run["step"] == 20
    assert json.loads((straight.out / "train.json").read_text())["steps"] == 20


def test_interrupted_and_resumed_is_the_same_to_the_last_bit(straight: Run, tmp_path: Path) -> None:
    halved = Run(straight.tunes, tmp_path)
    with pytest.raises(KeyboardInterrupt):
        halved.go(stop_at=10)
    stopped, run = halved.state()
    assert int(stopped.step) == run["step"] == 10
    assert not (tmp_path / "best").exists()
    facts = halved.go(resume=True)
    assert_same_tree(halved.state()[0], straight.state()[0])
    assert {**facts, "seconds": 0} == {**straight.facts, "seconds": 0}  # type: ignore[attr-defined]
    kept = [{**line, "notes_per_second": 0} for line in halved.lines()]
    assert kept == [{**line, "notes_per_second": 0} for line in straight.lines()]
    assert_same_tree(load_model(tmp_path / "best")[1], load_model(straight.out / "best")[1])


def test_the_best_model_is_the_average_at_its_validation(tunes: list[Example], tmp_path: Path) -> None:
    run = Run(tunes, tmp_path)
    facts = run.go(settings=replace(SETTINGS, steps=10))  # one validation only
    assert facts["step"] == 10
    assert_same_tree(load_model(tmp_path / "best")[1], run.state()[0].average)


def test_a_finished_training_resumed_changes_nothing(straight: Run) -> None:
    before, lines = straight.state(), (straight.out / "metrics.jsonl").read_bytes()
    again = Run(straight.tunes, straight.out)
    facts = again.go(resume=True)
    assert facts == straight.facts  # type: ignore[attr-defined]
    assert again.told == []
    assert_same_tree(again.state()[0], before[0])
    assert again.state()[1] == before[1]
    assert (straight.out / "metrics.jsonl").read_bytes() == lines


def test_patience_ends_the_training_at_the_validation_that_exhausts_it(
    tunes: list[Example], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scores = iter([2.0, 3.0, 2.5])
    score = training.score_batches

    def told(*args: object) -> evaluate.TaskScore:
        return score(*args)._replace(total=value)  # type: ignore[arg-type]

    validate = training._validate

    def next_value(*args: object) -> None:
        nonlocal value
        value = next(scores)
        validate(*args)  # type: ignore[arg-type]

    value = 0.0
    monkeypatch.setattr(training, "score_batches", told)
    monkeypatch.setattr(training, "_validate", next_value)
    run = Run(tunes, tmp_path)
    facts = run.go(settings=replace(SETTINGS, steps=60, patience=2))
    assert facts["step"] == 10
    told_kinds = [(line["kind"], line["step"]) for line in run.lines()]
    ends = [("step", 10), ("valid", 10), ("best", 10), ("step", 20), ("valid", 20)]
    assert told_kinds == [*ends, ("step", 30), ("valid", 30)]
    state, counters = run.state()
    assert int(state.step) == 30
    assert [counters[name] for name in ("step", "validated", "stale")] == [30, 30, 2]
    lines = run.lines()
    assert run.go(resume=True, settings=replace(SETTINGS, steps=60, patience=2)) == facts
    assert run.lines() == lines
    assert run.state()[1] == counters


def press_ctrl_c(step: int, times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Press it while that step runs, when the state before it is gone and the one after it isn't there."""
    calls = 0

    def pressed(*args: Any) -> object:
        nonlocal calls
        calls += 1
        out = one_step(*args)
        for _ in range(times if calls == step else 0):
            signal.raise_signal(signal.SIGINT)
        return out

    monkeypatch.setattr(training, "train_step", pressed)


@pytest.fixture
def plain_ctrl_c() -> Iterator[None]:
    """Python's own handler, which a process started in the background doesn't have."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("plain_ctrl_c")
def test_ctrl_c_in_a_step_waits_for_its_end_and_loses_nothing(
    straight: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Run(straight.tunes, tmp_path)
    with monkeypatch.context() as patch:
        press_ctrl_c(7, 1, patch)
        with pytest.raises(KeyboardInterrupt):
            run.go()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    state, counters = run.state()
    assert int(state.step) == counters["step"] == 7
    run.go(resume=True)
    assert_same_tree(run.state()[0], straight.state()[0])
    assert {**run.state()[1], "seconds": 0, "best": 0} == {**straight.state()[1], "seconds": 0, "best": 0}


@pytest.mark.usefixtures("plain_ctrl_c")
def test_ctrl_c_pressed_again_ends_at_once_and_saves_nothing(
    tunes: list[Example], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Run(tunes, tmp_path)
    press_ctrl_c(12, 2, monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        run.go()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert run.state()[1]["step"] == 10  # what the validation saved


def test_a_handler_of_the_caller_is_kept(
    tunes: list[Example], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = []
    before = signal.signal(signal.SIGINT, lambda *_: heard.append(True))
    try:
        press_ctrl_c(3, 1, monkeypatch)
        Run(tunes, tmp_path).go(settings=replace(SETTINGS, steps=10))
    finally:
        signal.signal(signal.SIGINT, before)
    assert heard == [True]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--corpus", "gone.npz"], "No such file or directory: 'gone.npz'"),
        (["--corpus", "bad.npz"], "bad.npz is not a corpus: no .npz archive"),
        (["--steps", "0"], "steps must be at least 1, got 0"),
        (["--minutes", "0"], "--minutes must be positive, got 0.0"),
        (["--set", "kind", '"gru"'], "kind must be one of wavenet, lstm, got 'gru'"),
        (["--set", "kind", '["lstm"]'], "kind must be one of wavenet, lstm, got ['lstm']"),
        (["--set", "kind", "gru"], "--set takes a value as JSON"),
        (["--set", "colour", "1"], "there is no such field: colour"),
    ],
)
def test_what_cant_be_trained_ends_in_a_sentence(
    options: list[str],
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bad.npz").write_text("bad")
    zeros, names = np.zeros(1, np.int32), ["unknown"]
    save_corpus(Path("good.npz"), Corpus([melody(6)], ["a"], zeros, ["all"], zeros, zeros, names))
    monkeypatch.setattr("sys.argv", ["train", "--corpus", "good.npz", "--out", "run", *options])
    with pytest.raises(SystemExit) as ended:
        training.main()
    assert ended.value.code == 2
    assert sentence in capsys.readouterr().err.splitlines()[-1]
    assert not Path("run").exists()


def test_a_state_takes_the_place_of_any_other(straight: Run, tmp_path: Path) -> None:
    """Also one of the same step, saved with other counters, and one of a longer run before."""
    store, state = TrainStore(tmp_path / "state"), straight.state()[0]
    for kept in ({"step": 20, "stale": 0}, {"step": 20, "stale": 1}, {"step": 5, "stale": 2}):
        store.save(state, kept)
        assert store.restore(state)[1] == kept
    assert len([path for path in (tmp_path / "state").iterdir() if path.is_dir()]) == 1


def test_without_a_state_there_is_nothing_to_resume(tmp_path: Path) -> None:
    store = TrainStore(tmp_path / "state")
    assert not store.exists()
    (tmp_path / "state").mkdir()
    assert not store.exists()


def test_a_batch_is_learnt_by_heart(tunes: list[Example]) -> None:
    sizes, batch = TrainingData(tunes, SETTINGS.batch_size, SETTINGS.seed).batch(0)
    state = first_state(tunes)
    losses = []
    for step in range(150):
        rate = 0.01 * min(1, (step + 1) / 10)
        state, loss = train_step(MODEL, SETTINGS, state, batch, sizes.beats, rate)
        losses.append(float(loss))
    assert np.mean(losses[-5:]) < 0.2 * losses[0]


def test_steps_of_a_shape_are_one_program_that_changes_the_state_in_place(tunes: list[Example]) -> None:
    compiled = []

    def hear(event: str, duration_secs: float, **_: object) -> None:
        if event == "/jax/core/compile/backend_compile_duration":
            compiled.append(event)

    data = TrainingData(tunes, SETTINGS.batch_size, SETTINGS.seed)
    batches, states = [data.batch(step) for step in range(3)], [first_state(tunes)]
    jax.monitoring.register_event_duration_secs_listener(hear)
    try:
        for step, (sizes, batch) in enumerate(batches):
            rate = 1e-3 / (1 + step)
            states.append(train_step(MODEL, SETTINGS, states[-1], batch, sizes.beats, rate)[0])
    finally:
        jax.monitoring.unregister_event_duration_listener(hear)
    assert len(compiled) <= 1  # none when a test before has had it compiled
    *before, last = [[leaf.is_deleted() for leaf in jax.tree.leaves(state)] for state in states]
    assert all(all(gone) for gone in before)
    assert not any(last)


def test_the_rate_rises_by_steps_and_falls_with_the_training() -> None:
    settings = TrainConfig(warmup_steps=10, peak_rate=1.0, final_rate=0.1)
    assert learning_rate(settings, 0, 0.0) == pytest.approx(0.1)
    assert learning_rate(settings, 9, 0.0) == pytest.approx(1.0)
    rates = [learning_rate(settings, 50, fraction) for fraction in np.linspace(0, 1.2, 20)]
    assert all(one >= two for one, two in pairwise(rates))
    assert rates[-1] == pytest.approx(0.1)
