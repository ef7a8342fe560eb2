from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jaxmodels.config import ModelConfig, TrainConfig, model_config_from_json, to_json

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
        ({"dropout": 1.0}, "dropout must lie in [0, 1), got 1.0"),
    ],
)
def test_what_cannot_be_is_refused_with_its_value(changes: dict, message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the whole message is compared
        ModelConfig(**changes)
    assert str(caught.value) == message


def test_unknown_keys_are_named() -> None:
    text = json.dumps({"kind": "wavenet", "wings": 2, "beak": 1})
    with pytest.raises(ValueError, match="unknown keys in the model's configuration: beak, wings"):
        model_config_from_json(text)
