"""Imports point one way: bridge → jaxmodels, and jaxmodels knows arrays only."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODELS = sorted((ROOT / "jaxmodels").rglob("*.py"))
ALLOWED = {"jax", "jaxlib", "flax", "optax", "numpy", "orbax", "safetensors", "jaxmodels"}


def imported_packages(source: str) -> set[str]:
    """Return the top-level packages that a module imports, wherever in it it does so."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add((node.module or "").partition(".")[0])
    return names


def test_imports_are_found_wherever_they_stand() -> None:
    source = "import os.path\nfrom . import x\nif x:\n  from music21.note import Note\n  import bridge.io"
    assert imported_packages(source) == {"os", "music21", "bridge"}


@pytest.mark.parametrize("path", MODELS, ids=lambda path: str(path.relative_to(ROOT)))
def test_models_know_arrays_only(path: Path) -> None:
    imported = imported_packages(path.read_text(encoding="utf-8"))
    assert imported - ALLOWED - set(sys.stdlib_module_names) == set()


@pytest.mark.parametrize("name", ["score", "errors", "measure_choice", "staff_choice", "regions", "output"])
def test_the_words_of_scores_know_no_library(name: str) -> None:
    imported = imported_packages((ROOT / "bridge" / f"{name}.py").read_text(encoding="utf-8"))
    assert imported - {"bridge"} - set(sys.stdlib_module_names) == set()
