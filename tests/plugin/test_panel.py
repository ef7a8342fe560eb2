"""jaxmuse panel on MuseScore 4's stand-in: options, progress, alternatives stepped through in the score."""

from __future__ import annotations

import json
from pathlib import Path

from plugin.host.composing import Composer
from plugin.host.installed import connect, install, plugin_on
from plugin.host.reading_back import check_written
from plugin.host.rude_bridge import rude_bridge
from plugin.host.scores import melody, quartet, selecting
from plugin.host.stand_in import StandIn
from PySide6.QtCore import QMetaObject
from PySide6.QtQuick import QQuickItem
from server.bridges import TOKEN, running_bridge

PANEL = "jaxmuse_panel"
WRITTEN = ["start Continue selection", "commit"]
USUAL = {
    "model": "lstm",
    "temperature": 1,
    "alternatives": 3,
    "keepRhythm": False,
    "ownRange": True,
    "mode": "continue",
}


def panel(stand_in: StandIn) -> QQuickItem:
    return stand_in.part("PanelFilling")


def stage(stand_in: StandIn) -> str:
    return panel(stand_in).property("stage")


def message(stand_in: StandIn) -> str:
    return panel(stand_in).property("message")


def shown(stand_in: StandIn) -> int:
    return panel(stand_in).property("shown")


def fill(stand_in: StandIn) -> None:
    """Press Fill and wait for the first alternative in the score."""
    stand_in.click("fill")
    assert stand_in.wait(lambda: stage(stand_in) == "choosing" and shown(stand_in) == 0), message(stand_in)


def test_it_is_a_dialog_that_draws_itself(folder: Path, tmp_path: Path) -> None:
    with plugin_on(selecting(melody(), 2, 4), folder, PANEL) as stand_in:
        stand_in.run()
        stand_in.wait(lambda: len(panel(stand_in).property("models").toVariant()) == 2, 2)
        stand_in.picture(tmp_path / "options.png")
        fill(stand_in)
        stand_in.picture(tmp_path / "choosing.png")
        assert (tmp_path / "options.png").read_bytes() != (tmp_path / "choosing.png").read_bytes()
        visible = [
            name for name in ("fill", "cancel", "keep", "putBack") if stand_in.item(name).isVisible()
        ]
        assert visible == ["keep", "putBack"]
        for name in ("keep", "next", "ranking"):
            item = stand_in.item(name)
            corner = item.mapToScene(item.boundingRect().bottomRight())
            assert 0 < corner.x() < stand_in.root.width()
            assert 0 < corner.y() < stand_in.root.height()


def test_options_are_changed_remembered_and_sent(folder: Path, composer: Composer) -> None:
    with plugin_on(selecting(melody(), 0, 2), folder, PANEL) as stand_in:
        stand_in.run()
        assert stand_in.wait(lambda: len(panel(stand_in).property("models").toVariant()) == 2)
        for name in (
            "mode-replace",
            "model-dice",
            "alternativesMore",
            "temperatureLess",
            "temperatureLess",
            "keepRhythm",
            "ownRange",
        ):
            stand_in.click(name)
    wanted = {
        "model": "dice",
        "temperature": 0.8,
        "alternatives": 4,
        "keepRhythm": True,
        "ownRange": False,
        "mode": "replace",
        **dict.fromkeys(("density", "polyphony", "register", "closeness")),
        "style": "",
    }
    assert json.loads((folder / "settings.json").read_text()) == wanted
    with plugin_on(selecting(melody(), 0, 2), folder, PANEL) as stand_in:
        stand_in.run()
        fill(stand_in)
        request = composer.requests[-1]
        assert request.selection.mode == "replace"
        options = request.options.model_dump(exclude={"seed", "top_p"}, exclude_none=True)
        assert options == {
            "model": "dice",
            "temperature": 0.8,
            "alternatives": 4,
            "keep_rhythm": True,
            "own_range": False,
        }


def test_numbers_stay_in_their_bounds(folder: Path) -> None:
    (folder / "settings.json").write_text(json.dumps(USUAL | {"alternatives": 2, "temperature": 1.9}))
    with plugin_on(melody(), folder, PANEL) as stand_in:
        stand_in.run()
        for name in ("alternativesLess", "temperatureMore"):
            for _ in range(4):
                stand_in.click(name)
    kept = json.loads((folder / "settings.json").read_text())
    assert (kept["alternatives"], kept["temperature"]) == (1, 2)


def test_each_step_replaces_the_last_as_one_undo_step(folder: Path, composer: Composer) -> None:
    with plugin_on(selecting(quartet(), 2, 5, 0, 3), folder, PANEL) as stand_in:
        before = stand_in.dump()
        stand_in.run()
        stand_in.click("mode-replace")
        fill(stand_in)
        reply = composer.replies[-1]
        assert len(reply.alternatives) == 3
        assert reply.summary in message(stand_in)
        check_written(before, stand_in.dump(), reply, 0)
        for button, expected in (("next", 1), ("next", 2), ("previous", 1), ("alternative-0", 0)):
            stand_in.click(button)
            assert stand_in.wait(lambda expected=expected: shown(stand_in) == expected)
            check_written(before, stand_in.dump(), reply, expected)
        written = ["start Replace selection", "commit"]
        assert stand_in.log() == written + 4 * ["undo", *written]
        stand_in.js("standInHost.cmd('undo')")
        assert stand_in.dump() == before


