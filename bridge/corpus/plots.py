"""The figures of a corpus as one picture."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np

from bridge.whole_file import write_whole

_COLOUR = "#3b6ea5"
_MOST_BARS = 14


def plot_stats(stats: dict[str, Any], out: Path) -> None:
    """Draw the figures of `corpus_stats` to the PNG `out`, whole or not at all. Raises `WriteError`."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(14, 8.5), layout="constrained")
    figure.suptitle(f"{stats['works']:,} works, {stats['notes']:,} notes")
    axes = figure.subplots(2, 3)
    collections = {name: row["notes"] for name, row in stats["collections"].items()}
    _bars(axes[0, 0], collections, "notes per collection", logarithmic=True)
    _bars(axes[0, 1], stats["metres"], "measures per metre", logarithmic=True)
    quarters = {
        f"{int(ticks) / stats['ticks_per_quarter']:.3g}": count
        for ticks, count in stats["durations"].items()
    }
    _bars(axes[0, 2], quarters, "notes per duration in quarters", logarithmic=True)
    _lengths(axes[1, 0], stats["piece_notes"], "works per length in notes")
    _lengths(axes[1, 1], stats["piece_measures"], "works per length in measures")
    pitches = axes[1, 2]
    pitches.bar(np.arange(128), stats["pitches"], width=1.0, color=_COLOUR)
    pitches.set_xlim(12, 108)
    pitches.set_xticks(range(12, 109, 12))
    pitches.set_title("notes per pitch (MIDI number)")
    picture = io.BytesIO()
    figure.savefig(picture, format="png", dpi=110)
    write_whole(Path(out), picture.getvalue(), force=True)


def _bars(axes: Any, counts: dict[str, int], title: str, logarithmic: bool = False) -> None:
    ordered = sorted(counts.items(), key=lambda item: -item[1])[:_MOST_BARS]
    axes.barh([name for name, _ in ordered][::-1], [count for _, count in ordered][::-1], color=_COLOUR)
    if logarithmic and ordered:
        axes.set_xscale("log")
    axes.set_title(title)


def _lengths(axes: Any, lengths: list[int], title: str) -> None:
    longest = max([10, *lengths])
    axes.hist(lengths, bins=np.geomspace(1, longest, 40).tolist(), color=_COLOUR)
    axes.set_xscale("log")
    axes.set_title(title)
