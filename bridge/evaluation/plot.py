"""An evaluation at a glance: every system's figures by task, with intervals."""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import cycle
from typing import Any

from bridge.evaluation.likelihood import NGRAM, left_only
from bridge.evaluation.samples import BASELINES, COPY, RANDOM, REAL

_MODEL_COLOURS = ("#1f5fa8", "#c1440e", "#5b8c5a", "#8a5a9c", "#b8860b")
_COLOURS = {NGRAM: "#8c8c8c", COPY: "#b0a070", RANDOM: "#b287b2", REAL: "#222222"}
_MARKERS = {NGRAM: "s", COPY: "D", RANDOM: "v", REAL: "_"}
PANELS = (
    ("note_f1", "Note F1", "the same onset, staff and pitch; higher is better"),
    ("histogram_distance", "Pitch-class distance", "to the real music in the hole; lower is better"),
    ("groove_similarity", "Groove similarity", "to the measures around; nearer to the line is better"),
    ("in_key", "In key", "share of notes; nearer to the line is better"),
    ("triads", "Triads and sevenths", "share of beats; nearer to the line is better"),
)
_TRIVIAL = ("note_f1", "histogram_distance")
"""Metrics that compare with the real music, of which its own figure says nothing."""


def plot_png(result: dict[str, Any]) -> bytes:
    """Return the picture of an evaluation's result as PNG."""
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

    models = [model["name"] for model in result["models"]]
    looks = _looks(models)
    figure = Figure(figsize=(14, 8), layout="constrained")
    axes = figure.subplots(2, 3).ravel()
    likelihood, samples = result["likelihood"], result["samples"]
    tasks = list(likelihood)
    shown = [name for model in models for name in (model, left_only(model))]
    nats = {name: [likelihood[task]["systems"][name]["nll"] for task in tasks] for name in [*shown, NGRAM]}
    _panel(axes[0], tasks, nats, looks)
    _title(axes[0], "Nats per note", "of the real music in the hole; lower is better")
    axes[0].set_ylim(bottom=0)
    for place, (metric, title, words) in enumerate(PANELS, start=1):
        systems = [*models, *BASELINES, *([] if metric in _TRIVIAL else [REAL])]
        figures = {
            name: [samples[task]["systems"][name]["metrics"][metric] for task in tasks] for name in systems
        }
        _panel(axes[place], tasks, figures, looks)
        _title(axes[place], title, words)
        if metric in _TRIVIAL:
            axes[place].set_ylim(bottom=0)
    handles = [Line2D([], [], linestyle="", label=name, **look) for name, look in looks.items()]
    figure.legend(handles=handles, loc="outside lower center", ncols=min(8, len(handles)), frameon=False)
    works = result["works"]
    figure.suptitle(
        f"{', '.join(models)}: {result['holes']} holes a task in {works['count']} {works['source']}; "
        "bars and grey bands are 95 % intervals over works",
        fontsize=11,
    )
    picture = io.BytesIO()
    figure.savefig(picture, format="png", dpi=110)
    return picture.getvalue()


def _looks(models: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return each system's colour and marker, in the order of the legend."""
    looks: dict[str, dict[str, Any]] = {}
    for model, colour in zip(models, cycle(_MODEL_COLOURS), strict=False):
        plain = {"color": colour, "marker": "o", "markersize": 7, "markeredgewidth": 1.5}
        looks[model] = plain
        looks[left_only(model)] = {**plain, "markerfacecolor": "white"}
    for name, marker in _MARKERS.items():
        looks[name] = {"color": _COLOURS[name], "marker": marker, "markersize": 7}
    looks[REAL] |= {"markersize": 14, "markeredgewidth": 2}
    return looks


def _panel(
    axes: Any, tasks: Sequence[str], figures: dict[str, list[dict]], looks: dict[str, dict[str, Any]]
) -> None:
    """Draw one figure of all systems side by side within each task, the real music's as a line across."""
    across = figures.pop(REAL, [])
    for place, estimate in enumerate(across):
        if estimate["value"] is not None:
            sides = [place - 0.45, place + 0.45]
            axes.plot(sides, [estimate["value"]] * 2, color=_COLOURS[REAL], linewidth=2, zorder=1)
            axes.fill_between(
                sides, *([end] * 2 for end in estimate["interval"]), color="#dddddd", zorder=0
            )
    for number, (name, estimates) in enumerate(figures.items()):
        shift = 0.76 * ((number + 0.5) / len(figures) - 0.5)
        for place, estimate in enumerate(estimates):
            if estimate["value"] is None:
                continue
            here = place + shift
            axes.plot([here] * 2, estimate["interval"], color=looks[name]["color"], linewidth=1.5, zorder=2)
            axes.plot([here], [estimate["value"]], linestyle="", zorder=3, **looks[name])
    axes.set_xticks(range(len(tasks)), tasks)
    axes.set_xlim(-0.5, len(tasks) - 0.5)
    axes.grid(axis="y", alpha=0.3)
    axes.tick_params(axis="x", length=0)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _title(axes: Any, name: str, words: str) -> None:
    axes.set_title(name, loc="left", fontsize=12, fontweight="bold", pad=22)
    below = axes.text(0, 1.02, words, transform=axes.transAxes, fontsize=9, color="#555555")
    below.set_in_layout(False)
