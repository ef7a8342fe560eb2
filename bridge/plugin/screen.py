"""What the installer says: one screen for somebody who has never opened a terminal twice."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from bridge.plugin.everywhere import InstallReport, UninstallReport
from bridge.plugin.install import Installed
from bridge.plugin.source import MenuItem
from bridge.plugin.status import FolderStatus, PluginStatus

_STATES = {
    "installed": "installed",
    "outdated": "of another version of jaxmuse (to renew it, type: jaxmuse plugin install)",
    "incomplete": "damaged (to repair it, type: jaxmuse plugin install)",
    "absent": "not installed; to change that, type: jaxmuse plugin install",
}


def install_screen(report: InstallReport, items: Sequence[MenuItem]) -> str:
    """Return what was installed and what to do next in each MuseScore.

    - `items`: the menu items, the one to begin with first.
    """
    titles = [item.title for item in items]
    width = max(len(done.place.name) for done in report.installed)
    lines = ["jaxmuse is installed:", ""]
    lines += [f"  {done.place.name:{width}}  {done.place.folder}" for done in report.installed]
    for done in report.installed:
        if done.set_aside:
            lines += [f"Files of yours were in the way there; they are now: {', '.join(done.set_aside)}"]
    lines += _open_now(report.musescores)
    versions = {version for done in report.installed for version in done.place.versions or (3, 4)}
    if 3 in versions:
        lines += ["", "Next, in MuseScore 3:", *_numbered(_steps_of_3(report.installed, titles))]
    if 4 in versions:
        lines += [
            "",
            "Next, in MuseScore 4:",
            *_numbered(_steps_of_4(titles, items[0].submenu if items else None)),
        ]
    lines += ["", "The notes come from a program in the background, the bridge."]
    if report.autostart:
        lines += [f"It starts by itself when you log in ({report.autostart})."]
    else:
        lines += [
            "If MuseScore says that it isn't running, type this and leave the window open:  jaxmuse serve",
            "To have it start by itself when you log in, type:  jaxmuse plugin install --autostart",
        ]
    lines += ["", "How is it?  jaxmuse plugin status      Take it out again:  jaxmuse plugin uninstall"]
    return "\n".join(lines)


def uninstall_screen(report: UninstallReport) -> str:
    """Return what was taken away, and what was left because it is the user's."""
    lines = [f"jaxmuse is out of {done.folder}" for done in report.removed]
    for done in report.removed:
        if done.kept:
            lines += [f"Files that jaxmuse didn't write stay in {done.folder}: {', '.join(done.kept)}"]
    if report.autostart:
        lines += ["The bridge doesn't start by itself any more."]
    if not lines:
        return "jaxmuse isn't installed in any MuseScore; nothing was changed."
    lines += _open_now(report.musescores)[1:]
    return "\n".join([*lines, "The command jaxmuse stays; to remove it too, type:  pip uninstall jaxmuse"])


def status_screen(status: PluginStatus) -> str:
    """Return how the plugin is in each MuseScore, and how the bridge is."""
    rows = [(folder.place.name, f"{_state(folder)}\n{folder.place.folder}") for folder in status.folders]
    if not rows:
        rows = [("MuseScore", "no MuseScore 3 or 4 has been used by this user yet")]
    bridge = (
        f"runs, on port {status.bridge.port}"
        if status.bridge
        else "doesn't run; to start it, type: jaxmuse serve"
    )
    at_login = "starts by itself" if status.autostart else "doesn't start by itself"
    rows += [("bridge", bridge), ("at login", f"the bridge {at_login}")]
    if status.musescores:
        rows += [("open now", ", ".join(status.musescores))]
    width = max(len(name) for name, _ in rows)
    indent = "\n" + " " * (width + 2)
    return "\n".join(f"{name:{width}}  {text.replace(chr(10), indent)}" for name, text in rows)


def _steps_of_3(installed: Iterable[Installed], titles: Sequence[str]) -> list[str]:
    places = [done for done in installed if 3 in done.place.versions or not done.place.versions]
    by_hand = any(done.list_problems or not done.place.plugin_lists for done in places)
    steps = [f"Choose Plugins > Plugin Manager and tick {_listed(titles)}."] if by_hand else []
    return [*steps, *_use(titles)]


def _steps_of_4(titles: Sequence[str], submenu: str | None) -> list[str]:
    enable = (
        f"Choose Home, then Plugins at its left; click {_listed(titles[:1])}, then Enable. "
        f"The same for {_listed(titles[1:])}."
        if titles[1:]
        else f"Choose Home, then Plugins at its left; click {_listed(titles)}, then Enable."
    )
    return [enable, *_use(titles, submenu)]


def _use(titles: Sequence[str], submenu: str | None = None) -> list[str]:
    path = " > ".join(filter(None, ["Plugins", submenu, *titles[:1]]))
    return [
        "Open a score, click an empty measure, Shift+click the last one to fill.",
        f"Choose {path}. One Ctrl+Z takes the notes away again.",
    ]


def _open_now(musescores: Sequence[str]) -> list[str]:
    if not musescores:
        return []
    it_is, it = ("is", "it") if len(musescores) == 1 else ("are", "them")
    names = " and ".join(musescores)
    return ["", f"{names} {it_is} open: quit {it} and start again, plugins are only looked for then."]


def _state(folder: FolderStatus) -> str:
    state = _STATES[folder.state]
    if folder.active:
        return "installed and active" if folder.state == "installed" else f"active, {state}"
    if folder.state == "absent":
        return state
    if folder.active is False:
        return f"{state}, but switched off in Plugins > Plugin Manager"
    return f"{state}; MuseScore shows under Home > Plugins whether it is enabled"


def _numbered(steps: Sequence[str]) -> list[str]:
    """Return the steps in lines that a terminal doesn't break within a word."""
    wrapped = [
        textwrap.wrap(step, 80, initial_indent=f"  {number}. ", subsequent_indent=" " * 5)
        for number, step in enumerate(steps, 1)
    ]
    return [line for lines in wrapped for line in lines]


def _listed(titles: Sequence[str]) -> str:
    quoted = [f'"{title}"' for title in titles]
    return " and ".join(filter(None, [", ".join(quoted[:-1]), *quoted[-1:]]))
