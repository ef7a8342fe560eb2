"""Where MuseScore 3 and 4 keep plugins, on every system."""

from __future__ import annotations

import plistlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.plugin.places import Place, find_places, place_at, plugins_preference
from bridge.plugin.system import System


def make(*folders: Path) -> None:
    for folder in folders:
        folder.mkdir(parents=True)


def test_a_home_without_musescore_has_no_place(system: System) -> None:
    make(system.home / "Documents" / "MuseScore2" / "Plugins", system.home / ".config" / "MuseScore")
    assert find_places(system) == []


@pytest.mark.parametrize("versions", [(3,), (4,), (3, 4)])
def test_linux(system: System, versions: tuple[int, ...]) -> None:
    home = system.home
    for version in versions:
        make(home / "Documents" / f"MuseScore{version}")
    lists = {3: (home / ".local/share/MuseScore/MuseScore3/plugins.xml",), 4: ()}
    assert find_places(system) == [
        Place(home / "Documents" / f"MuseScore{version}" / "Plugins", (version,), lists[version])
        for version in versions
    ]


def test_linux_documents_may_have_another_name(system: System) -> None:
    home = system.home
    make(home / ".config", home / ".local/share/MuseScore/MuseScore4")
    (home / ".config" / "user-dirs.dirs").write_text('# so\nXDG_DOCUMENTS_DIR="$HOME/Eigene Dokumente"\n')
    assert find_places(system) == [Place(home / "Eigene Dokumente" / "MuseScore4" / "Plugins", (4,))]
    make(home / "Documents" / "MuseScore4")
    assert find_places(system) == [Place(home / "Documents" / "MuseScore4" / "Plugins", (4,))]
    make(home / "Eigene Dokumente" / "MuseScore4")
    assert find_places(system) == [Place(home / "Eigene Dokumente" / "MuseScore4" / "Plugins", (4,))]


def test_linux_follows_the_environment(system: System, tmp_path: Path) -> None:
    environment = {"XDG_CONFIG_HOME": str(tmp_path / "c"), "XDG_DATA_HOME": str(tmp_path / "d")}
    make(tmp_path / "c" / "MuseScore", system.home / "Documents" / "MuseScore3")
    (tmp_path / "c/MuseScore/MuseScore4.ini").touch()
    three, four = find_places(System("linux", system.home, environment))
    assert three.plugin_lists == (tmp_path / "d/MuseScore/MuseScore3/plugins.xml",)
    assert four == Place(system.home / "Documents" / "MuseScore4" / "Plugins", (4,))


def test_a_flatpak_has_its_own_list_beside_the_systems(system: System) -> None:
    home = system.home
    flatpak = home / ".var/app/org.musescore.MuseScore"
    make(flatpak / "data/MuseScore/MuseScore3", home / "Documents" / "MuseScore3")
    (found,) = find_places(system)
    assert found.plugin_lists == (flatpak / "data/MuseScore/MuseScore3/plugins.xml",)
    make(home / ".local/share/MuseScore/MuseScore3")
    (both,) = find_places(system)
    assert both.plugin_lists == (
        home / ".local/share/MuseScore/MuseScore3/plugins.xml",
        *found.plugin_lists,
    )


def test_macos(tmp_path: Path) -> None:
    system = System("darwin", tmp_path)
    support = tmp_path / "Library/Application Support/MuseScore"
    make(
        tmp_path / "Documents/MuseScore3/Plugins", support / "MuseScore4", tmp_path / "Library/Preferences"
    )
    plugins = tmp_path / "Documents/MuseScore4/Plugins"
    three = Place(tmp_path / "Documents/MuseScore3/Plugins", (3,), (support / "MuseScore3/plugins.xml",))
    assert find_places(system) == [three, Place(plugins, (4,))]
    preference = {"application.paths.myPlugins": str(tmp_path / "mine")}
    (tmp_path / "Library/Preferences/org.musescore.MuseScore4.plist").write_bytes(
        plistlib.dumps(preference, fmt=plistlib.FMT_BINARY)
    )
    assert find_places(system) == [three, Place(tmp_path / "mine", (4,))]


