"""What the terminal shows: one live line while the bridge loads and compiles, then a line for each fill."""

from __future__ import annotations

import contextlib
import sys
from typing import Any
from unicodedata import category

from bridge.protocol.job import Reply
from bridge.server.worker import Watcher


def watcher(address: str) -> PlainLines:
    """Return who shows the bridge at `address`, in the manner that stdout is fit for."""
    terminal = sys.stdout is not None and sys.stdout.isatty()  # None without a console on Windows
    return LiveLine(address) if terminal else PlainLines(address)


class PlainLines(Watcher):
    """Lines on stdout, which a program may read: the first one says where the bridge listens."""

    def __init__(self, address: str) -> None:
        self.address = address

    def listening(self) -> None:
        """Say where; called once requests are taken."""
        _say(f"listening on {self.address} (Ctrl+C stops)")

    def warming(self, label: str, number: int, count: int) -> None:
        """Say what begins."""
        _say(f"{label} ({number} of {count})")

    def ready(self, seconds: float) -> None:
        """Say that nothing has to be waited for any more."""
        _say(f"ready after {seconds:.1f} s")

    def filled(self, reply: Reply) -> None:
        """Say what was filled."""
        _say(f"{reply.summary}, {reply.seconds.total:.1f} s")

    def failed(self, sentence: str) -> None:
        """Say what went wrong."""
        _say(sentence)

    def stopped(self) -> None:
        """Say goodbye."""
        _say("stopped")


class LiveLine(PlainLines):
    """A progress line while the bridge warms up; then where it listens."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self._progress: Any = None
        self._task: Any = None
        self._said = False

    def listening(self) -> None:
        """Wait with it until the progress line is gone; it says so itself."""

    def warming(self, label: str, number: int, count: int) -> None:
        """Move the line."""
        if self._progress is None:
            from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

            text = TextColumn("{task.description}", markup=False)
            columns = (SpinnerColumn(), text, BarColumn(), TimeElapsedColumn())
            self._progress = Progress(*columns, transient=True)
            self._task = self._progress.add_task(label, total=count)
            self._progress.start()
        described = f"{self.address}: {label}"
        self._progress.update(self._task, description=described, completed=number - 1)

    def ready(self, seconds: float) -> None:
        """Put the last word in place of the line."""
        self._end()
        self._say_where()

    def failed(self, sentence: str) -> None:
        """Say what went wrong, and where the bridge listens all the same; the next step has a new line."""
        self._end()
        _say(sentence)
        self._say_where()

    def stopped(self) -> None:
        """Say goodbye."""
        self._end()
        super().stopped()

    def _say_where(self) -> None:
        if not self._said:
            super().listening()
        self._said = True

    def _end(self) -> None:
        if self._progress is not None:
            self._progress.stop()
            self._progress = None


def _say(line: str) -> None:
    line = "".join("?" if category(each)[0] == "C" else each for each in line)  # any score's names
    with contextlib.suppress(OSError, ValueError):  # whoever read it may be gone
        print(line, flush=True)
