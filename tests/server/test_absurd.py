"""Absurd scores through the bridge: read, filled and written, or refused; never a bug."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from server.bridges import Bridge, running_bridge
from server.changed_scores import changed
from server.drawn_walks import broken, selections, walks

from bridge.errors import ModelError
from bridge.fill import load_model
from bridge.host.answer import answer
from bridge.protocol.reply import FillReply, Problem

quick = settings(deadline=None, suppress_health_check=list(HealthCheck))
clients = st.fixed_dictionaries({name: st.booleans() for name in ("tuplets", "ties", "fragment")})
options = st.fixed_dictionaries(
    {
        "seed": st.integers(0, 2**53 - 1),
        "temperature": st.sampled_from([1.0, 0.01, 10.0]),
        "top_p": st.sampled_from([0.95, 0.001, 1.0]),
        "alternatives": st.sampled_from([1, 1, 8]),
        "keep_rhythm": st.booleans(),
        "own_range": st.booleans(),
    }
)


@pytest.fixture(scope="module")
def reading() -> Iterator[Bridge]:
    """A bridge that reads a score and finds what to fill, and then has no model for it."""

    def no_model(name: str) -> Any:
        raise ModelError("there is none", fix="Take it.")

    with running_bridge(lambda request, progress: answer(request, no_model, progress)) as bridge:
        yield bridge


@pytest.fixture(scope="module")
def filling(model_folder: Path) -> Iterator[Bridge]:
    """A bridge that fills with a model of dice."""
    model = load_model(str(model_folder / "lstm-base"))
    with running_bridge(lambda request, progress: answer(request, lambda name: model, progress)) as bridge:
        yield bridge


def ask(bridge: Bridge, **request: Any) -> str:
    """Return `filled`, or what the bridge says in place of it."""
    response = bridge.client.post("/v1/fill", json=request)
    if response.status_code == 200:
        reply = FillReply.model_validate_json(response.content)
        assert reply.alternatives
        return "filled"
    problem = Problem.model_validate_json(response.content)
    assert (response.status_code, problem.code) == (422, "unfillable"), (problem, request)
    assert problem.fix
    return problem.message


def test_every_walk_is_read_or_refused(reading: Bridge) -> None:
    said: Counter[tuple[bool, str]] = Counter()

    @settings(quick, max_examples=150)
    @given(st.data(), st.sampled_from([False, False, False, True]))
    def read(data: st.DataObject, breaks: bool) -> None:
        walk = data.draw(walks())
        selection = data.draw(selections(walk))
        if breaks:
            data.draw(broken(walk, selection))
        said[breaks, ask(reading, walk=walk, selection=selection)] += 1

    read()
    whole = sum(count for (breaks, _), count in said.items() if not breaks)
    assert said[False, "there is none"] > 0.3 * whole, said
    assert any(breaks and message != "there is none" for breaks, message in said), said


def test_every_walk_is_filled_or_refused(filling: Bridge) -> None:
    said: Counter[str] = Counter()

    @settings(quick, max_examples=30)
    @given(st.data(), clients, options)
    def fill(data: st.DataObject, client: dict[str, Any], wishes: dict[str, Any]) -> None:
        walk = data.draw(walks(most_staves=1, kinds=("pitched",)))
        request = {"walk": walk, "selection": data.draw(selections(walk))}
        said[ask(filling, **request, client=client, options=wishes)] += 1

    fill()
    assert said["filled"] > 0.2 * said.total(), said


def chosen(dice: random.Random, staves: int) -> dict[str, Any]:
    """Return a selection in a score of some twenty measures and so many staves."""
    start = dice.randrange(8)
    return {
        "start": start,
        "stop": start + dice.randint(1, 10),
        "staves": dice.sample(range(staves), min(2, staves)),
        "mode": dice.choice(("continue", "replace", "replace", "replace")),
    }


def test_a_score_with_elements_changed_is_read_or_refused(reading: Bridge, chorale_text: str) -> None:
    said: Counter[str] = Counter()

    @settings(quick, max_examples=80)
    @given(st.integers(0, 2**32), st.integers(1, 10))
    def read(seed: int, count: int) -> None:
        dice = random.Random(seed)
        text = changed(chorale_text, dice, count)
        said[ask(reading, musicxml=text, selection=chosen(dice, 4))] += 1

    read()
    assert said["there is none"] > 0.2 * said.total(), said
    assert len(said) > 5, said
    assert not any("XML" in message for message in said), said


def test_a_score_with_elements_changed_is_filled_or_refused(filling: Bridge, examples: Path) -> None:
    said: Counter[str] = Counter()
    tune = (examples / "tune.musicxml").read_text("utf-8")

    @settings(quick, max_examples=30)
    @given(st.integers(0, 2**32), st.integers(1, 10), clients, options)
    def fill(seed: int, count: int, client: dict[str, Any], wishes: dict[str, Any]) -> None:
        dice = random.Random(seed)
        request = {"musicxml": changed(tune, dice, count), "selection": chosen(dice, 1)}
        said[ask(filling, **request, client=client, options=wishes)] += 1

    fill()
    assert said["filled"] > 0.2 * said.total(), said
