"""Scripts of benchmarks/ and docs/, which no package holds, as modules."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[1]


def loaded_script(path: str) -> ModuleType:
    """Return the module in `path`, relative to the checkout, run anew.

    What it imports from its own folder must be found already (`monkeypatch.syspath_prepend`).
    """
    name = f"loaded_{Path(path).stem}"
    spec = importlib.util.spec_from_file_location(name, ROOT / path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look themselves up there
    spec.loader.exec_module(module)
    return module
