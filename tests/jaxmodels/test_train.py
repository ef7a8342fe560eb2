from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from made_pieces import melody
from untrained import CONFIG, random_params

from jaxmodels import evaluate
from jaxmodels.checkpoint import load_facts, load_model
from jaxmodels.config import ModelConfig, TrainConfig
from jaxmodels.data import Example, TrainingData, make_examples
from jaxmodels.optimiser import learning_rate, optimiser
from jaxmodels.train import Progress, train
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


@pytest.fixture(scope="module", autouse=True)
def less_to_compile():
    """Make small batches of small windows for validation, and start without a compiled initialisation."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evaluate, "EVALUATION_BATCH", 2)
        patch.setattr(evaluate, "STAFF_BUCKETS", (1,))
        patch.setattr("jaxmodels.train.init_params", first_params)
        yield


class Run:
    """A finished training and what it told."""

    def __init__(self, tunes: list[Example], out: Path) -> None:
        self.out, self.told = out, list[Progress]()
        self.tunes = tunes

    def go(self, *, resume: bool = False, stop_at: int | None = None) -> dict:
        def report(progress: Progress) -> None:
            self.told.append(progress)
            if progress.kind == "step" and progress.step == stop_at:
                raise KeyboardInterrupt

        run = partial(train, self.tunes, self.tunes[:1], self.out, MODEL, SETTINGS)
        return run(resume=resume, report=report)

    def lines(self) -> list[dict]:
        return [json.loads(line) for line in (self.out / "metrics.jsonl").read_text().splitlines()]

    def state(self) -> tuple[TrainState, dict]:
        return TrainStore(self.out / "state").restore(fresh_state(self.tunes))


def fresh_state(tunes: list[Example]) -> TrainState:
    sizes, batch = TrainingData(tunes, SETTINGS.batch_size, SETTINGS.seed).batch(0)
    params = first_params(MODEL, jax.tree.map(lambda x: x[0], batch), sizes)
    average = jax.tree.map(jnp.copy, params)
    return TrainState(jnp.int32(0), params, average, optimiser(SETTINGS).init(params))


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
    config, params = load_model(straight.out / "best")
    assert config == MODEL
    assert load_facts(straight.out / "best") == straight.facts  # type: ignore[attr-defined]
    assert straight.facts["step"] in (10, 20)  # type: ignore[attr-defined]
    state, run = straight.state()
    assert int(state.step) == run["step"] == 20
    if straight.facts["step"] == 20:  # type: ignore[attr-defined]
        assert_same_tree(params, state.average)
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


def test_a_finished_training_resumed_changes_nothing(straight: Run) -> None:
    before = straight.state()[0]
    again = Run(straight.tunes, straight.out)
    again.go(resume=True)
    assert not [progress for progress in again.told if progress.kind == "step"]
    assert_same_tree(again.state()[0], before)


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
    state = fresh_state(tunes)
    losses = []
    for step in range(150):
        rate = 0.01 * min(1, (step + 1) / 10)
        state, loss = train_step(MODEL, SETTINGS, state, batch, sizes.beats, rate)
        losses.append(float(loss))
    assert np.mean(losses[-5:]) < 0.2 * losses[0]


def test_the_rate_rises_by_steps_and_falls_with_the_training() -> None:
    settings = TrainConfig(warmup_steps=10, peak_rate=1.0, final_rate=0.1)
    assert learning_rate(settings, 0, 0.0) == pytest.approx(0.1)
    assert learning_rate(settings, 9, 0.0) == pytest.approx(1.0)
    rates = [learning_rate(settings, 50, fraction) for fraction in np.linspace(0, 1.2, 20)]
    assert all(one >= two for one, two in pairwise(rates))
    assert rates[-1] == pytest.approx(0.1)
