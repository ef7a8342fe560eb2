"""The token is made once and is private; every installed plugin learns where the bridge listens."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bridge import connection
from bridge.errors import WriteError

posix = pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@posix
def test_the_token_is_the_users_alone_and_stays(config: Path) -> None:
    os.umask(os.umask(0))
    token = connection.load_or_make_token()
    assert len(token) == 43
    assert (mode(config), mode(config / "token")) == (0o700, 0o600)
    assert connection.load_or_make_token() == token == connection.known_token()


@posix
def test_a_token_that_others_could_read_is_closed_to_them(config: Path) -> None:
    token = connection.load_or_make_token()
    (config / "token").chmod(0o644)
    assert connection.load_or_make_token() == token
    assert mode(config / "token") == 0o600


@pytest.mark.parametrize("damage", ["", "\n", "short", "ä" * 40, "two words " * 9])
def test_a_damaged_token_is_replaced(config: Path, damage: str) -> None:
    before = connection.load_or_make_token()
    (config / "token").write_text(damage, "utf-8")
    assert connection.known_token() is None
    assert connection.load_or_make_token() not in (before, damage)


def test_many_who_ask_at_once_get_one_token() -> None:
    with ThreadPoolExecutor(16) as pool:
        tokens = set(pool.map(lambda _: connection.load_or_make_token(), range(64)))
    assert len(tokens) == 1


def test_a_configuration_folder_that_cant_be_made_is_a_sentence(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.write_text("a file")
    monkeypatch.setenv("JAXMUSE_CONFIG", str(config / "deeper"))
    with pytest.raises(WriteError, match=r"can't be written .*belongs to you"):
        connection.load_or_make_token()


@posix
def test_announced_port_reaches_every_plugin_and_stays(tmp_path: Path, config: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two", tmp_path / "gone"]
    for folder in folders[:2]:
        folder.mkdir()
        connection.write_connection(folder)
    for folder in [*folders, folders[0]]:
        connection.record_plugin_folder(folder)
    assert connection.plugin_folders() == folders
    assert connection.announce(4567, os.getpid()) == []
    assert connection.running() == connection.Running(os.getpid(), 4567)
    for folder in folders[:2]:
        found = connection.read_connection(folder)
        assert found == {
            "version": 1,
            "host": "127.0.0.1",
            "port": 4567,
            "token": connection.load_or_make_token(),
            "start": [sys.executable, "-P", "-m", "bridge", "serve", "--background"],
            "say": "jaxmuse serve",
        }
        assert mode(folder / "connection.json") == 0o600
        assert os.listdir(folder) == ["connection.json"]
    assert not folders[2].exists()
    assert mode(config / "bridge.json") == 0o600
    connection.withdraw()
    assert connection.running() is None
    connection.write_connection(folders[0])
    assert (connection.read_connection(folders[0]) or {})["port"] == 4567
    connection.forget_plugin_folder(folders[0])
    assert connection.plugin_folders() == folders[1:]


def test_a_plugin_that_cant_be_told_doesnt_stop_the_bridge(tmp_path: Path, lock) -> None:
    (tmp_path / "plugin").mkdir()
    connection.write_connection(tmp_path / "plugin")
    connection.record_plugin_folder(tmp_path / "plugin")
    lock(tmp_path / "plugin")
    (problem,) = connection.announce(4567, os.getpid())
    assert str(problem).startswith(f"{tmp_path / 'plugin' / 'connection.json'}: it can't be written")
    assert connection.running() == connection.Running(os.getpid(), 4567)


def test_the_start_command_is_kept_while_its_program_exists(tmp_path: Path) -> None:
    connection.write_connection(tmp_path, start=[sys.executable, "else"])
    connection.write_connection(tmp_path, 5000)
    assert (connection.read_connection(tmp_path) or {})["start"] == [sys.executable, "else"]
    connection.write_connection(tmp_path, start=[str(tmp_path / "gone" / "python")])
    connection.write_connection(tmp_path, 5000)
    assert (connection.read_connection(tmp_path) or {})["start"] == list(connection.START)


def test_a_bridge_that_was_killed_doesnt_run(config: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        connection.announce(4567, process.pid)
        assert connection.running() == connection.Running(process.pid, 4567)
        process.kill()
        for _ in range(500):  # a zombie now, which counts as dead
            if connection.running() is None:
                break
        assert connection.running() is None
    finally:
        process.kill()
        process.communicate()
    assert connection.running() is None


def test_another_process_with_a_dead_bridges_number_isnt_the_bridge(config: Path) -> None:
    connection.announce(4567, os.getpid())
    found = json.loads((config / "bridge.json").read_text())
    (config / "bridge.json").write_text(json.dumps({**found, "started": found["started"] - 3600}))
    assert connection.running() is None


WRONG_TYPES = '{"pid": "x", "port": "1", "started": 1, "start": 3}'


@pytest.mark.parametrize("content", ["", "[]", "{}", WRONG_TYPES, "\x00", "[" * 9])
def test_damaged_files_are_as_if_they_werent_there(config: Path, content: str) -> None:
    config.mkdir()
    for name in ("bridge.json", "plugin_folders.json", "connection.json"):
        (config / name).write_text(content)
    assert connection.running() is None
    assert connection.plugin_folders() == []
    connection.write_connection(config)
    assert (connection.read_connection(config) or {})["port"] == connection.DEFAULT_PORT
    assert (connection.read_connection(config) or {})["start"] == list(connection.START)


def test_all_of_it_can_be_removed(config: Path, tmp_path: Path) -> None:
    connection.announce(4567, os.getpid())
    connection.record_plugin_folder(tmp_path)
    connection.load_or_make_token()
    connection.lock_path().touch()
    connection.remove_configuration()
    assert not config.exists()
