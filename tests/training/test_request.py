from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import jax
import pytest

from bridge.errors import UsageError
from bridge.training import train_command
from bridge.training.device import use_device
from bridge.training.request import configs_of, request_of
from jaxmodels.config import TrainConfig


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"minutes": 1, "steps": 1}, r"--minutes and --steps: they contradict each other\. Give one"),
        ({"minutes": 0}, r"--minutes: 0 is out of its range"),
        ({"minutes": math.nan}, r"--minutes: nan is out of its range"),
        ({"steps": 0}, r"--steps: 0 is out of its range"),
        ({"model": "harp"}, r"option --model: 'harp' is no kind of model\. Take wavenet"),
        (
            {"model": "rbm"},
            r"a restricted Boltzmann machine isn't trained by this command\. Train it with python -m jax",
        ),
        ({"device": "abacus"}, r"--device: 'abacus' is no kind of device\. Take auto, cpu, gpu or tpu"),
        ({"device": "tpu"}, r"option --device tpu: JAX finds no TPU here\. Take --device auto"),
        ({"resume": True}, r"option --resume: there is no run in runs/"),
        ({"resume": True, "out": Path("none")}, r"--out none: there is no run to go on with"),
    ],
)
def test_what_cant_be_followed_is_one_sentence(
    options: dict, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=sentence):
        train_command(**options)
    assert not list(tmp_path.iterdir())


def test_ten_minutes_are_the_default() -> None:
    request = request_of([], "wavenet", None, None, False)
    assert request.minutes == 10
    assert request_of([], "wavenet", None, 7, False).minutes is None
    assert request.command_line(Path("a b")) == "jaxmuse train --minutes 10 --out 'a b'"
    model_config, train_config = configs_of(request, ["unknown", "chorale"])
    assert model_config.styles == ("unknown", "chorale")
    assert train_config.valid_every < TrainConfig().valid_every
    assert configs_of(replace(request, minutes=60), [])[1] == TrainConfig()
    assert configs_of(request_of([], "wavenet", None, 50, False), [])[1].steps == 50


def test_a_missing_device_leaves_jax_as_it_was() -> None:
    before = jax.config.jax_platforms
    with pytest.raises(UsageError, match="no TPU"):
        use_device("tpu")
    assert jax.config.jax_platforms == before
    assert jax.devices()
