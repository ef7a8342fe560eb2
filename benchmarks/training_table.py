"""The table of docs/training.md that `training.py` measured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

Results = dict[str, Any]


def _speed(loop: str) -> Callable[[Results], str]:
    return lambda results: f"{results['loops'][loop]['notes_per_second']:,.0f}"


FIGURES: dict[str, Callable[[Results], str]] = {
    "notes/s, batches made ahead by a thread": _speed("thread"),
    "– by the loop itself": _speed("between"),
    "– there already": _speed("there"),
    "steps/s, made ahead": lambda r: f"{r['loops']['thread']['steps_per_second']:.2f}",
    "a step, its batch there": lambda r: f"{1000 / r['loops']['there']['steps_per_second']:.0f} ms",
    "making a batch, nothing else running": lambda r: f"{1000 * r['batch_seconds']:.0f} ms",
    "steps whose batch came too late": lambda r: f"{r['loops']['thread']['starved']} of {r['steps']}",
    "matrix products of a step": lambda r: f"{r['step_flops'] / 1e9:.1f} GFLOP",
    "the machine's peak, same run": lambda r: f"{r['peak_flops_per_second'] / 1e9:.0f} GFLOP/s",
    "MFU": lambda r: f"{r['mfu']:.0%}",
    "programs of a step, and later ones": lambda r: (
        f"{sum(shape['programs'] for shape in r['shapes'].values())}, {r['programs_later']}"
    ),
    "state, changed in place": lambda r: f"{r['state_bytes'] / 1e6:.0f} MB",
}


def throughput_rows(results: Sequence[Results]) -> list[list[str]]:
    """Return a row for each figure: its words, then it for each of `results`."""
    return [[words, *map(figure, results)] for words, figure in FIGURES.items()]
