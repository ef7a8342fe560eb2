"""The running bridge, asked over HTTP with the standard library alone: nothing heavy is imported."""

from __future__ import annotations

import http.client
import json
from typing import Any

from bridge import connection

LOOK_SECONDS = 1.5
"""For a bridge to say that it is there; it answers within milliseconds, even while it fills."""

ANSWER_SECONDS = 20.0
"""For any other answer: the largest files are 16 MB on one machine."""


class BridgeLost(Exception):
    """The bridge doesn't answer, or not as a bridge does."""


class BridgeCalls:
    """One connection to the bridge of this user, which `connection.running` has shown to be it.

    Raises `BridgeLost` where there is none. Use it in a `with` statement.
    """

    def __init__(self) -> None:
        running, token = connection.running(), connection.known_token()
        if running is None or token is None:
            raise BridgeLost
        self._wire = http.client.HTTPConnection(connection.HOST, running.port, timeout=LOOK_SECONDS)
        self._headers = {"Authorization": f"Bearer {token}"}

    def __enter__(self) -> BridgeCalls:
        return self

    def __exit__(self, *error: object) -> None:
        self._wire.close()

    def health(self) -> dict[str, Any]:
        """Return what the bridge says of itself; raises `BridgeLost`, also for one that stands still."""
        status, told = self._ask("GET", "/v1/health")
        if status != 200:
            raise BridgeLost
        if self._wire.sock is not None:
            self._wire.sock.settimeout(ANSWER_SECONDS)
        self._wire.timeout = ANSWER_SECONDS
        return told

    def send_file(self, request: dict[str, Any]) -> dict[str, Any]:
        """Put the fill of a file into the queue; return the job's state, or the problem with it."""
        return self._ask("POST", "/v1/files", json.dumps(request).encode("ascii"))[1]

    def look(self, job: str) -> dict[str, Any]:
        """Return a job's state; raises `BridgeLost` where there is no such job any more."""
        status, told = self._ask("GET", f"/v1/jobs/{job}")
        if status != 200:
            raise BridgeLost
        return told

    def drop(self, job: str) -> None:
        """Cancel a job, or let the bridge forget its files; on a new connection."""
        self._wire.close()
        self._wire.timeout = LOOK_SECONDS
        self._ask("DELETE", f"/v1/jobs/{job}")

    def _ask(self, method: str, path: str, body: bytes | None = None) -> tuple[int, dict[str, Any]]:
        headers = self._headers if body is None else {**self._headers, "Content-Type": "application/json"}
        try:
            self._wire.request(method, path, body, headers)
            response = self._wire.getresponse()
            told = json.loads(response.read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise BridgeLost from error
        if not isinstance(told, dict):
            raise BridgeLost
        return response.status, told
