"""What the worker's thread does in which order, and what it says of errors."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field

import pytest
from server.bridges import Gate, made_request, running_bridge, until

from bridge.errors import ModelError, RegionError
from bridge.protocol.reply import FillReply
from bridge.server.worker import Step, Watcher


@dataclass
class Heard(Watcher):
    lines: list[str] = field(default_factory=list)

    def warming(self, label: str, number: int, count: int) -> None:
        self.lines.append(f"{label} {number}/{count}")

    def ready(self, seconds: float) -> None:
        self.lines.append("ready")

    def filled(self, reply: FillReply) -> None:
        self.lines.append(reply.summary)

    def failed(self, sentence: str) -> None:
        self.lines.append(sentence)


def test_jobs_go_before_the_next_step() -> None:
    heard, first_begun, go_on = Heard(), threading.Event(), threading.Event()

    def first() -> None:
        first_begun.set()
        assert go_on.wait(10)

    steps = [Step("first", first), Step("second", lambda: None)]
    with running_bridge(Gate(), steps, heard) as bridge:
        first_begun.wait(10)
        health = bridge.client.get("/v1/health").json()
        assert (health["ready"], health["warming"]) == (False, "first")
        bridge.client.post("/v1/jobs", json=made_request())
        go_on.set()
        until(lambda: bridge.client.get("/v1/health").json()["ready"])
        assert bridge.client.get("/v1/health").json()["warming"] is None
    assert heard.lines == ["first 1/2", "Flute, measure 2: 0 notes", "second 2/2", "ready"]


def test_a_step_that_fails_is_the_last_one_and_the_bridge_goes_on() -> None:
    heard = Heard()

    def broken() -> None:
        raise ModelError("its weights are damaged", where="model 'wavenet'", fix="Install jaxmuse again.")

    steps = [Step("loading the model", broken), Step("never", lambda: None)]
    with running_bridge(Gate(), steps, heard) as bridge:
        until(lambda: bridge.client.get("/v1/health").json()["warming"] is None)
        assert bridge.client.get("/v1/health").json()["ready"] is False
        assert bridge.client.post("/v1/fill", json=made_request()).status_code == 200
    said = "loading the model: model 'wavenet': its weights are damaged. Install jaxmuse again."
    assert heard.lines == ["loading the model 1/2", said, "Flute, measure 2: 0 notes"]


def test_a_bug_goes_to_the_log_and_a_user_error_does_not(caplog: pytest.LogCaptureFixture) -> None:
    heard, gate = Heard(), Gate(error=KeyError("inside"))
    with running_bridge(gate, watcher=heard) as bridge, caplog.at_level(logging.WARNING, "jaxmuse.bridge"):
        bridge.client.post("/v1/fill", json=made_request())
        assert "KeyError: 'inside'" in caplog.text
        caplog.clear()
        gate.error = RegionError("it is too long", where="measure 9", fix="Split it.")
        bridge.client.post("/v1/fill", json=made_request())
        assert not caplog.records
    assert heard.lines[1] == "measure 9: it is too long. Split it."
    assert "inside" not in heard.lines[0]
