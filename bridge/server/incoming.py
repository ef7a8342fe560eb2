"""From a body's bytes to a request: bounded before it is parsed, then checked against the schema."""

from __future__ import annotations

import json
import re
from typing import Any, TypeVar

from pydantic import ValidationError
from starlette.requests import Request

from bridge.protocol.shape import Shape
from bridge.server.problems import Refusal

MOST_DEPTH = 16
"""Of nested JSON; a request's own is 8."""

MOST_DIGITS = 40
"""Of a number: JavaScript writes at most 25 characters."""

MOST_OF = {":": 120_000, "[": 120_000, ",": 800_000}
"""Keys, lists and items: a walk of 10,000 measures and 100,000 notes has fewer. Every one of them could be
wrong, and the validator collects all errors, some 400 bytes for each."""

MOST_ERRORS = 1000
"""That are looked at."""

Asked = TypeVar("Asked", bound=Shape)

_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_DIGITS = re.compile(rf"[0-9]{{{MOST_DIGITS + 1}}}")
_NO_BRACKET = re.compile(r"[^\[\]{}]+")
_MEDIA_TYPE = re.compile(r'application/json\s*(;\s*charset\s*=\s*"?utf-?8"?\s*)?', re.IGNORECASE)
_WRITE_JSON = "Send JSON as docs/bridge.md describes it."


def check_media_type(request: Request) -> None:
    """Raise `Refusal` unless the request says that it brings plain JSON in UTF-8."""
    if not _MEDIA_TYPE.fullmatch(request.headers.get("content-type", "").strip()):
        raise Refusal("unsupported_media_type", "this isn't 'application/json'", _WRITE_JSON)
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise Refusal("unsupported_media_type", "the request is compressed", "Send it as it is.")


def read_request(data: bytes, shape: type[Asked]) -> Asked:
    """Return the request in a body; raises `Refusal` with the first thing that is wrong about it."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _bad(f"the request isn't UTF-8 at byte {error.start}") from None
    _check_bounds(text)
    _check_syntax(text)
    try:
        return shape.model_validate_json(text)
    except ValidationError as error:
        raise _bad(_told(error)) from None


def _check_bounds(text: str) -> None:
    bare = _STRING.sub("", text)
    if _DIGITS.search(bare):
        raise _bad(f"a number has more than {MOST_DIGITS} digits")
    if any(bare.count(sign) > most for sign, most in MOST_OF.items()):
        raise Refusal(
            "too_large", "the score has too many notes", "Send fewer measures around the selection."
        )
    brackets = _NO_BRACKET.sub("", bare)
    for _ in range(MOST_DEPTH):
        brackets = brackets.replace("[]", "").replace("{}", "")
        if not brackets:
            return
    raise _bad(f"the JSON is nested more than {MOST_DEPTH} deep, or its brackets don't match")


def _check_syntax(text: str) -> None:
    """Refuse what JSON libraries read differently: keys given twice, NaN, endless numbers."""
    try:
        json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise _bad(
            f"this isn't JSON: {error.msg.lower()} (line {error.lineno}, column {error.colno})"
        ) from None
    except ValueError:
        raise _bad("a number is too long") from None


def _unique(pairs: list[tuple[str, Any]]) -> None:
    if len({key for key, _ in pairs}) != len(pairs):
        raise _bad("a key is given twice in one object")


def _no_constant(name: str) -> None:
    raise _bad(f"{name} isn't JSON")


def _told(error: ValidationError) -> str:
    if error.error_count() > MOST_ERRORS:
        return f"it doesn't follow the schema in {error.error_count():,} places"
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = "".join(
        f"[{each}]" if isinstance(each, int) else f".{_clean(each, 40)}" for each in first["loc"]
    )
    others = error.error_count() - 1
    more = f" (and {others} more)" if others else ""
    return f"{place.lstrip('.') or 'the request'}: {_clean(first['msg'], 200)}{more}"


def _clean(text: str, most: int) -> str:
    text = "".join(each if each.isprintable() else "?" for each in text[: most + 1])
    return text if len(text) <= most else f"{text[:most]}…"


def _bad(message: str) -> Refusal:
    return Refusal("bad_request", message, _WRITE_JSON)
