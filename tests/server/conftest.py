"""Bridges as processes, a model of dice that is compiled once for all tests, and a score's text."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from server.processes import Home
from tiny_model import save_tiny_model

from bridge.cache import cache_folder


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of models with the one of dice."""
    folder = tmp_path_factory.mktemp("checkpoints")
    save_tiny_model(folder / "lstm-base")
    return folder


@pytest.fixture
def home(tmp_path: Path, model_folder: Path, compiled: Path) -> Iterator[Home]:
    """Folders for bridges, which are killed at the end if they still run."""
    home = Home(tmp_path, model_folder, compiled)
    yield home
    home.end()


@pytest.fixture(scope="session")
def compiled() -> Path:
    """Where the tests' own process keeps compiled code too."""
    return cache_folder() / "compiled"


@pytest.fixture(scope="session")
def chorale_text(examples: Path) -> str:
    """A score as MusicXML."""
    with zipfile.ZipFile(examples / "chorale.mxl") as archive:
        name = next(each for each in archive.namelist() if each.endswith(".musicxml") and "/" not in each)
        return archive.read(name).decode()
