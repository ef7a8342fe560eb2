"""The curves of a run as one picture, drawn from its `metrics.jsonl`."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np

from jaxmodels.holes import TASKS
from jaxmodels.train_log import LOG_FILE

CURVES_FILE = "curves.png"
SMOOTHED_POINTS = 20
"""Points of the training loss that its smoothed line looks back over (exponentially)."""

_COLOURS = {"continue": "#3b6ea5", "infill": "#c1663d", "staff": "#5b8c5a", "cells": "#8a5a9c"}


def draw_curves(out: Path) -> Path:
    """Draw training loss, validation per task and learning rate of the run in `out`; return the PNG."""
    from matplotlib.figure import Figure

    rows = [json.loads(line) for line in (out / LOG_FILE).read_text("utf-8").splitlines()]
    steps = [row for row in rows if row["kind"] == "step"]
    valid = [row for row in rows if row["kind"] == "valid" and "valid" in row]
    figure = Figure(figsize=(13, 4.2), layout="constrained")
    loss, tasks, rate = figure.subplots(1, 3)
    _draw_loss(loss, steps)
    _draw_tasks(tasks, valid)
    rate.plot([row["step"] for row in steps], [row["rate"] for row in steps], color="#555555")
    rate.set_title("learning rate")
    for axes in (loss, tasks, rate):
        axes.set_xlabel("step")
        axes.grid(alpha=0.3)
    unfinished = out / f".{CURVES_FILE}.{os.getpid()}"
    figure.savefig(unfinished, format="png", dpi=110)
    os.replace(unfinished, out / CURVES_FILE)
    return out / CURVES_FILE


def smoothed(values: list[float], points: float = SMOOTHED_POINTS) -> np.ndarray:
    """Return the exponential mean of `values` over about `points`, without a bias towards its start."""
    keep = 1 - 1 / points
    total = weight = 0.0
    means = []
    for value in values:
        total, weight = keep * total + value, keep * weight + 1
        means.append(total / weight)
    return np.array(means)


def _draw_loss(axes: Any, steps: list[dict[str, Any]]) -> None:
    x, y = [row["step"] for row in steps], [row["loss"] for row in steps]
    axes.plot(x, y, color="#3b6ea5", alpha=0.25)
    axes.plot(x, smoothed(y), color="#3b6ea5")
    if len(y) > SMOOTHED_POINTS:  # the first values are so high that they would flatten the rest
        low, high = min(y), float(np.quantile(y, 0.95))
        axes.set_ylim(low - 0.1, high + 0.1 * (high - low) + 0.1)
    axes.set_title("training loss, nats per note")


def _draw_tasks(axes: Any, valid: list[dict[str, Any]]) -> None:
    axes.set_title("validation, nats per note" if valid else "no validation")
    for task in TASKS:
        points = [(row["step"], row[f"valid_{task}"]) for row in valid if f"valid_{task}" in row]
        if points:
            axes.plot(*zip(*points, strict=True), marker=".", color=_COLOURS[task], label=task)
    if valid:
        mean = [row["valid"] for row in valid]
        axes.plot([row["step"] for row in valid], mean, color="black", linewidth=2, label="mean")
        axes.legend()
