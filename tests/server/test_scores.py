"""Scores that are broken, hostile or absurd, through the bridge and the code that really reads them."""

from __future__ import annotations

import random
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from server.bridges import Bridge, running_bridge

from bridge.errors import ModelError
from bridge.host.answer import answer
from bridge.protocol.reply import Problem

HEAD = '<?xml version="1.0"?>'
SCORE = (
    '<score-partwise><part-list><score-part id="P1"><part-name>A</part-name></score-part></part-list>'
    '<part id="P1"><measure number="1"/></part></score-partwise>'
)
quick = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def no_model(name: str) -> Any:
    """Refuse as a damaged model does: the score was read, and what is selected is fillable."""
    raise ModelError("there is none", fix="Take it.")


@pytest.fixture(scope="module")
def bridge() -> Iterator[Bridge]:
    with running_bridge(lambda request, progress: answer(request, no_model, progress)) as bridge:
        yield bridge


@pytest.fixture(scope="module")
def chorale(examples: Path) -> str:
    with zipfile.ZipFile(examples / "chorale.mxl") as archive:
        name = next(each for each in archive.namelist() if each.endswith(".musicxml") and "/" not in each)
        return archive.read(name).decode()


def post(bridge: Bridge, **score: Any) -> httpx.Response:
    selection = score.pop("selection", {"start": 0, "stop": 1, "staves": [0], "mode": "replace"})
    return bridge.client.post("/v1/fill", json={**score, "selection": selection})


def problem(response: httpx.Response) -> Problem:
    assert response.status_code == 422, response.text
    found = Problem.model_validate_json(response.content)
    assert found.code == "unfillable"
    assert found.fix
    return found


def test_the_chorale_itself_is_fine(bridge: Bridge, chorale: str) -> None:
    assert problem(post(bridge, musicxml=chorale)).message == "there is none"


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


@settings(quick, max_examples=120)
@given(seed=st.integers(0, 2**32), count=st.integers(1, 30))
def test_a_score_with_pieces_changed_is_refused_or_fine(
    bridge: Bridge, chorale: str, seed: int, count: int
) -> None:
    dice = random.Random(seed)
    pieces = chorale.split("<")
    for _ in range(count):
        place = dice.randrange(len(pieces))
        change = dice.choice(("remove", "repeat", "swap", "number"))
        if change == "remove" and len(pieces) > 2:
            del pieces[place]
        elif change == "repeat":
            pieces.insert(place, pieces[dice.randrange(len(pieces))])
        elif change == "swap":
            other = dice.randrange(len(pieces))
            pieces[place], pieces[other] = pieces[other], pieces[place]
        else:
            numbers = ["0", "-1", "99999999999999999999", "1e9", "x", "", "0.333", "NaN"]
            pieces[place] = pieces[place].split(">")[0] + ">" + dice.choice(numbers)
    selection = {
        "start": dice.randrange(17),
        "stop": dice.randrange(1, 20),
        "staves": dice.sample(range(6), 2),
        "mode": dice.choice(("continue", "replace")),
    }
    problem(post(bridge, musicxml="<".join(pieces), selection=selection))


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=10)
wide = st.integers(0, 2**31) | st.integers(0, 4000) | st.sampled_from([0, 480, 1920, 2**31])
lengths = st.integers(1, 2**24) | st.integers(1, 2000) | st.just(1920)
notes = st.tuples(
    wide, lengths, st.integers(0, 127), st.integers(1, 4), st.integers(-8, 40), st.integers(0, 1)
)
walks = st.fixed_dictionaries(
    {
        "title": texts,
        "division": st.sampled_from([1, 7, 480, 100_000]),
        "measures": st.lists(
            st.fixed_dictionaries(
                {
                    "tick": wide,
                    "ticks": lengths,
                    "beats": st.integers(1, 128),
                    "beat_type": st.sampled_from([1, 2, 4, 8, 128]),
                    "fifths": st.integers(-7, 7),
                    "number": texts,
                }
            ),
            min_size=1,
            max_size=5,
        ),
        "parts": st.lists(
            st.fixed_dictionaries(
                {
                    "name": texts,
                    "staves": st.lists(
                        st.fixed_dictionaries(
                            {
                                "kind": st.sampled_from(["pitched", "percussion", "tablature"]),
                                "program": st.integers(-1, 127),
                                "notes": st.lists(notes, max_size=5),
                            }
                        ),
                        min_size=1,
                        max_size=2,
                    ),
                }
            ),
            min_size=1,
            max_size=2,
        ),
    }
)


@settings(quick, max_examples=200)
@given(
    walk=walks,
    start=st.integers(0, 5),
    count=st.integers(-2, 5),
    mode=st.sampled_from(["continue", "replace"]),
)
def test_any_walk_that_follows_the_schema_is_refused_or_fine(
    bridge: Bridge, walk: dict[str, Any], start: int, count: int, mode: str
) -> None:
    selection = {"start": start, "stop": max(1, start + count), "staves": [0, 1], "mode": mode}
    problem(post(bridge, walk=walk, selection=selection))
