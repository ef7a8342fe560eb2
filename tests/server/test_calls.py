"""What each call does, over a real socket."""

from __future__ import annotations

import socket
import statistics
import time
from collections.abc import Iterator

import httpx
import pytest
from server.bridges import (
    Bridge,
    Gate,
    as_json,
    head,
    made_request,
    running_bridge,
    until,
)

from bridge.errors import RegionError
from bridge.protocol.job import JobState
from bridge.protocol.reply import FillReply, Problem
from bridge.server.log import log_path
from bridge.server.replies import Health, ModelList


@pytest.fixture(scope="module")
def gates() -> list[Gate]:
    """The gates of the tests so far; the bridge answers with the last one."""
    return []


@pytest.fixture(scope="module")
def running(gates: list[Gate]) -> Iterator[Bridge]:
    with running_bridge(lambda request, progress: gates[-1](request, progress)) as bridge:
        yield bridge


@pytest.fixture
def gate(gates: list[Gate]) -> Gate:
    gates.append(Gate())
    return gates[-1]


@pytest.fixture
def bridge(running: Bridge, gate: Gate) -> Iterator[Bridge]:
    yield running
    gate.open.set()
    until(lambda: running.jobs.counts() == (0, 0))


def problem(response: httpx.Response) -> Problem:
    return Problem.model_validate_json(response.content)


def test_health_follows_its_schema(bridge: Bridge) -> None:
    response = bridge.client.get("/v1/health")
    health = Health.model_validate_json(response.content)
    assert (response.status_code, health.status, health.ready, health.warming) == (200, "ok", True, None)
    assert (health.jobs.running, health.jobs.queued) == (0, 0)
    assert response.headers["cache-control"] == "no-store"


def test_an_answer_does_not_wait_for_the_systems_timers(bridge: Bridge) -> None:
    seconds = []
    for _ in range(20):
        started = time.perf_counter()
        bridge.client.get("/v1/health")
        seconds.append(time.perf_counter() - started)
    assert statistics.median(seconds) < 0.03  # 0.04 with Nagle's algorithm and delayed acknowledgements


def test_models_are_listed_without_their_folders(bridge: Bridge) -> None:
    response = bridge.client.get("/v1/models")
    assert [each.name for each in ModelList.model_validate_json(response.content).models] == ["dice"]
    assert "path" not in response.text


def test_a_fill_in_one_call(bridge: Bridge) -> None:
    response = bridge.client.post("/v1/fill", json=made_request())
    reply = FillReply.model_validate_json(response.content)
    assert (response.status_code, reply.model, reply.start, reply.stop) == (200, "dice", 1, 2)
    assert reply.seconds.total >= reply.seconds.queued + reply.seconds.fill


def test_a_job_from_its_queue_to_its_notes(bridge: Bridge, gate: Gate) -> None:
    gate.open.clear()
    made = bridge.client.post("/v1/jobs", json=made_request())
    assert made.status_code == 202
    first = JobState.model_validate_json(made.content)
    second = JobState.model_validate_json(bridge.client.post("/v1/jobs", json=made_request(2)).content)
    assert made.headers["location"] == f"/v1/jobs/{first.id}"
    gate.begun.wait(10)

    def look(name: str) -> JobState:
        return JobState.model_validate_json(bridge.client.get(f"/v1/jobs/{name}").content)

    assert until(lambda: look(first.id).progress == 0.5)
    assert (look(first.id).state, look(second.id).state, look(second.id).position) == (
        "running",
        "queued",
        0,
    )
    health = Health.model_validate_json(bridge.client.get("/v1/health").content)
    assert (health.jobs.running, health.jobs.queued) == (1, 1)
    gate.open.set()
    done = until(lambda: (state := look(first.id)).state == "done" and state)
    assert done.reply is not None
    assert done.progress == 1.0
    assert until(lambda: look(second.id).state == "done")
    assert gate.seeds == [1, 2]


