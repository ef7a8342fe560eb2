"""Models on disk.

A released model is a folder: `config.json`, `weights.safetensors`, `MODEL_CARD.md`; no pickle anywhere.
A training's state (weights, averages, optimiser, step) is kept by Orbax in the run's own folder.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jax
import numpy as np
from flax import traverse_util

from jaxmodels.config import ModelConfig, model_config_from_json, to_json
from jaxmodels.rbm.config import KIND as RBM
from jaxmodels.rbm.config import RbmConfig, rbm_config_from_json
from jaxmodels.whole_file import write_file

CONFIG_FILE = "config.json"
WEIGHTS_FILE = "weights.safetensors"


class CheckpointError(Exception):
    """A folder that isn't a usable model; the message says why."""


def save_model(
    folder: Path, config: ModelConfig | RbmConfig, params: dict, facts: dict[str, Any] | None = None
) -> None:
    """Write a model that `load_model` reads; each file appears whole or not at all.

    - `facts`: what the card and `jaxmuse models` tell (steps, NLL, …), kept as the weights' metadata.
    """
    folder.mkdir(parents=True, exist_ok=True)
    save_weights(folder, params, facts)
    write_file(folder / CONFIG_FILE, (to_json(config) + "\n").encode())


def save_weights(folder: Path, params: dict, facts: dict[str, Any] | None = None) -> None:
    """Write `params` with `facts` into a folder that is there."""
    from safetensors.numpy import save

    flat = {"/".join(path): np.asarray(leaf) for path, leaf in traverse_util.flatten_dict(params).items()}
    metadata = {"facts": json.dumps(facts or {})}
    write_file(folder / WEIGHTS_FILE, save(dict(sorted(flat.items())), metadata=metadata))


def load_config(folder: Path) -> ModelConfig | RbmConfig:
    """Return the configuration of a saved model; raises `CheckpointError`."""
    try:
        text = (folder / CONFIG_FILE).read_text()
        values = json.loads(text)
        if isinstance(values, dict) and values.get("kind") == RBM:
            return rbm_config_from_json(text)
        return model_config_from_json(text)
    except OSError as error:
        raise CheckpointError(f"{folder} has no readable {CONFIG_FILE}") from error
    except (ValueError, TypeError) as error:
        raise CheckpointError(f"{folder / CONFIG_FILE} isn't a model's configuration ({error})") from error


def load_model(folder: Path) -> tuple[ModelConfig | RbmConfig, dict]:
    """Return configuration and parameters of a saved model; raises `CheckpointError`."""
    config = load_config(folder)
    return config, load_weights(folder)


def load_weights(folder: Path) -> dict:
    """Return what `save_weights` wrote; raises `CheckpointError`."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        flat = load((folder / WEIGHTS_FILE).read_bytes())
    except OSError as error:
        raise CheckpointError(f"{folder} has no readable {WEIGHTS_FILE}") from error
    except SafetensorError as error:
        raise CheckpointError(f"{folder / WEIGHTS_FILE} is damaged ({error})") from error
    return traverse_util.unflatten_dict({tuple(key.split("/")): value for key, value in flat.items()})


def load_facts(folder: Path) -> dict[str, Any]:
    """Return what was recorded about a saved model's training; empty if nothing was."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(folder / WEIGHTS_FILE, framework="numpy") as file:
            facts = json.loads((file.metadata() or {}).get("facts", "{}"))
    except (OSError, ValueError, SafetensorError):
        return {}
    return facts if isinstance(facts, dict) else {}


def parameter_count(params: dict) -> int:
    """Return the number of scalars in `params`."""
    return sum(leaf.size for leaf in jax.tree.leaves(params))
