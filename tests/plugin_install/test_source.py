"""Which of the plugin's files are installed, and what MuseScore's menu will call them."""

from __future__ import annotations

import re
from pathlib import Path

from bridge.models import DEFAULT_MODEL
from bridge.plugin.source import MenuItem, menu_items, plugin_files, plugin_source


def test_all_but_tests_and_readme(source: Path) -> None:
    (source / ".hidden").touch()
    (source / "__pycache__").mkdir()
    (source / "__pycache__" / "x.js").touch()
    names = ["Window.qml", "code.js", "continue_selection.qml", "panel.qml", "parts/Button.qml"]
    assert list(plugin_files(source)) == names


def test_menu_items_are_those_musescore_offers(source: Path) -> None:
    (source / "more.qml").write_text("import MuseScore 3.0\n  MuseScore{\n}\n")
    (source / "old.qml").write_text(
        'MuseScore {\n  //4.4 categoryCode: "composing-arranging-tools"\n  menuPath: "Plugins.Old"\n}\n'
    )
    (source / "own.qml").write_text('MuseScore {\n  onDone: { categoryCode = "jaxmuse" }\n}\n')
    (source / "no.qml").write_text("// MuseScore {\nItem {\n}\n")
    assert menu_items(source) == [
        MenuItem("continue_selection.qml", "Continue selection"),
        MenuItem("more.qml", "more"),
        MenuItem("old.qml", "Old", "Composing/arranging tools"),
        MenuItem("own.qml", "own", "jaxmuse"),
        MenuItem("panel.qml", "jaxmuse panel"),
    ]


def test_the_projects_own_plugin_is_found() -> None:
    files = plugin_files(plugin_source())
    assert "settings.js" in files
    assert not any("README" in name for name in files)
    assert menu_items(plugin_source()) == [
        MenuItem("continue_selection.qml", "Continue selection", "Composing/arranging tools"),
        MenuItem("jaxmuse_panel.qml", "jaxmuse panel", "Composing/arranging tools"),
        MenuItem("replace_selection.qml", "Replace selection", "Composing/arranging tools"),
    ]


def test_the_plugin_names_the_default_model() -> None:
    settings = (plugin_source() / "settings.js").read_text(encoding="utf-8")
    assert re.findall(r'\bmodel: "(.*?)"', settings) == [DEFAULT_MODEL]
