"""Where measured figures lie, and how a table of them is written."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"
MODELS = ("lstm", "wavenet")


def result(name: str) -> Any:
    """Return what the benchmark wrote into `name`."""
    return json.loads((RESULTS / name).read_text("utf-8"))


def markdown(columns: Sequence[str], rows: Sequence[Sequence[str]], words: int = 1) -> str:
    """Return a table whose first `words` columns hold words, the others figures."""
    ruler = "|" + "---|" * words + "---:|" * (len(columns) - words)
    lines = ["| " + " | ".join(cells) + " |" for cells in (columns, *rows)]
    return "\n".join([lines[0], ruler, *lines[1:]]) + "\n"
