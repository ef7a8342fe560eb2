"""A bridge in a thread of the test's own process, with an answer that the test controls."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from bridge.protocol.reply import FillReply, Timing
from bridge.protocol.request import FillRequest
from bridge.server.app import make_app
from bridge.server.instance import listen
from bridge.server.jobs import Jobs
from bridge.server.replies import ModelFacts, ModelList
from bridge.server.run import Server
from bridge.server.worker import Progress, Step, Watcher, Worker

TOKEN = "t0ken-of-the-tests-which-nobody-else-knows-0123456789"
DICE = ModelFacts(
    name="dice", kind="dice", parameters=6, size_bytes=6, test_nll=1.8, styles=["chorale", "folk tune"]
)
MODELS = ModelList(models=[DICE])


def made_reply(summary: str = "Flute, measure 2: 0 notes") -> FillReply:
    """Return a reply without notes."""
    return FillReply(
        model="dice",
        seed=1,
        seconds=Timing(read=0.1, fill=0.2, write=0.1, total=0.4),
        start=1,
        stop=2,
        append=0,
        staves=[0],
        where="measure 2",
        summary=summary,
        alternatives=[],
    )


def made_request(seed: int = 1, **more: Any) -> dict[str, Any]:
    """Return a request to fill the second of two measures for a flute."""
    measures = [{"tick": 1920 * n, "ticks": 1920, "beats": 4, "beat_type": 4} for n in range(2)]
    notes = [[0, 480, 72, 1, 14, 0], [480, 480, 74, 1, 16, 0]]
    return {
        "walk": {
            "measures": measures,
            "parts": [{"name": "Flute", "staves": [{"program": 73, "notes": notes}]}],
        },
        "selection": {"start": 1, "stop": 2, "staves": [0]},
        "options": {"model": "dice", "seed": seed},
        **more,
    }


@dataclass
class Gate:
    """An answer that takes `steps` looks at its progress, and waits in the middle while it is shut."""

    steps: int = 4
    open: threading.Event = field(default_factory=threading.Event)
    begun: threading.Event = field(default_factory=threading.Event)
    seeds: list[int | None] = field(default_factory=list)
    stopped: int = 0
    error: Exception | None = None

    def __post_init__(self) -> None:
        self.open.set()

    def __call__(self, request: FillRequest, progress: Progress) -> FillReply:
        """Return a reply, or raise `error`."""
        self.seeds.append(request.options.seed)
        try:
            for step in range(1, self.steps + 1):
                progress(step / self.steps / 2)
                self.begun.set()
                while not self.open.wait(0.01):
                    progress(0.5)
        except BaseException:
            self.stopped += 1
            raise
        if self.error:
            raise self.error
        return made_reply()


@dataclass
class Bridge:
    """A bridge that runs; `client` brings the token along."""

    port: int
    jobs: Jobs
    worker: Worker
    server: Server
    client: httpx.Client

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stranger(self) -> httpx.Client:
        """Return a client without a token."""
        return httpx.Client(base_url=self.url, timeout=10)

    def raw(self, data: bytes, seconds: float = 10.0) -> bytes:
        """Send bytes and return all that comes back until the bridge closes or `seconds` pass."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as wire:
            with contextlib.suppress(OSError):
                wire.sendall(data)
            return read_all(wire, seconds)


def read_all(wire: socket.socket, seconds: float) -> bytes:
    """Return all that comes until the other side closes, or nothing comes for `seconds`."""
    wire.settimeout(seconds)
    received = b""
    with contextlib.suppress(OSError):
        while piece := wire.recv(65536):
            received += piece
    return received


def head(method: str, path: str, *lines: str, token: str = TOKEN) -> bytes:
    """Return the head of a request, with host and token."""
    fixed = (f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {token}")
    return "\r\n".join((*fixed, *lines, "", "")).encode()


def as_json(content: Any) -> bytes:
    return json.dumps(content).encode()


@contextlib.contextmanager
def running_bridge(
    answer: Callable[[FillRequest, Progress], FillReply] | None = None,
    steps: list[Step] | None = None,
    watcher: Watcher | None = None,
    models: Callable[[], ModelList] = lambda: MODELS,
) -> Iterator[Bridge]:
    """Run a bridge with that answer, on a free port."""
    jobs = Jobs()
    worker = Worker(jobs, answer or Gate(), steps or [], watcher)
    started = threading.Event()

    def on_start() -> None:
        worker.start()
        started.set()

    server = Server(make_app(TOKEN, jobs, worker, models), jobs, on_start)
    listening = listen(0)
    port = listening.getsockname()[1]
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    assert started.wait(10)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    fresh = httpx.Limits(max_keepalive_connections=0)  # an idle connection may be closed just as it is used
    with httpx.Client(
        base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=30, limits=fresh
    ) as client:
        try:
            yield Bridge(port, jobs, worker, server, client)
        finally:
            server.should_exit = True
            thread.join(10)
            listening.close()
            assert not thread.is_alive()
            assert worker.join(10)


def until(true: Callable[[], Any], seconds: float = 10.0) -> Any:
    """Wait until `true()` is, and return it."""
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.01)
    return found
