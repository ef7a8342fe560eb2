from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from untrained import CONFIG

from jaxmodels.checkpoint import (
    CheckpointError,
    load_config,
    load_facts,
    load_model,
    parameter_count,
    save_model,
)

PARAMS = {
    "encoder": {"cells": {"kernel": np.arange(6, dtype=np.float32).reshape(2, 3), "bias": np.ones(3)}},
    "heads": {"intervals": np.float32([[0.5, -0.5]])},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save_model(tmp_path / "model", CONFIG, PARAMS, {"steps": 12, "valid": 3.25})
    return tmp_path / "model"


def test_a_model_comes_back_bit_for_bit(folder: Path) -> None:
    config, params = load_model(folder)
    assert config == CONFIG
    assert params.keys() == PARAMS.keys()
    for name in ("kernel", "bias"):
        kept, saved = params["encoder"]["cells"][name], PARAMS["encoder"]["cells"][name]
        assert kept.dtype == saved.dtype
        np.testing.assert_array_equal(kept, saved)
    np.testing.assert_array_equal(params["heads"]["intervals"], PARAMS["heads"]["intervals"])
    assert load_facts(folder) == {"steps": 12, "valid": 3.25}
    assert parameter_count(params) == 11


def test_only_whole_files_are_left_behind(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == ["config.json", "weights.safetensors"]
    assert (folder / "weights.safetensors").stat().st_mode & 0o777 == 0o644


def test_the_same_model_is_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    backwards = {key: PARAMS[key] for key in reversed(PARAMS)}
    save_model(tmp_path / "again", CONFIG, backwards, {"steps": 12, "valid": 3.25})
    for name in ("config.json", "weights.safetensors"):
        assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes()


@pytest.mark.parametrize("keep", [0, 7, 8, 60, -1])
def test_cut_weights_are_damaged_weights(folder: Path, keep: int) -> None:
    weights = folder / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:keep])
    with pytest.raises(CheckpointError, match=r"weights\.safetensors is damaged"):
        load_model(folder)


def test_garbage_is_damaged_weights(folder: Path) -> None:
    (folder / "weights.safetensors").write_bytes(b"PK\x03\x04" * 100)
    with pytest.raises(CheckpointError, match=r"weights\.safetensors is damaged"):
        load_model(folder)
    assert load_facts(folder) == {}


@pytest.mark.parametrize("missing", ["config.json", "weights.safetensors"])
def test_a_missing_file_is_named(folder: Path, missing: str) -> None:
    (folder / missing).unlink()
    with pytest.raises(CheckpointError, match=f"has no readable {missing}"):
        load_model(folder)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[1, 2]",
        '"wavenet"',
        "null",
        '{"wings": 2}',
        '{"residual_channels": "wide"}',
        '{"kernel_size": 0}',
        '{"dilations": 3}',
        '{"dilations": ["one"]}',
    ],
)
def test_a_wrong_configuration_is_refused(folder: Path, text: str) -> None:
    (folder / "config.json").write_text(text)
    with pytest.raises(CheckpointError, match=r"config\.json isn't a model's configuration"):
        load_config(folder)


def test_a_configuration_that_is_no_text_is_refused(folder: Path) -> None:
    (folder / "config.json").write_bytes(b"\xff\xfe\x00{}")
    with pytest.raises(CheckpointError, match=r"config\.json isn't a model's configuration"):
        load_config(folder)


def test_facts_of_a_folder_without_weights_are_empty(tmp_path: Path) -> None:
    assert load_facts(tmp_path) == {}


def test_the_saved_configuration_reads_as_json(folder: Path) -> None:
    assert json.loads((folder / "config.json").read_text())["dilations"] == [1, 2, 4]
