"""Where MuseScore 3 and 4 look for plugins."""

from __future__ import annotations

import os
import plistlib
import re
from dataclasses import dataclass
from pathlib import Path

from bridge.plugin.system import LINUX, MACOS, WINDOWS, System

FOLDER = "jaxmuse"
"""The plugin's own folder in MuseScore's Plugins folder."""

VERSIONS = (3, 4)
FLATPAK = Path(".var/app/org.musescore.MuseScore")
_PREFERENCE = ("application.paths.myPlugins", "application/paths/myPlugins")
"""Where its user keeps plugins, as macOS names it; `paths\\myPlugins` in the other systems' INI."""


@dataclass(frozen=True)
class Place:
    """A Plugins folder of MuseScore.

    - `versions`: which MuseScores look there, 3 and 4; none for a folder that doesn't tell.
    - `plugin_lists`: MuseScore 3's lists of active plugins (`plugins.xml`), whether they are there or not.
    """

    plugins: Path
    versions: tuple[int, ...] = ()
    plugin_lists: tuple[Path, ...] = ()

    @property
    def folder(self) -> Path:
        """Where the plugin goes."""
        return self.plugins / FOLDER

    @property
    def name(self) -> str:
        """For people: `MuseScore 3`."""
        return " ".join(["MuseScore", " and ".join(map(str, self.versions))]).rstrip()


@dataclass(frozen=True)
class Profile:
    """Where one installation of a MuseScore keeps its settings and its data."""

    settings: Path
    data: Path

    @property
    def plugin_list(self) -> Path:
        """Which plugins are active, in MuseScore 3."""
        return self.data / "plugins.xml"

    def used(self) -> bool:
        """Return whether that MuseScore was ever started."""
        return self.settings.is_file() or self.data.is_dir()


def find_places(system: System) -> list[Place]:
    """Return the Plugins folders of every MuseScore 3 and 4 that was ever started, 3 before 4.

    A folder is listed even if it isn't there, where the MuseScore that would look there is.
    """
    places: dict[Path, Place] = {}
    for version in VERSIONS:
        documents = _documents(system, version)
        profiles = _profiles(system, version)
        for profile in [profile for profile in profiles if profile.used()] or profiles[:1]:
            plugins = plugins_preference(profile.settings, system.home)
            if plugins is None and (documents.is_dir() or profile.used()):
                plugins = documents / "Plugins"
            if plugins is not None:
                known = places.get(plugins, Place(plugins))
                places[plugins] = Place(
                    plugins,
                    known.versions if version in known.versions else (*known.versions, version),
                    (*known.plugin_lists, profile.plugin_list) if version == 3 else known.plugin_lists,
                )
    return list(places.values())


def place_at(system: System, plugins: Path) -> Place:
    """Return the place of a Plugins folder that the user names, of the version that it tells."""
    plugins = Path(os.path.abspath(plugins))
    for place in find_places(system):
        if place.plugins == plugins:
            return place
    versions = {int(found) for part in plugins.parts for found in re.findall(r"MuseScore ?([34])", part)}
    if versions == {3}:
        return Place(plugins, (3,), (_profiles(system, 3)[0].plugin_list,))
    return Place(plugins, tuple(versions) if len(versions) == 1 else ())


def _documents(system: System, version: int) -> Path:
    """Return MuseScore's folder in the user's documents; where there is none, the one it would make."""
    candidates = [folder / f"MuseScore{version}" for folder in system.documents_folders()]
    return next((folder for folder in candidates if folder.is_dir()), candidates[0])


def _profiles(system: System, version: int) -> list[Profile]:
    """Return where that MuseScore may keep its things, likeliest first."""
    name = f"MuseScore{version}"
    if system.platform == MACOS:
        library = system.home / "Library"
        settings = library / "Preferences" / f"org.musescore.{name}.plist"
        return [Profile(settings, library / "Application Support" / "MuseScore" / name)]
    if system.platform == WINDOWS:
        settings = system.folder("APPDATA", "AppData", "Roaming") / "MuseScore" / f"{name}.ini"
        data = system.folder("LOCALAPPDATA", "AppData", "Local") / "MuseScore" / name
        return [Profile(settings, data)]
    assert system.platform == LINUX
    roots = [
        (system.folder("XDG_CONFIG_HOME", ".config"), system.folder("XDG_DATA_HOME", ".local", "share")),
        (system.home / FLATPAK / "config", system.home / FLATPAK / "data"),
    ]
    return [
        Profile(config / "MuseScore" / f"{name}.ini", data / "MuseScore" / name) for config, data in roots
    ]


def plugins_preference(settings: Path, home: Path) -> Path | None:
    r"""Return the Plugins folder that MuseScore's settings file names, None if it names none.

    - `settings`: `MuseScore3.ini`, with `paths\myPlugins=…` under `[application]`, or a `.plist` on macOS.

    A relative folder is meant from the home.
    """
    try:
        data = settings.read_bytes()
    except OSError:
        return None
    named = _from_plist(data) if settings.suffix == ".plist" else _from_ini(data)
    return home / Path(named) if named and "\x00" not in named else None


def _from_plist(data: bytes) -> str | None:
    try:
        found = plistlib.loads(data)
    except Exception:  # the parser raises whatever comes up in a damaged file
        return None
    values = [found.get(key) for key in _PREFERENCE] if isinstance(found, dict) else []
    return next((value for value in values if isinstance(value, str)), None)


def _from_ini(data: bytes) -> str | None:
    section = ""
    for line in data.decode("utf-8", "replace").splitlines():
        header = re.fullmatch(r"\s*\[(.+)\]\s*", line)
        if header:
            section = header[1].lower()
        key, equals, value = line.partition("=")
        if equals and section == "application" and key.strip().lower() == r"paths\myplugins":
            return _unescaped(value.strip())
    return None


def _unescaped(value: str) -> str:
    r"""Return a value of Qt's INI: perhaps in quotes, `\x2026` is a character and `\\` a backslash."""
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = value[1:-1]
    return re.sub(
        r"\\(?:x([0-9a-fA-F]{1,4})|(.))",
        lambda escape: chr(int(escape[1], 16)) if escape[1] else escape[2],
        value,
    )
