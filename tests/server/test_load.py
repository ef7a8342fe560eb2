"""More than the bridge takes at a time: what is refused, what waits, and what waiting costs."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import tracemalloc
from collections.abc import Iterator

import httpx
import pytest
from server.bridges import (
    MODELS,
    TOKEN,
    Bridge,
    Gate,
    as_json,
    head,
    made_request,
    read_all,
    running_bridge,
    until,
)

from bridge.server import app
from bridge.server.jobs import MOST_QUEUED
from bridge.server.replies import ModelList


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
def bridge(gate: Gate) -> Iterator[Bridge]:
    with running_bridge(gate) as bridge:
        yield bridge
        gate.open.set()


def test_a_slow_list_of_models_is_in_nobodys_way() -> None:
    listing = threading.Event()

    def listed() -> ModelList:
        assert listing.wait(20)
        return MODELS

    asked = head("GET", "/v1/models", "Connection: close")
    with running_bridge(models=listed) as bridge, contextlib.ExitStack() as wires:
        waiting = [
            wires.enter_context(socket.create_connection(("127.0.0.1", bridge.port))) for _ in range(60)
        ]
        for wire in waiting:
            wire.sendall(asked)
        assert bridge.client.post("/v1/fill", json=made_request(), timeout=5).status_code == 200
        listing.set()
        assert all(read_all(wire, 10).startswith(b"HTTP/1.1 200") for wire in waiting)


def test_a_full_queue_is_said_before_the_score_is_looked_at(
    bridge: Bridge, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate.open.clear()
    bridge.client.post("/v1/jobs", json=made_request())
    gate.begun.wait(10)
    for seed in range(MOST_QUEUED):
        assert bridge.client.post("/v1/jobs", json=made_request(seed)).status_code == 202
    read: list[bytes] = []
    monkeypatch.setattr(app, "read_request", lambda data, shape: read.append(data))
    response = bridge.client.post("/v1/jobs", json=made_request())
    assert (response.status_code, response.json()["code"]) == (429, "queue_full")
    assert read == []


def test_a_fill_that_waits_holds_no_body(bridge: Bridge, gate: Gate) -> None:
    gate.open.clear()
    body = as_json(made_request()).ljust(8 * 2**20)
    sent = head("POST", "/v1/fill", "Content-Type: application/json", f"Content-Length: {len(body)}") + body
    with socket.create_connection(("127.0.0.1", bridge.port), timeout=10) as wire:
        tracemalloc.start()
        try:
            wire.sendall(sent)
            assert gate.begun.wait(10)
            assert tracemalloc.get_traced_memory()[1] > len(body)
            until(lambda: tracemalloc.get_traced_memory()[0] < len(body) / 2, 2)
        finally:
            tracemalloc.stop()
        gate.open.set()
        assert wire.recv(65536).startswith(b"HTTP/1.1 200")


def test_two_hundred_at_once_are_all_answered(bridge: Bridge, gate: Gate) -> None:
    gate.open.clear()

    async def ask_all() -> list[httpx.Response]:
        limits = httpx.Limits(max_connections=200)
        async with httpx.AsyncClient(
            base_url=bridge.url,
            headers={"Authorization": f"Bearer {TOKEN}"},
            limits=limits,
            timeout=60,
        ) as client:
            asking = [
                asyncio.ensure_future(client.post("/v1/fill", json=made_request(seed)))
                for seed in range(200)
            ]
            while bridge.jobs.counts() != (1, MOST_QUEUED):
                await asyncio.sleep(0.01)
            while sum(each.done() for each in asking) < 200 - 1 - MOST_QUEUED:
                await asyncio.sleep(0.01)
            health = await client.get("/v1/health")
            assert health.status_code == 200
            gate.open.set()
            return await asyncio.gather(*asking)

    responses = asyncio.run(ask_all())
    statuses = [response.status_code for response in responses]
    assert statuses.count(200) == 1 + MOST_QUEUED
    assert statuses.count(429) == 200 - 1 - MOST_QUEUED
    refused = next(response for response in responses if response.status_code == 429)
    assert refused.json()["code"] == "queue_full"
    assert int(refused.headers["retry-after"]) > 0
