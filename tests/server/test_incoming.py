"""What may stand in a request's JSON."""

from __future__ import annotations

import copy
import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from server.bridges import as_json, made_request

from bridge.protocol.request import FillRequest
from bridge.server.incoming import MOST_DEPTH, read_request
from bridge.server.problems import Refusal


def refusal(data: bytes) -> str:
    with pytest.raises(Refusal) as caught:
        read_request(data, FillRequest)
    assert caught.value.problem.fix
    return caught.value.problem.message


def test_a_request_is_read_as_it_was_meant() -> None:
    request = read_request(as_json(made_request(7)), FillRequest)
    assert request.options.seed == 7
    assert request.walk is not None
    assert request.walk.parts[0].staves[0].notes[1] == (480, 480, 74, 1, 16, 0)


def test_unusual_letters_come_through() -> None:
    wanted = {key: value for key, value in made_request().items() if key != "walk"}
    text = '<a>Dvořák "𝄞" \\ [[[[ {{{{ </a>'
    for ascii in (True, False):
        data = json.dumps({**wanted, "musicxml": text}, ensure_ascii=ascii).encode()
        assert read_request(data, FillRequest).musicxml == text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "isn't JSON"),
        (b"\xff", "isn't UTF-8 at byte 0"),
        (b"\xef\xbb\xbf{}", "isn't JSON"),
        ('{"musicxml": "é"}'.encode("utf-16"), "isn't UTF-8"),
        (b"{", "don't match"),
        (b"[" * (MOST_DEPTH + 1) + b"]" * (MOST_DEPTH + 1), f"nested more than {MOST_DEPTH} deep"),
        (b'{"a":' * 100_000, "nested more than"),
        (b'{"selection": NaN}', "NaN isn't JSON"),
        (b'{"selection": -Infinity}', "-Infinity isn't JSON"),
        (b'{"musicxml": "a", "musicxml": "b"}', "a key is given twice"),
        (b'{"options": {"seed": 1, "s\\u0065ed": 2}}', "a key is given twice"),
        (b'{"musicxml": "\\ud800"}', "Invalid JSON"),
        (b'{"musicxml": "\\udc00\\ud800"}', "surrogate"),
        (b'{"musicxml": "\xed\xa0\x80"}', "isn't UTF-8"),
        (b"9" * 5000, "more than 40 digits"),
        (b'{"a": 1e999999999}', "selection: Field required"),
        (b"[1]", "Input should be an object"),
        (b"null", "Input should be an object"),
        (b'{"musicxml": "a\nb"}', "isn't JSON"),
        (b"'single'", "isn't JSON"),
        (b"{} {}", "isn't JSON: extra data"),
    ],
)
def test_what_is_no_request_is_said(data: bytes, said: str) -> None:
    assert said in refusal(data)


def changed(path: list[Any], value: Any) -> bytes:
    request = made_request()
    place: Any = request
    for step in path[:-1]:
        place = place.setdefault(step, {}) if isinstance(place, dict) else place[step]
    place[path[-1]] = value
    return as_json(request)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (["options", "temperature"], "1", "options.temperature: Input should be a valid number"),
        (
            ["options", "temperature"],
            10**30,
            "options.temperature: Input should be less than or equal to 10",
        ),
        (["options", "seed"], 1.5, "options.seed"),
        (["options", "seed"], True, "options.seed"),
        (["options", "seed"], 2**60, "options.seed"),
        (["options", "model"], "../../etc/passwd", "options.model"),
        (["options", "model"], "/etc/passwd", "options.model"),
        (["options", "alternatives"], 10**9, "options.alternatives"),
        (["selection", "staves"], [], "selection.staves"),
        (["selection", "start"], -1, "selection.start"),
        (["selection", "mode"], "destroy", "Input should be 'continue' or 'replace'"),
        (["selection", "path"], "/etc/passwd", "selection.path: Extra inputs are not permitted"),
        (["walk", "measures"], [], "walk.measures"),
        (["walk", "parts", 0, "staves", 0, "notes", 0, 2], 128, "walk.parts[0].staves[0].notes[0][2]"),
        (["walk", "parts", 0, "staves", 0, "notes", 0], [1, 2], "notes[0][2]: Field required"),
        (["musicxml"], "<a/>", "give the score as 'musicxml' or as 'walk'"),
        (["x" * 5000], 1, "x" * 40 + "…: Extra inputs are not permitted"),
        (["\x1b[31m\n"], 1, "?[31m?: Extra inputs"),
    ],
)
def test_the_first_wrong_place_is_named(path: list[Any], value: Any, said: str) -> None:
    message = refusal(changed(path, value))
    assert said in message
    assert len(message) < 400


def test_several_wrong_places_are_counted() -> None:
    request = made_request()
    del request["selection"]
    request["options"] = {"seed": -1}
    assert refusal(as_json(request)).endswith("(and 1 more)")


def big(notes: str) -> bytes:
    request = copy.deepcopy(made_request())
    request["walk"]["parts"][0]["staves"][0]["notes"] = []
    return as_json(request).replace(b'"notes": []', f'"notes": [{notes}]'.encode())


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 16_000_000,
        (b"[" * 20 + b"]" * 20) * 400_000,
        b'"' + b'\\"' * 8_000_000,
        b'"' * 16_000_000,
        b"\\" * 16_000_000,
        b"1" * 16_000_000,
        b"{" + b'"a":1,' * 2_000_000 + b'"a":1}',
        big("[]," * 5_000_000 + "[]"),
        big("1," * 8_000_000 + "1"),
        big("[]," * 50_000 + "[]"),
        big("[480,480,60,1,14,0]," * 800_000),
        big(",".join(["1" * 39] * 400_000)),
    ],
    ids=range(12),
)
def test_large_nonsense_is_refused_quickly(data: bytes) -> None:
    started = time.process_time()
    refusal(data)
    assert time.process_time() - started < 5


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_are_a_request_or_refused(data: bytes) -> None:
    refusal(data)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_any_value_in_any_place_is_taken_or_refused(data: st.DataObject) -> None:
    request = made_request()
    place: Any = request
    while True:
        keys = sorted(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], dict | list) or not place[key] or data.draw(st.booleans()):
            break
        place = place[key]
    place[key] = data.draw(json_values)
    encoded = json.dumps(request).encode()
    try:
        request = read_request(encoded, FillRequest)
    except Refusal as refused:
        code = refused.problem.code
    else:
        assert isinstance(request, FillRequest)
        code = "bad_request"
    assert code == "bad_request"