def test_a_job_that_runs_is_cancelled_at_its_next_step(bridge: Bridge, gate: Gate) -> None:
    gate.open.clear()
    name = bridge.client.post("/v1/jobs", json=made_request()).json()["id"]
    gate.begun.wait(10)
    state = JobState.model_validate_json(bridge.client.delete(f"/v1/jobs/{name}").content)
    assert (state.state, state.problem and state.problem.code) == ("cancelled", "cancelled")
    assert until(lambda: gate.stopped == 1)
    assert until(lambda: bridge.jobs.counts() == (0, 0))


def test_a_job_that_waits_is_never_begun_once_it_is_cancelled(bridge: Bridge, gate: Gate) -> None:
    gate.open.clear()
    bridge.client.post("/v1/jobs", json=made_request())
    waiting = bridge.client.post("/v1/jobs", json=made_request(2)).json()["id"]
    last = bridge.client.post("/v1/jobs", json=made_request(3)).json()
    assert last["position"] == 1
    bridge.client.delete(f"/v1/jobs/{waiting}")
    assert bridge.client.get(f"/v1/jobs/{last['id']}").json()["position"] == 0
    gate.open.set()
    assert until(lambda: bridge.client.get(f"/v1/jobs/{last['id']}").json()["state"] == "done")
    assert gate.seeds == [1, 3]


def test_a_done_job_stays_done_when_it_is_cancelled(bridge: Bridge) -> None:
    name = bridge.client.post("/v1/jobs", json=made_request()).json()["id"]
    until(lambda: bridge.client.get(f"/v1/jobs/{name}").json()["state"] == "done")
    assert bridge.client.delete(f"/v1/jobs/{name}").json()["state"] == "done"


def test_a_client_that_goes_away_takes_its_fill_with_it(bridge: Bridge, gate: Gate) -> None:
    gate.open.clear()
    body = as_json(made_request())
    wire = socket.create_connection(("127.0.0.1", bridge.port))
    wire.sendall(
        head("POST", "/v1/fill", "Content-Type: application/json", f"Content-Length: {len(body)}") + body
    )
    gate.begun.wait(10)
    wire.close()
    assert until(lambda: gate.stopped == 1, 3)
    assert until(lambda: bridge.jobs.counts() == (0, 0), 3)


def test_what_cannot_be_filled_is_said_with_its_place(bridge: Bridge, gate: Gate) -> None:
    gate.error = RegionError("it is too long", where="measure 9", fix="Split it.")
    response = bridge.client.post("/v1/fill", json=made_request())
    assert response.status_code == 422
    assert problem(response) == Problem(
        code="unfillable", message="measure 9: it is too long", fix="Split it."
    )


def test_a_bug_says_nothing_of_the_inside(bridge: Bridge, gate: Gate) -> None:
    gate.error = KeyError("/home/composer/secret")
    response = bridge.client.post("/v1/fill", json=made_request())
    assert (response.status_code, problem(response).code) == (500, "internal")
    assert "secret" not in response.text
    assert "KeyError" not in response.text
    assert problem(response).fix.endswith(f" the end of {log_path()}.")
    gate.error = None
    assert bridge.client.post("/v1/fill", json=made_request()).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/", 404, "not_found"),
        ("GET", "/v1/health/", 404, "not_found"),
        ("GET", "/v1/jobs/../../etc/passwd", 404, "not_found"),
        ("GET", "/v1/jobs/unknown", 404, "not_found"),
        ("DELETE", "/v1/jobs/unknown", 404, "not_found"),
        ("GET", "/v1/fill", 405, "method_not_allowed"),
        ("PUT", "/v1/jobs", 405, "method_not_allowed"),
        ("OPTIONS", "/v1/fill", 405, "method_not_allowed"),
        ("TRACE", "/v1/health", 405, "method_not_allowed"),
    ],
)
def test_other_addresses_and_methods(
    bridge: Bridge, method: str, path: str, status: int, code: str
) -> None:
    response = bridge.client.request(method, path)
    assert (response.status_code, problem(response).code) == (status, code)
