"""Sizes of a polyphony model, and how it is trained."""

from __future__ import annotations

from dataclasses import dataclass

ORDERS = ("down", "up", "outer")
"""In which order a frame's notes are told: from the top, from the bottom, or top, bottom, then the inner
ones from the top down."""


@dataclass(frozen=True)
class PolyphonyConfig:
    """What a model is made of.

    - `kind`: the backbone over frames, `wavenet` or `lstm`; `order`: one of `ORDERS`.
    - `pitches`: how many there are; every set of them is a possible frame.
    - `channels`: of the backbone's input and output; `skip_channels`, `dilations`: the WaveNet's;
      `lstm_channels`, `lstm_layers`: the LSTM's.
    - `width`: of the decoder inside a frame; `kernels`: ways of hearing an interval.
    - `dropout`: in the decoder; `backbone_dropout`: in the backbone; `input_dropout`: of frames' notes.

    Raises `ValueError` at construction, with argument and value, for what can't be.
    """

    kind: str = "wavenet"
    order: str = "down"
    pitches: int = 88
    channels: int = 64
    skip_channels: int = 96
    dilations: tuple[int, ...] = (1, 2, 4, 8, 16, 1, 2, 4)
    lstm_channels: int = 128
    lstm_layers: int = 1
    width: int = 256
    kernels: int = 4
    dropout: float = 0.3
    backbone_dropout: float = 0.2
    input_dropout: float = 0.1

    def __post_init__(self) -> None:
        if self.kind not in ("wavenet", "lstm"):
            raise ValueError(f"kind must be wavenet or lstm, got {self.kind}")
        if self.order not in ORDERS:
            raise ValueError(f"order must be one of {', '.join(ORDERS)}, got {self.order}")
        for name in (
            "pitches",
            "channels",
            "skip_channels",
            "lstm_channels",
            "lstm_layers",
            "width",
            "kernels",
        ):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be positive, got {getattr(self, name)}")
        for name in ("dropout", "backbone_dropout", "input_dropout"):
            if not 0 <= getattr(self, name) < 1:
                raise ValueError(f"{name} must lie in [0, 1), got {getattr(self, name)}")
        if not self.dilations or min(self.dilations) < 1:
            raise ValueError(f"dilations must be positive, got {self.dilations}")


@dataclass(frozen=True)
class FitConfig:
    """How a model is trained.

    - `frames_per_batch`: about so many frames in a step; `epochs`: passes over the training pieces.
    - `warmup_steps`, `peak_rate`, `final_rate`: linear warm-up, then cosine decay to that share of it.
    - `ema_decay`: of the averaged weights, which are validated and released.
    - `valid_every`: epochs between validations.

    Raises `ValueError` at construction, with argument and value, for what can't be.
    """

    epochs: float = 40.0
    frames_per_batch: int = 320
    warmup_steps: int = 100
    peak_rate: float = 2e-3
    final_rate: float = 0.01
    weight_decay: float = 0.1
    clip_norm: float = 1.0
    ema_decay: float = 0.995
    valid_every: float = 4.0
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("epochs", "peak_rate", "clip_norm", "valid_every"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be positive, got {getattr(self, name)}")
        if self.frames_per_batch < 1:
            raise ValueError(f"frames_per_batch must be at least 1, got {self.frames_per_batch}")
        for name in ("warmup_steps", "weight_decay", "seed"):
            if not getattr(self, name) >= 0:
                raise ValueError(f"{name} must be at least 0, got {getattr(self, name)}")
        for name in ("final_rate", "ema_decay"):
            if not 0 <= getattr(self, name) < 1:
                raise ValueError(f"{name} must lie in [0, 1), got {getattr(self, name)}")
