"""Cancelled, or the score changed, while a menu item waits for its notes."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from plugin.host.composing import Composer
from plugin.host.installed import install, plugin_on
from plugin.host.menu_items import CONTINUE, filling, run
from plugin.host.scores import melody, selecting
from server.bridges import TOKEN, running_bridge


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
