"""Continue selection and Replace selection on MuseScore 4's stand-in, against a bridge over HTTP."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from plugin.host.composing import Composer
from plugin.host.installed import SAY, install, plugin_on
from plugin.host.reading_back import check_written
from plugin.host.rude_bridge import rude_bridge
from plugin.host.scores import Plan, melody, quartet, selecting
from plugin.host.stand_in import StandIn
from server.bridges import TOKEN, Bridge, running_bridge

CONTINUE, REPLACE = "continue_selection", "replace_selection"


@pytest.fixture(scope="module")
def composer() -> Composer:
    return Composer()


@pytest.fixture(scope="module")
def bridge(composer: Composer) -> Iterator[Bridge]:
    with running_bridge(composer) as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path, bridge: Bridge) -> Path:
    return install(tmp_path, bridge.port, TOKEN)


def filling(stand_in: StandIn) -> Any:
    return stand_in.part("FillSelection")


def run(stand_in: StandIn, during: Callable[[], Any] | None = None) -> tuple[str, str]:
    """Run the item to its end; return what became of it and what was said."""
    filling(stand_in).setProperty("lingers", 0)
    stand_in.run()
    if during is not None:
        during()
    assert stand_in.wait(lambda: filling(stand_in).property("stage") in ("done", "failed"))
    return filling(stand_in).property("stage"), filling(stand_in).property("sentence")


@pytest.mark.parametrize(
    ("plan", "item", "filled"),
    [
        pytest.param(selecting(melody(), 2, 4), CONTINUE, (2, 4, [0]), id="rests"),
        pytest.param(selecting(melody(), 0, 2), REPLACE, (0, 2, [0]), id="replace"),
        pytest.param(selecting(melody(), 0, 2), CONTINUE, (2, 4, [0]), id="continue"),
        pytest.param(selecting(melody(), 1, 4), CONTINUE, (2, 4, [0]), id="continue-inside"),
        pytest.param(selecting(melody(), 4, 6), CONTINUE, (6, 8, [0]), id="append"),
        pytest.param(selecting(quartet(), 3, 6, 1, 3), CONTINUE, (3, 6, [1, 2]), id="two-staves"),
        pytest.param(
            selecting(quartet(), 0, 3, 0, 3), REPLACE, (0, 3, [0, 1, 2]), id="voices-tuplets-pickup"
        ),
        pytest.param(selecting(quartet(), 0, 4), REPLACE, (0, 4, [0]), id="transposing"),
        pytest.param(selecting(quartet(), 2, 5, 0, 4), REPLACE, (2, 5, [0, 1, 2]), id="beside-drums"),
        pytest.param(selecting(quartet(), 1, 3, 1, 3), CONTINUE, (3, 5, [1, 2]), id="after-notes"),
    ],
)
def test_notes_are_written_where_the_selection_means(
    plan: Plan, item: str, filled: tuple, folder: Path, composer: Composer
) -> None:
    with plugin_on(plan, folder, item) as stand_in:
        before = stand_in.dump()
        stage, sentence = run(stand_in)
        assert (stage, sentence.split(" notes (")[0][-1].isdecimal()) == ("done", True), sentence
        reply = composer.replies[-1]
        assert (reply.start, reply.stop, reply.staves) == filled
        check_written(before, stand_in.dump(), reply)
        assert stand_in.log() == ["start Continue selection", "commit"]
        stand_in.js("standInHost.cmd('undo')")
        assert stand_in.dump() == before
        if not reply.notices:  # with them the window stays longer
            assert stand_in.wait(lambda: stand_in.access.closed, 3)


def test_written_names_follow_the_transposition(folder: Path) -> None:
    with plugin_on(selecting(quartet(), 0, 4), folder, REPLACE) as stand_in:
        run(stand_in)
        names = [
            tpcs
            for measure in stand_in.dump()[:4]
            for chord in measure["voices"]["0"]
            for tpcs in chord["tpcs"] or []
        ]
        assert names
        assert {written - sounding for sounding, written in names} == {2}


def test_on_4_0_the_command_has_no_name(folder: Path) -> None:
    with plugin_on(selecting(melody(), 2, 4), folder, CONTINUE, "4.0.2") as stand_in:
        assert stand_in.root.property("title") == "Continue selection"
        assert stand_in.root.property("categoryCode") == "composing-arranging-tools"
        assert run(stand_in)[0] == "done"
        assert stand_in.log() == ["start", "commit"]


def test_the_request_says_what_can_be_written(folder: Path, composer: Composer) -> None:
    with plugin_on(selecting(quartet(), 3, 6, 1, 3), folder, CONTINUE) as stand_in:
        run(stand_in)
        request = composer.requests[-1]
        assert request.client.model_dump() == {
            "name": "MuseScore",
            "version": "4.6.5",
            "tuplets": True,
            "ties": False,
            "fragment": False,
        }
        assert request.walk is not None
        assert request.options.alternatives == 1
        kinds = [staff.kind for part in request.walk.parts for staff in part.staves]
        assert kinds == ["pitched", "pitched", "pitched", "percussion"]


def test_remembered_options_are_used(folder: Path, composer: Composer) -> None:
    remembered = '{"model": "other", "temperature": 0.7, "alternatives": 9, "ownRange": false}'
    (folder / "settings.json").write_text(remembered)
    with plugin_on(selecting(melody(), 2, 4), folder, CONTINUE) as stand_in:
        run(stand_in)
        options = composer.requests[-1].options
        assert (options.model, options.temperature, options.own_range) == ("other", 0.7, False)
        assert options.alternatives == 1


@pytest.mark.parametrize(
    ("plan", "item", "said"),
    [
        pytest.param(melody(), CONTINUE, "Select the measures first", id="nothing"),
        pytest.param(
            melody() | {"selection": selecting(melody(), 2, 4)["selection"] | {"startTick": 480}},
            CONTINUE,
            "inside a measure",
            id="inside-a-measure",
        ),
        pytest.param(selecting(quartet(), 3, 5, 3, 4), CONTINUE, "percussion staff", id="drums"),
        pytest.param(
            selecting(melody() | {"measures": [{"beats": 4, "type": 4}] * 80}, 6, 79),
            CONTINUE,
            "more than jaxmuse fills at a time (64)",
            id="too-many",
        ),
        pytest.param(selecting(melody(), 0, 1), CONTINUE, "Replace selection", id="no-room"),
    ],
)
def test_what_can_not_be_filled_is_said(plan: Plan, item: str, said: str, folder: Path) -> None:
    with plugin_on(plan, folder, item) as stand_in:
        before = stand_in.dump()
        stage, sentence = run(stand_in)
        assert stage == "failed"
        assert said in sentence
        assert (stand_in.dump(), stand_in.log()) == (before, [])


def test_cancel_in_the_middle(tmp_path: Path) -> None:
    slow = Composer(pause=0.05, looks=200)
    with running_bridge(slow) as bridge:
        folder = install(tmp_path, bridge.port, TOKEN)
        with plugin_on(selecting(melody(), 2, 4), folder, CONTINUE) as stand_in:
            stand_in.run()
            assert stand_in.wait(lambda: filling(stand_in).property("sentence").startswith("Writing"))
            started = time.monotonic()
            stand_in.click_on(stand_in.status_button())
            assert time.monotonic() - started < 0.5
            assert stand_in.wait(lambda: stand_in.access.closed, 3)
            assert stand_in.wait(lambda: bridge.jobs.counts() == (0, 0), 3)
            assert stand_in.log() == []


@pytest.mark.parametrize(
    "edit",
    [
        "var c = standInHost.curScore.newCursor(); c.rewind(0); c.addNote(60);",
        "standInHost.curScore.appendMeasures(1);",
    ],
    ids=["note", "measure"],
)
def test_a_score_that_is_edited_meanwhile_is_left_alone(tmp_path: Path, edit: str) -> None:
    with running_bridge(Composer(pause=0.05, looks=8)) as bridge:
        folder = install(tmp_path, bridge.port, TOKEN)
        with plugin_on(selecting(melody(), 2, 4), folder, CONTINUE) as stand_in:

            def user() -> None:
                stand_in.wait(lambda: filling(stand_in).property("sentence").startswith("Writing"))
                stand_in.js(f"standInHost.curScore.startCmd(); {edit} standInHost.curScore.endCmd();")

            stage, sentence = run(stand_in, user)
            assert stage == "failed"
            assert "changed" in sentence
            assert stand_in.log() == ["start", "commit"]


def test_another_selection_meanwhile(tmp_path: Path) -> None:
    with running_bridge(Composer(pause=0.05, looks=8)) as bridge:
        folder = install(tmp_path, bridge.port, TOKEN)
        with plugin_on(selecting(melody(), 2, 4), folder, CONTINUE) as stand_in:

            def user() -> None:
                stand_in.wait(lambda: filling(stand_in).property("sentence").startswith("Writing"))
                stand_in.js("standInHost.curScore.selection.selectRange(0, 1920, 0, 1)")

            assert run(stand_in, user)[0] == "failed"
            assert stand_in.log() == []


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


def refused(tmp_path: Path, port: int, token: str = TOKEN, patience: dict[str, int] | None = None) -> str:
    """Run Continue against what listens there; return what was said of it, having changed nothing."""
    folder = install(tmp_path, port, token)
    with plugin_on(selecting(melody(), 2, 4), folder, CONTINUE) as stand_in:
        before = stand_in.dump()
        if patience is not None:
            usual = {"answer": 20000, "starting": 90000, "stall": 180000, "poll": 20}
            filling(stand_in).setProperty("patience", usual | patience)
        stage, sentence = run(stand_in)
        assert stage == "failed"
        assert (stand_in.dump(), stand_in.log()) == (before, [])
        return sentence


def test_no_bridge(tmp_path: Path) -> None:
    assert refused(tmp_path, free_port()) == f"The bridge isn't running. Type in a terminal: {SAY}"


def test_no_connection_file(tmp_path: Path, folder: Path) -> None:
    (folder / "connection.json").unlink()
    with plugin_on(selecting(melody(), 2, 4), folder, CONTINUE) as stand_in:
        assert "jaxmuse plugin install" in run(stand_in)[1]


def test_a_wrong_token(tmp_path: Path, bridge: Bridge) -> None:
    assert "doesn't accept this plugin" in refused(tmp_path, bridge.port, "wrong")


def test_no_answer_in_time(tmp_path: Path) -> None:
    with rude_bridge(silent=True) as rude:
        assert "gave no sign" in refused(tmp_path, rude.port, patience={"answer": 200})
        assert rude.calls == ["POST /v1/jobs"]


@pytest.mark.parametrize(
    ("status", "text", "said"),
    [
        (
            429,
            '{"code": "queue_full", "message": "8 requests wait already", "fix": "Try again."}',
            "wait already",
        ),
        (422, '{"code": "unfillable", "message": "no room", "fix": "Make room."}', "No room. Make room."),
        (404, "<html>nothing</html>", "error 404"),
        (500, "", "error 500"),
        (503, "{", "error 503"),
        (200, "garbage", "can't be understood"),
        (200, "[]", "can't be understood"),
        (200, '{"id": "a", "state": "eaten"}', "can't be understood"),
        (200, '{"id": "a", "state": "done", "reply": null}', "can't be understood"),
        (
            200,
            '{"id": "a", "state": "done", "reply": {"version": 1, "alternatives": []}}',
            "can't be understood",
        ),
        (200, '{"id": "a", "state": "failed", "problem": {"message": "no", "fix": "Yes."}}', "No. Yes."),
    ],
)
def test_errors_and_garbage(tmp_path: Path, status: int, text: str, said: str) -> None:
    with rude_bridge(status, text) as rude:
        assert said in refused(tmp_path, rude.port)


def test_notes_that_can_not_be_written_are_taken_back(tmp_path: Path) -> None:
    five = '{"value": [5, 8], "pitches": [{"pitch": 60, "tpc": 14, "tie": false}], "measure": false}'
    voice = f'{{"staff": 0, "voice": 1, "onset": [0, 1], "items": [{five}]}}'
    alternative = f'{{"nll": 1, "note_count": 1, "voices": [{voice}], "fragment": null}}'
    reply = (
        '{"version": 1, "model": "m", "seed": 1, "start": 2, "stop": 3, "append": 0, "staves": [0],'
        f' "where": "", "summary": "", "notices": [], "alternatives": [{alternative}]}}'
    )
    with rude_bridge(200, f'{{"id": "a", "state": "done", "reply": {reply}}}') as rude:
        folder = install(tmp_path, rude.port, TOKEN)
        with plugin_on(selecting(melody(), 2, 4), folder, CONTINUE) as stand_in:
            before = stand_in.dump()
            stage, sentence = run(stand_in)
            assert stage == "failed"
            assert "5/8" in sentence
            assert stand_in.dump() == before
            assert stand_in.log() == ["start Continue selection", "rollback"]
