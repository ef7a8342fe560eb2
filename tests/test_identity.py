"""Two processes count as one program only where nothing that decides notes and files differs."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import bridge.identity as identity


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the program's own files, which the digest is taken of."""
    for name in ("bridge", "jaxmodels"):
        (tmp_path / name).mkdir()
    shutil.copytree(Path(identity.__file__).parent / "part_writing", tmp_path / "bridge" / "part_writing")
    (tmp_path / "jaxmodels" / "decode.py").write_text("pass\n")
    monkeypatch.setattr(identity, "__file__", str(tmp_path / "bridge" / "identity.py"))
    return tmp_path


def digest() -> str:
    identity.program_identity.cache_clear()
    found = identity.program_identity()
    identity.program_identity.cache_clear()
    return found


def touched(*parts: str) -> Callable[[Path, pytest.MonkeyPatch], None]:
    def change(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = program.joinpath(*parts)
        os.utime(path, ns=(0, path.stat().st_mtime_ns + 1))

    return change


def with_variable(name: str) -> Callable[[Path, pytest.MonkeyPatch], None]:
    return lambda program, monkeypatch: monkeypatch.setenv(name, "1")


def new_file(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (program / "jaxmodels" / "new.py").touch()


def other_python(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version", "4.0")


def device_plugin(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (program / "jax_plugins" / "xla_cuda").mkdir(parents=True)
    monkeypatch.syspath_prepend(program)


@pytest.mark.parametrize(
    "change",
    [
        touched("jaxmodels", "decode.py"),
        touched("bridge", "part_writing", "care.py"),
        touched("bridge", "part_writing", "usual_rates.json"),
        with_variable("JAX_DEFAULT_MATMUL_PRECISION"),
        with_variable("XLA_FLAGS"),
        with_variable("CUDA_VISIBLE_DEVICES"),
        new_file,
        other_python,
        device_plugin,
    ],
)
def test_another_program_is_another_one(
    program: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path, pytest.MonkeyPatch], None]
) -> None:
    before = digest()
    assert digest() == before
    change(program, monkeypatch)
    assert digest() != before


@pytest.mark.parametrize("name", ["JAX_COMPILATION_CACHE_DIR", "HOME_OF_SOMETHING"])
def test_what_decides_nothing_does_not_count(
    program: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    before = digest()
    monkeypatch.setenv(name, "elsewhere")
    (program / "bridge" / "notes.txt").touch()
    assert digest() == before


def test_a_models_files_count_one_by_one(tmp_path: Path) -> None:
    weights = tmp_path / "weights.safetensors"
    weights.write_bytes(b"1")
    before = identity.files_identity(tmp_path)
    assert identity.files_identity(tmp_path) == before
    weights.write_bytes(b"12")
    assert identity.files_identity(tmp_path) != before
    assert identity.files_identity(tmp_path / "nowhere") == ""
