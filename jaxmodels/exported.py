"""Traced programs kept on disk, so that a later process neither traces nor lowers them again.

A program is StableHLO without weights, some hundred kilobytes; what XLA compiles of it is kept in XLA's own
cache. A process that has just traced a program runs it in the form that it keeps, so that all run the same.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jax
import numpy as np
from jax import export

from jaxmodels.whole_file import write_file

SUFFIX = ".stablehlo"
MOST_KEPT = 64
"""Files; those that weren't used for longest go first. A model has three for each number of staves."""


class Programs:
    """The programs kept in `folder`, each traced at most once for all processes.

    - `identity`: what else they depend on: the code that is traced, its libraries and settings.

    Nothing is raised for a folder that can't be read or written, nor for damaged files: the program is
    traced then, and kept if possible.
    """

    def __init__(self, folder: Path, identity: str) -> None:
        self.folder, self.identity = folder, identity
        self._jitted: dict[str, Any] = {}
        self._seen: dict[tuple, Any] = {}

    def run(self, function: Callable, settings: object, *args: Any) -> Any:
        """Return `function(*args)`, which is to be traced only where it wasn't before.

        - `function`: is known by its qualified name and by `settings`, which is hashable and whose `repr`
          tells all that it depends on besides `args`: trees of arrays.
        """
        leaves, tree = jax.tree.flatten(args)
        kinds = tuple((np.shape(leaf), getattr(leaf, "dtype", type(leaf))) for leaf in leaves)
        seen = (function.__module__, function.__qualname__, settings, tree, kinds)
        if seen not in self._seen:  # `key` takes twenty times as long
            key = self.key(function, settings, args)
            if key not in self._jitted:
                self._jitted[key] = jax.jit(self.exported(key, function, args).call)
            self._seen[seen] = self._jitted[key]
        return self._seen[seen](*args)

    def compiled(self) -> int:
        """Return how many programs were compiled, or loaded from XLA's cache, in this process."""
        return sum(jitted._cache_size() for jitted in self._jitted.values())

    def key(self, function: Callable, settings: object, args: tuple) -> str:
        """Return the name under which a program is kept, for these shapes and this kind of device."""
        leaves, tree = jax.tree.flatten(_shapes(args))
        shapes = [(leaf.shape, str(leaf.dtype)) for leaf in leaves]
        name = f"{function.__module__}.{function.__qualname__}"
        told = (self.identity, jax.__version__, jax.default_backend(), name, settings, str(tree), shapes)
        return hashlib.sha256(repr(told).encode()).hexdigest()

    def exported(self, key: str, function: Callable, args: tuple) -> export.Exported:
        """Return the program kept under `key`, traced and kept first where there is none."""
        path = self.folder / f"{key}{SUFFIX}"
        data = _read(path)
        if data is not None:
            return export.deserialize(bytearray(data))
        program = export.export(jax.jit(function))(*_shapes(args))
        data = bytes(program.serialize())
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            write_file(path, hashlib.sha256(data).digest() + data)
            self._tidy()
        return program

    def _tidy(self) -> None:
        kept = sorted(self.folder.glob(f"*{SUFFIX}"), key=lambda path: -path.stat().st_mtime)
        for path in kept[MOST_KEPT:]:
            path.unlink()


_storable: set[type] = set()
_storing = threading.Lock()


def make_storable(*kinds: type) -> None:
    """Let programs take and return these named tuples; those that they may already are passed over."""
    with _storing:
        for kind in kinds:
            if kind in _storable:
                continue
            name = f"{kind.__module__}.{kind.__qualname__}"
            export.register_namedtuple_serialization(kind, serialized_name=name)
            _storable.add(kind)


def _shapes(args: tuple) -> tuple:
    """Return `args` with shapes and dtypes in the place of arrays."""
    return jax.eval_shape(lambda *each: each, *args)


def _read(path: Path) -> bytes | None:
    """Return what was kept, None where there is nothing or not the whole; its use is noted."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    if hashlib.sha256(data[32:]).digest() != data[:32]:
        return None
    with contextlib.suppress(OSError):
        os.utime(path)
    return data[32:]
