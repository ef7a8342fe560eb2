"""Token models on disk: `config.json` with the vocabulary, `weights.safetensors`, as all models here.

`prompts.json` holds openings of 32 tokens from the music that was held out (or trained on, where nothing
was): generation has to begin somewhere, and the tutorial begins with a window of its validation music.
"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np

from jaxmodels.checkpoint import CONFIG_FILE, CheckpointError, load_weights, save_weights
from jaxmodels.tokens.config import KINDS, TokenConfig
from jaxmodels.whole_file import write_file

PROMPTS_FILE = "prompts.json"


def save_model(
    folder: Path, config: TokenConfig, params: dict, prompts_PT: np.ndarray, facts: dict[str, Any]
) -> None:
    """Write a model that `load_model` reads; each file appears whole or not at all.

    - `prompts_PT`: openings to begin generation with; `facts`: kept as the weights' metadata.
    """
    folder.mkdir(parents=True, exist_ok=True)
    save_weights(folder, params, facts)
    write_file(folder / PROMPTS_FILE, (json.dumps(prompts_PT.tolist()) + "\n").encode())
    write_file(folder / CONFIG_FILE, (json.dumps(dataclasses.asdict(config), indent=1) + "\n").encode())


def is_token_model(folder: Path) -> bool:
    """Whether the folder's configuration is that of a token model."""
    try:
        values = json.loads((folder / CONFIG_FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(values, dict) and values.get("kind") in KINDS


def load_model(folder: Path) -> tuple[TokenConfig, dict, np.ndarray]:
    """Return configuration, weights and openings; raises `CheckpointError`."""
    try:
        values = json.loads((folder / CONFIG_FILE).read_text("utf-8"))
        lists: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in values.items()
        }
        config = TokenConfig(**lists)
        prompts = np.array(json.loads((folder / PROMPTS_FILE).read_text("utf-8")))
    except OSError as error:
        raise CheckpointError(f"{error.filename} can't be read") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise CheckpointError(f"{folder} isn't a model of tokens ({error})") from error
    if prompts.ndim != 2 or prompts.shape[1] != config.window or not len(prompts):
        raise CheckpointError(f"{folder / PROMPTS_FILE} has no openings of {config.window} tokens")
    if prompts.dtype.kind != "i" or prompts.min() < 0 or prompts.max() >= len(config.vocabulary):
        raise CheckpointError(
            f"{folder / PROMPTS_FILE} has tokens beyond the vocabulary of {len(config.vocabulary)}"
        )
    return config, load_weights(folder), prompts.astype(np.int32)
