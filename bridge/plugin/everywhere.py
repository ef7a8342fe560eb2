"""Install into every MuseScore there is, and leave all of them: what succeeded, and what didn't."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bridge.connection import config_folder, remove_configuration
from bridge.errors import JaxmuseError, WriteError
from bridge.plugin.autostart import Call, disable, enable, is_enabled
from bridge.plugin.copying import remove_empty
from bridge.plugin.install import Installed, install_plugin, places_to_install
from bridge.plugin.login_entry import entry_for
from bridge.plugin.processes import running_musescores
from bridge.plugin.removal import Removed, folders_with_plugin, remove_plugin
from bridge.plugin.system import System
from bridge.server.instance import only_bridge
from bridge.server.stopping import stop_bridge

_STOP_IT = "Stop it with Ctrl+C in its window, or end its process, and type the same again."


@dataclass(frozen=True)
class InstallReport:
    """What was done.

    - `autostart`: the kind of what starts the bridge at login, None if nothing does.
    - `musescores`: the ones that are open and have to be started again, such as `MuseScore 3`.
    """

    installed: tuple[Installed, ...]
    autostart: str | None
    musescores: tuple[str, ...]
    problems: tuple[JaxmuseError, ...]


@dataclass(frozen=True)
class UninstallReport:
    """What was done; `autostart`: whether the bridge had been set to start at login."""

    removed: tuple[Removed, ...]
    autostart: bool
    musescores: tuple[str, ...]
    problems: tuple[JaxmuseError, ...]


def install_everywhere(
    system: System,
    into: Path | None = None,
    autostart: bool = False,
    source: Path | None = None,
    call: Call | None = None,
) -> InstallReport:
    """Install the plugin wherever MuseScore looks for plugins, or `into` one folder alone.

    One folder that can't be written doesn't keep the plugin out of the others. Raises `UsageError` where
    there is no place at all.
    """
    installed, problems = [], []
    for place in places_to_install(system, into):
        try:
            installed.append(install_plugin(place, system, source))
        except JaxmuseError as error:
            problems.append(error)
    entry = entry_for(system)
    if installed and (autostart or is_enabled(entry)):
        try:
            enable(entry, call)
        except WriteError as error:
            problems.append(error)
    kind = entry.kind if is_enabled(entry) else None
    return InstallReport(tuple(installed), kind, tuple(running_musescores()), tuple(problems))


def uninstall_everywhere(system: System, call: Call | None = None) -> UninstallReport:
    """Undo all that was installed, stop the bridge, and forget the token once no folder needs it."""
    removed, problems = [], []
    autostart = False
    try:
        autostart = disable(entry_for(system), call)
    except WriteError as error:
        problems.append(error)
    for folder in folders_with_plugin(system):
        try:
            removed.append(remove_plugin(folder))
        except WriteError as error:
            problems.append(error)
    try:
        if not stop_bridge():
            raise WriteError("the bridge still runs", where="plugin uninstall", fix=_STOP_IT)
        if not problems:
            with only_bridge():  # none that starts now loses its token
                remove_configuration()
            remove_empty([config_folder()])
    except JaxmuseError as error:
        problems.append(error)
    return UninstallReport(tuple(removed), autostart, tuple(running_musescores()), tuple(problems))