@pytest.mark.parametrize("cloud", [None, "OneDrive", "OneDriveCommercial", "moved"])
def test_windows_documents_may_be_in_the_cloud(tmp_path: Path, cloud: str | None) -> None:
    roaming, local = tmp_path / "AppData/Roaming", tmp_path / "AppData/Local"
    environment = {"APPDATA": str(roaming), "LOCALAPPDATA": str(local)}
    documents = tmp_path / "Documents"
    if cloud in ("OneDrive", "OneDriveCommercial"):
        documents = tmp_path / "OneDrive - Academy" / "Documents"
        environment[cloud] = str(documents.parent)
    moved = tmp_path / "D" / "Dokumente" if cloud == "moved" else None
    make(documents / "MuseScore3/Plugins", documents / "MuseScore4/Plugins")
    if moved:
        make(moved / "MuseScore3/Plugins", moved / "MuseScore4/Plugins")
    found = find_places(System("win32", tmp_path, environment, documents=moved))
    assert found == [
        Place(
            (moved or documents) / "MuseScore3" / "Plugins",
            (3,),
            (local / "MuseScore/MuseScore3/plugins.xml",),
        ),
        Place((moved or documents) / "MuseScore4" / "Plugins", (4,)),
    ]


def test_windows_without_onedrives_variable(tmp_path: Path) -> None:
    make(tmp_path / "OneDrive/Documents/MuseScore4/Plugins")
    (found,) = find_places(System("win32", tmp_path))
    assert found.plugins == tmp_path / "OneDrive/Documents/MuseScore4/Plugins"


def test_a_folder_from_musescores_preferences_goes_before(system: System) -> None:
    home = system.home
    make(home / "Documents/MuseScore3/Plugins", home / "Documents/MuseScore4", home / ".config/MuseScore")
    for version in (3, 4):
        ini = home / f".config/MuseScore/MuseScore{version}.ini"
        ini.write_text("[ui]\npaths\\myPlugins=/no\n[application]\npaths\\myPlugins=scores/plugins\n")
    (found,) = find_places(system)
    assert found.plugins == home / "scores/plugins"
    assert (found.versions, len(found.plugin_lists), found.name) == ((3, 4), 1, "MuseScore 3 and 4")


@pytest.mark.parametrize(
    ("line", "folder"),
    [
        (r"paths\myPlugins=/a/b", "/a/b"),
        (r"paths\MyPlugins = /a/b ", "/a/b"),
        (r'paths\myPlugins="/a/b; c"', "/a/b; c"),
        (r"paths\myPlugins=/a/\xc4hnliches", "/a/Ähnliches"),
        (r"paths\myPlugins=/a/Ähnliches", "/a/Ähnliches"),
        (r"paths\myPlugins=", None),
        (r"paths\myPluginsOld=/a", None),
    ],
)
def test_preferences_as_qt_writes_them(tmp_path: Path, line: str, folder: str | None) -> None:
    (tmp_path / "x.ini").write_text(f"[application]\nother=1\n{line}\n", "utf-8")
    found = plugins_preference(tmp_path / "x.ini", tmp_path)
    assert found == (Path(folder) if folder else None)


@pytest.mark.parametrize("suffix", [".ini", ".plist"])
@given(data=st.binary(max_size=60))
def test_damaged_settings_name_no_folder(tmp_path_factory, suffix: str, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / f"damaged{suffix}"
    path.write_bytes(b"[application]\n" + data if suffix == ".ini" else b"bplist00" + data)
    assert plugins_preference(path, path.parent) is None


def test_a_folder_that_the_user_names(system: System, tmp_path: Path) -> None:
    listed = (system.home / ".local/share/MuseScore/MuseScore3/plugins.xml",)
    assert place_at(system, tmp_path / "any") == Place(tmp_path / "any")
    four = tmp_path / "MuseScore4" / "Plugins"
    assert place_at(system, four) == Place(four, (4,))
    three = tmp_path / "MuseScore 3" / "x" / ".." / "Plugins"
    assert place_at(system, three) == Place(tmp_path / "MuseScore 3" / "Plugins", (3,), listed)
    make(system.home / "Documents/MuseScore3/Plugins")
    assert place_at(system, system.home / "Documents/MuseScore3/Plugins") == find_places(system)[0]
