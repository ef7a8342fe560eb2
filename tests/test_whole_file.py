"""A file appears whole or not at all, and what went wrong is said in the system's words."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from bridge.errors import WriteError
from bridge.private_file import claim_private, write_private
from bridge.whole_file import reason, write_whole

posix = pytest.mark.skipif(os.name != "posix", reason="file modes and links are POSIX's")


def test_it_is_written_and_nothing_else_is_left(tmp_path: Path) -> None:
    write_whole(tmp_path / "a.mxl", b"music")
    assert (tmp_path / "a.mxl").read_bytes() == b"music"
    assert os.listdir(tmp_path) == ["a.mxl"]


def test_the_permissions_are_those_of_any_new_file_or_of_the_replaced_one(tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(b"")
    output = tmp_path / "a.mxl"
    write_whole(output, b"1")
    assert output.stat().st_mode == (tmp_path / "plain").stat().st_mode
    output.chmod(0o640)
    write_whole(output, b"2", force=True)
    assert (output.read_bytes(), stat.S_IMODE(output.stat().st_mode)) == (b"2", 0o640)


def test_a_file_that_is_there_is_kept_unless_forced(tmp_path: Path) -> None:
    output = tmp_path / "a.mxl"
    output.write_bytes(b"old")
    expected = (
        f"{output}: it is there already. "
        "Choose another name, or allow overwriting (--force; force=True in Python)."
    )
    with pytest.raises(WriteError) as error:
        write_whole(output, b"new")
    assert str(error.value) == expected
    assert output.read_bytes() == b"old"
    write_whole(output, b"new", force=True)
    assert output.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["a.mxl"]


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real.mxl").write_bytes(b"old")
    (tmp_path / "link.mxl").symlink_to("real.mxl")
    write_whole(tmp_path / "link.mxl", b"new", force=True)
    assert (tmp_path / "link.mxl").is_symlink()
    assert (tmp_path / "real.mxl").read_bytes() == b"new"


@pytest.mark.parametrize("write", [write_whole, write_private, claim_private])
@pytest.mark.parametrize("failing", ["fsync", "replace"])
@pytest.mark.parametrize("problem", [KeyboardInterrupt(), OSError(28, "No space left on device")])
def test_nothing_is_left_of_a_write_that_is_interrupted(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    write: Callable[[Path, bytes], object],
    failing: str,
    problem: BaseException,
) -> None:
    def fail(*_: object) -> None:
        raise problem

    monkeypatch.setattr(os, failing, fail)
    if write is claim_private:  # which renames only where there are no links
        monkeypatch.setattr(os, "link", lambda *_: os.open(tmp_path, os.O_WRONLY))
    with pytest.raises((KeyboardInterrupt, WriteError)) as caught:
        write(tmp_path / "a.mxl", b"music")
    monkeypatch.undo()
    assert os.listdir(tmp_path) == []
    if isinstance(caught.value, WriteError):
        assert str(caught.value) == (
            f"{tmp_path / 'a.mxl'}: it can't be written (no space left on device). "
            "Make sure that the folder belongs to you and that the disk isn't full."
        )


@posix
def test_a_private_file_is_its_owners_and_replaces_a_link(tmp_path: Path) -> None:
    (tmp_path / "shared").write_bytes(b"of others")
    (tmp_path / "token").symlink_to(tmp_path / "shared")
    write_private(tmp_path / "token", b"secret")
    assert (tmp_path / "shared").read_bytes() == b"of others"
    assert not (tmp_path / "token").is_symlink()
    assert stat.S_IMODE((tmp_path / "token").stat().st_mode) == 0o600


def test_who_is_first_keeps_the_name(tmp_path: Path) -> None:
    assert claim_private(tmp_path / "token", b"first")
    assert not claim_private(tmp_path / "token", b"second")
    assert (tmp_path / "token").read_bytes() == b"first"
    assert os.listdir(tmp_path) == ["token"]


def test_the_reason_is_the_systems(tmp_path: Path) -> None:
    with pytest.raises(WriteError) as error:
        write_whole(tmp_path / "gone" / "a", b"")
    assert reason(error.value) == "no such file or directory"
    assert reason(OSError()) == "oserror"
