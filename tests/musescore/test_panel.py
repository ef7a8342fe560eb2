"""jaxmuse panel in a real MuseScore 3: alternatives stepped through in the score, each one undo step."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from musescore.conversion import needs_musescore
from musescore.desk import Desk
from musescore.fake_bridge import Script

pytestmark = needs_musescore


class PanelDesk(Desk):
    """A MuseScore in which the panel is chosen."""

    def panel(self, **settings: object) -> None:
        """Choose the menu item, with these options remembered."""
        usual = {"model": "wavenet", "temperature": 1, "alternatives": 3, "mode": "continue"}
        (self.plugin / "settings.json").write_text(json.dumps(usual | settings))
        self.driver.run(f"runPlugin({json.dumps(f'file://{self.plugin}/jaxmuse_panel.qml')}); return true;")

    def ask(self, what: str) -> Any:
        """Return the value of an expression about the panel."""
        return self.driver.run(f"return plugin.panel.{what};")

    def press(self, call: str, until: str) -> None:
        """Call what a button calls, and wait."""
        self.driver.run(f"plugin.panel.{call}; return true;")
        self.driver.wait(f"plugin.panel.{until}", 15)

    def undo(self) -> None:
        """Press Ctrl+Z."""
        self.driver.run('cmd("undo"); return true;')


def cells(staves: range, measures: range) -> set[tuple[int, int]]:
    return {(staff, index) for staff in staves for index in measures}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    yield from PanelDesk.in_folder(tmp_path_factory.mktemp("panel"))


@pytest.fixture(autouse=True)
def _plain_script(desk: PanelDesk) -> None:
    desk.bridge.play(Script())


def test_steps_keep_and_undo(desk: PanelDesk) -> None:
    desk.open("quartet")
    desk.choose(4, 6, 0, 3)
    desk.panel()
    desk.press("fill()", "shown === 0")
    assert desk.ask("reply.alternatives.length") == 3
    region = cells(range(4), range(4, 6))
    seen = [desk.look("first")]
    for index in (1, 2):
        desk.press(f"show({index})", f"shown === {index}")
        seen.append(desk.look(f"step{index}"))
    desk.press("show(0)", "shown === 0")
    assert desk.look("again").changed(seen[0]) == set()
    assert all(after.changed(desk.before) == region for after in seen)
    assert seen[0].changed(seen[1])
    assert seen[1].changed(seen[2])
    desk.press("keep()", "stage === 'options'")
    assert desk.ask("message").startswith("Kept alternative 1.")
    desk.undo()
    assert desk.look("undone").changed(desk.before) == set()


def test_put_back(desk: PanelDesk) -> None:
    desk.open("quartet")
    desk.choose(1, 3, 1, 2)
    desk.panel(mode="replace")
    desk.press("fill()", "shown === 0")
    assert desk.look("filled").changed(desk.before) == cells(range(1, 3), range(1, 3))
    desk.press("putBack()", "stage === 'options'")
    assert desk.ask("message") == "The score is as it was."
    desk.check_untouched()


def test_appended_measures_go_again(desk: PanelDesk) -> None:
    desk.open("tune")
    desk.choose(1, 3, 0, 0)
    desk.panel(alternatives=2)
    desk.press("fill()", "shown === 0")
    desk.press("show(1)", "shown === 1")
    assert desk.look("second").measures == desk.before.measures + 2
    desk.press("putBack()", "stage === 'options'")
    assert desk.look("back").changed(desk.before) == set()


def test_an_edit_between_steps_is_not_undone(desk: PanelDesk) -> None:
    desk.open("quartet")
    desk.choose(4, 6, 0, 3)
    desk.panel()
    desk.press("fill()", "shown === 0")
    edit = (
        "curScore.startCmd(); var c = curScore.newCursor(); c.rewind(0); c.addNote(62); curScore.endCmd();"
    )
    desk.driver.run(f"{edit} return true;")
    edited = desk.look("edited")
    desk.press("show(1)", "message.indexOf('edited since') >= 0")
    assert desk.ask("shown") == 0
    assert desk.look("after").changed(edited) == set()


def test_cancel_and_what_goes_wrong(desk: PanelDesk) -> None:
    desk.open("quartet")
    desk.choose(4, 6, 0, 3)
    desk.bridge.play(Script(hold=True))
    desk.panel()
    desk.press("fill()", "stage === 'working'")
    desk.press("cancel()", "stage === 'options'")
    assert desk.ask("message").startswith("Cancelled")
    desk.bridge.play(Script(reply=lambda reply: {}))
    desk.press("fill()", "message.indexOf('understood') >= 0")
    desk.driver.run('cmd("escape"); return true;')
    desk.press("fill()", "message.indexOf('Select') === 0")
    desk.check_untouched()
