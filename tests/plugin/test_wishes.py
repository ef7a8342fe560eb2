"""Wishes for the new notes: set in the panel on MuseScore 4's stand-in, followed by the menu items too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from plugin.host.composing import Composer
from plugin.host.installed import connect, plugin_on
from plugin.host.menu_items import CONTINUE, REPLACE, filling, run
from plugin.host.rude_bridge import rude_bridge
from plugin.host.scores import melody, selecting
from plugin.host.stand_in import StandIn
from PySide6.QtCore import QPointF
from server.bridges import DICE, TOKEN

PANEL = "jaxmuse_panel"
LEVELS = ("density", "polyphony", "register", "closeness")
SCREEN_HEIGHT = 600
"""What a small laptop's screen leaves to a window and its frame."""


def styles(stand_in: StandIn) -> list[str]:
    options = stand_in.part("PanelFilling").property("styles").toVariant()
    return [option["value"] for option in options]


def remembered(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "settings.json").read_text())


def remember(folder: Path, **options: Any) -> None:
    (folder / "settings.json").write_text(json.dumps(options))


def asked(composer: Composer) -> dict[str, Any]:
    """Return the style and the levels of the last request, where it has them."""
    options = composer.requests[-1].options.model_dump(by_alias=True, exclude_none=True)
    return {name: options[name] for name in ("style", *LEVELS) if name in options}


def open_panel(stand_in: StandIn) -> None:
    stand_in.run()
    assert stand_in.wait(lambda: len(stand_in.part("PanelFilling").property("models").toVariant()) > 1)


@pytest.mark.parametrize("item", [CONTINUE, REPLACE])
def test_what_is_set_in_the_panel_is_what_a_menu_item_asks_for(
    folder: Path, composer: Composer, item: str
) -> None:
    with plugin_on(selecting(melody(), 0, 2), folder, PANEL) as stand_in:
        open_panel(stand_in)
        for name in ("model-dice", "style", "style-folk tune", "density--1", "register-2", "closeness-0"):
            stand_in.click(name)
    with plugin_on(selecting(melody(), 0, 2), folder, item) as stand_in:
        stage, said = run(stand_in)
        assert stage == "done", said
        assert asked(composer) == {"style": "folk tune", "density": -1, "register": 2, "closeness": 0}
        first, *_, last = said.split("\n")
        assert first.endswith("s)")
        wishes = "folk tune, slightly fewer notes, higher, half your motifs"
        assert last == f"As set in the panel: model dice, {wishes}."


def test_it_is_said_while_the_notes_are_waited_for(folder: Path) -> None:
    remember(folder, polyphony=2)
    with rude_bridge(200, '{"id": "a", "state": "running", "position": 0, "progress": 0.5}') as rude:
        connect(folder, rude.port, TOKEN)
        with plugin_on(selecting(melody(), 2, 4), folder, CONTINUE) as stand_in:
            stand_in.run()
            wanted = "Writing notes…\nAs set in the panel: fuller chords."
            assert stand_in.wait(lambda: filling(stand_in).property("sentence") == wanted)
            filling(stand_in).cancel()


def test_the_panel_asks_for_it_and_leaves_the_rest_to_the_model(folder: Path, composer: Composer) -> None:
    with plugin_on(selecting(melody(), 2, 4), folder, PANEL) as stand_in:
        open_panel(stand_in)
        for clicked, wanted in (
            ("polyphony--2", {"polyphony": -2}),
            ("density-0", {"polyphony": -2, "density": 0}),
            ("polyphony-free", {"density": 0}),
            ("freeAll", {}),
        ):
            stand_in.click(clicked)
            stand_in.click("fill")
            assert stand_in.wait(lambda: stand_in.part("PanelFilling").property("shown") == 0)
            assert asked(composer) == wanted
            stand_in.click("putBack")
            assert stand_in.wait(lambda: stand_in.part("PanelFilling").property("stage") == "options")


def test_all_is_left_free_at_once(folder: Path) -> None:
    remember(folder, style="chorale", density=1, closeness=-2, temperature=0.5)
    with plugin_on(melody(), folder, PANEL) as stand_in:
        open_panel(stand_in)
        assert stand_in.item("freeAll").isEnabled()
        stand_in.click("freeAll")
        assert not stand_in.item("freeAll").isEnabled()
    kept = remembered(folder)
    assert kept["temperature"] == 0.5
    assert [kept[name] for name in ("style", *LEVELS)] == ["", None, None, None, None]


def test_styles_are_those_of_the_chosen_model(folder: Path) -> None:
    remember(folder, style="chorale")
    with plugin_on(melody(), folder, PANEL) as stand_in:
        open_panel(stand_in)
        assert styles(stand_in) == ["", "chorale"]  # the remembered model isn't one of the bridge's
        stand_in.click("model-dice")
        assert styles(stand_in) == ["", *DICE.styles]
        stand_in.click("style")
        stand_in.click("style-")
    assert remembered(folder)["style"] == ""


def test_a_list_of_styles_goes_away_by_a_click_elsewhere(folder: Path) -> None:
    with plugin_on(melody(), folder, PANEL) as stand_in:
        open_panel(stand_in)
        pick = stand_in.item("style")
        stand_in.click("style")
        assert pick.property("open")
        stand_in.click("mode-replace")
        assert not pick.property("open")
        stand_in.click("style")
        assert pick.property("open")
        stand_in.click("temperatureMore")
        assert not pick.property("open")


def test_what_the_bridge_says_of_a_style_that_it_does_not_know_is_passed_on(folder: Path) -> None:
    remember(folder, style="swing")
    problem = {"code": "unfillable", "message": "'swing' is no style of this model", "fix": "Take chorale."}
    refusal = json.dumps({"id": "a", "state": "failed", "problem": problem})
    with rude_bridge(200, refusal) as rude:
        connect(folder, rude.port, TOKEN)
        with plugin_on(selecting(melody(), 2, 4), folder, CONTINUE) as stand_in:
            assert run(stand_in) == ("failed", "'swing' is no style of this model. Take chorale.")
        with plugin_on(selecting(melody(), 2, 4), folder, PANEL) as stand_in:
            stand_in.run()
            assert styles(stand_in) == ["", "swing"]
            stand_in.click("fill")
            panel = stand_in.part("PanelFilling")
            wanted = "'swing' is no style of this model. Take chorale."
            assert stand_in.wait(lambda: panel.property("message") == wanted)


def test_the_panel_fits_a_small_screen_and_its_rows_fit_into_it(folder: Path) -> None:
    with plugin_on(melody(), folder, PANEL) as stand_in:
        open_panel(stand_in)
        width, height = stand_in.root.width(), stand_in.root.height()
        assert height <= SCREEN_HEIGHT
        below = stand_in.item("fill").mapToScene(QPointF(0, 0)).y() - 16
        for name in (*LEVELS, *(f"{level}-{value}" for level in LEVELS for value in ("free", -2, 0, 2))):
            item = stand_in.item(name)
            corner = item.mapToScene(QPointF(item.width(), item.height()))
            assert corner.x() <= width - 16
            assert corner.y() <= below - 64  # four lines of what is said
