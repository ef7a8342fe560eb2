"""Scores that are broken or hostile, through the bridge and the code that really reads them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from server.bridges import Bridge, running_bridge

from bridge.errors import ModelError
from bridge.host.answer import answer
from bridge.protocol.reply import Problem

HEAD = '<?xml version="1.0"?>'
SCORE = (
    '<score-partwise><part-list><score-part id="P1"><part-name>A</part-name></score-part></part-list>'
    '<part id="P1"><measure number="1"/></part></score-partwise>'
)


def no_model(name: str) -> Any:
    """Refuse as a damaged model does: the score was read, and what is selected is fillable."""
    raise ModelError("there is none", fix="Take it.")


@pytest.fixture(scope="module")
def bridge() -> Iterator[Bridge]:
    with running_bridge(lambda request, progress: answer(request, no_model, progress)) as bridge:
        yield bridge


def post(bridge: Bridge, **score: Any) -> httpx.Response:
    selection = score.pop("selection", {"start": 0, "stop": 1, "staves": [0], "mode": "replace"})
    return bridge.client.post("/v1/fill", json={**score, "selection": selection})


def problem(response: httpx.Response) -> Problem:
    assert response.status_code == 422, response.text
    found = Problem.model_validate_json(response.content)
    assert found.code == "unfillable"
    assert found.fix
    return found


def test_the_chorale_itself_is_fine(bridge: Bridge, chorale_text: str) -> None:
    assert problem(post(bridge, musicxml=chorale_text)).message == "there is none"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\x00",
        "hello",
        "{}",
        "PK\x03\x04",
        "MThd",
        "<",
        "<a/>",
        "<!DOCTYPE html><html/>",
        "<score-partwise/>",
        '<?xml version="1.0" encoding="UTF-16"?><score-partwise/>',
        '<?xml version="1.0" encoding="ebcdic-nonsense"?><score-partwise/>',
        '<?xml version="9.0"?><score-partwise/>',
        f'{HEAD}<!DOCTYPE s [<!ENTITY a "aaaaaaaaaa">]>{SCORE.replace("A<", "&a;<")}',
        f'{HEAD}<!DOCTYPE s [<!ENTITY p SYSTEM "file:///etc/passwd">]>{SCORE.replace("A<", "&p;<")}',
        f'{HEAD}<!DOCTYPE s [<!ENTITY % p SYSTEM "http://127.0.0.1:1/x">%p;]>{SCORE}',
        f'{HEAD}<!DOCTYPE s SYSTEM "file:///etc/passwd">{SCORE.replace("A<", "&x;<")}',
        SCORE.replace(
            "<measure", '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="x"/><measure'
        ),
        "<a>" * 100_000,
        f"<score-partwise>{'<b>' * 5000}{'</b>' * 5000}</score-partwise>",
        f"<score-partwise {' '.join(f'a{n}={chr(34)}{chr(34)}' for n in range(50_000))}/>",
        SCORE.replace('"1"/>', '"1"/>' * 3).replace("<part-list>", "<part-list>" * 2),
    ],
    ids=range(23),
)
def test_what_is_no_score_is_said_at_once(bridge: Bridge, text: str) -> None:
    started = time.monotonic()
    found = problem(post(bridge, musicxml=text))
    assert "root:" not in found.message
    assert time.monotonic() - started < 5


def test_entities_that_multiply_are_not_multiplied(bridge: Bridge) -> None:
    levels = "".join(f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, 12))
    text = f'{HEAD}<!DOCTYPE s [<!ENTITY e0 "ha">{levels}]>{SCORE.replace("A<", "&e11;<")}'
    problem(post(bridge, musicxml=text))
