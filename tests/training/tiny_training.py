"""Whole trainings of a tiny model: how small, how long, what they leave."""

from __future__ import annotations

import json
from pathlib import Path

STEPS = 40
SIZES = {
    "context_channels": 4,
    "context_dilations": (1,),
    "residual_channels": 4,
    "skip_channels": 4,
    "dilations": (1,),
    "head_channels": 4,
    "staff_channels": 4,
    "interval_kernels": 1,
}


def metrics(out: Path) -> list[dict]:
    """Return a run's scalars without the speed."""
    lines = [json.loads(line) for line in (out / "metrics.jsonl").read_text().splitlines()]
    return [{key: value for key, value in line.items() if key != "notes_per_second"} for line in lines]
