"""What a corpus holds, in figures: one dictionary that is printed, plotted, or saved as JSON."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from bridge.corpus.build import build_failures
from bridge.errors import ReadError
from jaxmodels.piece import DURATION, M_BEAT_TYPE, M_BEATS, ONSET, PITCH, TICKS_PER_QUARTER
from jaxmodels.shards import SPLITS, Corpus, load_corpus

_DURATION_NAMES = {
    3: "32nd",
    6: "16th",
    8: "triplet eighth",
    9: "dotted 16th",
    12: "eighth",
    16: "triplet quarter",
    18: "dotted eighth",
    24: "quarter",
    36: "dotted quarter",
    48: "half",
    72: "dotted half",
    96: "whole",
}


def corpus_stats(path: Path) -> dict[str, Any]:
    """Return the figures of the corpus at `path`, ready for JSON. Raises `ReadError`.

    `collections`: name to works, notes, measures and works per split. `piece_notes`, `piece_measures`:
    one entry per work. `pitches`: notes of each MIDI number, 128 entries. `durations`, `onset_gaps`: ticks
    to notes, the most frequent first. `metres`: `4/4` to measures. `staves`: number of staves to works.
    """
    try:
        corpus = load_corpus(path)
    except FileNotFoundError as error:
        raise ReadError("no such corpus", where=str(path), fix="Build it: jaxmuse corpus build.") from error
    except (ValueError, OSError) as error:
        raise ReadError(str(error), where=str(path), fix="Build it again: jaxmuse corpus build.") from error
    notes = np.concatenate([np.zeros((0, 4), np.int32), *(piece.notes for piece in corpus.pieces)])
    metres = Counter(
        f"{row[M_BEATS]}/{row[M_BEAT_TYPE]}" for piece in corpus.pieces for row in piece.measures.tolist()
    )
    gaps = [np.diff(np.unique(piece.notes[:, ONSET])) for piece in corpus.pieces]
    return {
        "path": str(path),
        "works": len(corpus.pieces),
        "notes": len(notes),
        "ticks_per_quarter": TICKS_PER_QUARTER,
        "collections": _collections(corpus),
        "splits": _splits(corpus),
        "piece_notes": [len(piece.notes) for piece in corpus.pieces],
        "piece_measures": [len(piece.measures) for piece in corpus.pieces],
        "pitches": np.bincount(notes[:, PITCH], minlength=128).tolist(),
        "durations": _most_frequent(notes[:, DURATION]),
        "onset_gaps": _most_frequent(np.concatenate([np.zeros(0, np.int32), *gaps])),
        "metres": dict(metres.most_common()),
        "staves": _most_frequent(np.array([len(piece.programs) for piece in corpus.pieces])),
        "failures": build_failures(path),
    }


def print_stats(stats: dict[str, Any], console: Console | None = None) -> None:
    """Print the figures as tables."""
    console = console or Console()
    table = Table(title=f"{stats['works']:,} works, {stats['notes']:,} notes")
    table.add_column("collection")
    for heading in ("works", "notes", "measures", *SPLITS):
        table.add_column(heading, justify="right")
    for name, row in stats["collections"].items():
        table.add_row(name, *(f"{row[key]:,}" for key in ("works", "notes", "measures", *SPLITS)))
    console.print(table)
    for split in SPLITS:
        share = stats["splits"][split]
        console.print(f"{split}: {share['works']:,} works, {share['notes']:,} notes")
    console.print("metres: " + _shares(stats["metres"], sum(stats["metres"].values())))
    named = {_duration_name(int(ticks)): count for ticks, count in stats["durations"].items()}
    console.print("durations: " + _shares(named, stats["notes"]))
    pitches = np.flatnonzero(stats["pitches"])
    if len(pitches):
        console.print(f"pitches: {pitches.min()} to {pitches.max()} (MIDI numbers)")
    if stats["failures"]:
        console.print(f"left out: {len(stats['failures'])} works, listed in corpus.json beside the corpus")


def _collections(corpus: Corpus) -> dict[str, dict[str, int]]:
    table = {}
    for index, name in enumerate(corpus.collection_names):
        works = np.flatnonzero(corpus.collections == index)
        table[name] = {
            "works": len(works),
            "notes": sum(len(corpus.pieces[work].notes) for work in works),
            "measures": sum(len(corpus.pieces[work].measures) for work in works),
            **{split: int(np.sum(corpus.splits[works] == place)) for place, split in enumerate(SPLITS)},
        }
    return dict(sorted(table.items(), key=lambda item: -item[1]["notes"]))


def _splits(corpus: Corpus) -> dict[str, dict[str, int]]:
    selected = {split: corpus.select(split) for split in SPLITS}
    return {
        split: {"works": len(part.pieces), "notes": part.note_count} for split, part in selected.items()
    }


def _most_frequent(values: np.ndarray) -> dict[str, int]:
    found, counts = np.unique(values, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return {str(found[place]): int(counts[place]) for place in order}


def _duration_name(ticks: int) -> str:
    return _DURATION_NAMES.get(ticks, f"{ticks} ticks")


def _shares(counts: dict[str, int], total: int, most: int = 10) -> str:
    ordered = sorted(counts.items(), key=lambda item: -item[1])[:most]
    return ", ".join(f"{name} {100 * count / max(total, 1):.1f} %" for name, count in ordered)
