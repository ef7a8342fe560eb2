"""Who isn't let in: other names, web pages, and programs without the token."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import httpx
import pytest
from server.bridges import TOKEN, Bridge, head, made_request, running_bridge

from bridge.protocol.reply import Problem


@pytest.fixture(scope="module")
def bridge() -> Iterator[Bridge]:
    with running_bridge() as bridge:
        yield bridge


CALLS = [
    ("GET", "/v1/health"),
    ("GET", "/v1/models"),
    ("POST", "/v1/fill"),
    ("POST", "/v1/jobs"),
    ("GET", "/v1/jobs/x"),
    ("DELETE", "/v1/jobs/x"),
    ("GET", "/elsewhere"),
]


def code(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, Problem.model_validate_json(response.content).code


@pytest.mark.parametrize(("method", "path"), CALLS)
@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        TOKEN,
        f"Basic {TOKEN}",
        f"Bearer {TOKEN[:-1]}",
        f"Bearer {TOKEN}x",
        f"Bearer {TOKEN.upper()}",
        f"Bearer {TOKEN}, Bearer {TOKEN}",
    ],
)
def test_nothing_is_answered_without_the_token(
    bridge: Bridge, method: str, path: str, authorization: str | None
) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    with bridge.stranger() as client:
        response = client.request(method, path, headers=headers)
    assert code(response) == (401, "unauthorized")
    assert response.headers["www-authenticate"] == "Bearer"


def test_a_token_given_twice_is_none(bridge: Bridge) -> None:
    answer = bridge.raw(head("GET", "/v1/health", f"Authorization: Bearer {TOKEN}", "Connection: close"), 5)
    assert answer.startswith(b"HTTP/1.1 401")


def test_the_scheme_may_be_written_in_any_case(bridge: Bridge) -> None:
    with bridge.stranger() as client:
        response = client.get("/v1/health", headers={"Authorization": f"bEaReR {TOKEN}"})
    assert response.status_code == 200


@pytest.mark.parametrize("method_path", CALLS)
@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8765",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "127.0.0.1@evil.example",
        "127.0.0.2",
        "0.0.0.0",
        "127.0.0.1:",
        "127.0.0.1:99x",
        "",
    ],
)
def test_a_name_that_was_made_to_point_here_is_refused(
    bridge: Bridge, method_path: tuple[str, str], host: str
) -> None:
    response = bridge.client.request(*method_path, headers={"Host": host})
    assert code(response) == (403, "forbidden")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:1234", "LOCALHOST:8765", "localhost", "[::1]:80"])
def test_names_of_this_machine_are_fine(bridge: Bridge, host: str) -> None:
    assert bridge.client.get("/v1/health", headers={"Host": host}).status_code == 200


def test_an_old_request_without_a_host_is_refused(bridge: Bridge) -> None:
    answer = bridge.raw(f"GET /v1/health HTTP/1.0\r\nAuthorization: Bearer {TOKEN}\r\n\r\n".encode(), 5)
    assert answer.startswith(b"HTTP/1.1 403")


@pytest.mark.parametrize("method_path", CALLS)
@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:8765", ""])
def test_web_pages_are_refused_whatever_they_know(
    bridge: Bridge, method_path: tuple[str, str], origin: str
) -> None:
    response = bridge.client.request(*method_path, headers={"Origin": origin})
    assert code(response) == (403, "forbidden")


def test_a_browser_that_asks_beforehand_is_not_encouraged(bridge: Bridge) -> None:
    headers = {
        "Origin": "https://evil.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization, content-type",
        "Access-Control-Request-Private-Network": "true",
    }
    with bridge.stranger() as client:
        response = client.options("/v1/fill", headers=headers)
    assert response.status_code == 403
    assert not [name for name in response.headers if name.startswith("access-control")]


def test_neither_token_nor_headers_are_ever_logged(
    bridge: Bridge, caplog: pytest.LogCaptureFixture
) -> None:
    logging.getLogger("httpcore").setLevel(logging.WARNING)
    with caplog.at_level(logging.DEBUG):
        bridge.client.post("/v1/fill", json=made_request(), headers={"X-Private": "s3cret"})
        bridge.client.get(f"/v1/health?token={TOKEN}")
        bridge.client.get("/v1/jobs/%1b%5b31m%0a", headers={"X-Private": "s3cret"})
        bridge.raw(head("GET", "/v1/health", "Broken header"), 5)
    ours = [record for record in caplog.records if not record.name.startswith("httpx")]
    logged = "\n".join(f"{record.getMessage()} {record.exc_text}" for record in ours)
    assert "POST /v1/fill 200" in logged
    assert TOKEN not in logged
    assert "s3cret" not in logged
    assert "\x1b" not in logged
