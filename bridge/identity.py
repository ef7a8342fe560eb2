"""Whether another process would write the same notes: the program, what it stands on, and a model's files.

Files are told by place, size and time of change, which costs some milliseconds; none is read or imported.
"""

from __future__ import annotations

import functools
import hashlib
import os
import sys
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path

SUFFIXES = (".py", ".json")
"""Of this program's files that notes and reports depend on."""

LIBRARIES = ("jax", "jaxlib", "flax", "numpy", "lxml", "mido")
"""What notes and files depend on."""

VARIABLES = (
    "JAX_",
    "XLA_",
    "CUDA_VISIBLE_DEVICES",
    "HIP_VISIBLE_DEVICES",
    "NVIDIA_TF32_OVERRIDE",
    "ROCR_VISIBLE_DEVICES",
)
"""Beginnings of environment variables that change how a model computes …"""

HARMLESS = ("JAX_COMPILATION_CACHE", "JAX_PERSISTENT_CACHE")
"""… but for these, which say where compiled code is kept."""


@functools.cache
def program_identity() -> str:
    """Return a hexadecimal digest of this program as it stands on disk when this is first called."""
    package = Path(__file__).parent
    folders = (package, package.parent / "jaxmodels")
    files = (path for folder in folders for path in folder.rglob("*") if path.suffix in SUFFIXES)
    sources = [path for path in files if "_checkpoints" not in path.parts]
    origins = (find_spec(name) for name in LIBRARIES)
    libraries = [Path(found.origin).with_name("version.py") for found in origins if found and found.origin]
    inits = [path.with_name("__init__.py") for path in libraries]
    settings = "\n".join(_settings(os.environ))
    return _digest([*sources, *libraries, *inits, *_device_plugins()], f"{sys.version}\n{settings}")


def _device_plugins() -> list[Path]:
    """Return the folders of what lets JAX compute elsewhere than on the CPU."""
    found = find_spec("jax_plugins")
    places = found.submodule_search_locations if found else None
    return [path for place in places or () if Path(place).is_dir() for path in Path(place).iterdir()]


def files_identity(folder: Path) -> str:
    """Return a hexadecimal digest of the files in a model's `folder`, empty where it can't be read."""
    try:
        return _digest(folder.iterdir(), str(folder))
    except OSError:
        return ""


def _settings(environment: Mapping[str, str]) -> list[str]:
    return sorted(
        f"{name}={value}"
        for name, value in environment.items()
        if name.startswith(VARIABLES) and not name.startswith(HARMLESS)
    )


def _digest(paths: Iterable[Path], more: str) -> str:
    lines = [more]
    for path in sorted(paths):
        try:
            status = path.stat()
        except OSError:
            continue
        lines.append(f"{path} {status.st_size} {status.st_mtime_ns}")
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogateescape")).hexdigest()
