from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jaxmodels.config import ModelConfig, TrainConfig, model_config_from_json, to_json, with_values

WIDTHS = st.integers(1, 300)
CONFIGS = st.builds(
    ModelConfig,
    context_channels=WIDTHS,
    residual_channels=WIDTHS,
    skip_channels=WIDTHS,
    head_channels=WIDTHS,
    context_dilations=st.lists(st.integers(1, 32), max_size=4).map(tuple),
    dilations=st.lists(st.integers(1, 32), min_size=1, max_size=6).map(tuple),
    kernel_size=st.integers(2, 5),
    dropout=st.floats(0, 0.9),
    styles=st.lists(st.text(max_size=8), min_size=1, max_size=4).map(tuple),
)


@settings(deadline=None, max_examples=50)
@given(CONFIGS)
def test_a_configuration_survives_json(config: ModelConfig) -> None:
    again = model_config_from_json(to_json(config))
    assert again == config
    assert hash(again) == hash(config)  # jit takes it as a static argument


def test_json_keeps_the_order_of_declaration() -> None:
    assert list(json.loads(to_json(ModelConfig())))[:2] == ["kind", "context_channels"]
    assert json.loads(to_json(TrainConfig(seed=7)))["seed"] == 7


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"context_channels": 0}, "context_channels must be positive, got 0"),
        ({"staff_channels": -1}, "staff_channels must be positive, got -1"),
        ({"kernel_size": 1}, "kernel_size must be at least 2, got 1"),
        ({"dilations": ()}, "dilations must be positive, got ()"),
        ({"dilations": (1, 0)}, "dilations must be positive, got (1, 0)"),
        ({"context_dilations": (1, 0)}, "context_dilations must be positive, got (1, 0)"),
        ({"interval_kernels": 0}, "interval_kernels must be positive, got 0"),
        ({"dropout": 1.0}, "dropout must lie in [0, 1), got 1.0"),
    ],
)
def test_what_cannot_be_is_refused_with_its_value(changes: dict, message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the whole message is compared
        ModelConfig(**changes)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"batch_size": 0}, "batch_size must be at least 1, got 0"),
        ({"steps": 0}, "steps must be at least 1, got 0"),
        ({"valid_every": -5}, "valid_every must be at least 1, got -5"),
        ({"valid_windows": 0}, "valid_windows must be at least 1, got 0"),
        ({"patience": 0}, "patience must be at least 1, got 0"),
        ({"warmup_steps": -1}, "warmup_steps must be at least 0, got -1"),
        ({"weight_decay": -0.1}, "weight_decay must be at least 0, got -0.1"),
        ({"seed": -1}, "seed must be at least 0, got -1"),
        ({"peak_rate": 0.0}, "peak_rate must be positive, got 0.0"),
        ({"clip_norm": float("nan")}, "clip_norm must be positive, got nan"),
        ({"final_rate": 2}, "final_rate must lie in [0, 1], got 2"),
        ({"ema_decay": 1.0}, "ema_decay must lie in [0, 1), got 1.0"),
    ],
)
def test_a_training_that_cannot_be_is_refused_with_its_value(changes: dict, message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the whole message is compared
        TrainConfig(**changes)
    assert str(caught.value) == message


def test_what_is_no_object_is_no_configuration() -> None:
    with pytest.raises(ValueError, match="a JSON object is needed, not list"):
        model_config_from_json("[]")


def test_unknown_keys_are_named() -> None:
    text = json.dumps({"kind": "wavenet", "wings": 2, "beak": 1})
    with pytest.raises(ValueError, match="unknown keys in the model's configuration: beak, wings"):
        model_config_from_json(text)


def test_values_by_name_are_taken_and_the_others_left() -> None:
    given = {"dropout": 0.2, "dilations": [1, 2], "kind": "lstm", "steps": 3}
    config = with_values(ModelConfig(), given)
    assert config == ModelConfig(dropout=0.2, dilations=(1, 2), kind="lstm")
    assert given == {"steps": 3}


@pytest.mark.parametrize("kind", ["gru", ["lstm"], None])
def test_an_unknown_kind_is_refused_by_name(kind: object) -> None:
    with pytest.raises(ValueError, match="kind must be one of wavenet, lstm, got"):
        with_values(ModelConfig(), {"kind": kind})
