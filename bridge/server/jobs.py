"""What waits, runs and is done: a bounded queue of fills that any thread may look at."""

from __future__ import annotations

import secrets
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Literal

from bridge.protocol.file import FileReply, FileRequest
from bridge.protocol.job import JobState, Reply
from bridge.protocol.reply import Problem
from bridge.protocol.request import FillRequest
from bridge.server.problems import Refusal, stopping

MOST_QUEUED = 8
"""Besides the one that runs: a user at one MuseScore never has more than one."""

MOST_FINISHED, KEPT_SECONDS = 64, 600.0
"""How many finished jobs can still be asked for, and how long."""

JOB_SECONDS = 300.0
"""From its beginning: some ten times what the largest request takes."""

WAIT_SECONDS = 900.0
"""In the queue."""

UNHEARD_SECONDS = 10.0
"""For a job on a whole file: its client asks many times a second, and is gone if it doesn't."""

RETRY_SECONDS = 2

Request = FillRequest | FileRequest

State = Literal["queued", "running", "done", "failed", "cancelled"]


class Cancelled(Exception):
    """Raised out of a fill that nobody waits for any more."""


@dataclass(eq=False)
class Job:
    """One fill; times in seconds of the monotonic clock, `over` is set once it is settled.

    - `heard`: when somebody last asked for it.
    """

    request: Request | None = field(repr=False)
    made: float
    heard: float
    id: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    state: State = "queued"
    progress: float = 0.0
    started: float = 0.0
    finished: float = 0.0
    reply: Reply | None = field(default=None, repr=False)
    problem: Problem | None = None
    over: Future[None] = field(default_factory=Future, repr=False)


class Jobs:
    """All jobs of one bridge; the worker takes them in turn.

    - `clock`: seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._changed = threading.Condition()
        self._queued: deque[Job] = deque()
        self._running: Job | None = None
        self._known: dict[str, Job] = {}
        self._stopped = False
        self.last_active = clock()

    def submit(self, request: Request) -> Job:
        """Put a request at the queue's end; raises `Refusal` where it is full."""
        with self._changed:
            self.check_room()
            job = Job(request, self.clock(), self.clock())
            self._known[job.id] = job
            self._queued.append(job)
            self._changed.notify_all()
            return job

    def check_room(self) -> None:
        """Raise `Refusal` where `submit` would."""
        with self._changed:
            if self._stopped:
                raise stopping()
            if len(self._queued) >= MOST_QUEUED:
                raise Refusal(
                    "queue_full",
                    f"{len(self._queued)} requests are waiting already",
                    "Try again in a moment.",
                    {"Retry-After": str(RETRY_SECONDS)},
                )

    def get(self, name: str) -> Job:
        """Return the job of that id; raises `Refusal` where it is unknown or forgotten."""
        with self._changed:
            if name not in self._known:
                raise Refusal("not_found", "there is no such job (any more)", "Send the request again.")
            job = self._known[name]
            job.heard = self.clock()
            return job

    def state_of(self, job: Job) -> JobState:
        """Return what a client is told of `job`."""
        with self._changed:
            return JobState(
                id=job.id,
                state=job.state,
                position=self._queued.index(job) if job in self._queued else 0,
                progress=job.progress,
                reply=job.reply,
                problem=job.problem,
            )

    def counts(self) -> tuple[int, int]:
        """Return how many run and how many wait."""
        with self._changed:
            return int(self._running is not None), len(self._queued)

    def cancel(self, job: Job) -> None:
        """Settle `job` as cancelled, unless it is over; a fill that runs stops at its next step."""
        self._settle(job, "cancelled", problem=_cancelled())

    def forget_file(self, job: Job) -> None:
        """Give back the memory of files that were told; nothing else can be asked about such a job."""
        with self._changed:
            if isinstance(job.reply, FileReply):
                self._known.pop(job.id, None)
                job.reply = None

    def take(self, seconds: float) -> Job | None:
        """Begin the next job, waiting for one for so long; None if none came or the bridge stops."""
        with self._changed:
            self._changed.wait_for(lambda: self._queued or self._stopped, seconds)
            if not self._queued or self._stopped:
                return None
            job = self._running = self._queued.popleft()
            job.state, job.started = "running", self.clock()
            return job

    def advance(self, job: Job, share: float) -> None:
        """Note that `share` of the hole is filled; raises `Cancelled` where that is of no use any more."""
        with self._changed:
            if job.over.done():
                raise Cancelled
            job.progress = min(1.0, max(job.progress, share))

    def finish(self, job: Job, reply: Reply | None, problem: Problem | None) -> None:
        """End the job that runs with what came of it, if anything; no matter if it was settled before."""
        with self._changed:  # whoever sees that it is over sees too that nothing runs
            if reply is not None:
                self._settle(job, "done", reply=reply)
            elif problem is not None:
                self._settle(job, "failed", problem=problem)
            else:
                self.cancel(job)
            self._running = None

    def tidy(self) -> None:
        """Give up what takes too long, and forget what was over long ago."""
        with self._changed:
            now, running = self.clock(), self._running
            if running and now - running.started > JOB_SECONDS:
                self._settle(running, "failed", problem=_overdue())
            for job in [job for job in self._queued if now - job.made > WAIT_SECONDS]:
                self._settle(job, "failed", problem=_overdue())
            for job in list(self._known.values()):
                if now - job.heard > UNHEARD_SECONDS:
                    if isinstance(job.request, FileRequest):
                        self.cancel(job)
                    self.forget_file(job)
            over = [job for job in self._known.values() if job.over.done()]
            for position, job in enumerate(sorted(over, key=lambda job: -job.finished)):
                if position >= MOST_FINISHED or now - job.finished > KEPT_SECONDS:
                    del self._known[job.id]

    def idle_seconds(self) -> float:
        """Return for how long nobody has asked for anything and nothing has run."""
        with self._changed:
            busy = self._queued or self._running
            return 0.0 if busy else self.clock() - self.last_active

    def heard(self) -> None:
        """Note that somebody asked for something."""
        self.last_active = self.clock()

    @property
    def stopped(self) -> bool:
        """Whether the bridge stops."""
        return self._stopped

    def stop(self) -> None:
        """Take no more jobs and settle all that there are."""
        with self._changed:
            self._stopped = True
            for job in list(self._known.values()):
                self._settle(job, "failed", problem=stopping().problem)
            self._queued.clear()
            self._changed.notify_all()

    def _settle(
        self, job: Job, state: State, reply: Reply | None = None, problem: Problem | None = None
    ) -> None:
        with self._changed:
            if job.over.done():
                return
            if job in self._queued:
                self._queued.remove(job)
            job.state, job.reply, job.problem = state, reply, problem
            job.progress = 1.0 if reply is not None else job.progress
            job.request, job.finished = None, self.clock()
            self.last_active = job.finished
            job.over.set_result(None)


def _cancelled() -> Problem:
    return Problem(code="cancelled", message="the request was cancelled", fix="Send it again.")


def _overdue() -> Problem:
    return Problem(
        code="timeout",
        message="the fill took too long",
        fix="Select fewer measures, staves or alternatives.",
    )
