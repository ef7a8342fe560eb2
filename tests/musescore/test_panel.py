"""The panel in a real MuseScore: alternatives are stepped through, one is kept or all put back."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from musescore.conversion import needs_musescore
from musescore.desk import Desk
from musescore.mscx import Mscx

pytestmark = needs_musescore

CELLS = {(staff, index) for staff in range(4) for index in range(4, 8)}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    yield from Desk.in_folder(tmp_path_factory.mktemp("musescore"))


def open_panel(desk: Desk) -> None:
    url = json.dumps(f"file://{desk.plugin}/jaxmuse_panel.qml")
    desk.driver.run(f"runPlugin({url}, {{}}); return true;")


def fill(desk: Desk, name: str = "quartet", cells: tuple[int, int, int, int] = (4, 8, 0, 3)) -> None:
    desk.open(name)
    desk.choose(*cells)
    open_panel(desk)
    desk.driver.run("plugin.panel.fill(); return true;")
    desk.driver.wait("plugin.panel.stage === 'choosing'")


def shown(desk: Desk, index: int) -> Mscx:
    """Let the panel show an alternative (-1: put back what was there) and return the score."""
    step = f"plugin.panel.show({index})" if index >= 0 else "plugin.panel.putBack()"
    desk.driver.run(f"{step}; return true;")
    desk.driver.wait(f"plugin.panel.shown === {index}")
    return desk.look(f"shown{index}")


def test_each_alternative_replaces_the_one_before(desk: Desk) -> None:
    fill(desk)
    assert desk.driver.run("return plugin.panel.ranked().length;") == 3
    first, second, again = (shown(desk, index) for index in (0, 1, 0))
    assert desk.before.changed(first) == desk.before.changed(second) == CELLS
    assert first.changed(second)
    assert first.changed(again) == set()
    desk.driver.run("plugin.panel.keep(); cmd('undo'); return true;")
    assert desk.look("undone").changed(desk.before) == set()


def test_appended_measures_go_with_their_alternative(desk: Desk) -> None:
    fill(desk, "tune", (1, 3, 0, 0))
    first, second = shown(desk, 0), shown(desk, 1)
    assert first.measures == second.measures == 5
    assert shown(desk, -1).changed(desk.before) == set()


def test_an_edit_in_between_is_not_undone(desk: Desk) -> None:
    fill(desk)
    shown(desk, 1)
    desk.driver.run("editFirstNote(); plugin.panel.show(0); return true;")
    desk.driver.wait("plugin.panel.message.indexOf('was edited') > 0")
    edited = desk.look("edited")
    assert desk.before.changed(edited) > CELLS


WISHES = ("style", "density", "polyphony", "register", "closeness")


def asked(desk: Desk) -> dict[str, object]:
    """Return what the last request says that the notes should be like."""
    options = desk.bridge.requests[-1]["options"]
    return {name: options[name] for name in WISHES if name in options}


def test_what_is_set_in_the_panel_is_what_the_menu_items_ask_for(desk: Desk) -> None:
    desk.open("quartet")
    open_panel(desk)
    desk.driver.wait("plugin.panel.styles.length === 3")
    presses = ("part(plugin, 'density').move(2)", "part(plugin, 'closeness').chosen('2')")
    desk.driver.run(f"{'; '.join(presses)}; part(plugin, 'style').move(1); return true;")
    desk.choose(4, 8, 0, 3)
    said = desk.fill()
    assert asked(desk) == {"style": "chorale", "density": -1, "closeness": 2}
    assert said.endswith("\nAs set in the panel: chorale, slightly fewer notes, your motifs.")
    desk.check_filled(CELLS)

    desk.open("quartet")
    open_panel(desk)
    desk.driver.run("part(plugin, 'freeAll').clicked(); return true;")
    desk.choose(2, 4, 0, 3)
    assert "panel" not in desk.fill("replace")
    assert asked(desk) == {}
