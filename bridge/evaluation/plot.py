"""An evaluation at a glance: every system's figures by task, with intervals."""

from __future__ import annotations

import io
from typing import Any

from bridge.evaluation.likelihood import NGRAM, left_only
from bridge.evaluation.samples import COPY, RANDOM, REAL

_MODEL_COLOURS = ("#1f5fa8", "#c1440e", "#5b8c5a", "#8a5a9c", "#b8860b")
_COLOURS = {NGRAM: "#8c8c8c", COPY: "#b0a070", RANDOM: "#c9b8c9", REAL: "#222222"}
_MARKERS = {NGRAM: "s", COPY: "D", RANDOM: "v", REAL: "_"}
PANELS = (
    ("note_f1", "Note F1", "same onset, staff and pitch as the real music", "higher is better"),
    ("histogram_distance", "Pitch-class distance", "to the real music in the same hole", "lower is better"),
    ("groove_similarity_gap", "Groove gap", "|groove similarity − the real music's|", "lower is better"),
    ("in_key", "In key", "share of notes in the key's scale", "nearer to the real music is better"),
    (
        "triads",
        "Triads and sevenths",
        "share of beats, of those with 3 voices",
        "nearer to the real music is better",
    ),
)
_TRIVIAL = ("note_f1", "histogram_distance", "groove_similarity_gap")
"""Metrics that compare with the real music, of which its own figure says nothing."""


def plot_png(result: dict[str, Any]) -> bytes:
    """Return the picture of an evaluation's result as PNG."""
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

    models = [model["name"] for model in result["models"]]
    colours = dict(zip(models, _MODEL_COLOURS * len(models), strict=False))
    figure = Figure(figsize=(13, 7.6), layout="constrained")
    axes = figure.subplots(2, 3).ravel()
    tasks = list(result["likelihood"])

    def look(system: str) -> dict[str, Any]:
        return {
            "color": colours.get(system) or _COLOURS[system],
            "marker": _MARKERS.get(system, "o"),
            "markersize": 13 if system == REAL else 7,
            "markeredgewidth": 2.5 if system == REAL else 1.5,
        }

    nats = {
        name: [result["likelihood"][task]["systems"][name]["nll"] for task in tasks]
        for model in models
        for name in (model, left_only(model))
    }
    nats[NGRAM] = [result["likelihood"][task]["systems"][NGRAM]["nll"] for task in tasks]
    blind = {left_only(model): model for model in models}
    styles = {
        name: {**look(blind[name]), "markerfacecolor": "white"} if name in blind else look(name)
        for name in nats
    }
    _panel(axes[0], tasks, nats, styles)
    _title(axes[0], "Nats per note", "of the real music in the hole", "lower is better")
    axes[0].set_ylim(bottom=0)
    systems = list(next(iter(result["samples"].values()))["systems"])
    for place, (metric, *words) in enumerate(PANELS, start=1):
        shown = [name for name in systems if not (name == REAL and metric in _TRIVIAL)]
        figures = {
            name: [result["samples"][task]["systems"][name]["metrics"][metric] for task in tasks]
            for name in shown
        }
        _panel(axes[place], tasks, figures, {name: look(name) for name in shown})
        _title(axes[place], *words)
        if metric in _TRIVIAL:
            axes[place].set_ylim(bottom=0)
    handles = [
        Line2D([], [], linestyle="", label=name, **style)
        for name, style in {**styles, **{name: look(name) for name in systems}}.items()
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=min(8, len(handles)), frameon=False)
    works = result["works"]
    figure.suptitle(
        f"{', '.join(models)}: {result['holes']} holes a task in {works['count']} {works['source']}; "
        "bars are 95 % intervals over works",
        fontsize=11,
    )
    picture = io.BytesIO()
    figure.savefig(picture, format="png", dpi=110)
    return picture.getvalue()


def _panel(
    axes: Any, tasks: list[str], figures: dict[str, list[dict]], styles: dict[str, dict[str, Any]]
) -> None:
    """Draw one figure of all systems, side by side within each task."""
    width = 0.72
    for number, (name, estimates) in enumerate(figures.items()):
        shift = width * ((number + 0.5) / len(figures) - 0.5)
        for place, estimate in enumerate(estimates):
            if estimate["value"] is None:
                continue
            value, (low, high) = estimate["value"], estimate["interval"]
            if low is not None:
                axes.plot(
                    [place + shift] * 2, [low, high], color=styles[name]["color"], linewidth=1.5, zorder=2
                )
            axes.plot([place + shift], [value], linestyle="", zorder=3, **styles[name])
    axes.set_xticks(range(len(tasks)), tasks)
    axes.set_xlim(-0.5, len(tasks) - 0.5)
    for place in range(1, len(tasks)):
        axes.axvline(place - 0.5, color="#dddddd", linewidth=1, zorder=0)
    axes.grid(axis="y", alpha=0.3)
    axes.tick_params(axis="x", length=0)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _title(axes: Any, name: str, what: str, better: str) -> None:
    axes.set_title(name, loc="left", fontsize=12, fontweight="bold", pad=22)
    axes.text(0, 1.02, f"{what}; {better}", transform=axes.transAxes, fontsize=9, color="#555555")
