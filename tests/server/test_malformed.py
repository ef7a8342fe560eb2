"""Five hundred malformed requests: each is refused in the bridge's own form, none is a 500, none hangs."""

from __future__ import annotations

import contextlib
import json
import random
import re
import socket
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from server.bridges import TOKEN, Bridge, Gate, as_json, head, made_request, running_bridge

from bridge.protocol.job import JobState
from bridge.protocol.reply import FillReply, Problem
from bridge.server import exchange as wire_exchange
from bridge.server import patient_protocol

SECONDS = 5.0
_HEAD_ENDS = re.compile(rb"\n\r?\n")


@pytest.fixture(scope="module")
def bridge() -> Iterator[Bridge]:
    """A bridge that gives up on what doesn't come after a twentieth of a second."""
    with pytest.MonkeyPatch.context() as patched, running_bridge(Gate(steps=1)) as bridge:
        patched.setattr(patient_protocol, "HEADER_SECONDS", 0.05)
        patched.setattr(wire_exchange, "BODY_SECONDS", 0.05)
        patched.setattr(wire_exchange, "LINGER_SECONDS", 0.05)
        bridge.server.config.timeout_keep_alive = 0.05  # type: ignore[assignment]
        yield bridge


def exchange(bridge: Bridge, data: bytes) -> list[tuple[int, bytes]]:
    """Send bytes and return status and body of each answer; fails unless the bridge closes then."""
    with socket.create_connection(("127.0.0.1", bridge.port), timeout=SECONDS) as wire:
        with contextlib.suppress(ConnectionError):
            wire.sendall(data)
        received = b""
        with contextlib.suppress(ConnectionError):
            while piece := wire.recv(65536):
                received += piece
    return list(answers(received))


def answers(received: bytes) -> Iterator[tuple[int, bytes]]:
    while received:
        top, _, rest = received.partition(b"\r\n\r\n")
        lines = top.split(b"\r\n")
        status = int(lines[0].split()[1])
        fields = dict(line.lower().split(b": ", 1) for line in lines[1:])
        bare = not rest or rest.startswith(b"HTTP/")  # an answer to HEAD tells the length it would have
        length = 0 if bare else int(fields.get(b"content-length", b"0"))
        yield status, rest[:length]
        received = rest[length:]


def check(bridge: Bridge, data: bytes) -> bool:
    """Send bytes; a request whose head is all there has to be answered. Tell whether any was."""
    received = exchange(bridge, data)
    answered = any(status >= 200 for status, _ in received)
    assert answered or not _HEAD_ENDS.search(data), data
    for status, body in received:
        assert 100 <= status < 500, (status, body)
        if status >= 400 and body:
            problem = Problem.model_validate_json(body)
            assert problem.message
            assert problem.fix
            assert TOKEN not in body.decode()
            assert "Traceback" not in body.decode()
    assert bridge.client.get("/v1/health").status_code == 200
    return answered


quick = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@settings(quick, max_examples=100)
@given(data=st.binary(max_size=300))
def test_bytes_that_are_no_http(bridge: Bridge, data: bytes) -> None:
    check(bridge, data + b"\r\n\r\n")


def with_bytes_changed(request: bytes, dice: random.Random, count: int) -> bytes:
    data = bytearray(request)
    for _ in range(count):
        place = dice.randrange(len(data))
        change = dice.choice(("set", "remove", "insert", "repeat"))
        if change == "set":
            data[place] = dice.randrange(256)
        elif change == "remove":
            del data[place : place + dice.randrange(1, 5)]
        elif change == "insert":
            data[place:place] = bytes(dice.randrange(256) for _ in range(3))
        else:
            data[place:place] = data[place : place + 20] * 3
    return bytes(data)


def test_requests_with_bytes_changed(bridge: Bridge) -> None:
    body = as_json(made_request())
    top = head("POST", "/v1/fill", "Content-Type: application/json", f"Content-Length: {len(body)}")
    answered: list[bool] = []

    @settings(quick, max_examples=150)
    @given(seed=st.integers(0, 2**32), count=st.integers(1, 8))
    def send(seed: int, count: int) -> None:
        answered.append(check(bridge, with_bytes_changed(top + body, random.Random(seed), count)))

    send()
    assert len(answered) >= 100
    assert sum(answered) > 0.9 * len(answered), "where the head's end is gone nothing can be answered"


token = st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=20)


@settings(quick, max_examples=100)
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS", "CONNECT", "M-X"]),
    path=st.sampled_from(["/v1/fill", "/v1/jobs", "/v1/jobs/%00", "/v1/jobs/%ff", "*", "//", "http://x/"])
    | st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=20),
    headers=st.lists(
        st.tuples(
            st.sampled_from(
                [
                    "Content-Length",
                    "Content-Type",
                    "Transfer-Encoding",
                    "Connection",
                    "Upgrade",
                    "Expect",
                    "Range",
                ]
            ),
            token | st.sampled_from(["0", "5", "chunked", "gzip, chunked", "websocket", "100-continue"]),
        ),
        max_size=4,
    ),
    body=st.binary(max_size=20),
)
def test_heads_of_all_kinds(
    bridge: Bridge, method: str, path: str, headers: list[tuple[str, str]], body: bytes
) -> None:
    top = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TOKEN}\r\n"
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    check(bridge, (top + lines + "\r\n").encode("latin-1") + body)


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters())
    | st.sampled_from(["walk", "/etc/passwd", "<score-partwise/>", 2**31, 2**53, -1, 1e308]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["walk", "selection", "options", "musicxml", "x"]), inner)
    ),
    max_leaves=10,
)


@settings(quick, max_examples=150)
@given(data=st.data(), path=st.sampled_from(["/v1/fill", "/v1/jobs"]))
def test_json_of_all_kinds(bridge: Bridge, data: st.DataObject, path: str) -> None:
    request = made_request()
    for _ in range(data.draw(st.integers(1, 3))):
        key = data.draw(st.sampled_from(sorted(request)))
        if isinstance(request[key], dict) and data.draw(st.booleans()):
            inner = data.draw(st.sampled_from([*request[key], "x"]))
            request[key] = {**request[key], inner: data.draw(values)}
        else:
            request[key] = data.draw(values)
    body = json.dumps(request).encode()
    lines = ("Content-Type: application/json", f"Content-Length: {len(body)}", "Connection: close")
    received = exchange(bridge, head("POST", path, *lines) + body)
    assert len(received) == 1
    status, answer = received[0]
    if status == 200:
        FillReply.model_validate_json(answer)
    elif status == 202:
        JobState.model_validate_json(answer)
    else:
        assert status in {400, 413, 429}
        Problem.model_validate_json(answer)
