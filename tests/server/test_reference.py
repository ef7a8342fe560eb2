"""docs/bridge.md is what the schema says, and its commands do what it says."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from loaded_script import loaded_script
from server.bridges import TOKEN, Bridge, running_bridge
from tiny_model import save_tiny_model

from bridge.fill import load_model
from bridge.server.app import ROUTES
from bridge.server.loaded_models import LoadedModels
from bridge.server.run import answering

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(
    not (shutil.which("curl") and shutil.which("bash")), reason="needs curl and bash"
)

COUNT_STATUS = """curl() { command curl -w '%{stderr}%{http_code}\\n' "$@"; }\n"""


@pytest.fixture(scope="module")
def calls() -> types.ModuleType:
    return loaded_script("docs/bridge_calls.py")


@pytest.fixture(scope="module")
def bridge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bridge]:
    model = load_model(str(save_tiny_model(tmp_path_factory.mktemp("tiny"))))
    models = LoadedModels()
    models.get = lambda name: model  # type: ignore[method-assign]
    with running_bridge(answering(models)) as bridge:
        yield bridge


def test_the_page_is_up_to_date() -> None:
    command = [sys.executable, str(ROOT / "docs" / "make_bridge_reference.py"), "--check"]
    done = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_every_call_is_on_the_page(calls: types.ModuleType) -> None:
    assert {call.name for call in calls.CALLS} == {f"{method} {path}" for method, path in ROUTES}


def test_the_commands_do_what_the_page_says(
    bridge: Bridge, calls: types.ModuleType, tmp_path: Path
) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "examples").mkdir()
    shutil.copy(ROOT / "docs" / "bridge_request.json", tmp_path / "docs")
    shutil.copy(ROOT / "examples" / "tune.musicxml", tmp_path / "examples")
    script = COUNT_STATUS + "".join(f"{call.command}\necho\n" for call in calls.CALLS)
    environment = {**os.environ, "TOKEN": TOKEN, "BRIDGE": bridge.url}
    done = subprocess.run(
        ["bash", "-e", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert [int(status) for status in done.stderr.split()] == [call.status for call in calls.CALLS]
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    for call, answered in zip(calls.CALLS, answers, strict=True):
        assert difference(call.answer, answered) == [], call.name


def difference(told: Any, seen: Any, place: str = "") -> list[str]:
    """Return where two answers are of different shapes; null and an empty list fit anything."""
    if told is None or seen is None or told == [] or seen == []:
        return []
    if isinstance(told, dict) and isinstance(seen, dict):
        if told.keys() != seen.keys():
            return [f"{place}: {sorted(told)} against {sorted(seen)}"]
        return [each for key in told for each in difference(told[key], seen[key], f"{place}.{key}")]
    if isinstance(told, list) and isinstance(seen, list):
        return difference(told[0], seen[0], f"{place}[0]")
    same = type(told) is type(seen) or {type(told), type(seen)} == {int, float}
    return [] if same else [f"{place}: {told!r} against {seen!r}"]


def test_differences_are_seen() -> None:
    assert difference({"a": [{"b": 1}]}, {"a": [{"c": 1}]}) == [".a[0]: ['b'] against ['c']"]
    assert difference({"a": 1}, {"a": "1"}) == [".a: 1 against '1'"]
