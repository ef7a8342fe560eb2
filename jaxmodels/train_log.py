"""What a training writes and tells while it runs, and how much of it is done."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import jax
import numpy as np

from jaxmodels.config import TrainConfig

LOG_FILE = "metrics.jsonl"


class Progress(NamedTuple):
    """What a training tells while it runs.

    - `kind`: `step` (every few steps), `valid`, `best`.
    - `fraction`: of the training, 0 to 1; `values`: scalars by name.
    """

    kind: str
    step: int
    fraction: float
    values: dict[str, float]


class Clock:
    """How much of a training is done: by time when `minutes` is given, else by steps.

    - `before`: seconds that it ran before it was resumed.
    """

    def __init__(self, config: TrainConfig, minutes: float | None, before: float) -> None:
        self.config, self.minutes, self.before = config, minutes, before
        self.start = time.perf_counter()

    def seconds(self) -> float:
        """Return how long the training has run, all parts of it."""
        return self.before + time.perf_counter() - self.start

    def fraction(self, step: int) -> float:
        """Return the share that is done after `step` steps, 0 to 1."""
        if self.minutes is not None:
            return min(1.0, self.seconds() / (60 * self.minutes))
        return min(1.0, step / max(1, self.config.steps))


class Pace:
    """The losses of the steps since a line of the log, and how fast they went.

    Read ten at a time, so that the host waits for the device once in ten steps.
    """

    def __init__(self) -> None:
        self.unread: list[jax.Array] = []
        self.notes = 0
        self.since = time.perf_counter()

    def add(self, loss: jax.Array, notes: int) -> None:
        """Take a step that has been started."""
        self.unread.append(loss)
        self.notes += notes

    def read(self) -> dict[str, float]:
        """Wait for the steps since the last reading; return their mean `loss` and `notes_per_second`."""
        loss = float(np.mean(jax.device_get(self.unread)))
        now = time.perf_counter()
        speed = self.notes / max(1e-9, now - self.since)
        self.unread, self.notes, self.since = [], 0, now
        return {"loss": loss, "notes_per_second": speed}


class Log:
    """Append scalars to a JSON-lines file and pass them on; a resumed run drops lines past its step."""

    def __init__(self, path: Path, run: dict[str, Any], report: Callable[[Progress], None] | None) -> None:
        kept = []
        if run["step"] and path.exists():
            kept = [
                line for line in path.read_text().splitlines() if json.loads(line)["step"] <= run["step"]
            ]
        path.write_text("".join(line + "\n" for line in kept))
        self.file = path.open("a")
        self.report = report

    def write(self, kind: str, step: int, fraction: float, values: dict[str, float]) -> None:
        """Write a line and report it."""
        rounded = {name: float(f"{value:.6g}") for name, value in values.items()}
        self.file.write(json.dumps({"kind": kind, "step": step, **rounded}) + "\n")
        self.file.flush()
        if self.report:
            self.report(Progress(kind, step, fraction, values))

    def close(self) -> None:
        """Close the file."""
        self.file.close()
