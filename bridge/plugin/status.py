"""How the plugin is: in which folders, whole or not, active or not, and whether the bridge runs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bridge.connection import Running, known_token, plugin_folders, read_connection, running
from bridge.errors import JaxmuseError
from bridge.plugin.activation import entries_of
from bridge.plugin.autostart import is_enabled
from bridge.plugin.copying import same_content
from bridge.plugin.login_entry import entry_for
from bridge.plugin.places import Place, find_places, place_at
from bridge.plugin.plugin_list import active_plugins
from bridge.plugin.processes import running_musescores
from bridge.plugin.removal import holds_plugin
from bridge.plugin.source import menu_items, plugin_files, plugin_source
from bridge.plugin.system import System

State = Literal["installed", "outdated", "incomplete", "absent"]


@dataclass(frozen=True)
class FolderStatus:
    """The plugin in one place.

    - `state`: `outdated` where a file differs from this jaxmuse's, `incomplete` where one is missing or the
      token isn't this user's.
    - `active`: whether MuseScore 3 will show all items; None where MuseScore alone knows.
    """

    place: Place
    state: State
    active: bool | None = None


@dataclass(frozen=True)
class PluginStatus:
    """All of it; `musescores` are the ones that are open, such as `MuseScore 3`."""

    folders: tuple[FolderStatus, ...]
    bridge: Running | None
    autostart: bool
    musescores: tuple[str, ...]


def plugin_status(system: System, source: Path | None = None) -> PluginStatus:
    """Return how the plugin is on that system; nothing is changed."""
    source = source or plugin_source()
    places = {place.folder: place for place in find_places(system)}
    for folder in plugin_folders():
        places.setdefault(folder, place_at(system, folder.parent))
    return PluginStatus(
        tuple(_folder_status(place, source) for place in places.values()),
        running(),
        is_enabled(entry_for(system)),
        tuple(running_musescores()),
    )


def _folder_status(place: Place, source: Path) -> FolderStatus:
    if not holds_plugin(place.folder):
        return FolderStatus(place, "absent")
    files = plugin_files(source)
    connection = read_connection(place.folder)
    state: State = "installed"
    if any(not same_content(place.folder / name, path) for name, path in files.items()):
        state = "outdated"
    if any(not (place.folder / name).is_file() for name in files) or not _has_token(connection):
        state = "incomplete"
    return FolderStatus(place, state, _active(place, source))


def _has_token(connection: dict | None) -> bool:
    token = known_token()
    return connection is not None and token is not None and connection.get("token") == token


def _active(place: Place, source: Path) -> bool | None:
    entries = entries_of(place.folder, [item.file for item in menu_items(source)])
    if not place.plugin_lists:
        return None
    try:
        lists = [active_plugins(path.read_bytes()) for path in place.plugin_lists]
    except (OSError, JaxmuseError):
        return False
    return all(found.get(entry) for found in lists for entry in entries)
