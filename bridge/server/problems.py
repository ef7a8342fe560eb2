"""Every error that a client can get: a stable code, a status, a sentence and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response

from bridge.errors import JaxmuseError
from bridge.protocol.reply import Problem
from bridge.server.log import log_path

STATUS = {
    "bad_request": 400,
    "unauthorized": 401,
    "forbidden": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "too_slow": 408,
    "cancelled": 409,
    "other_model": 409,
    "too_large": 413,
    "unsupported_media_type": 415,
    "unfillable": 422,
    "queue_full": 429,
    "internal": 500,
    "stopping": 503,
    "timeout": 504,
}
"""The HTTP status of each code."""

HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class Refusal(Exception):
    """A request that isn't followed; carries what the client is told.

    - `headers`: further headers of the answer.
    """

    def __init__(self, code: str, message: str, fix: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.problem = Problem(code=code, message=message, fix=fix)
        self.headers = dict(headers or {})


def json_response(content: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return a response of JSON text that nothing on the way may keep."""
    return Response(content, status, {**HEADERS, **(headers or {})}, "application/json")


def problem_response(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """Return the response that tells of `problem`."""
    return json_response(problem.model_dump_json(), STATUS[problem.code], headers)


def problem_of(error: BaseException) -> Problem:
    """Return what a client is told of an error; of a bug, only where its details are."""
    if isinstance(error, Refusal):
        return error.problem
    if isinstance(error, JaxmuseError):
        place = f"{error.where}: " if error.where else ""
        return Problem(code="unfillable", message=f"{place}{error.what}", fix=error.fix)
    return Problem(
        code="internal",
        message="this is a bug in jaxmuse's bridge",
        fix=f"Try another selection, and report it with the end of {log_path()}.",
    )


def stopping() -> Refusal:
    """Return what is said while the bridge stops."""
    return Refusal("stopping", "the bridge is stopping", "Start it again with 'jaxmuse serve'.")
