"""What a model and a training are made of: frozen dataclasses that survive a JSON round trip."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import Any

KINDS = ("wavenet", "lstm")
"""Backbones; `jaxmodels.model.BACKBONES` has their classes."""

INPUTS = 2
"""The newest `ModelConfig.inputs`."""


@dataclass(frozen=True)
class ModelConfig:
    """Sizes of a model.

    - `kind`: the backbone, one of `KINDS`, or of what else a program has put into `model.BACKBONES`.
    - `context_channels`, `context_dilations`: the context encoder's width and one dilation per layer.
    - `residual_channels`: width of an event's embedding, and of the WaveNet's residual stream;
      `skip_channels`: width of what a backbone's layers add up for the heads.
    - `dilations`, `kernel_size`: the WaveNet's; `lstm_channels`, `lstm_layers`: the LSTM's.
    - `head_channels`: width of the heads; `interval_kernels`: how many ways of hearing an interval
      against what sounds.
    - `staff_channels`: width of a staff's embedding, by its instrument and its range.
    - `dropout`: share of the channels left out at random while training.
    - `inputs`: what the heads are shown: 1, without the runs around a hole and what is asked for; 2, all.
      Models from before there was a choice have 1.
    - `styles`: names of the styles that the model was trained on; index 0 is "unknown".

    Raises `ValueError` at construction, with argument and value, for what can't be; an unknown `kind` is
    refused by `with_values` and `model.build_model`.
    """

    kind: str = "wavenet"
    context_channels: int = 64
    context_dilations: tuple[int, ...] = (1, 2, 4, 8, 16, 1)
    residual_channels: int = 96
    skip_channels: int = 96
    dilations: tuple[int, ...] = (1, 2, 4, 8, 16, 1, 2, 4, 8, 16)
    kernel_size: int = 2
    lstm_channels: int = 256
    lstm_layers: int = 2
    head_channels: int = 128
    staff_channels: int = 32
    interval_kernels: int = 8
    dropout: float = 0.1
    inputs: int = INPUTS
    styles: tuple[str, ...] = ("unknown", "other")

    def __post_init__(self) -> None:
        for name in (
            "context_channels",
            "residual_channels",
            "skip_channels",
            "lstm_channels",
            "lstm_layers",
            "head_channels",
            "staff_channels",
            "interval_kernels",
        ):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be positive, got {getattr(self, name)}")
        if self.kernel_size < 2:
            raise ValueError(f"kernel_size must be at least 2, got {self.kernel_size}")
        if not self.dilations or min(self.dilations) < 1:
            raise ValueError(f"dilations must be positive, got {self.dilations}")
        if min(self.context_dilations, default=1) < 1:
            raise ValueError(f"context_dilations must be positive, got {self.context_dilations}")
        if not 1 <= self.inputs <= INPUTS:
            raise ValueError(f"inputs must lie in 1 to {INPUTS}, got {self.inputs}: from a newer jaxmuse?")
        if not 0 <= self.dropout < 1:
            raise ValueError(f"dropout must lie in [0, 1), got {self.dropout}")

    @property
    def receptive_field(self) -> int:
        """Events that one output depends on: 1 + (K − 1)·Σ dilations."""
        return 1 + (self.kernel_size - 1) * sum(self.dilations)


@dataclass(frozen=True)
class TrainConfig:
    """How a model is trained.

    - `batch_size`: windows with four staves in a batch; more for fewer staves.
    - `steps`: of the whole training, unless a time is given instead.
    - `warmup_steps`, `peak_rate`, `final_rate`: linear warm-up, then cosine decay to that share of it.
    - `ema_decay`: of the averaged weights that are validated and released.
    - `valid_every`: steps between validations; `patience`: how many may pass without a better one.
    - `valid_windows`: the fixed holes that are validated on.
    - `clip_norm`: length that a gradient is shortened to; `weight_decay`: of matrices, for each step, times
      the rate.
    - `seed`: of the first weights, of the windows that are drawn, and of dropout.

    Raises `ValueError` at construction, with argument and value, for what can't be.
    """

    batch_size: int = 8
    steps: int = 4000
    warmup_steps: int = 200
    peak_rate: float = 2e-3
    final_rate: float = 0.02
    weight_decay: float = 0.02
    clip_norm: float = 1.0
    ema_decay: float = 0.998
    valid_every: int = 250
    valid_windows: int = 192
    patience: int = 12
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("batch_size", "steps", "valid_every", "valid_windows", "patience"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, got {getattr(self, name)}")
        for name in ("warmup_steps", "weight_decay", "seed"):
            if not getattr(self, name) >= 0:
                raise ValueError(f"{name} must be at least 0, got {getattr(self, name)}")
        for name in ("peak_rate", "clip_norm"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be positive, got {getattr(self, name)}")
        if not 0 <= self.final_rate <= 1:
            raise ValueError(f"final_rate must lie in [0, 1], got {self.final_rate}")
        if not 0 <= self.ema_decay < 1:
            raise ValueError(f"ema_decay must lie in [0, 1), got {self.ema_decay}")


def to_json(config: Any) -> str:
    """Return `config` as a JSON object, keys in order of declaration."""
    return json.dumps(dataclasses.asdict(config), indent=2)


def with_values(config: Any, values: dict[str, Any]) -> Any:
    """Return `config` with those of `values` that are its fields, which are taken out of `values`.

    Raises `ValueError` or `TypeError` for what can't be.
    """
    names = {field.name for field in dataclasses.fields(config)} & set(values)
    if "kind" in names and isinstance(config, ModelConfig) and values["kind"] not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, got {values['kind']!r}")
    return dataclasses.replace(config, **{name: _hashable(values.pop(name)) for name in names})


def model_config_from_json(text: str) -> ModelConfig:
    """Return the configuration written by `to_json`.

    Raises `ValueError` or `TypeError` for anything else; unknown keys are named.
    """
    values = json.loads(text)
    if not isinstance(values, dict):
        raise ValueError(f"a JSON object is needed, not {type(values).__name__}")
    known = {field.name for field in dataclasses.fields(ModelConfig)}
    if unknown := sorted(set(values) - known):
        raise ValueError(f"unknown keys in the model's configuration: {', '.join(unknown)}")
    values.setdefault("inputs", 1)
    return ModelConfig(**{key: _hashable(value) for key, value in values.items()})


def _hashable(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
