"""Released and own models: where they lie and how they are named."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bridge.errors import ModelError
from jaxmodels.config import ModelConfig

RELEASED = {"wavenet": "wavenet-base"}
"""Short names of the released models."""


@dataclass(frozen=True)
class Model:
    """A model ready to fill: its short name, configuration, parameters and folder."""

    name: str
    config: ModelConfig
    params: dict
    folder: Path


def checkpoints_folder() -> Path:
    """Return where the released models lie: inside the installed package, else in the checkout."""
    import jaxmodels

    package = Path(jaxmodels.__file__).parent
    packaged = package / "_checkpoints"
    return packaged if packaged.is_dir() else package.parent / "checkpoints"


def load_model(name_or_path: str = "wavenet") -> Model:
    """Return the released model of that name, or the one in that folder; raises `ModelError`.

    A training's folder works too: its best model is taken.
    """
    from jaxmodels.checkpoint import CheckpointError
    from jaxmodels.checkpoint import load_model as load

    use_compilation_cache()
    folder = _folder_of(name_or_path)
    try:
        config, params = load(folder)
    except CheckpointError as error:
        raise ModelError(
            str(error), where=f"--model {name_or_path}", fix="Give a folder written by jaxmuse train."
        ) from error
    return Model(name_or_path if name_or_path in RELEASED else folder.name, config, params, folder)


def list_models() -> list[dict[str, Any]]:
    """Return each released model's name, kind, parameters, size_bytes, path and its training's record."""
    from jaxmodels.checkpoint import load_config, load_facts

    found = []
    for name, folder_name in RELEASED.items():
        folder = checkpoints_folder() / folder_name
        if not (folder / "config.json").is_file():
            continue
        facts = load_facts(folder)
        found.append(
            {
                "name": name,
                "kind": load_config(folder).kind,
                "parameters": facts.get("parameters", 0),
                "size_bytes": sum(file.stat().st_size for file in folder.iterdir() if file.is_file()),
                "path": str(folder),
                "facts": facts,
            }
        )
    return found


def _folder_of(name_or_path: str) -> Path:
    if name_or_path in (*RELEASED, *RELEASED.values()):
        folder = checkpoints_folder() / RELEASED.get(name_or_path, name_or_path)
        if not folder.is_dir():
            raise ModelError(
                f"the released model isn't where it should be ({folder})",
                where=f"--model {name_or_path}",
                fix="Install jaxmuse again.",
            )
        return folder
    folder = Path(name_or_path)
    for candidate in (folder, folder / "best"):
        if (candidate / "config.json").is_file():
            return candidate
    raise ModelError(
        "there is no such model",
        where=f"--model {name_or_path}",
        fix=f"Take one of {', '.join(RELEASED)}, or a folder written by jaxmuse train.",
    )


def use_compilation_cache() -> None:
    """Keep compiled code in the user's cache folder, so that only the first run ever compiles."""
    import jax
    from platformdirs import user_cache_path

    if os.environ.get("JAX_COMPILATION_CACHE_DIR"):
        return
    base = os.environ.get("JAXMUSE_CACHE")
    folder = (Path(base) if base else user_cache_path("jaxmuse")) / "compiled"
    jax.config.update("jax_compilation_cache_dir", str(folder))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.2)
