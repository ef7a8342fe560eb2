"""How a training shows itself: one live line on a terminal, now and then a plain line elsewhere."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator

from jaxmodels.holes import TASKS
from jaxmodels.train_log import Progress

PLAIN_SECONDS = 30.0
"""Between two plain lines, validations aside."""

Show = Callable[[Progress], None]


class _Words:
    """Turn progress into words; remembers what the next words need."""

    def __init__(self) -> None:
        self.start = time.monotonic()
        self.first_fraction: float | None = None
        self.valid = ""

    def step(self, progress: Progress) -> str:
        """Return step, loss, speed, time left and the last validation."""
        values = progress.values
        if self.first_fraction is None:
            self.start, self.first_fraction = time.monotonic(), progress.fraction
        words = [
            f"step {progress.step}",
            f"loss {values['loss']:.3f}",
            f"{values['notes_per_second']:,.0f} notes/s",
        ]
        done = progress.fraction - self.first_fraction
        if done > 0:
            left = (time.monotonic() - self.start) * (1 - progress.fraction) / done
            words.append(f"{clock(left)} left")
        return " · ".join([*words, *([self.valid] if self.valid else [])])

    def validation(self, progress: Progress) -> str:
        """Return the nats per note of each task; empty where nothing is validated."""
        values = progress.values
        if "valid" not in values:
            return ""
        self.valid = f"valid {values['valid']:.3f}"
        tasks = [f"{task} {values[f'valid_{task}']:.3f}" for task in TASKS if f"valid_{task}" in values]
        return f"step {progress.step}: {self.valid} nats per note ({', '.join(tasks)})"


@contextlib.contextmanager
def live_line() -> Iterator[Show]:
    """Yield what shows a training's progress on stderr, in the manner that stderr is fit for."""
    if sys.stderr.isatty():
        with _on_terminal() as show:
            yield show
    else:
        yield plain_lines()


def plain_lines() -> Show:
    """Return what prints a line for each validation and every half minute."""
    words = _Words()
    printed = time.monotonic()

    def show(progress: Progress) -> None:
        nonlocal printed
        if progress.kind == "valid" and (line := words.validation(progress)):
            print(line, file=sys.stderr, flush=True)
        elif progress.kind == "step":
            line = words.step(progress)
            if time.monotonic() - printed >= PLAIN_SECONDS:
                printed = time.monotonic()
                print(f"{progress.fraction:4.0%} {line}", file=sys.stderr, flush=True)

    return show


@contextlib.contextmanager
def _on_terminal() -> Iterator[Show]:
    from rich.console import Console
    from rich.progress import BarColumn, SpinnerColumn, TaskProgressColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (
        SpinnerColumn(),
        BarColumn(bar_width=20),
        TaskProgressColumn(),
        TextColumn("{task.description}", markup=False),
    )
    words = _Words()
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("compiling, once for each kind of score …", total=1.0)

        def show(progress: Progress) -> None:
            if progress.kind == "valid" and (line := words.validation(progress)):
                bar.console.print(line, markup=False, highlight=False)
            elif progress.kind == "step":
                bar.update(task, description=words.step(progress), completed=progress.fraction)

        yield show


def clock(seconds: float) -> str:
    """Return a length of time as `7:05` or `1:07:05`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
