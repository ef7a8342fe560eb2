"""One request and its answer on the wire: the body is counted and timed while it streams."""

from __future__ import annotations

import asyncio
import contextlib
import time

from starlette.types import Message, Receive, Scope, Send

from bridge.server.problems import Refusal

MOST_BODY_BYTES = 16 * 2**20
"""Of one request; the longest real scores are some 5 MB as a host sends them."""

MOST_HELD_BYTES = 4 * MOST_BODY_BYTES
"""Of all requests that are being received at a time."""

BODY_SECONDS = 15.0
"""For a whole body to arrive; on one machine that takes milliseconds."""

LINGER_BYTES, LINGER_SECONDS = MOST_BODY_BYTES, 2.0
"""What is still read and thrown away after a refusal, so that a client in the middle of sending sees it."""


class Room:
    """What the bodies that are being received hold in memory, in bytes."""

    def __init__(self, most: int = MOST_HELD_BYTES) -> None:
        self.left = most

    def take(self, count: int) -> None:
        """Take `count` bytes; raises `Refusal` where there is no room."""
        if count > self.left:
            raise Refusal(
                "queue_full",
                "too many scores are being sent at a time",
                "Try again in a moment.",
                {"Retry-After": "2"},
            )
        self.left -= count

    def give_back(self, count: int) -> None:
        """Give back what was taken."""
        self.left += count


class Exchange:
    """What the app sees in place of the server's own `receive` and `send`.

    - `status`: of the answer, 0 until it has begun.

    An answer that comes before the body's end closes the connection.
    """

    def __init__(self, scope: Scope, receive: Receive, send: Send, room: Room) -> None:
        self.status = 0
        self._receive, self._send, self._room = receive, send, room
        self._deadline: float | None = None
        self._taken = 0
        headers = dict(scope["headers"])
        length = headers.get(b"content-length", b"0")
        self._declared = int(length) if length.isdigit() and len(length) < 19 else MOST_BODY_BYTES + 1
        self._ended = not self._declared and b"transfer-encoding" not in headers

    async def receive(self) -> Message:
        """Return the next piece of the body; raises `Refusal` for one that is too large or too slow."""
        if self._ended:
            return await self._receive()
        if self._declared > MOST_BODY_BYTES:
            raise _too_large()
        if self._deadline is None:
            self._deadline = asyncio.get_running_loop().time() + BODY_SECONDS
        try:
            async with asyncio.timeout_at(self._deadline):
                message = await self._receive()
        except TimeoutError:
            raise Refusal(
                "too_slow", f"the request wasn't there after {BODY_SECONDS:.0f} s", "Send it in one go."
            ) from None
        if message["type"] == "http.request":
            self._count(len(message.get("body", b"")))
            self._ended = not message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        """Send the answer; one that comes early takes the rest of the body off the wire first."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            if not self._ended:
                message = {**message, "headers": [*message["headers"], (b"connection", b"close")]}
        elif not message.get("more_body", False) and not self._ended:
            await self._send({**message, "more_body": True})
            await self._linger()
            message = {"type": "http.response.body", "body": b"", "more_body": False}
        await self._send(message)

    def release(self) -> None:
        """Give back the room that the body took: it is read, or nobody will."""
        self._room.give_back(self._taken)
        self._taken = 0

    def _count(self, count: int) -> None:
        if self._taken + count > MOST_BODY_BYTES:
            raise _too_large()
        self._room.take(count)
        self._taken += count

    async def _linger(self) -> None:
        left, until = LINGER_BYTES, time.monotonic() + LINGER_SECONDS
        with contextlib.suppress(TimeoutError):
            while left > 0 and not self._ended:
                async with asyncio.timeout(until - time.monotonic()):
                    message = await self._receive()
                left -= len(message.get("body", b""))
                self._ended = message["type"] != "http.request" or not message.get("more_body", False)


def _too_large() -> Refusal:
    return Refusal(
        "too_large",
        f"the request is longer than {MOST_BODY_BYTES // 2**20} MiB",
        "Send fewer measures around the selection.",
    )
