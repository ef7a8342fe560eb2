"""The bridge as a process: started, asked, stopped, killed, started twice, in the background."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import stat
import subprocess
import threading
import time
from pathlib import Path

import httpx
import pytest
from server.bridges import made_request, until
from server.processes import Home

from bridge.models import RELEASED

posix = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


def asked(measures: int = 1, alternatives: int = 1) -> dict:
    """Return a request for the tiny model; 64 measures of it take seconds."""
    walked = [{"tick": 1920 * n, "ticks": 1920, "beats": 4, "beat_type": 4} for n in range(measures + 1)]
    request = made_request()
    request["walk"]["measures"] = walked
    request["selection"]["stop"] = measures + 1
    request["options"] = {"seed": 1, "alternatives": alternatives}
    return request


def begin_long_job(client: httpx.Client) -> str:
    """Return the id of a job in the middle of its work."""
    assert client.post("/v1/fill", json=asked()).status_code == 200  # loaded and compiled
    name = client.post("/v1/jobs", json=asked(64)).json()["id"]
    until(lambda: 0 < client.get(f"/v1/jobs/{name}").json()["progress"] < 1)
    return name


def test_it_fills_says_where_it_is_and_stops_in_the_middle_of_a_job(home: Home) -> None:
    process = home.start("serve", "--port", "0")
    assert process.stdout
    first = process.stdout.readline()
    with home.client() as client:
        assert first == f"listening on {client.base_url} (Ctrl+C stops)\n".replace("/ (", " (")
        reply = client.post("/v1/fill", json=asked(2)).json()
        assert (reply["start"], reply["stop"], reply["model"]) == (1, 3, "lstm")
        assert reply["alternatives"][0]["note_count"] > 0
        assert [each["name"] for each in client.get("/v1/models").json()["models"]] == ["lstm"]
        begin_long_job(client)
        answers: list[httpx.Response] = []
        waiting = threading.Thread(target=lambda: answers.append(client.post("/v1/fill", json=asked())))
        waiting.start()
        until(lambda: client.get("/v1/health").json()["jobs"]["queued"] == 1)
        started = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0
        assert time.monotonic() - started < 2
        waiting.join(5)
    assert (answers[0].status_code, answers[0].json()["code"]) == (503, "stopping")
    assert process.stdout.read().endswith("stopped\n")
    assert home.running() is None
    written = home.everything_written()
    assert "POST /v1/fill 200" in written
    assert home.token not in written
    if os.name == "posix":
        log = home.folder / "cache" / "bridge.log"
        assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_it_answers_while_it_fills_and_compiles(home: Home) -> None:
    home.start("serve", "--port", "0")
    slowest = 0.0
    with home.client() as client:
        name = client.post("/v1/jobs", json=asked(64)).json()["id"]
        progress = []
        while (state := client.get(f"/v1/jobs/{name}").json())["state"] in ("queued", "running"):
            started = time.monotonic()
            assert client.get("/v1/health").status_code == 200
            slowest = max(slowest, time.monotonic() - started)
            progress.append(state["progress"])
            time.sleep(0.02)
    assert state["state"] == "done"
    assert sorted(progress) == progress
    assert len(set(progress)) > 1
    assert slowest < 1.5


@posix
def test_a_bridge_that_was_killed_in_a_job_leaves_nothing_in_the_way(home: Home) -> None:
    process = home.start("serve", "--port", "0")
    with home.client() as client:
        begin_long_job(client)
        process.kill()
        process.wait(5)
        with pytest.raises(httpx.TransportError):
            client.get("/v1/health")
    old = home.running()
    assert old is not None, "it had no time to say goodbye"
    token = home.token
    home.start("serve", "--port", "0")
    until(lambda: (home.running() or old)["pid"] != old["pid"], 30)
    assert home.token == token
    with home.client() as client:
        assert client.post("/v1/fill", json=asked()).status_code == 200


def test_a_second_one_says_that_there_is_one(home: Home) -> None:
    home.start("serve", "--port", "0")
    with home.client() as client:
        second = home.run("serve")
        place = home.running()
        assert place is not None
        assert second.returncode == 2
        assert second.stderr == (
            f"jaxmuse serve: the bridge runs already (process {place['pid']}, "
            f"http://127.0.0.1:{place['port']}). Use it, or stop it: jaxmuse serve --stop\n"
        )
        quiet = home.run("serve", "--background")
        assert (quiet.returncode, f"127.0.0.1:{place['port']}" in quiet.stdout) == (0, True)
        assert client.get("/v1/health").status_code == 200
    assert home.running() == place
    stopped = home.run("serve", "--stop")
    assert (stopped.returncode, stopped.stdout) == (0, f"stopped (process {place['pid']})\n")
    assert home.running() is None
    assert home.run("serve", "--stop").stdout == "no bridge was running\n"


def test_a_port_that_is_taken(home: Home) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = home.run("serve", "--port", str(port))
    assert done.returncode == 2
    assert done.stderr.startswith(f"option --port: port {port} can't be used (address already in use).")
    assert home.running() is None


def test_it_stops_when_nobody_asks(home: Home) -> None:
    process = home.start("serve", "--port", "0", "--idle-exit", "1s")
    with home.client() as client:
        for _ in range(12):
            time.sleep(0.1)
            assert client.get("/v1/health").status_code == 200
    assert process.wait(20) == 0
    assert home.running() is None


@posix
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP, signal.SIGTERM])
def test_it_stops_at_once_while_it_still_loads(home: Home, number: signal.Signals) -> None:
    process = home.start("serve", "--port", "0")
    assert process.stdout
    while not process.stdout.readline().startswith("loading"):
        pass
    started = time.monotonic()
    process.send_signal(number)
    assert process.wait(5) == 0
    assert time.monotonic() - started < 2.5
    assert home.running() is None


def test_the_plugin_hears_of_the_port(home: Home) -> None:
    plugin, damaged = home.folder / "plugin", home.folder / "damaged"
    plugin.mkdir()
    (plugin / "connection.json").write_text('{"version": 1, "port": 8765}')
    (damaged / "connection.json").mkdir(parents=True)
    home.config.mkdir(mode=0o700)
    (home.config / "plugin_folders.json").write_text(json.dumps([str(damaged), str(plugin)]))
    process = home.start("serve", "--port", "0")
    assert process.stdout
    with home.client() as client:
        first, second = process.stdout.readline(), process.stdout.readline()
        told = json.loads((plugin / "connection.json").read_text())
        assert f"http://127.0.0.1:{told['port']}" == str(client.base_url).rstrip("/")
        assert told["token"] == home.token
    assert first == f"listening on http://127.0.0.1:{told['port']} (Ctrl+C stops)\n"
    assert second.startswith(f"{damaged / 'connection.json'}: it can't be written (")


@posix
def test_a_terminal_sees_a_progress_line_then_where_it_listens(home: Home) -> None:
    import pty

    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [*home.command, "serve", "--port", "0"],
        env={**home.environment, "TERM": "xterm-256color", "COLUMNS": "100"},
        stdin=follower,
        stdout=follower,
        stderr=follower,
        start_new_session=True,
    )
    os.close(follower)
    seen = ""

    def read() -> str:
        nonlocal seen
        with contextlib.suppress(OSError):  # that of a terminal without programs
            seen += os.read(leader, 65536).decode("utf-8", "replace")
        return seen

    until(lambda: "(Ctrl+C stops)" in read(), 90)
    process.send_signal(signal.SIGINT)
    until(lambda: "stopped" in read())
    assert process.wait(5) == 0
    os.close(leader)
    assert "compiling for 1 staff" in seen
    assert seen.index("compiling for 1 staff") < seen.index("listening on http://127.0.0.1:")


def test_the_command_itself_with_the_released_model(tmp_path: Path, compiled: Path) -> None:
    home = Home(tmp_path, None, compiled)
    try:
        process = home.start("serve", "--port", "0")
        with home.client() as client:
            listed = [each["name"] for each in client.get("/v1/models").json()["models"]]
            assert listed == list(RELEASED)
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0
    finally:
        home.end()


@pytest.mark.parametrize("arguments", [("--port", "70000"), ("--port", "x"), ("--idle-exit", "soon")])
def test_options_that_mean_nothing(home: Home, arguments: tuple[str, str]) -> None:
    done = home.run("serve", *arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
