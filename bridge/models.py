"""Released and own models: where they lie and how they are named."""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bridge.cache import cache_folder
from bridge.errors import ModelError
from bridge.identity import program_identity
from jaxmodels.config import ModelConfig
from jaxmodels.rbm.config import KIND as RBM
from jaxmodels.rbm.config import RbmConfig

if TYPE_CHECKING:
    from jaxmodels.copy_sketch import CopySketch
    from jaxmodels.exported import Programs

RELEASED = {"lstm": "lstm-base", "wavenet": "wavenet-base", "rbm": "rbm-base"}
"""Short names of the released models."""

DEFAULT_MODEL = "lstm"
"""What fills where nobody names a model; `musescore_plugin/settings.js` says the same."""


@dataclass(frozen=True)
class Model:
    """A model ready to fill: its name, configuration, parameters and folder.

    - `name`: the short name of a released model, else that of the folder that the user named.
    """

    name: str
    config: ModelConfig | RbmConfig
    params: dict
    folder: Path

    def stepwise(self) -> ModelConfig:
        """Return the configuration of a model that draws note by note; raises `ModelError` for another."""
        if isinstance(self.config, RbmConfig):
            raise ModelError(
                "a restricted Boltzmann machine has no exact likelihood of a note",
                where=f"option --model {self.name}",
                fix="Take wavenet or lstm.",
            )
        return self.config

    @functools.cached_property
    def copy_sketch(self) -> CopySketch | None:
        """What it was trained on, to recognise copies by; None if the folder has no sketch.

        Read when it is asked for first; raises `ModelError` if it is damaged.
        """
        from jaxmodels.copy_sketch import SKETCH_FILE, SketchError, load_sketch

        try:
            return load_sketch(self.folder)
        except SketchError as error:
            raise ModelError(
                str(error),
                where=f"option --model {self.name}",
                fix=f"Delete {SKETCH_FILE} (copies go unnoticed then), or train it again.",
            ) from error


def checkpoints_folder() -> Path:
    """Return where the released models lie: inside the installed package, else in the checkout."""
    import jaxmodels

    package = Path(jaxmodels.__file__).parent
    packaged = package / "_checkpoints"
    return packaged if packaged.is_dir() else package.parent / "checkpoints"


def load_model(name_or_path: str = DEFAULT_MODEL) -> Model:
    """Return the released model of that name, or the one in that folder; raises `ModelError`.

    A training's folder works too: its best model is taken.
    """
    use_compilation_cache()
    program_identity()  # of the code that is loaded now, whatever happens on disk before it is traced
    from jaxmodels.checkpoint import CheckpointError
    from jaxmodels.checkpoint import load_model as load
    from jaxmodels.model import BACKBONES
    from jaxmodels.tokens.checkpoint import is_token_model

    folder = model_folder(name_or_path)
    if is_token_model(folder):
        raise ModelError(
            "it knows notes and chords without durations, so that it can't fill a score",
            where=f"option --model {name_or_path}",
            fix=f"Use it with jaxmuse generate --model {name_or_path}, or fill with another model.",
        )
    try:
        config, params = load(folder)
    except CheckpointError as error:
        raise ModelError(
            str(error),
            where=f"option --model {name_or_path}",
            fix="Give a folder written by jaxmuse train.",
        ) from error
    if config.kind not in (*BACKBONES, RBM):
        raise ModelError(
            f"its kind of model, '{config.kind}', is unknown to this version of jaxmuse",
            where=f"option --model {name_or_path}",
            fix="Take another model, or a newer jaxmuse.",
        )
    name = name_or_path if name_or_path in RELEASED else Path(name_or_path).absolute().name
    return Model(name, config, params, folder)


def list_models() -> list[dict[str, Any]]:
    """Return each released model's name, kind, parameters, size_bytes, test_nll, styles, path and facts.

    `test_nll` is the mean over the tasks of the test split in nats per note, None where it isn't recorded;
    `styles` are those that can be asked for; `facts` is all that was recorded of its training. Raises
    `ModelError` for a damaged model.
    """
    from bridge.character import known_styles
    from jaxmodels.checkpoint import CheckpointError, load_config, load_facts

    found = []
    for name, folder_name in RELEASED.items():
        folder = checkpoints_folder() / folder_name
        if not (folder / "config.json").is_file():
            continue
        try:
            config = load_config(folder)
        except CheckpointError as error:
            raise ModelError(str(error), where=f"model '{name}'", fix="Install jaxmuse again.") from error
        facts = load_facts(folder)
        found.append(
            {
                "name": name,
                "kind": config.kind,
                "parameters": facts.get("parameters", 0),
                "size_bytes": sum(file.stat().st_size for file in folder.iterdir() if file.is_file()),
                "test_nll": _mean(facts.get("test") or {}),
                "styles": known_styles(config.styles),
                "path": str(folder),
                "facts": facts,
            }
        )
    return found


def _mean(figures: Mapping[str, float]) -> float | None:
    tasks = [value for name, value in figures.items() if name != "mean"]
    return sum(tasks) / len(tasks) if tasks else None


def model_folder(name_or_path: str) -> Path:
    """Return the folder of the model that `load_model` would load; raises `ModelError`."""
    if name_or_path in (*RELEASED, *RELEASED.values()):
        folder = checkpoints_folder() / RELEASED.get(name_or_path, name_or_path)
        if not folder.is_dir():
            raise ModelError(
                f"the released model isn't where it should be ({folder})",
                where=f"option --model {name_or_path}",
                fix="Install jaxmuse again.",
            )
        return folder
    folder = Path(name_or_path)
    for candidate in (folder, folder / "best"):
        if (candidate / "config.json").is_file():
            return candidate
    raise ModelError(
        "there is no such model",
        where=f"option --model {name_or_path}",
        fix=f"Take one of {', '.join(RELEASED)}, or a folder written by jaxmuse train.",
    )


@contextlib.contextmanager
def weights_that_fit(name: str) -> Iterator[None]:
    """Raise `ModelError` where the weights of the model `name` turn out not to be of its configuration."""
    from flax.errors import FlaxError

    try:
        yield
    except FlaxError as error:
        raise ModelError(
            "its weights don't fit this version of jaxmuse",
            where=f"option --model {name}",
            fix="Train it again, or use the version that made it.",
        ) from error


@functools.cache
def kept_programs() -> Programs:
    """Return the traced code in the user's cache folder; that of another version is never taken."""
    from jaxmodels.exported import Programs

    return Programs(cache_folder() / "traced", program_identity())


def use_compilation_cache() -> None:
    """Keep compiled code in the user's cache folder, so that only the first run ever compiles."""
    import jax

    if os.environ.get("JAX_COMPILATION_CACHE_DIR"):
        return
    jax.config.update("jax_compilation_cache_dir", str(cache_folder() / "compiled"))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.2)
