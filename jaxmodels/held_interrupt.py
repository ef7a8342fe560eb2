"""Ctrl+C between the steps of a training: in the middle of one its state is half changed."""

from __future__ import annotations

import signal
import threading
from types import FrameType


class HeldInterrupt:
    """The first Ctrl+C waits for `check`; the second raises `KeyboardInterrupt` at once.

    While it is entered, in the main thread; a program that has put its own handler for Ctrl+C keeps that.

    - `lost`: the second one came, so that what was being changed is not to be trusted.
    """

    def __init__(self) -> None:
        self.wanted = self.lost = self._ours = False

    def __enter__(self) -> HeldInterrupt:
        plain = signal.getsignal(signal.SIGINT) is signal.default_int_handler
        if plain and threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, self._handle)
            self._ours = True
        return self

    def __exit__(self, *_: object) -> None:
        if self._ours:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        if self.wanted:
            self.lost = True
            raise KeyboardInterrupt
        self.wanted = True

    def check(self) -> None:
        """Raise the `KeyboardInterrupt` that waits, if one does."""
        if self.wanted:
            raise KeyboardInterrupt
