"""What a filling asks of a model, whichever kind it is: draw measures, and say by what to rank them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from bridge.alternatives import FillOptions
from bridge.kept_rhythm import KeptNote
from bridge.models import Model
from bridge.part_writing.care import Careful
from bridge.score import Region, Score
from jaxmodels.piece import Piece
from jaxmodels.staff_facts import StaffFacts


@dataclass(frozen=True)
class Setting:
    """What holds for a whole filling, whatever has been drawn so far.

    - `staves`: the staves that the model sees; `facts`, `rests`: limits of every staff of the piece.
    - `style`, `controls`: what the music should be like, as the model is told it.
    - `careful`: the lines whose part-writing is watched.
    - `most_events`: room for the notes of a part.
    """

    model: Model
    options: FillOptions
    score: Score
    region: Region
    staves: tuple[int, ...]
    facts: StaffFacts
    rests: np.ndarray
    style: int
    controls: np.ndarray
    careful: Careful
    most_events: int


class Part(NamedTuple):
    """What is drawn at a time: measures `start` to `stop`, in the rhythm of the notes `kept` if any are."""

    start: int
    stop: int
    kept: tuple[KeptNote, ...]


class Drawn(NamedTuple):
    """What was drawn, for each of A candidates.

    - `events` int32 `[A, E, 5]`, columns `D_*`, staves by their place in `Setting.staves`; `count` `[A]`.
    - `nll` `[A]` in nats, and how many notes `judged` `[A]` it is to be divided by.
    - `complete` bool `[A]`: the measures are filled to their end.
    """

    events: np.ndarray
    count: np.ndarray
    nll: np.ndarray
    judged: np.ndarray
    complete: np.ndarray


class Filling(ABC):
    """One kind of model at work."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting

    @classmethod
    @abstractmethod
    def check_wishes(cls, model: Model, options: FillOptions) -> None:
        """Raise `UsageError` where something is asked for that this kind of model has no way to do."""

    @abstractmethod
    def draw(
        self, pieces: Sequence[Piece], part: Part, key: Any, progress: Callable[[float], None] | None
    ) -> Drawn:
        """Fill a part of each of `pieces`, one a candidate, which differ in their notes alone.

        - `progress`: hears the share of the part that is drawn; what it raises stops the drawing.
        """

    def nats_to_rank_by(self, nll: float) -> float:
        """Return what candidates are sorted by, lowest first, for `nll` nats per note."""
        return nll
