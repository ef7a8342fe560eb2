"""The commands `jaxmuse plugin install`, `status` and `uninstall`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from bridge.errors import JaxmuseError

plugin_app = typer.Typer(
    help="Put the plugin into MuseScore, and take it out again.",
    rich_markup_mode="rich",
    no_args_is_help=True,
)

Into = Annotated[
    Path | None,
    typer.Option(
        "--into", metavar="FOLDER", help="A Plugins folder of MuseScore; by default all that are found."
    ),
]
Autostart = Annotated[
    bool, typer.Option("--autostart", help="Start the bridge by itself when you log in, from now on.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text for people.")]


@plugin_app.command()
def install(into: Into = None, autostart: Autostart = False, json: Json = False) -> None:
    """Install the plugin in MuseScore 3 and 4, or renew it, and say what to do next there.

    [bold]That is all it takes[/]; once more after an update of jaxmuse:

        jaxmuse plugin install
    """
    from bridge.plugin.everywhere import install_everywhere
    from bridge.plugin.screen import install_screen
    from bridge.plugin.source import menu_items, plugin_source
    from bridge.plugin.system import System

    report = install_everywhere(System.here(), into, autostart)
    folders = [
        {
            "folder": str(done.place.folder),
            "musescore": list(done.place.versions),
            "upgraded": done.upgraded,
            "problems": [str(problem) for problem in done.list_problems],
        }
        for done in report.installed
    ]
    record = {"installed": folders, "autostart": report.autostart, "open": list(report.musescores)}
    problems = [*report.problems, *(problem for done in report.installed for problem in done.list_problems)]
    _say(
        install_screen(report, menu_items(plugin_source())) if report.installed else "",
        record,
        problems,
        json,
    )


@plugin_app.command()
def status(json: Json = False) -> None:
    """Say in which MuseScore the plugin is, whether it is whole and active, and whether the bridge runs."""
    from bridge.plugin.screen import status_screen
    from bridge.plugin.status import plugin_status
    from bridge.plugin.system import System

    found = plugin_status(System.here())
    folders = [
        {
            "folder": str(folder.place.folder),
            "musescore": list(folder.place.versions),
            "state": folder.state,
            "active": folder.active,
        }
        for folder in found.folders
    ]
    bridge = {"pid": found.bridge.pid, "port": found.bridge.port} if found.bridge else None
    record = {
        "folders": folders,
        "bridge": bridge,
        "autostart": found.autostart,
        "open": list(found.musescores),
    }
    _say(status_screen(found), record, [], json)


@plugin_app.command()
def uninstall(json: Json = False) -> None:
    """Take the plugin out of every MuseScore: all that was installed goes, and nothing else."""
    from bridge.plugin.everywhere import uninstall_everywhere
    from bridge.plugin.screen import uninstall_screen
    from bridge.plugin.system import System

    report = uninstall_everywhere(System.here())
    removed = [
        {
            "folder": str(done.folder),
            "kept": list(done.kept),
            "problems": [str(problem) for problem in done.list_problems],
        }
        for done in report.removed
    ]
    record = {"removed": removed, "autostart": report.autostart, "open": list(report.musescores)}
    problems = [*report.problems, *(problem for done in report.removed for problem in done.list_problems)]
    nothing = not report.removed and report.problems
    _say("" if nothing else uninstall_screen(report), record, problems, json)


def _say(screen: str, record: dict[str, Any], problems: Iterable[JaxmuseError], json: bool) -> None:
    """Print the screen or the record, then every problem; ends with exit code 2 if there is one."""
    from bridge.console import print_problem, print_record

    problems = list(problems)
    if json:
        print_record({**record, "problems": [str(problem) for problem in problems]})
    elif screen:
        print(screen)
    for problem in problems if not json else ():
        print_problem(problem)
    if problems:
        raise typer.Exit(2)
