"""Start the bridge, keep it, and stop it: at a signal, or when nobody has asked for long."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
from collections.abc import Callable
from typing import Any

import uvicorn

from bridge import connection
from bridge.protocol.file import FileRequest
from bridge.protocol.job import Reply
from bridge.server.app import make_app
from bridge.server.instance import listen, only_bridge
from bridge.server.jobs import Jobs, Request
from bridge.server.loaded_models import LoadedModels
from bridge.server.log import open_log
from bridge.server.patient_protocol import PatientProtocol
from bridge.server.show import watcher
from bridge.server.warm import warm_steps
from bridge.server.worker import Answer, Progress, Worker

GRACE_SECONDS = 1
"""For answers under way when the bridge stops; all jobs are settled by then."""

KEEP_ALIVE_SECONDS = 30
MOST_HEADER_BYTES = 16 * 2**10


def serve(port: int | None = None, idle_exit: float | None = None) -> None:
    """Run the bridge until it is told to stop; only one of this user can run.

    - `port`: as in `listen`; `idle_exit`: seconds without a request after which it stops by itself.

    Raises `UsageError` and `WriteError` before it listens. Ends the process itself if a compilation,
    which nothing can stop, is still under way.
    """
    with only_bridge():
        open_log()
        token = connection.load_or_make_token()
        listening = listen(port)
        with contextlib.closing(listening):
            worker = _serve_on(listening, token, idle_exit)
        if not worker.join(0.5):
            with contextlib.suppress(AttributeError, OSError, ValueError):
                sys.stdout.flush()
            os._exit(0)


def _serve_on(listening: socket.socket, token: str, idle_exit: float | None) -> Worker:
    port = listening.getsockname()[1]
    shown = watcher(f"http://{connection.HOST}:{port}")
    jobs, models = Jobs(), LoadedModels()

    worker = Worker(jobs, answering(models), warm_steps(models.get), shown)
    app = make_app(token, jobs, worker, models.listed)

    def started() -> None:
        problems = connection.announce(port, os.getpid())
        shown.listening()
        for problem in problems:
            shown.failed(str(problem))
        worker.start()

    server = Server(app, jobs, started, idle_exit)
    try:
        with _stopping_at_signals(server):
            server.run([listening])
    finally:
        connection.withdraw()
        shown.stopped()
    return worker


def answering(models: LoadedModels) -> Answer:
    """Return what is done for a request, with these models."""

    def answer_request(request: Request, progress: Progress) -> Reply:
        if isinstance(request, FileRequest):
            from bridge.server.file_answer import answer_file

            if request.model_state is not None:
                models.check_state(request.options.model, request.model_state)
            return answer_file(request, models.get, progress)
        from bridge.host.answer import answer

        return answer(request, models.get, progress)

    return answer_request


class Server(uvicorn.Server):
    """uvicorn, which stops when idle and settles all jobs before it waits for their answers."""

    def __init__(
        self, app: Any, jobs: Jobs, on_start: Callable[[], None], idle_exit: float | None = None
    ) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                loop="asyncio",
                http=PatientProtocol,
                ws="none",
                lifespan="on",
                log_config=None,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=GRACE_SECONDS,
                h11_max_incomplete_event_size=MOST_HEADER_BYTES,
            )
        )
        self._jobs, self._on_start, self._idle_exit = jobs, on_start, idle_exit

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen, then say so."""
        await super().startup(sockets)
        self._on_start()

    async def on_tick(self, counter: int) -> bool:
        """Tell, ten times a second, whether to stop."""
        idle = self._idle_exit is not None and self._jobs.idle_seconds() > self._idle_exit
        return await super().on_tick(counter) or idle

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop; whoever waits for a job is told."""
        self._jobs.stop()
        await super().shutdown(sockets)


@contextlib.contextmanager
def _stopping_at_signals(server: Server) -> Any:
    """Stop in order at SIGTERM, Ctrl+C and a closed terminal; uvicorn raises its own again at its end."""

    def stop(number: int, frame: Any) -> None:
        server.should_exit = True

    names = ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK")
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
