"""What the commands print, on homes of their own."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from plugin_homes import add_musescore, contents
from typer.testing import CliRunner, Result

from bridge import connection
from bridge.errors import UsageError
from bridge.plugin import source as source_module
from bridge.plugin.cli import plugin_app
from bridge.plugin.everywhere import install_everywhere
from bridge.plugin.screen import install_screen
from bridge.plugin.source import MenuItem
from bridge.plugin.system import System

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the home is set as on POSIX")


@pytest.fixture
def home(system: System, source: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home that the commands take for the user's own."""
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("HOME", str(system.home))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    for module in ("install", "status", "removal", "source"):
        monkeypatch.setattr(f"bridge.plugin.{module}.plugin_source", lambda: source)
    assert source_module.plugin_source() == source
    return system.home


def run(*arguments: str) -> Result:
    return CliRunner().invoke(plugin_app, list(arguments))


def test_the_whole_story(home: Path) -> None:
    add_musescore(home, 3)
    add_musescore(home, 4)
    before = contents(home)
    installed = run("install")
    assert installed.exit_code == 0, installed.stderr
    assert (
        installed.stdout
        == f"""\
jaxmuse is installed:

  MuseScore 3  {home}/Documents/MuseScore3/Plugins/jaxmuse
  MuseScore 4  {home}/Documents/MuseScore4/Plugins/jaxmuse

Next, in MuseScore 3:
  1. Open a score, click an empty measure, Shift+click the last one to fill.
  2. Choose Plugins > Continue selection. One Ctrl+Z takes the notes away again.

Next, in MuseScore 4:
  1. Choose Home, then Plugins at its left; click "Continue selection", then
     Enable. The same for "jaxmuse panel".
  2. Open a score, click an empty measure, Shift+click the last one to fill.
  3. Choose Plugins > Continue selection. One Ctrl+Z takes the notes away again.

The notes come from a program in the background, the bridge.
If MuseScore says that it isn't running, type this and leave the window open:  jaxmuse serve
To have it start by itself when you log in, type:  jaxmuse plugin install --autostart

How is it?  jaxmuse plugin status      Take it out again:  jaxmuse plugin uninstall
"""
    )
    assert (
        run("status").stdout
        == f"""\
MuseScore 3  installed and active
             {home}/Documents/MuseScore3/Plugins/jaxmuse
MuseScore 4  installed; MuseScore shows under Home > Plugins whether it is enabled
             {home}/Documents/MuseScore4/Plugins/jaxmuse
bridge       doesn't run; to start it, type: jaxmuse serve
at login     the bridge doesn't start by itself
"""
    )
    assert (
        run("uninstall").stdout
        == f"""\
jaxmuse is out of {home}/Documents/MuseScore3/Plugins/jaxmuse
jaxmuse is out of {home}/Documents/MuseScore4/Plugins/jaxmuse
The command jaxmuse stays; to remove it too, type:  pip uninstall jaxmuse
"""
    )
    assert contents(home) == before
    assert run("uninstall").stdout == "jaxmuse isn't installed in any MuseScore; nothing was changed.\n"
    assert (
        "MuseScore 3  not installed; to change that, type: jaxmuse plugin install" in run("status").stdout
    )


def test_one_screen_is_enough(home: Path, processes_seen: list[tuple[str, str]]) -> None:
    for version in (3, 4):
        add_musescore(home, version)
    processes_seen.append(("mscore3", ""))
    report = install_everywhere(System.here())
    titles = ("Continue selection", "Replace selection", "jaxmuse panel")
    items = [MenuItem(f"{title}.qml", title, "Composing/arranging tools") for title in titles]
    screen = install_screen(report, items)
    assert len(screen.splitlines()) <= 24
    assert "\nMuseScore 3 is open: quit it and start again, plugins are only looked for then.\n" in screen
    steps = [line for line in screen.splitlines() if line.startswith(("  1", "  2", "  3", "     "))]
    assert max(map(len, steps)) <= 80
    assert "  1. Open a score" in screen
    assert "  3. Choose Plugins > Composing/arranging tools > Continue selection. " in screen
    assert 'The same for "Replace selection" and "jaxmuse panel".' in screen


