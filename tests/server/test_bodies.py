"""Bodies that are too large, too slow, of another kind, or not what they say."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import pytest
from server.bridges import Bridge, Gate, as_json, head, made_request, read_all, running_bridge, until

from bridge.protocol.reply import Problem
from bridge.server import exchange, patient_protocol

JSON = "Content-Type: application/json"


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate()


@pytest.fixture(scope="module")
def bridge(gate: Gate) -> Iterator[Bridge]:
    with running_bridge(gate) as bridge:
        yield bridge


def answered(data: bytes) -> tuple[int, Problem]:
    """Return the status and the problem in the bytes of a whole answer."""
    top, _, body = data.partition(b"\r\n\r\n")
    return int(top.split()[1]), Problem.model_validate_json(body)


def test_a_body_that_says_it_is_too_long_is_never_read(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "LINGER_SECONDS", 0.2)
    with socket.create_connection(("127.0.0.1", bridge.port)) as wire:
        wire.sendall(head("POST", "/v1/fill", JSON, f"Content-Length: {2 * 2**30}"))
        wire.sendall(b"{")
        status, problem = answered(read_all(wire, 10))
    assert (status, problem.code) == (413, "too_large")


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("token", ["right", "wrong"])
def test_two_gigabytes_are_cut_off(bridge: Bridge, chunked: bool, token: str) -> None:
    length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {2 * 2**30}"
    piece = b" " * 2**20
    if chunked:
        piece = b"%x\r\n%s\r\n" % (len(piece), piece)
    sent = 0
    with socket.create_connection(("127.0.0.1", bridge.port), timeout=10) as wire:
        start = head("POST", "/v1/fill", JSON, length)
        wire.sendall(start if token == "right" else start.replace(b"Bearer t", b"Bearer x"))
        with contextlib.suppress(OSError):
            for _ in range(2048):
                wire.sendall(piece)
                sent += len(piece)
    most = exchange.MOST_BODY_BYTES + exchange.LINGER_BYTES
    assert sent < most + 16 * 2**20  # what the system's buffers hold comes on top
    assert bridge.client.get("/v1/health").status_code == 200


def test_a_client_that_goes_on_sending_sees_why_it_is_refused(bridge: Bridge) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(24):
            yield b" " * 2**20

    response = bridge.client.post(
        "/v1/fill", content=pieces(), headers={"Content-Type": "application/json"}
    )
    assert (response.status_code, response.json()["code"]) == (413, "too_large")
    with bridge.stranger() as client:
        response = client.post("/v1/fill", content=b" " * 10 * 2**20)
    assert (response.status_code, response.json()["code"]) == (401, "unauthorized")


def test_a_body_at_the_limit_is_read(bridge: Bridge) -> None:
    body = as_json(made_request()).ljust(exchange.MOST_BODY_BYTES)
    headers = {"Content-Type": "application/json"}
    assert bridge.client.post("/v1/fill", content=body, headers=headers).status_code == 200
    assert bridge.client.post("/v1/fill", content=body + b" ", headers=headers).status_code == 413


def test_memory_for_bodies_is_shared_and_given_back(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = exchange.Room(4 * 2**20)
    monkeypatch.setattr("bridge.server.guard.Room", lambda: room)
    with running_bridge() as small:
        wires = []
        for _ in range(3):
            wire = socket.create_connection(("127.0.0.1", small.port))
            wire.sendall(head("POST", "/v1/fill", JSON, f"Content-Length: {3 * 2**20}"))
            wire.sendall(b" " * 2**20)
            wires.append(wire)
        until(lambda: room.left == 2**20)
        body = as_json(made_request()).ljust(2 * 2**20)
        headers = {"Content-Type": "application/json"}
        full = small.client.post("/v1/fill", content=body, headers=headers)
        assert (full.status_code, full.json()["code"]) == (429, "queue_full")
        for wire in wires:
            wire.close()
        until(lambda: room.left == 4 * 2**20)
        assert small.client.post("/v1/fill", content=body, headers=headers).status_code == 200
        until(lambda: room.left == 4 * 2**20)


def test_a_body_that_drips_in_is_not_waited_for(bridge: Bridge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "BODY_SECONDS", 0.4)
    monkeypatch.setattr(exchange, "LINGER_SECONDS", 0.2)
    started = time.monotonic()
    with socket.create_connection(("127.0.0.1", bridge.port)) as wire:
        wire.sendall(head("POST", "/v1/fill", JSON, "Content-Length: 1000"))
        dripping = threading.Thread(target=_drip, args=(wire,), daemon=True)
        dripping.start()
        status, problem = answered(read_all(wire, 10))
    assert (status, problem.code) == (408, "too_slow")
    assert time.monotonic() - started < 4


def _drip(wire: socket.socket) -> None:
    with contextlib.suppress(OSError):
        for _ in range(1000):
            wire.sendall(b" ")
            time.sleep(0.02)


def test_headers_that_drip_in_are_not_waited_for(bridge: Bridge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patient_protocol, "HEADER_SECONDS", 0.4)
    started = time.monotonic()
    with socket.create_connection(("127.0.0.1", bridge.port)) as silent:
        assert read_all(silent, 5) == b""
    with socket.create_connection(("127.0.0.1", bridge.port)) as wire:
        wire.sendall(head("GET", "/v1/health"))
        assert read_all(wire, 0.2).startswith(b"HTTP/1.1 200")
        time.sleep(0.6)  # between requests it may be silent
        wire.sendall(b"GET /v1/health HTTP/1.1\r\nX-Slow: ")
        threading.Thread(target=_drip, args=(wire,), daemon=True).start()
        assert read_all(wire, 5) == b""
    assert time.monotonic() - started < 5


def test_an_answer_that_nobody_reads_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patient_protocol, "STUCK_SECONDS", 0.3)
    with running_bridge() as bridge, socket.socket() as wire:
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        wire.connect(("127.0.0.1", bridge.port))
        with contextlib.suppress(OSError):
            for _ in range(200):
                wire.sendall(head("GET", "/v1/health") * 100)
        assert until(lambda: not bridge.server.server_state.connections, 5)


def test_more_headers_than_anyone_needs(bridge: Bridge) -> None:
    status, problem = answered(bridge.raw(head("GET", "/v1/health", "X-Long: " + "x" * 2_000_000), 5))
    assert (status, problem.code) == (400, "bad_request")


def test_a_body_shorter_than_it_says(bridge: Bridge, gate: Gate) -> None:
    body, before = as_json(made_request()), len(gate.seeds)
    start = head("POST", "/v1/fill", JSON, f"Content-Length: {len(body) + 10}")
    with socket.create_connection(("127.0.0.1", bridge.port)) as wire:
        wire.sendall(start + body)
        wire.shutdown(socket.SHUT_WR)
        read_all(wire, 5)
    assert bridge.client.get("/v1/health").json()["jobs"]["queued"] == 0
    assert len(gate.seeds) == before


def test_a_body_longer_than_it_says(bridge: Bridge) -> None:
    body = as_json(made_request())
    start = head("POST", "/v1/fill", JSON, f"Content-Length: {len(body) - 10}")
    answer = bridge.raw(start + body, 0.4)
    assert answer.startswith(b"HTTP/1.1 400")
    assert b'"bad_request"' in answer


@pytest.mark.parametrize("length", ["-1", "1e3", "0x10", "1, 2", "9" * 30, "nan"])
def test_lengths_that_are_none(bridge: Bridge, length: str) -> None:
    status, problem = answered(bridge.raw(head("POST", "/v1/fill", JSON, f"Content-Length: {length}"), 5))
    assert (status, problem.code) in {(400, "bad_request"), (413, "too_large")}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "application/json; charset=utf-16"},
        {"Content-Type": "application/jsonp"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
    ],
)
def test_other_media_types(bridge: Bridge, headers: dict[str, str]) -> None:
    response = bridge.client.post("/v1/fill", content=as_json(made_request()), headers=headers)
    assert (response.status_code, response.json()["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    "media_type",
    ["application/json", "application/json;charset=UTF-8", 'Application/JSON; charset="utf-8"'],
)
def test_the_media_types_that_clients_send(bridge: Bridge, media_type: str) -> None:
    response = bridge.client.post(
        "/v1/fill", content=as_json(made_request()), headers={"Content-Type": media_type}
    )
    assert response.status_code == 200


def test_a_client_that_asks_before_it_sends(bridge: Bridge) -> None:
    body = as_json(made_request())
    with socket.create_connection(("127.0.0.1", bridge.port), timeout=5) as wire:
        wire.sendall(head("POST", "/v1/fill", JSON, f"Content-Length: {len(body)}", "Expect: 100-continue"))
        assert wire.recv(65536).startswith(b"HTTP/1.1 100")
        wire.sendall(body)
        assert wire.recv(65536).startswith(b"HTTP/1.1 200")


def test_requests_one_after_the_other_on_one_connection(bridge: Bridge) -> None:
    body = as_json(made_request())
    post = head("POST", "/v1/fill", JSON, f"Content-Length: {len(body)}") + body
    last = head("GET", "/v1/health", "Connection: close")
    answer = bridge.raw(post * 3 + last, 10)
    assert answer.count(b"HTTP/1.1 200") == 4