def test_keep_leaves_it_in_one_undo_step(folder: Path, composer: Composer) -> None:
    with plugin_on(selecting(melody(), 4, 6), folder, PANEL) as stand_in:
        before = stand_in.dump()
        stand_in.run()
        fill(stand_in)
        stand_in.click("next")
        assert stand_in.wait(lambda: shown(stand_in) == 1)
        stand_in.click("keep")
        assert stage(stand_in) == "options"
        assert message(stand_in).startswith("Kept alternative 2.")
        assert composer.replies[-1].append == 2
        check_written(before, stand_in.dump(), composer.replies[-1], 1)
        stand_in.js("standInHost.cmd('undo')")
        assert stand_in.dump() == before


def test_put_back(folder: Path) -> None:
    with plugin_on(selecting(melody(), 2, 4), folder, PANEL) as stand_in:
        before = stand_in.dump()
        stand_in.run()
        fill(stand_in)
        assert stand_in.dump() != before
        stand_in.click("putBack")
        assert stand_in.wait(lambda: stage(stand_in) == "options")
        assert (stand_in.dump(), message(stand_in)) == (before, "The score is as it was.")
        fill(stand_in)  # and again


def test_an_edit_between_steps_is_not_undone(folder: Path) -> None:
    with plugin_on(selecting(melody(), 2, 4), folder, PANEL) as stand_in:
        stand_in.run()
        fill(stand_in)
        edit = "var c = standInHost.curScore.newCursor(); c.rewind(0); c.addNote(60);"
        stand_in.js(f"standInHost.curScore.startCmd(); {edit} standInHost.curScore.endCmd();")
        edited = stand_in.dump()
        for button in ("next", "putBack"):
            stand_in.click(button)
            assert stand_in.wait(lambda: "edited since" in message(stand_in))
            assert (stand_in.dump(), stage(stand_in)) == (edited, "choosing")
        stand_in.click("keep")
        assert stand_in.dump() == edited


def test_progress_and_cancel(tmp_path: Path) -> None:
    with running_bridge(Composer(pause=0.02, looks=50)) as bridge:
        folder = install(tmp_path, bridge.port, TOKEN)
        with plugin_on(selecting(melody(), 2, 4), folder, PANEL) as stand_in:
            stand_in.run()
            stand_in.click("fill")
            assert stage(stand_in) == "working"
            assert stand_in.wait(lambda: 0 < panel(stand_in).property("share") < 1)
            stand_in.click("cancel")
            assert stage(stand_in) == "options"
            assert message(stand_in).startswith("Cancelled")
            assert stand_in.wait(lambda: bridge.jobs.counts() == (0, 0))
            assert stand_in.log() == []


def test_closing_the_window_cancels(tmp_path: Path) -> None:
    with running_bridge(Composer(pause=0.02, looks=2000)) as bridge:
        folder = install(tmp_path, bridge.port, TOKEN)
        with plugin_on(selecting(melody(), 2, 4), folder, PANEL) as stand_in:
            stand_in.run()
            stand_in.click("fill")
            assert stand_in.wait(lambda: bridge.jobs.counts()[0] == 1)
            stand_in.wait(lambda: panel(stand_in).property("share") > 0)
            QMetaObject.invokeMethod(panel(stand_in), "leave")  # a type of Python's has no onDestruction
            assert stand_in.wait(lambda: bridge.jobs.counts() == (0, 0), 2)


def test_a_score_that_is_edited_meanwhile(tmp_path: Path) -> None:
    with running_bridge(Composer(pause=0.05, looks=6)) as bridge:
        folder = install(tmp_path, bridge.port, TOKEN)
        with plugin_on(selecting(melody(), 2, 4), folder, PANEL) as stand_in:
            stand_in.run()
            stand_in.click("fill")
            append = "standInHost.curScore.appendMeasures(1);"
            stand_in.js(f"standInHost.curScore.startCmd(); {append} standInHost.curScore.endCmd();")
            assert stand_in.wait(lambda: stage(stand_in) == "options")
            assert "changed" in message(stand_in)
            assert stand_in.log() == ["start", "commit"]


def test_without_a_selection_without_a_bridge_with_garbage(folder: Path) -> None:
    with plugin_on(melody(), folder, PANEL) as stand_in:
        stand_in.run()
        stand_in.click("fill")
        assert message(stand_in).startswith("Select the measures first")
    connect(folder, 9, TOKEN)
    with plugin_on(selecting(melody(), 2, 4), folder, PANEL) as stand_in:
        stand_in.run()
        stand_in.click("fill")
        assert stand_in.wait(lambda: "isn't running" in message(stand_in))
        assert stage(stand_in) == "options"
    with rude_bridge(200, '{"id": "a", "state": "done", "reply": {"version": 1}}') as rude:
        connect(folder, rude.port, TOKEN)
        with plugin_on(selecting(melody(), 2, 4), folder, PANEL) as stand_in:
            stand_in.run()
            stand_in.click("fill")
            assert stand_in.wait(lambda: "can't be understood" in message(stand_in))
            assert stage(stand_in) == "options"
            assert stand_in.log() == []
    (folder / "connection.json").unlink()
    with plugin_on(selecting(melody(), 2, 4), folder, PANEL) as stand_in:
        stand_in.run()
        stand_in.click("fill")
        assert "jaxmuse plugin install" in message(stand_in)
        assert stage(stand_in) == "options"