def test_an_open_musescore_is_said_everywhere(home: Path, processes_seen: list[tuple[str, str]]) -> None:
    add_musescore(home, 3)
    processes_seen += [("mscore3", ""), ("mscore4portable", "")]
    sentence = "MuseScore 3 and MuseScore 4 are open: quit them and start again"
    assert sentence in run("install").stdout
    assert "open now     MuseScore 3, MuseScore 4" in run("status").stdout
    assert sentence in run("uninstall").stdout


def test_nothing_to_install_into(home: Path) -> None:
    outcome = run("install")
    assert isinstance(outcome.exception, UsageError)
    assert run("status").stdout.startswith(
        "MuseScore  no MuseScore 3 or 4 has been used by this user yet\n"
    )


def test_a_problem_is_told_beside_what_succeeded(home: Path, lock) -> None:
    add_musescore(home, 3)
    lock(add_musescore(home, 4))
    outcome = run("install")
    assert outcome.exit_code == 2
    assert "MuseScore 3  " in outcome.stdout
    assert "MuseScore 4" not in outcome.stdout
    assert outcome.stderr.startswith(f"{home}/Documents/MuseScore4/Plugins/jaxmuse: the plugin can't be")
    as_json = run("install", "--json")
    assert (as_json.exit_code, as_json.stderr) == (2, "")
    assert json.loads(as_json.stdout)["problems"] == [outcome.stderr.strip()]


def test_a_list_to_tick_by_hand_is_the_first_step(home: Path) -> None:
    add_musescore(home, 3, b"<broken")
    outcome = run("install")
    assert outcome.exit_code == 2
    step = '1. Choose Plugins > Plugin Manager and tick "Continue selection" and "jaxmuse panel".'
    assert step in " ".join(outcome.stdout.split())
    assert "it is damaged" in outcome.stderr
    assert "installed, but switched off in Plugins > Plugin Manager" in run("status").stdout


def test_into_a_folder_of_unknown_version_tells_both(home: Path) -> None:
    (home / "mine").mkdir()
    outcome = run("install", "--into", str(home / "mine"))
    assert outcome.exit_code == 0
    assert f"  MuseScore  {home}/mine/jaxmuse\n" in outcome.stdout
    assert "Plugins > Plugin Manager and tick" in outcome.stdout
    assert "Choose Home, then Plugins" in outcome.stdout


def test_as_json(home: Path) -> None:
    add_musescore(home, 3)
    folder = f"{home}/Documents/MuseScore3/Plugins/jaxmuse"
    assert json.loads(run("install", "--json").stdout) == {
        "installed": [{"folder": folder, "musescore": [3], "upgraded": False, "problems": []}],
        "autostart": None,
        "open": [],
        "problems": [],
    }
    connection.announce(4567, os.getpid())
    assert json.loads(run("status", "--json").stdout) == {
        "folders": [{"folder": folder, "musescore": [3], "state": "installed", "active": True}],
        "bridge": {"pid": os.getpid(), "port": 4567},
        "autostart": False,
        "open": [],
        "problems": [],
    }
    assert "bridge       runs, on port 4567\n" in run("status").stdout
    connection.withdraw()
    assert json.loads(run("uninstall", "--json").stdout) == {
        "removed": [{"folder": folder, "kept": [], "problems": []}],
        "autostart": False,
        "open": [],
        "problems": [],
    }


def test_files_in_the_way_are_named_by_their_new_names(home: Path) -> None:
    folder = add_musescore(home, 4) / "jaxmuse"
    folder.mkdir()
    (folder / "code.js").write_text("mine")
    said = "Files of yours were in the way there; they are now: code.js.before-jaxmuse"
    assert said in run("install").stdout


def test_files_of_others_that_stay_are_named(home: Path) -> None:
    folder = add_musescore(home, 4) / "jaxmuse"
    run("install")
    (folder / "notes.txt").write_text("mine")
    assert f"Files that jaxmuse didn't write stay in {folder}: notes.txt\n" in run("uninstall").stdout
    assert os.listdir(folder) == ["notes.txt"]


def test_no_token_is_ever_printed(home: Path) -> None:
    add_musescore(home, 3)
    printed = [run(*arguments) for arguments in (["install"], ["status"], ["install", "--json"])]
    token = connection.known_token()
    assert token
    assert all(token not in outcome.output for outcome in printed)
