"""Models by name, each loaded once."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tiny_model import save_tiny_model

from bridge import fill, models
from bridge.errors import ModelError
from bridge.identity import files_identity
from bridge.server.loaded_models import LoadedModels
from bridge.server.problems import Refusal


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checkpoints")
    save_tiny_model(folder / "lstm-base")
    return folder


@pytest.fixture
def loaded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> LoadedModels:
    monkeypatch.setattr(models, "checkpoints_folder", lambda: folder)
    return LoadedModels()


def test_a_model_is_loaded_once(loaded: LoadedModels) -> None:
    assert loaded.get("lstm") is loaded.get("lstm")


def test_the_list_does_not_wait_for_a_model(loaded: LoadedModels, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, loading = threading.Event(), threading.Event()
    real = fill.load_model

    def slow(name: str) -> models.Model:
        begun.set()
        assert loading.wait(10)
        return real(name)

    monkeypatch.setattr(fill, "load_model", slow)
    with ThreadPoolExecutor(2) as threads:
        getting = threads.submit(loaded.get, "lstm")
        assert begun.wait(10)
        try:
            assert threads.submit(loaded.listed).result(5).models[0].name == "lstm"
        finally:
            loading.set()
        assert getting.result(10).name == "lstm"


def test_what_is_listed_names_no_folder(loaded: LoadedModels, folder: Path) -> None:
    listed = loaded.listed()
    assert [each.name for each in listed.models] == ["lstm"]
    assert listed.models[0].styles == ["made"]
    assert str(folder) not in listed.model_dump_json()


@pytest.mark.parametrize("name", ["lstm-base", "wavenet", ".", "..", "lstm/../lstm"])
def test_other_names_are_no_models_even_where_they_are_folders(
    loaded: LoadedModels, folder: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder / "lstm-base")
    with pytest.raises(ModelError, match=r"there is no model '.*'\. Take one of lstm\."):
        loaded.get(name)


def test_a_model_whose_files_have_changed_is_another_one(loaded: LoadedModels, folder: Path) -> None:
    weights = folder / "lstm-base" / "weights.safetensors"
    loaded.check_state("lstm", files_identity(weights.parent))
    os.utime(weights, ns=(0, weights.stat().st_mtime_ns + 1))
    with pytest.raises(Refusal) as caught:
        loaded.check_state("lstm", files_identity(weights.parent))
    assert caught.value.problem.code == "other_model"
