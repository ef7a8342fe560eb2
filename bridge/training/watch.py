"""What looks on while a model trains: TensorBoard, the curves, the live line, NaN and Ctrl+C."""

from __future__ import annotations

import math
import signal
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import Any

from bridge.errors import ModelError
from bridge.training.curves import draw_curves
from bridge.training.live import Show
from jaxmodels.train_log import Progress

TENSORBOARD = "tensorboard"


class StoppedNow(BaseException):
    """Ctrl+C where there is nothing to save, or for the second time: end without saving."""


class Interrupts:
    """Ctrl+C between steps instead of in the middle of one, where a state would be half changed.

    The first one raises `KeyboardInterrupt` from the next report of a step that isn't validated too. Before
    the first report, or the second time, `StoppedNow` is raised at once.
    """

    def __init__(self) -> None:
        self.wanted = False
        self.started = False
        self._before: Any = None

    def __enter__(self) -> Interrupts:
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._handle)
        return self

    def __exit__(self, *_: object) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        if self.wanted or not self.started:
            raise StoppedNow
        self.wanted = True
        print("Saving after the next steps (Ctrl+C again: without saving) …", file=sys.stderr, flush=True)

    def step(self, last: bool) -> None:
        """Raise `KeyboardInterrupt` if one waits and this step may be the last."""
        if self.wanted and last:
            raise KeyboardInterrupt


class Watch:
    """The `report` of a training.

    - `last`: the last progress; `best`: whether there is a best model yet.
    """

    def __init__(self, out: Path, show: Show, interrupts: Interrupts, valid_every: int) -> None:
        self.out, self.show, self.interrupts, self.valid_every = out, show, interrupts, valid_every
        self.last: Progress | None = None
        self.best = False
        self._board: Any = None

    def __call__(self, progress: Progress) -> None:
        """Pass `progress` on; raises `ModelError` for a loss that is no number."""
        self.last = progress
        self.interrupts.started |= progress.kind == "step"
        self._check(progress)
        self._write_scalars(progress)
        self.show(progress)
        if progress.kind == "best":
            self.best = True
        if progress.kind == "valid":
            draw_curves(self.out)
        if progress.kind == "step":
            self.interrupts.step(last=progress.step % self.valid_every != 0)

    def close(self) -> None:
        """Write out what is still held back."""
        if self._board is not None:
            self._board.close()

    def _check(self, progress: Progress) -> None:
        value = progress.values.get("loss" if progress.kind == "step" else "valid", 0.0)
        if math.isfinite(value):
            return
        kept = f"Its best model until then is kept in {self.out / 'best'}." if self.best else ""
        raise ModelError(
            f"the loss is no number any more at step {progress.step}, so the training was stopped",
            where=str(self.out),
            fix=f"{kept} Start a new run, with more or other scores.".strip(),
        )

    def _write_scalars(self, progress: Progress) -> None:
        if self._board is None:
            from tensorboardX import SummaryWriter

            self._board = SummaryWriter(str(self.out / TENSORBOARD), purge_step=progress.step)
        if progress.kind == "best":
            return
        for name, value in progress.values.items():
            self._board.add_scalar(_tag(progress.kind, name), value, progress.step)
        if progress.kind == "valid":
            self._board.flush()


def _tag(kind: str, name: str) -> str:
    """Return TensorBoard's name: `train/loss`, `valid/mean`, `valid/continue`, `valid_heads/pitch`."""
    if kind == "step":
        return f"train/{name}"
    if name == "valid":
        return "valid/mean"
    return name.replace("valid_", "valid/").replace("head_", "valid_heads/")
