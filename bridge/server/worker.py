"""The one thread that fills: jobs first, and while there are none, what makes later ones quick."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from bridge.protocol.job import Reply
from bridge.server.jobs import Cancelled, Job, Jobs, Request
from bridge.server.problems import problem_of

log = logging.getLogger("jaxmuse.bridge")

Progress = Callable[[float], None]
Answer = Callable[[Request, Progress], Reply]


@dataclass(frozen=True)
class Step:
    """Something to load or compile before the first job wants it; `label` says what, for people."""

    label: str
    run: Callable[[], None]


class Watcher:
    """Whoever shows what the worker does; does nothing itself. Called from the worker's thread."""

    def warming(self, label: str, number: int, count: int) -> None:
        """Step `number` (from 1) of `count` begins."""

    def ready(self, seconds: float) -> None:
        """All steps are done, after so long."""

    def filled(self, reply: Reply) -> None:
        """A job is done."""

    def failed(self, sentence: str) -> None:
        """A job or a step couldn't be done."""


class Worker:
    """Runs the jobs in a thread of its own, one after the other.

    - `answer`: what is done for a request.
    - `warming`: what it does besides jobs at the moment, None once all `steps` are done.
    """

    def __init__(
        self, jobs: Jobs, answer: Answer, steps: Iterable[Step] = (), watcher: Watcher | None = None
    ) -> None:
        self._jobs, self._answer, self._watcher = jobs, answer, watcher or Watcher()
        self._steps = list(steps)
        self.warming: str | None = self._steps[0].label if self._steps else None
        self.ready = not self._steps
        self._thread = threading.Thread(target=self._run, name="jaxmuse worker", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def join(self, seconds: float) -> bool:
        """Wait for the thread to end after `Jobs.stop`, at most so long; False if it still runs."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        warming = self._warm()
        while not self._jobs.stopped:
            job = self._jobs.take(0.0 if self.warming else 60.0)
            if job is not None:
                self._do(job)
            elif not self._jobs.stopped:
                next(warming, None)

    def _warm(self) -> Iterator[None]:
        """Do one step at each `next`."""
        started = time.monotonic()
        for number, step in enumerate(self._steps, 1):
            self.warming = step.label
            self._watcher.warming(step.label, number, len(self._steps))
            try:
                step.run()
            except Exception as error:
                log.exception("while %s", step.label)
                problem = problem_of(error)
                self._watcher.failed(f"{step.label}: {problem.message}. {problem.fix}")
                break
            yield
        else:
            self.ready = True
            self._watcher.ready(time.monotonic() - started)
        self.warming = None

    def _do(self, job: Job) -> None:
        reply = problem = None
        try:
            request = job.request
            if request is not None:
                answer = self._answer(request, lambda share: self._jobs.advance(job, share))
                reply = _with_waiting(answer, job.started - job.made)
        except Cancelled:
            log.info("job %s stopped", job.id)
        except Exception as error:
            problem = problem_of(error)
            if problem.code == "internal":
                log.exception("bug in job %s", job.id)
            self._watcher.failed(f"{problem.message}. {problem.fix}")
        self._jobs.finish(job, reply, problem)
        if job.state == "done" and reply is not None:
            self._watcher.filled(reply)


def _with_waiting(reply: Reply, queued: float) -> Reply:
    seconds = reply.seconds
    whole = seconds.model_copy(update={"queued": queued, "total": queued + seconds.total})
    return reply.model_copy(update={"seconds": whole})
