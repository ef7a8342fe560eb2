"""How far a job is, and what came of it."""

from __future__ import annotations

from typing import Literal

from bridge.protocol.file import FileReply
from bridge.protocol.reply import FillReply, Problem
from bridge.protocol.shape import Shape

Reply = FillReply | FileReply


class JobState(Shape):
    """A job: its place in the queue (0 is next or running), and the measured share of the hole filled."""

    id: str
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    position: int = 0
    progress: float = 0.0
    reply: Reply | None = None
    problem: Problem | None = None
