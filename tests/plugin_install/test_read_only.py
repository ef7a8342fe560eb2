"""Folders that can't be written: a sentence, nothing half done, the other folders all the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from plugin_homes import add_musescore, contents, plugin_list_of

from bridge.plugin import install
from bridge.plugin.everywhere import install_everywhere, uninstall_everywhere
from bridge.plugin.system import System

Lock = Callable[[Path], None]
FIX = "Make that folder writable, or name another Plugins folder with --into."


def test_a_read_only_plugins_folder(system: System, source: Path, lock: Lock, config: Path) -> None:
    plugins = add_musescore(system.home, 3)
    before = contents(system.home)
    lock(plugins)
    report = install_everywhere(system, source=source)
    assert [str(problem) for problem in report.problems] == [
        f"{plugins / 'jaxmuse'}: the plugin can't be written there (permission denied). {FIX}"
    ]
    assert report.installed == ()
    assert contents(system.home) == before
    assert not (config / "plugin_folders.json").exists()


def test_the_other_musescore_gets_the_plugin_all_the_same(system: System, source: Path, lock: Lock) -> None:
    add_musescore(system.home, 4)
    lock(add_musescore(system.home, 3))
    report = install_everywhere(system, source=source)
    assert [done.place.versions for done in report.installed] == [(4,)]
    assert len(report.problems) == 1


def test_macos_asks_before_a_terminal_may_write(system: System, source: Path, lock: Lock) -> None:
    plugins = system.home / "Documents" / "MuseScore4" / "Plugins"
    plugins.mkdir(parents=True)
    lock(plugins)
    (problem,) = install_everywhere(System("darwin", system.home), source=source).problems
    assert "System Settings > Privacy & Security > Files and Folders" in str(problem)


def test_a_read_only_list_of_plugins(system: System, source: Path, lock: Lock) -> None:
    add_musescore(system.home, 3, b'<museScore version="3.02">\n  </museScore>\n')
    before = contents(system.home)
    lock(plugin_list_of(system.home).parent)
    (done,) = install_everywhere(system, source=source).installed
    (problem,) = done.list_problems
    assert str(problem) == (
        f"{plugin_list_of(system.home)}: it can't be written (permission denied). "
        "Tick the new items in MuseScore 3 under Plugins > Plugin Manager instead."
    )
    assert (done.place.folder / "code.js").exists()
    assert uninstall_everywhere(system).problems == ()
    assert contents(system.home) == before


def test_a_configuration_folder_that_cant_be_written(
    system: System, source: Path, lock: Lock, config: Path
) -> None:
    add_musescore(system.home, 3)
    before = contents(system.home)
    lock(config)
    report = install_everywhere(system, source=source)
    assert [str(problem) for problem in report.problems] == [
        f"{config / 'token'}: it can't be written (permission denied). "
        "Make sure that the folder belongs to you and that the disk isn't full."
    ]
    assert contents(system.home) == before


@pytest.mark.parametrize("copied", [0, 1, 3])
def test_a_full_disk_midway_leaves_nothing(
    system: System, source: Path, monkeypatch: pytest.MonkeyPatch, copied: int
) -> None:
    plugins = add_musescore(system.home, 3)
    (plugins / "jaxmuse").mkdir()
    (plugins / "jaxmuse" / "code.js").write_text("mine")
    before = contents(system.home)
    copy_files = install.copy_files

    def fill_the_disk(folder: Path, files: dict[str, Path]) -> None:
        copy_files(folder, dict(list(files.items())[:copied]))
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(install, "copy_files", fill_the_disk)
    (problem,) = install_everywhere(system, source=source).problems
    assert "(no space left on device)" in str(problem)
    assert contents(system.home) == before


def test_what_cant_be_removed_can_be_tried_again(
    system: System, source: Path, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugins = add_musescore(system.home, 4)
    before = contents(system.home)
    install_everywhere(system, source=source)
    with monkeypatch.context() as only_now:
        only_now.setattr(Path, "unlink", _refuse)
        (problem,) = uninstall_everywhere(system).problems
    assert str(problem) == (
        f"{plugins / 'jaxmuse'}: the plugin can't be removed from there (permission denied). "
        "Make that folder writable and type the same again."
    )
    assert (config / "token").exists()
    assert uninstall_everywhere(system).problems == ()
    assert contents(system.home) == before


def _refuse(path: Path, missing_ok: bool = False) -> None:
    raise PermissionError(13, "Permission denied")
