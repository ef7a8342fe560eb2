"""What a training is asked for, kept beside the run so that it can go on."""

from __future__ import annotations

import math
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bridge.errors import UsageError
from jaxmodels.config import ModelConfig, TrainConfig

DEFAULT_KIND = ModelConfig.kind
DEFAULT_MINUTES = 10.0
SHORT_MINUTES = 20.0
"""A training up to this long warms up faster and validates more often."""


@dataclass(frozen=True, slots=True)
class Request:
    """A training as the user words it; `UsageError` at construction for what means nothing.

    - `paths`: scores and folders, absolute; none means music21's own corpus.
    - `minutes` or `steps`: how long, the other is None.
    """

    paths: tuple[str, ...] = ()
    model: str = DEFAULT_KIND
    minutes: float | None = None
    steps: int | None = None
    include_restricted: bool = False

    def __post_init__(self) -> None:
        if self.minutes is not None and self.steps is not None:
            raise UsageError(
                "they contradict each other", where="options --minutes and --steps", fix="Give one of them."
            )
        if self.minutes is not None and not (0 < self.minutes < math.inf):
            raise UsageError(
                f"{self.minutes:g} is out of its range",
                where="option --minutes",
                fix="Give more than 0.",
            )
        if self.steps is not None and self.steps < 1:
            raise UsageError(
                f"{self.steps} is out of its range", where="option --steps", fix="Give 1 or more."
            )

    @property
    def own_scores(self) -> bool:
        """Whether the scores are the user's and not music21's."""
        return bool(self.paths)

    def with_length(self, minutes: float | None, steps: int | None) -> Request:
        """Return the request with the length that is given, if one is."""
        if minutes is None and steps is None:
            return self
        return replace(self, minutes=minutes, steps=steps)

    def command_line(self, out: Path) -> str:
        """Return the command that starts this training."""
        words = ["jaxmuse", "train", *self.paths]
        if self.model != DEFAULT_KIND:
            words += ["--model", self.model]
        if self.steps is not None:
            words += ["--steps", str(self.steps)]
        elif self.minutes is not None:
            words += ["--minutes", f"{self.minutes:g}"]
        if self.include_restricted:
            words += ["--include-restricted"]
        return shlex.join([*words, "--out", str(out)])


def request_of(
    paths: Sequence[Path],
    model: str,
    minutes: float | None,
    steps: int | None,
    include_restricted: bool,
) -> Request:
    """Return the request of a new training: ten minutes if no length is given."""
    if minutes is None and steps is None:
        minutes = DEFAULT_MINUTES
    absolute = tuple(str(Path(path).expanduser().absolute()) for path in paths)
    return Request(absolute, model, minutes, steps, include_restricted)


def configs_of(request: Request, style_names: Sequence[str]) -> tuple[ModelConfig, TrainConfig]:
    """Return the sizes of the model and the way it is trained, fitted to the training's length."""
    model_config = ModelConfig(kind=request.model, styles=tuple(style_names))
    if request.steps is not None:
        return model_config, TrainConfig(
            steps=request.steps,
            warmup_steps=min(TrainConfig.warmup_steps, max(1, request.steps // 10)),
            valid_every=min(TrainConfig.valid_every, max(20, request.steps // 50 * 10)),
        )
    if (request.minutes or 0) <= SHORT_MINUTES:
        return model_config, TrainConfig(warmup_steps=100, valid_every=100)
    return model_config, TrainConfig()
