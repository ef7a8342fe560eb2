"""The plugin in a real MuseScore where something is wrong: nothing written, a sentence on what to do."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest
from free_port import free_port
from musescore.conversion import needs_musescore
from musescore.desk import Desk
from musescore.fake_bridge import Script

pytestmark = needs_musescore

UNCHANGED = "nothing was written"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    yield from Desk.in_folder(tmp_path_factory.mktemp("musescore"))


@pytest.fixture(autouse=True)
def _tune(desk: Desk) -> None:
    desk.bridge.play(Script())
    desk.open("quartet")
    desk.choose(2, 4, 0, 3)


def refused(desk: Desk, item: str = "continue", **patience: int) -> str:
    """Choose the menu item and return the sentence; the score is as it was."""
    desk.begin(item, **patience)
    said = desk.end()
    assert desk.driver.run("return plugin.filling.stage;") == "failed", said
    desk.check_untouched()
    return said


def test_no_selection(desk: Desk) -> None:
    desk.driver.run('cmd("escape"); return true;')
    assert refused(desk).startswith("Select the measures first: click an empty spot")


def test_a_single_note(desk: Desk) -> None:
    desk.driver.run('cmd("escape"); cmd("first-element"); cmd("next-measure"); return true;')
    assert refused(desk).startswith("Select the measures first")


@pytest.mark.parametrize("keys", ["select-next-chord", "select-prev-chord"])
def test_a_selection_inside_a_measure(desk: Desk, keys: str) -> None:
    desk.driver.run(
        'cmd("escape"); cmd("first-element"); cmd("next-measure"); cmd("next-chord"); return true;'
    )
    desk.driver.run(f'for (var i = 0; i < 2; i++) cmd("{keys}"); return true;')
    assert refused(desk).startswith("The selection begins or ends inside a measure.")
    assert desk.bridge.requests == []


def test_no_room(desk: Desk) -> None:
    desk.choose(0, 3, 0, 3)
    assert "Use Plugins > Replace selection, or select empty measures." in refused(desk)


def test_staves_that_lie_apart(desk: Desk) -> None:
    desk.open("choir")
    desk.choose(0, 3, 0, 3)
    assert refused(desk).endswith("Select staves that lie next to each other.")


def test_cancelled_while_the_bridge_works(desk: Desk) -> None:
    desk.bridge.play(Script(hold=True))
    desk.begin()
    desk.driver.wait("plugin.filling.sentence.indexOf('Writing notes') === 0")
    desk.driver.run("plugin.filling.cancel(); return true;")
    desk.driver.wait("plugin.filling.stage === 'failed'")
    assert "Cancelled" in desk.end()
    desk.bridge.wait_until_cancelled()
    desk.check_untouched()


@pytest.mark.parametrize(
    "edit",
    [
        "editFirstNote();",
        "choose(0, 1, 0, 0);",
        "show(elsewhere);",
    ],
    ids=["a note", "the selection", "the score"],
)
def test_edited_while_waiting(desk: Desk, edit: str) -> None:
    desk.bridge.play(Script(hold=True))
    desk.begin()
    desk.driver.run(f"var elsewhere = {str(desk.folder / 'tune.mscz')!r}; {edit} return true;")
    edited = desk.driver.run("return curScore.scoreName;")
    desk.before = desk.look("edited", edited)
    desk.bridge.release()
    assert UNCHANGED in desk.end()
    assert desk.look("after", edited).changed(desk.before) == set()


def test_no_connection_file(desk: Desk) -> None:
    (desk.plugin / "connection.json").unlink()
    assert refused(desk).endswith("Type in a terminal: jaxmuse plugin install")


def test_the_bridge_is_down_and_there_is_nothing_to_start(desk: Desk) -> None:
    desk.connect(port=free_port())
    assert refused(desk) == "The bridge isn't running. Type in a terminal: jaxmuse serve"


def test_the_bridge_cannot_be_started(desk: Desk) -> None:
    desk.connect(port=free_port(), start=["/no such/program", "serve"])
    said = refused(desk)
    assert said == "The bridge couldn't be started. To see why, type in a terminal: jaxmuse serve"


def test_the_bridge_never_listens(desk: Desk) -> None:
    desk.connect(port=free_port(), start=[sys.executable, "-c", "pass"])
    said = refused(desk, starting=300)
    assert said == "The bridge couldn't be started. To see why, type in a terminal: jaxmuse serve"


def test_the_bridge_is_started_where_it_is_not_running(desk: Desk) -> None:
    mark = desk.folder / "a folder with blanks" / "started"
    mark.parent.mkdir()
    code = f"open({str(mark)!r}, 'w').close()"
    desk.connect(port=free_port(), start=[sys.executable, "-c", code])
    desk.begin()
    desk.driver.wait("plugin.filling.sentence.indexOf('Starting the bridge') === 0")
    while not mark.exists():
        desk.driver.run("return true;")
    desk.connect()
    desk.end()
    assert desk.driver.run("return plugin.filling.stage;") == "done"


def test_a_wrong_token(desk: Desk) -> None:
    desk.bridge.play(Script(token="another"))
    assert refused(desk).startswith("The bridge doesn't accept this plugin, so nothing was written.")


@pytest.mark.parametrize("silent", ["POST /v1/jobs", "GET /v1/jobs"])
def test_no_answer_in_time(desk: Desk, silent: str) -> None:
    desk.bridge.play(Script(silent=(silent,), hold=True))
    assert UNCHANGED in refused(desk, answer=150)


def test_no_progress(desk: Desk) -> None:
    desk.bridge.play(Script(hold=True))
    said = refused(desk, stall=400)
    assert said.startswith("The bridge gave no sign for 0 seconds, so nothing was written.")
    desk.bridge.wait_until_cancelled()


@pytest.mark.parametrize(
    ("call", "status", "body", "said"),
    [
        (
            "POST /v1/jobs",
            429,
            '{"code":"queue_full","message":"eight wait","fix":"Wait."}',
            "Eight wait. Wait.",
        ),
        ("POST /v1/jobs", 500, "<html>", "The bridge answered with error 500, so nothing was written."),
        ("POST /v1/jobs", 413, '{"code":"too_large","message":"Too long.","fix":""}', "Too long."),
        (
            "GET /v1/jobs",
            503,
            '{"code":"stopping","message":"it stops","fix":"Start it."}',
            "It stops. Start it.",
        ),
        ("GET /v1/jobs", 404, "{}", "The bridge stopped in the middle of its work"),
        ("POST /v1/jobs", 200, "what?", "The bridge's answer can't be understood"),
        ("GET /v1/jobs", 200, '{"id":"a","state":"odd"}', "The bridge's answer can't be understood"),
        ("GET /v1/jobs", 200, '{"id":"a","state":"done"}', "The bridge's answer can't be understood"),
    ],
)
def test_errors_of_the_bridge(desk: Desk, call: str, status: int, body: str, said: str) -> None:
    desk.bridge.play(Script(errors={call: (status, body)}))
    assert refused(desk).startswith(said)


def without_fragment(reply: dict[str, Any]) -> dict[str, Any]:
    reply["alternatives"][0]["fragment"] = None
    return reply


def unreadable_fragment(reply: dict[str, Any]) -> dict[str, Any]:
    reply["alternatives"][0]["fragment"] = "<score-partwise version='3.1'><part-list/>"
    return reply


def another_region(reply: dict[str, Any]) -> dict[str, Any]:
    return reply | {"start": 2, "stop": 500}


def shorter_fragment(reply: dict[str, Any]) -> dict[str, Any]:
    """One measure less than it says: what stands there afterwards isn't what was asked for."""
    return reply | {"stop": reply["stop"] + 1}


@pytest.mark.parametrize(
    "spoil",
    [without_fragment, unreadable_fragment, another_region, lambda reply: [], lambda reply: {"version": 2}],
)
def test_replies_that_cannot_be_written(desk: Desk, spoil: Any) -> None:
    desk.bridge.play(Script(reply=spoil))
    assert UNCHANGED in refused(desk)


def test_a_reply_that_does_not_fit_its_fragment(desk: Desk) -> None:
    desk.bridge.play(Script(reply=shorter_fragment))
    desk.choose(1, 2, 0, 3)
    assert "taken out again" in refused(desk, "replace")


def test_no_page_can_pretend_to_be_the_plugin(desk: Desk) -> None:
    desk.fill()
    assert set(desk.bridge.origins) == {None}
