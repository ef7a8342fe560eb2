"""`jaxmuse fill` through the bridge: when it is asked, when not, and what is left of a fill that ends."""

from __future__ import annotations

import base64
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from server.bridges import TOKEN, Bridge, Gate, running_bridge, until

from bridge import bridge_calls, connection, fill_by_bridge
from bridge.bridge_calls import BridgeCalls, BridgeLost
from bridge.errors import JaxmuseError, RegionError
from bridge.fill_by_bridge import FillingBridge
from bridge.manner import Manner
from bridge.placement import Placement
from bridge.protocol import request as protocol
from bridge.protocol.file import FileAlternative, FileReply, FileRequest
from bridge.protocol.reply import Timing
from bridge.regions import Selection
from bridge.server import app
from bridge.server.jobs import Request
from bridge.server.problems import Refusal
from bridge.server.worker import Progress, Step

WRITTEN = b"<score-partwise/>\x00\xff"
ALTERNATIVE = FileAlternative(
    content=base64.b64encode(WRITTEN).decode(),
    notes=3,
    nll=1.5,
    copied_notes=None,
    copied=None,
    warning=None,
    check=None,
    report=[],
)


class FileGate(Gate):
    """A gate behind which there are files."""

    asked: FileRequest | None = None

    def __call__(self, request: Request, progress: Progress) -> FileReply:  # type: ignore[override]
        assert isinstance(request, FileRequest)
        self.asked = request
        super().__call__(request, progress)  # type: ignore[arg-type]
        return FileReply(
            model="lstm",
            seed=7,
            seconds=Timing(read=0.1, fill=0.2, write=0.1, total=0.4),
            parts=["Fiddle"],
            measures=["17"],
            where="measure 17",
            summary="Fiddle, measure 17: 3 notes",
            alternatives=[ALTERNATIVE],
        )


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder where this test's client looks for a bridge; it knows the token of the tests' bridges."""
    folder = tmp_path / "config"
    folder.mkdir(mode=0o700)
    (folder / "token").write_text(TOKEN)
    (folder / "token").chmod(0o600)
    monkeypatch.setenv(connection.VARIABLE, str(folder))
    monkeypatch.setattr(fill_by_bridge, "_model_state", lambda model: "as it is")
    return folder


@pytest.fixture
def gate() -> FileGate:
    return FileGate()


@pytest.fixture
def bridge(gate: FileGate) -> Iterator[Bridge]:
    with running_bridge(gate) as bridge:  # type: ignore[arg-type]
        connection.announce(bridge.port, os.getpid())
        yield bridge
        gate.open.set()


@pytest.fixture
def filling() -> FillingBridge:
    return FillingBridge(Manner(seed=7))


def fill(filling: FillingBridge, tune: Path, **more: object) -> object:
    return filling.fill_file(tune, Selection(bars=1), Placement(), **more)  # type: ignore[arg-type]


def untouched(tune: Path) -> bool:
    return [each.name for each in tune.parent.iterdir() if each.is_file()] == [tune.name]


def test_the_file_that_comes_back_is_written(
    bridge: Bridge, gate: FileGate, filling: FillingBridge, tune: Path
) -> None:
    shares: list[float] = []
    filled = filling.fill_file(tune, Selection(measures="3-4"), Placement(), shares.append)
    assert filled
    account, outputs, pictures = filled
    assert [each.read_bytes() for each in outputs] == [WRITTEN]
    assert (account.path, account.seed, account.alternatives[0].notes, pictures) == (tune, 7, 3, ())
    assert outputs == (tune.with_name("tune.filled.musicxml"),)
    assert gate.asked
    assert base64.b64decode(gate.asked.content) == tune.read_bytes()
    assert (gate.asked.name, gate.asked.selection.measures, gate.asked.options.seed) == (
        tune.name,
        "3-4",
        7,
    )
    assert str(tune.parent) not in gate.asked.model_dump_json()


def test_the_bridge_keeps_no_files(bridge: Bridge, filling: FillingBridge, tune: Path) -> None:
    assert fill(filling, tune)
    assert bridge.jobs._known == {}


def test_what_cannot_be_filled_is_said_in_the_same_words(
    bridge: Bridge, gate: FileGate, filling: FillingBridge, tune: Path
) -> None:
    gate.error = RegionError("it is too long", where="tune.musicxml, measure 3", fix="Shorten it.")
    with pytest.raises(JaxmuseError) as caught:
        fill(filling, tune)
    assert str(caught.value) == str(gate.error)
    assert untouched(tune)
    assert not filling.lost


def test_stopped_with_ctrl_c_the_job_is_cancelled(
    bridge: Bridge, gate: FileGate, filling: FillingBridge, tune: Path
) -> None:
    gate.open.clear()

    def interrupted(share: float) -> None:
        gate.begun.wait(10)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fill(filling, tune, progress=interrupted)
    assert until(lambda: gate.stopped == 1, 5)
    assert untouched(tune)


@pytest.mark.parametrize("code", ["other_model", "too_large", "timeout", "queue_full"])
def test_what_the_bridge_does_not_do_is_done_here(
    bridge: Bridge, gate: FileGate, filling: FillingBridge, tune: Path, code: str
) -> None:
    gate.error = Refusal(code, "no", "Don't.")
    assert fill(filling, tune) is None
    assert untouched(tune)
    assert not filling.lost


def test_a_bug_in_the_bridge_is_looked_for_here(
    bridge: Bridge, gate: FileGate, filling: FillingBridge, tune: Path
) -> None:
    gate.error = ZeroDivisionError()
    assert fill(filling, tune) is None
    assert filling.lost


def test_another_program_gets_no_score(
    monkeypatch: pytest.MonkeyPatch, gate: FileGate, filling: FillingBridge, tune: Path
) -> None:
    monkeypatch.setattr(app, "program_identity", lambda: "of another version")
    with running_bridge(gate) as bridge:  # type: ignore[arg-type]
        connection.announce(bridge.port, os.getpid())
        assert fill(filling, tune) is None
    assert filling.lost
    assert gate.asked is None


def test_one_that_still_compiles_is_not_waited_for(
    gate: FileGate, filling: FillingBridge, tune: Path
) -> None:
    done = threading.Event()
    with running_bridge(gate, [Step("compiling", lambda: bool(done.wait(20)))]) as bridge:  # type: ignore[arg-type]
        connection.announce(bridge.port, os.getpid())
        assert fill(filling, tune) is None
        assert gate.asked is None
        done.set()
        assert until(lambda: bridge.worker.ready)
        assert fill(filling, tune)


def test_one_that_is_busy_is_not_waited_for(
    bridge: Bridge, gate: FileGate, filling: FillingBridge, tune: Path
) -> None:
    gate.open.clear()
    request = {"name": "a.mid", "kind": "midi", "content": "", "options": {"seed": 1}}
    bridge.client.post("/v1/files", json=request)
    assert gate.begun.wait(10)
    assert fill(filling, tune) is None
    assert not filling.lost
    assert gate.seeds == [1]


def test_without_a_bridge(filling: FillingBridge, tune: Path) -> None:
    assert fill(filling, tune) is None
    assert filling.lost


def test_the_wrong_token(bridge: Bridge, config: Path, filling: FillingBridge, tune: Path) -> None:
    (config / "token").write_text("x" * 40)
    assert fill(filling, tune) is None
    assert filling.lost


def test_one_that_died(filling: FillingBridge, tune: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    connection.announce(port, os.getpid())
    assert fill(filling, tune) is None
    assert filling.lost


def test_one_that_stands_still(filling: FillingBridge, tune: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridge_calls, "LOOK_SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        connection.announce(listening.getsockname()[1], os.getpid())
        assert fill(filling, tune) is None
    assert filling.lost


def test_one_that_ends_in_the_middle(
    bridge: Bridge, gate: FileGate, filling: FillingBridge, tune: Path
) -> None:
    gate.open.clear()

    def ending(share: float) -> None:
        bridge.server.should_exit = True

    assert fill(filling, tune, progress=ending) is None
    assert filling.lost
    assert untouched(tune)


def test_a_stranger_at_the_port_of_a_bridge_that_died_hears_nothing(
    config: Path, filling: FillingBridge, tune: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.2)
        port = listening.getsockname()[1]
        (config / "bridge.json").write_text(f'{{"pid": {os.getpid()}, "port": {port}, "started": 1.0}}')
        assert fill(filling, tune) is None
        with pytest.raises(TimeoutError):
            listening.accept()


@pytest.mark.parametrize(
    "manner",
    [Manner(model="runs/mine", seed=1), Manner(seed=2**60), Manner(seed=1, alternatives=9)],
    ids=["own model", "large seed", "many alternatives"],
)
def test_what_only_this_process_can_do(bridge: Bridge, gate: FileGate, tune: Path, manner: Manner) -> None:
    assert fill(FillingBridge(manner), tune) is None
    assert gate.asked is None


def test_a_large_file_a_picture_and_a_taken_output_are_for_this_process(
    bridge: Bridge, gate: FileGate, filling: FillingBridge, tune: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert filling.fill_file(tune, Selection(), Placement(png=True)) is None
    assert filling.fill_file(tune, Selection(), Placement(output=tune)) is None
    assert filling.fill_file(tune.with_name("none.mid"), Selection(), Placement()) is None
    monkeypatch.setattr(fill_by_bridge, "MOST_FILE_BYTES", 10)
    assert fill(filling, tune) is None
    assert gate.asked is None
    assert not filling.lost


def test_content_that_is_not_base64_is_refused() -> None:
    from bridge.server.file_answer import answer_file

    request = FileRequest(name="a.mid", kind="midi", content="€")
    with pytest.raises(Refusal, match="isn't Base64"):
        answer_file(request, lambda name: pytest.fail("no model is needed"))


@pytest.mark.parametrize("name", ["../a.mid", "a/b", "a\\b", ""])
def test_a_name_is_no_path(bridge: Bridge, name: str) -> None:
    response = bridge.client.post("/v1/files", json={"name": name, "kind": "midi", "content": ""})
    assert (response.status_code, response.json()["code"]) == (400, "bad_request")


def test_an_answer_of_another_kind_is_no_bridges(bridge: Bridge) -> None:
    with BridgeCalls() as calls, pytest.raises(BridgeLost):
        calls.look("nothing")


def test_its_limits_are_those_of_the_bridge() -> None:
    assert fill_by_bridge.MOST_MEASURES == protocol.MOST_MEASURES
    assert fill_by_bridge.MOST_ALTERNATIVES == protocol.MOST_ALTERNATIVES
    assert protocol.Options(seed=fill_by_bridge.MOST_SEED - 1)
    with pytest.raises(ValueError, match="seed"):
        protocol.Options(seed=fill_by_bridge.MOST_SEED)


def test_what_can_be_read_once_only_is_left_alone(
    bridge: Bridge, gate: FileGate, filling: FillingBridge, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "piped.musicxml")
    assert fill(filling, tmp_path / "piped.musicxml") is None
    assert not gate.asked


def test_more_measures_than_one_request_may_have_are_not_asked_for(
    bridge: Bridge, gate: FileGate, filling: FillingBridge, tune: Path
) -> None:
    assert filling.fill_file(tune, Selection(bars=protocol.MOST_MEASURES + 1), Placement()) is None
    assert not gate.asked
