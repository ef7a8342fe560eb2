"""How a fill is asked for, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bridge.score import Note


@dataclass(frozen=True, slots=True)
class FillOptions:
    """How to fill.

    - `temperature` > 0: 1 is the model's own distribution; `top_p`: only the likeliest choices that
      hold this share are drawn.
    """

    seed: int
    temperature: float = 1.0
    top_p: float = 0.95
    alternatives: int = 1


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to fill the region: each staff's notes; `nll` in nats per note, lower is likelier."""

    notes: Mapping[int, tuple[Note, ...]]
    nll: float
    note_count: int
