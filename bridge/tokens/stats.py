"""How often each note and chord occurs: what `--min-count` decides about."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from bridge.tokens.reading import Spoken
from bridge.whole_file import write_whole

_COLOUR = "#3b6ea5"
_LISTED = 20


def token_stats(spoken: Spoken, min_count: int) -> dict[str, Any]:
    """Return works, tokens, different ones, those that `min_count` keeps, and words to counts."""
    counts = spoken.counts()
    kept = {word: count for word, count in counts.items() if count >= min_count}
    return {
        "works": len(spoken.words),
        "tokens": sum(counts.values()),
        "different": len(counts),
        "min_count": min_count,
        "kept_different": len(kept),
        "kept_tokens": sum(kept.values()),
        "counts": dict(counts.most_common()),
    }


def print_token_stats(stats: dict[str, Any]) -> None:
    """Print the figures, and the most frequent words."""
    share = 100 * stats["kept_tokens"] / stats["tokens"]
    print(
        f"{stats['works']:,} works, {stats['tokens']:,} notes and chords, {stats['different']:,} different"
    )
    print(f"{stats['kept_different']:,} occur {stats['min_count']} times or more: {share:.1f} % of all")
    for word, count in list(stats["counts"].items())[:_LISTED]:
        print(f"{word:>12} {count:>8,}")


def plot_token_stats(stats: dict[str, Any], out: Path) -> None:
    """Draw the histogram of counts, and the most frequent words, to a PNG. Raises `WriteError`."""
    import numpy as np
    from matplotlib.figure import Figure

    counts = np.array(list(stats["counts"].values()))
    figure = Figure(figsize=(12, 5), layout="constrained")
    figure.suptitle(f"{stats['tokens']:,} notes and chords, {stats['different']:,} different")
    histogram, words = figure.subplots(1, 2)
    edges = np.geomspace(1, max(10, counts.max() + 1), 40)
    histogram.hist(counts, bins=edges.tolist(), color=_COLOUR)
    histogram.axvline(stats["min_count"], color="black", linewidth=1)
    histogram.set_xscale("log")
    histogram.set_yscale("log")
    histogram.set_title("different notes and chords by how often they occur; line: --min-count")
    listed = list(stats["counts"].items())[:_LISTED][::-1]
    words.barh([word for word, _ in listed], [count for _, count in listed], color=_COLOUR)
    words.set_title("the most frequent")
    picture = io.BytesIO()
    figure.savefig(picture, format="png", dpi=110)
    write_whole(Path(out), picture.getvalue(), force=True)
