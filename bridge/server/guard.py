"""Who may ask: programs of this user that hold the token, on this machine; no web page, from wherever."""

from __future__ import annotations

import hmac
import logging
import re
import time
from collections.abc import Callable

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from bridge.server.exchange import Exchange, Room
from bridge.server.problems import Refusal, problem_of, problem_response

_LOOPBACK = re.compile(rb"(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?", re.IGNORECASE)
_BEARER = re.compile(rb"bearer +([\x21-\x7e]+) *", re.IGNORECASE)
_POLLED = re.compile(r"/v1/(jobs/[^/]+|health)")

log = logging.getLogger("jaxmuse.bridge")


class Guard:
    """An ASGI app around another: refuses what mustn't come in, bounds what does, and logs it.

    - `token`: compared in constant time; neither it nor any header is ever logged.
    - `heard`: called for each request that passes.
    """

    def __init__(self, app: ASGIApp, token: str, heard: Callable[[], None] = lambda: None) -> None:
        self._app, self._token, self._heard = app, token.encode("ascii"), heard
        self._room = Room()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whatever it is."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.monotonic()
        exchange = Exchange(scope, receive, send, self._room)
        scope.setdefault("state", {})["release_body"] = exchange.release
        try:
            await self._answer(scope, exchange)
        except ClientDisconnect:
            pass
        except Exception as error:
            log.exception("bug while answering %s", _line(scope))
            if not exchange.status:
                await problem_response(problem_of(error))(scope, exchange.receive, exchange.send)
        finally:
            exchange.release()
            _log_access(scope, exchange, time.monotonic() - started)

    async def _answer(self, scope: Scope, exchange: Exchange) -> None:
        try:
            _check_host(scope)
            _check_origin(scope)
            self._check_token(scope)
        except Refusal as refusal:
            response = problem_response(refusal.problem, refusal.headers)
            await response(scope, exchange.receive, exchange.send)
            return
        self._heard()
        await self._app(scope, exchange.receive, exchange.send)

    def _check_token(self, scope: Scope) -> None:
        given = _headers(scope, b"authorization")
        found = _BEARER.fullmatch(given[0]) if len(given) == 1 else None
        if not hmac.compare_digest(found[1] if found else b"", self._token):
            raise Refusal(
                "unauthorized",
                "the token isn't that of this bridge",
                "Run 'jaxmuse plugin install' again.",
                {"WWW-Authenticate": "Bearer"},
            )


def _check_host(scope: Scope) -> None:
    """Refuse other names for this machine: a web page can make its own name point here."""
    given = _headers(scope, b"host")
    if len(given) != 1 or not _LOOPBACK.fullmatch(given[0]):
        raise Refusal("forbidden", "the bridge only answers as 127.0.0.1", "Ask http://127.0.0.1 itself.")


def _check_origin(scope: Scope) -> None:
    """Refuse web pages, which can't leave out this header."""
    if _headers(scope, b"origin"):
        raise Refusal(
            "forbidden", "web pages may not use the bridge", "Ask from a program without 'Origin'."
        )


def _headers(scope: Scope, wanted: bytes) -> list[bytes]:
    return [value for name, value in scope["headers"] if name == wanted]


def _line(scope: Scope) -> str:
    path = "".join(each if each.isprintable() else "?" for each in scope["path"][:200])
    return f"{scope['method'][:16]} {path}"


def _log_access(scope: Scope, exchange: Exchange, seconds: float) -> None:
    polled = exchange.status == 200 and scope["method"] == "GET" and _POLLED.fullmatch(scope["path"])
    level = logging.DEBUG if polled else logging.INFO
    log.log(level, "%s %s %.0f ms", _line(scope), exchange.status or "unanswered", 1000 * seconds)
