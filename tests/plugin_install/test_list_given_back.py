"""MuseScore 3's list of plugins through an installation: given back, or left alone and said."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from plugin_homes import OTHERS, add_musescore, contents, plugin_list_of

from bridge.plugin.everywhere import install_everywhere, uninstall_everywhere
from bridge.plugin.plugin_list import active_plugins
from bridge.plugin.record import read_record
from bridge.plugin.status import plugin_status
from bridge.plugin.system import System

BROKEN = b"<museScore><Plugin>"


def test_what_musescore_wrote_to_its_list_meanwhile_stays(system: System, source: Path) -> None:
    add_musescore(system.home, 3, OTHERS)
    install_everywhere(system, source=source)
    path = plugin_list_of(system.home)
    switched_off = path.read_bytes().replace(b"<load>1</load>", b"<load>0</load>")
    path.write_bytes(switched_off)
    assert [found.active for found in plugin_status(system, source).folders] == [False]
    uninstall_everywhere(system)
    assert path.read_bytes() == OTHERS.replace(b"<load>1</load>", b"<load>0</load>")
    assert not path.with_name("plugins.xml.before-jaxmuse").exists()


def test_a_damaged_list_is_left_alone_and_said_once(system: System, source: Path) -> None:
    plugins = add_musescore(system.home, 3, BROKEN)
    path, before = plugin_list_of(system.home), contents(system.home)
    (done,) = install_everywhere(system, source=source).installed
    assert [str(problem) for problem in done.list_problems] == [
        f"{path}: it is damaged (not well-formed XML). "
        "Tick the new items in MuseScore 3 under Plugins > Plugin Manager instead."
    ]
    record = read_record(plugins / "jaxmuse")
    assert record is not None
    assert record.lists == ()
    (left,) = uninstall_everywhere(system).removed
    assert left.list_problems == ()
    assert contents(system.home) == before


def test_a_list_that_was_damaged_since_is_left_alone_and_said(system: System, source: Path) -> None:
    add_musescore(system.home, 3, OTHERS)
    path = plugin_list_of(system.home)
    install_everywhere(system, source=source)
    path.write_bytes(BROKEN)
    install_everywhere(system, source=source)
    (left,) = uninstall_everywhere(system).removed
    assert [str(problem) for problem in left.list_problems] == [
        f"{path}: it is damaged (not well-formed XML). Remove what is left of jaxmuse there by hand."
    ]
    assert path.read_bytes() == BROKEN


def test_a_list_that_cant_be_given_back_is_said_with_one_place(system: System, source: Path, lock) -> None:
    add_musescore(system.home, 3, OTHERS)
    install_everywhere(system, source=source)
    lock(plugin_list_of(system.home).parent)
    (left,) = uninstall_everywhere(system).removed
    assert [str(problem) for problem in left.list_problems] == [
        f"{plugin_list_of(system.home)}: it can't be written (permission denied). "
        "Make sure that the folder belongs to you and that the disk isn't full."
    ]


def test_one_list_of_two_that_fails_stays_on_record(
    system: System, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugins = add_musescore(system.home, 3, OTHERS)
    flatpak = system.home / ".var/app/org.musescore.MuseScore/data/MuseScore/MuseScore3/plugins.xml"
    flatpak.parent.mkdir(parents=True)
    flatpak.write_bytes(OTHERS)
    before = contents(system.home)
    replace = os.replace

    def refuse_the_first(partial: Path, target: Path) -> None:
        if target == plugin_list_of(system.home):
            raise OSError(28, "No space left on device")
        replace(partial, target)

    with monkeypatch.context() as only_now:
        only_now.setattr(os, "replace", refuse_the_first)
        (done,) = install_everywhere(system, source=source).installed
    assert len(done.list_problems) == 1
    record = read_record(plugins / "jaxmuse")
    assert record is not None
    assert [kept.path for kept in record.lists] == [str(plugin_list_of(system.home)), str(flatpak)]
    uninstall_everywhere(system)
    assert contents(system.home) == before


def test_a_copy_that_somebody_else_made_stays(system: System, source: Path) -> None:
    add_musescore(system.home, 3, OTHERS)
    plugin_list_of(system.home).with_name("plugins.xml.before-jaxmuse").write_text("mine")
    before = contents(system.home)
    install_everywhere(system, source=source)
    uninstall_everywhere(system)
    assert contents(system.home) == before


def test_a_lost_copy_is_made_again_without_the_plugin(system: System, source: Path) -> None:
    add_musescore(system.home, 3, OTHERS)
    before = contents(system.home)
    install_everywhere(system, source=source)
    plugin_list_of(system.home).with_name("plugins.xml.before-jaxmuse").unlink()
    install_everywhere(system, source=source)
    uninstall_everywhere(system)
    assert contents(system.home) == before


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
def test_a_linked_list_stays_a_link(system: System, source: Path, tmp_path: Path) -> None:
    add_musescore(system.home, 3)
    (tmp_path / "dotfiles.xml").write_bytes(OTHERS)
    (tmp_path / "dotfiles.xml").chmod(0o640)
    plugin_list_of(system.home).symlink_to(tmp_path / "dotfiles.xml")
    install_everywhere(system, source=source)
    assert len(active_plugins((tmp_path / "dotfiles.xml").read_bytes())) == 3
    uninstall_everywhere(system)
    assert plugin_list_of(system.home).is_symlink()
    assert (tmp_path / "dotfiles.xml").read_bytes() == OTHERS
    assert stat.S_IMODE((tmp_path / "dotfiles.xml").stat().st_mode) == 0o640
