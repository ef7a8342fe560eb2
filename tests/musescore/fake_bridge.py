"""A bridge that follows a script: real replies by dice, and every way in which a bridge can go wrong."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from musescore.dice_filling import dice_filling

from bridge.errors import JaxmuseError
from bridge.host import answer as answering
from bridge.protocol.request import FillRequest
from bridge.server.replies import ModelFacts, ModelList

TOKEN = "the-token-of-the-tests-and-of-nothing-else"
STYLED = ModelFacts(
    name="lstm", kind="dice", parameters=6, size_bytes=6, test_nll=None, styles=["chorale", "folk tune"]
)
MODELS = ModelList(models=[STYLED])


@dataclass
class Script:
    """How the bridge behaves until it is told otherwise.

    - `polls`: how often a job is still running before it is done; `hold`: it runs until `release`.
    - `reply`: what to make of a reply before it is sent; `errors`: path prefix to (status, body).
    - `silent`: path prefixes that are never answered; `seed`: of the dice.
    """

    polls: int = 1
    hold: bool = False
    reply: Callable[[dict[str, Any]], Any] = lambda reply: reply
    errors: dict[str, tuple[int, str]] = field(default_factory=dict)
    silent: tuple[str, ...] = ()
    token: str = TOKEN
    seed: int = 1


class FakeBridge:
    """Listens on 127.0.0.1; `requests`: what it was asked to fill, `cancelled`: jobs that were deleted."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        patch.setattr(answering, "fill_document", dice_filling)
        self.script = Script()
        self.requests: list[dict[str, Any]] = []
        self.origins: list[str | None] = []
        self.cancelled: list[str] = []
        self._jobs: dict[str, dict[str, Any]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def connection(self, **changed: object) -> str:
        """Return a connection.json for it; nothing starts it."""
        plain: dict[str, object] = {"version": 1, "host": "127.0.0.1", "port": self.port, "token": TOKEN}
        return json.dumps(plain | {"start": [], "say": "jaxmuse serve"} | changed)

    def play(self, script: Script) -> None:
        """Follow another script, with no memory."""
        self.script = script
        self.requests.clear()
        self.origins.clear()
        self.cancelled.clear()

    def release(self) -> None:
        """Let the jobs that are held come to their end."""
        self.script.hold = False

    def wait_until_cancelled(self) -> None:
        """Wait until a job was deleted."""
        limit = time.monotonic() + 10
        while not self.cancelled:
            assert time.monotonic() < limit, "no job was deleted"
            time.sleep(0.02)

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    def answer(self, method: str, path: str, body: bytes) -> tuple[int, str]:
        """Return the status and the body of one call."""
        for prefix, (status, text) in self.script.errors.items():
            if f"{method} {path}".startswith(prefix):
                return status, text
        if method == "POST" and path == "/v1/jobs":
            return self._new_job(body)
        if path == "/v1/models":
            return 200, MODELS.model_dump_json()
        job = path.removeprefix("/v1/jobs/")
        if job not in self._jobs:
            return 404, json.dumps({"code": "not_found", "message": "no such job", "fix": "Ask again."})
        if method == "DELETE":
            self.cancelled.append(job)
            self._jobs[job]["state"] = "cancelled"
        return 200, json.dumps(self._looked_at(self._jobs[job]))

    def _new_job(self, body: bytes) -> tuple[int, str]:
        asked = json.loads(body)
        self.requests.append(asked)
        request = FillRequest.model_validate_json(body)
        options = request.options.model_copy(update={"seed": self.script.seed})
        request = request.model_copy(update={"options": options})
        job: dict[str, Any] = {
            "id": f"job{len(self._jobs)}",
            "state": "running",
            "polls": self.script.polls,
        }
        try:
            reply = answering.answer(request, lambda name: _Named(name))  # type: ignore[arg-type, return-value]
            job["reply"] = self.script.reply(reply.model_dump(mode="json"))
        except JaxmuseError as error:
            job["problem"] = {"code": "unfillable", "message": error.what, "fix": error.fix}
        self._jobs[job["id"]] = job
        return 202, json.dumps(_shown(job, 0.0))

    def _looked_at(self, job: dict[str, Any]) -> dict[str, Any]:
        if job["state"] == "cancelled":
            return _shown(job, 0.5)
        if self.script.hold or job["polls"] > 0:
            job["polls"] -= 1
            return _shown(job, 0.5)
        job["state"] = "failed" if "problem" in job else "done"
        return _shown(job, 1.0) | {key: job[key] for key in ("reply", "problem") if key in job}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        bridge = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

            def _any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                bridge.origins.append(self.headers.get("Origin"))
                if any(f"{self.command} {self.path}".startswith(one) for one in bridge.script.silent):
                    time.sleep(3)
                    self.close_connection = True
                    return
                if self.headers.get("Authorization") != f"Bearer {bridge.script.token}":
                    problem = {
                        "code": "unauthorized",
                        "message": "the token is wrong",
                        "fix": "Install again.",
                    }
                    status, text = 401, json.dumps(problem)
                else:
                    status, text = bridge.answer(self.command, self.path, body)
                data = text.encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_DELETE = _any

        return Handler


@dataclass(frozen=True)
class _Named:
    name: str
    config: object = None


def _shown(job: dict[str, Any], progress: float) -> dict[str, Any]:
    return {"id": job["id"], "state": job["state"], "position": 0, "progress": progress}
