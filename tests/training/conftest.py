"""Whole trainings of a tiny model on a few tunes; compiled once for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import jax
import jax.numpy as jnp
import pytest
from training.made_scores import tune
from training.tiny_training import SIZES, STEPS

from bridge.training import plan, train_command
from bridge.training.request import Request, configs_of
from jaxmodels.config import ModelConfig, TrainConfig
from jaxmodels.model import init_params


@pytest.fixture(scope="package", autouse=True)
def tiny() -> Iterator[None]:
    """Make every model tiny, and every training the same to the compiler."""

    def configs(request: Request, styles: Sequence[str]) -> tuple[ModelConfig, TrainConfig]:
        model_config, train_config = configs_of(request, styles)
        return replace(model_config, **SIZES), replace(
            train_config, batch_size=1, valid_every=20, valid_windows=8
        )

    made: dict = {}

    def init_once(config: ModelConfig, window: object, sizes: object, seed: int) -> dict:
        if (config, sizes, seed) not in made:
            made[config, sizes, seed] = init_params(config, window, sizes, seed)
        return jax.tree.map(jnp.copy, made[config, sizes, seed])  # a training donates its own

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plan, "configs_of", configs)
        patch.setattr("jaxmodels.train.init_params", init_once)  # its compilation is half of all
        yield


@pytest.fixture(scope="package")
def tunes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scores") / "tunes"
    folder.mkdir()
    for seed in range(4):
        (folder / f"tune{seed}.musicxml").write_text(tune(seed))
    return folder


@pytest.fixture(scope="package")
def finished(tunes: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that nobody stopped."""
    out = tmp_path_factory.mktemp("runs") / "through"
    train_command([tunes], out=out, steps=STEPS, json=True)
    return out
