"""Files of the user's in the plugin's folder outlive every installation, also one that ends midway."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from plugin_homes import OTHERS, add_musescore, contents

from bridge.plugin.everywhere import install_everywhere, uninstall_everywhere
from bridge.plugin.system import System


def test_files_of_others_in_the_plugins_folder_stay(system: System, source: Path) -> None:
    add_musescore(system.home, 4)
    folder = system.home / "Documents/MuseScore4/Plugins/jaxmuse"
    (folder / "parts").mkdir(parents=True)
    (folder / "code.js").write_text("mine")
    (folder / "parts" / "notes.txt").write_text("mine too")
    (folder / "Window.qml").write_bytes((source / "Window.qml").read_bytes())
    before = contents(system.home)
    for _ in range(2):
        install_everywhere(system, source=source)
        assert (folder / "code.js").read_bytes() == (source / "code.js").read_bytes()
        assert (folder / "code.js.before-jaxmuse").read_text() == "mine"
    (done,) = uninstall_everywhere(system).removed
    assert done.kept == ("code.js", "parts/notes.txt")
    after = contents(system.home)
    assert after == {name: data for name, data in before.items() if not name.endswith("Window.qml")}


def test_a_name_that_is_taken_isnt_used_to_set_aside(system: System, source: Path) -> None:
    folder = add_musescore(system.home, 4) / "jaxmuse"
    folder.mkdir()
    (folder / "code.js").write_text("mine")
    (folder / "code.js.before-jaxmuse").write_text("older")
    before = contents(system.home)
    for _ in range(2):
        install_everywhere(system, source=source)
        assert (folder / "code.js.before-jaxmuse").read_text() == "older"
        assert (folder / "code.js.before-jaxmuse2").read_text() == "mine"
    uninstall_everywhere(system)
    assert contents(system.home) == before


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
@pytest.mark.parametrize("there", [True, False])
def test_a_link_is_set_aside_and_not_written_through(
    system: System, source: Path, tmp_path: Path, there: bool
) -> None:
    folder = add_musescore(system.home, 4) / "jaxmuse"
    folder.mkdir()
    if there:
        (tmp_path / "mine.js").write_bytes((source / "code.js").read_bytes())
    (folder / "code.js").symlink_to(tmp_path / "mine.js")
    install_everywhere(system, source=source)
    assert (tmp_path / "mine.js").exists() == there
    uninstall_everywhere(system)
    assert (folder / "code.js").readlink() == tmp_path / "mine.js"


@pytest.mark.parametrize("again", [False, True])
def test_whenever_an_installation_ends_midway_uninstall_gives_all_back(
    system: System, source: Path, monkeypatch: pytest.MonkeyPatch, again: bool
) -> None:
    folder = add_musescore(system.home, 3, OTHERS) / "jaxmuse"
    folder.mkdir()
    (folder / "code.js").write_text("mine")
    (folder / "panel.qml").write_text("mine too")
    (folder / "panel.qml.before-jaxmuse").write_text("older")
    before = contents(system.home)
    for number in range(100):
        with monkeypatch.context() as only_now:
            ended = _end_at_rename(number, only_now)
            with contextlib.suppress(KeyboardInterrupt):
                install_everywhere(system, source=source)
        if again:
            install_everywhere(system, source=source)
            assert (folder / "code.js").read_bytes() == (source / "code.js").read_bytes()
        uninstall_everywhere(system)
        assert contents(system.home) == before, number
        if not ended():
            break
    assert number > 10


def _end_at_rename(number: int, monkeypatch: pytest.MonkeyPatch) -> Callable[[], bool]:
    """Interrupt at a renaming, 0 for the first; the returned function tells whether it came to that."""
    calls: list[object] = []

    def counted(rename: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            calls.append(arguments)
            if len(calls) == number + 1:
                raise KeyboardInterrupt
            return rename(*arguments, **options)

        return call

    for name in ("rename", "replace"):
        monkeypatch.setattr(os, name, counted(getattr(os, name)))
    return lambda: len(calls) > number
