"""Every menu item is found, and named, by each version's way of reading a plugin."""

from __future__ import annotations

from pathlib import Path

import pytest
from plugin.host.metadata import is_plugin, read_metadata

PLUGIN = Path(__file__).parents[2] / "musescore_plugin"
TITLES = {
    "continue_selection.qml": "Continue selection",
    "replace_selection.qml": "Replace selection",
    "jaxmuse_panel.qml": "jaxmuse panel",
}
CATEGORY = "composing-arranging-tools"


def test_the_menu_has_these_items_and_no_others() -> None:
    listed = {path.name for path in PLUGIN.rglob("*.qml") if is_plugin(path.read_text("utf-8"))}
    assert listed == set(TITLES)


@pytest.mark.parametrize("name", TITLES)
def test_version_4_4_and_later_read_title_and_category_as_text(name: str) -> None:
    found = read_metadata((PLUGIN / name).read_text("utf-8"))
    assert found["title"] == TITLES[name]
    assert found["categoryCode"] == CATEGORY
    assert found["description"]
    assert found["version"]
    assert found.get("requiresScore", "true") == "true"
    assert found.get("pluginType", "") == ("dialog" if name == "jaxmuse_panel.qml" else "")


@pytest.mark.parametrize("name", TITLES)
def test_version_3_has_a_menu_path_in_quotes(name: str) -> None:
    text = (PLUGIN / name).read_text("utf-8")
    assert f'menuPath: "Plugins.{TITLES[name]}"' in text
    assert "QtQuick.Controls" not in text


def test_reading_stops_at_the_first_child() -> None:
    text = 'MuseScore {\n//4.4 title: "a"\n  Item {\n  }\n  version: "1"\n}'
    assert read_metadata(text) == {"title": "a"}
    assert read_metadata('MuseScore {\n  description: qsTr("x");\n}') == {"description": "x"}
