"""Install, upgrade and uninstall: what was there before is there afterwards, byte for byte."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from plugin_homes import OTHERS, add_musescore, contents, plugin_list_of

from bridge.connection import DEFAULT_PORT, known_token, plugin_folders, read_connection
from bridge.errors import UsageError
from bridge.plugin.everywhere import install_everywhere, uninstall_everywhere
from bridge.plugin.plugin_list import active_plugins
from bridge.plugin.status import plugin_status
from bridge.plugin.system import System

FILES = {"continue_selection.qml", "panel.qml", "Window.qml", "code.js", "parts", "parts/Button.qml"}


def make_home(system: System, kind: str) -> None:
    """Turn the home into one with MuseScore 3, 4 or both, with another plugin that is active or not."""
    if "3" in kind:
        plugins = add_musescore(system.home, 3, OTHERS if "list" in kind else None)
        (plugins / "other").mkdir()
        (plugins / "other" / "other.qml").write_text("MuseScore {}")
    if "4" in kind:
        add_musescore(system.home, 4)


@pytest.mark.parametrize("kind", ["3", "3 list", "4", "3 4", "3 4 list"])
def test_there_and_back(system: System, source: Path, config: Path, kind: str) -> None:
    make_home(system, kind)
    before = contents(system.home)
    report = install_everywhere(system, source=source)
    assert report.problems == ()
    folders = [
        system.home / "Documents" / f"MuseScore{version}" / "Plugins" / "jaxmuse"
        for version in (3, 4)
        if str(version) in kind
    ]
    assert [done.place.folder for done in report.installed] == plugin_folders() == folders
    for folder in folders:
        assert set(contents(folder)) == FILES | {"connection.json", "installed.json"}
        assert (folder / "code.js").read_bytes() == (source / "code.js").read_bytes()
        connection = read_connection(folder) or {}
        assert (connection["port"], connection["token"]) == (DEFAULT_PORT, known_token())
        if os.name == "posix":
            assert stat.S_IMODE((folder / "connection.json").stat().st_mode) == 0o600
    if "3" in kind:
        ours = {(folders[0] / name).as_posix(): True for name in ("continue_selection.qml", "panel.qml")}
        others = active_plugins(OTHERS) if "list" in kind else {}
        assert active_plugins(plugin_list_of(system.home).read_bytes()) == others | ours
        backup = plugin_list_of(system.home).with_name("plugins.xml.before-jaxmuse")
        assert backup.exists() == ("list" in kind)
        assert not backup.exists() or backup.read_bytes() == OTHERS
    found = {folder.place.folder: folder for folder in plugin_status(system, source).folders}
    assert {folder.state for folder in found.values()} == {"installed"}
    assert [found[folder].active for folder in folders] == [
        True if "MuseScore3" in folder.parts else None for folder in folders
    ]
    left = uninstall_everywhere(system)
    assert left.problems == ()
    assert [done.folder for done in left.removed] == folders
    assert contents(system.home) == before
    assert not config.exists()


def test_a_home_without_musescore_is_a_sentence(system: System, source: Path, config: Path) -> None:
    with pytest.raises(UsageError) as error:
        install_everywhere(system, source=source)
    assert str(error.value) == (
        f"plugin install: no MuseScore 3 or 4 has been used by this user yet (looked in {system.home}). "
        "Start MuseScore once, quit it, and type the same again; or name its Plugins folder: "
        "jaxmuse plugin install --into FOLDER"
    )
    assert contents(system.home) == {}
    assert not config.exists()
    assert uninstall_everywhere(system).removed == ()
    assert plugin_status(system, source).folders == ()


def test_folders_that_musescore_hasnt_made_are_made_and_go_again(system: System, source: Path) -> None:
    (system.home / ".local/share/MuseScore/MuseScore4").mkdir(parents=True)
    (system.home / "Documents" / "MuseScore3").mkdir(parents=True)
    before = contents(system.home)
    assert len(install_everywhere(system, source=source).installed) == 2
    assert plugin_list_of(system.home).is_file()
    assert uninstall_everywhere(system).problems == ()
    assert contents(system.home) == before


def test_into_a_folder(system: System, source: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    report = install_everywhere(system, tmp_path / "mine", source=source)
    assert set(contents(tmp_path / "mine" / "jaxmuse")) > FILES
    assert report.installed[0].place.versions == ()
    assert [folder.place.folder for folder in plugin_status(system, source).folders] == [
        tmp_path / "mine" / "jaxmuse"
    ]
    uninstall_everywhere(system)
    assert contents(tmp_path / "mine") == {}


def test_into_a_folder_that_isnt_there_is_a_sentence(system: System, source: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        install_everywhere(system, tmp_path / "gone", source=source)
    assert str(error.value) == (
        f"option --into {tmp_path / 'gone'}: there is no such folder. "
        "Give the Plugins folder that MuseScore shows in its preferences under Folders."
    )
    assert not (tmp_path / "gone").exists()


def test_again_is_an_upgrade_that_keeps_token_port_and_settings(system: System, source: Path) -> None:
    make_home(system, "3 4 list")
    before = contents(system.home)
    install_everywhere(system, source=source)
    folder = plugin_folders()[0]
    token = known_token()
    (folder / "settings.json").write_text('{"temperature": 0.5}')
    (source / "code.js").write_text("function two() { return 2 }\n")
    (source / "parts" / "Button.qml").unlink()
    (source / "panel.qml").rename(source / "jaxmuse_panel.qml")
    report = install_everywhere(system, source=source)
    assert [done.upgraded for done in report.installed] == [True, True]
    assert known_token() == token == (read_connection(folder) or {})["token"]
    assert (folder / "settings.json").read_text() == '{"temperature": 0.5}'
    assert (folder / "code.js").read_text().startswith("function two")
    names = {"continue_selection.qml", "jaxmuse_panel.qml", "Window.qml", "code.js"}
    assert set(contents(folder)) == names | {"connection.json", "installed.json", "settings.json"}
    listed = active_plugins(plugin_list_of(system.home).read_bytes())
    assert [Path(path).name for path in listed] == [
        "colornotes.qml",
        "continue_selection.qml",
        "jaxmuse_panel.qml",
    ]
    uninstall_everywhere(system)
    assert contents(system.home) == before


def test_an_upgrade_repairs_what_was_damaged(system: System, source: Path) -> None:
    make_home(system, "3")
    install_everywhere(system, source=source)
    folder = plugin_folders()[0]
    (folder / "code.js").write_text("edited")
    assert [found.state for found in plugin_status(system, source).folders] == ["outdated"]
    (folder / "panel.qml").unlink()
    (folder / "connection.json").write_text("{}")
    assert [found.state for found in plugin_status(system, source).folders] == ["incomplete"]
    plugin_list_of(system.home).unlink()
    assert [found.active for found in plugin_status(system, source).folders] == [False]
    install_everywhere(system, source=source)
    (found,) = plugin_status(system, source).folders
    assert (found.state, found.active) == ("installed", True)


def test_a_lost_record_doesnt_keep_the_plugin(system: System, source: Path, config: Path) -> None:
    make_home(system, "4")
    before = contents(system.home)
    install_everywhere(system, source=source)
    folder = plugin_folders()[0]
    (folder / "installed.json").write_text("[")
    for path in config.iterdir():
        path.unlink()
    install_everywhere(system, source=source)
    uninstall_everywhere(system)
    assert [name for name in contents(system.home) if name not in before] == [
        "Documents/MuseScore4/Plugins/jaxmuse"
    ]


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
def test_a_link_in_the_plugins_place_is_a_sentence(system: System, source: Path, tmp_path: Path) -> None:
    make_home(system, "4")
    (system.home / "Documents/MuseScore4/Plugins/jaxmuse").symlink_to(source)
    before = contents(source)
    (problem,) = install_everywhere(system, source=source).problems
    assert str(problem).endswith(
        "this is a link or a file, where the plugin needs a folder of its own. "
        "Move it away and install again."
    )
    assert contents(source) == before
