"""What an RBM and its training are made of: frozen dataclasses that survive a JSON round trip."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import Any

KIND = "rbm"
METHODS = ("cd", "pcd")

USUAL_NATS = "valid_pseudo_nats_per_note"
"""The recorded fact by which fills are judged: what a note of real music takes."""


@dataclass(frozen=True)
class RbmConfig:
    """Sizes of an RBM over windows of piano rolls.

    - `kind`: always `KIND`; tells a checkpoint apart from those of the stepwise models.
    - `hidden`: hidden units.
    - `steps`: time steps of a window; `step_ticks`: how long a step may be, coarsest first: each piece is
      read in the coarsest that holds its onsets.
    - `lowest`, `pitches`: the MIDI pitches of the roll, `lowest` to `lowest + pitches − 1`, in the key
      without signature.

    Raises `ValueError` at construction, with argument and value, for what can't be.
    """

    kind: str = KIND
    hidden: int = 512
    steps: int = 15
    step_ticks: tuple[int, ...] = (12, 6)
    lowest: int = 28
    pitches: int = 73

    def __post_init__(self) -> None:
        if self.kind != KIND:
            raise ValueError(f"kind must be {KIND!r}, got {self.kind!r}")
        for name in ("hidden", "pitches"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be positive, got {getattr(self, name)}")
        if self.steps < 4:
            raise ValueError(f"steps must be at least 4, got {self.steps}")
        if not 0 <= self.lowest <= 128 - self.pitches:
            raise ValueError(f"lowest must lie in 0 to {128 - self.pitches}, got {self.lowest}")
        if not self.step_ticks or min(self.step_ticks) < 3:
            raise ValueError(f"step_ticks must be at least 3 each, got {self.step_ticks}")

    @property
    def styles(self) -> tuple[str, ...]:
        """Names of the styles that can be asked for after the first, "unknown": there are none."""
        return ("unknown",)


@dataclass(frozen=True)
class FitConfig:
    """How an RBM is trained.

    - `method`: where the model's chains begin: `cd` at the data, `pcd` where they were left.
    - `sweeps`: Gibbs sweeps before each update, the k of CD-k; `batch_size`: data vectors, and chains.
    - `steps`: updates; `peak_rate`: of Adam or of plain steps, falling linearly to 0.
    - `weight_decay`: of the weights, not of the biases, for each step, times the rate.
    - `ema_decay`: of the averaged weights that are validated and kept.
    - `seed`: of the first weights, of the order of the data and of the chains.

    Raises `ValueError` at construction, with argument and value, for what can't be.
    """

    method: str = "pcd"
    sweeps: int = 1
    batch_size: int = 100
    steps: int = 10_000
    peak_rate: float = 1e-3
    weight_decay: float = 0.02
    ema_decay: float = 0.999
    seed: int = 0

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise ValueError(f"method must be one of {', '.join(METHODS)}, got {self.method!r}")
        for name in ("sweeps", "batch_size", "steps"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, got {getattr(self, name)}")
        if not self.peak_rate > 0:
            raise ValueError(f"peak_rate must be positive, got {self.peak_rate}")
        for name in ("weight_decay", "seed"):
            if not getattr(self, name) >= 0:
                raise ValueError(f"{name} must be at least 0, got {getattr(self, name)}")
        if not 0 <= self.ema_decay < 1:
            raise ValueError(f"ema_decay must lie in [0, 1), got {self.ema_decay}")


def rbm_config_from_json(text: str) -> RbmConfig:
    """Return the configuration written by `to_json`; raises `ValueError` or `TypeError` for others."""
    values: dict[str, Any] = json.loads(text)
    known = {field.name for field in dataclasses.fields(RbmConfig)}
    if unknown := sorted(set(values) - known):
        raise ValueError(f"unknown keys in the RBM's configuration: {', '.join(unknown)}")
    if "step_ticks" in values:
        values["step_ticks"] = tuple(values["step_ticks"])
    return RbmConfig(**values)
