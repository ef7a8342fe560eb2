"""An evaluation's figures as tables, the same for the terminal and for Markdown."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

HEAD_WORDS = {"delta": "Δonset", "staff": "staff", "pitch": "pitch", "duration": "duration"}
METRICS = {
    "note_f1": "note F1 ↑",
    "histogram_distance": "pitch-class distance ↓",
    "rhythm_agreement": "rhythm agreement ↑",
    "entropy_1_gap": "entropy gap, 1 measure ↓",
    "entropy_4_gap": "entropy gap, 4 measures ↓",
    "surroundings_distance_gap": "surroundings gap ↓",
    "groove_similarity_gap": "groove gap ↓",
    "groove_similarity": "groove similarity",
    "in_key": "in key",
    "triads": "triads and sevenths",
}
"""The metrics that tables show; the JSON has all."""


@dataclass(frozen=True)
class Table:
    """A table of text.

    - `note`: a sentence below it, or nothing; `words`: how many columns at the left hold words.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""
    words: int = 1


def all_tables(result: dict[str, Any]) -> list[Table]:
    """Return the tables of an evaluation's result."""
    infill = [_distances(result["likelihood"]["infill"])] if "infill" in result["likelihood"] else []
    staff = [_staves(result["likelihood"]["staff"])] if "staff" in result["likelihood"] else []
    return [
        _likelihood(result),
        _heads(result),
        *infill,
        *staff,
        *(_samples(task, measured) for task, measured in result["samples"].items()),
        _comparisons(result),
    ]


def _likelihood(result: dict[str, Any]) -> Table:
    tasks = result["likelihood"]
    systems = list(next(iter(tasks.values()))["systems"])
    rows = [
        [name, *(_estimate(task["systems"][name]["nll"]) for task in tasks.values())] for name in systems
    ]
    rows.append(["notes", *(f"{task['notes']:,}" for task in tasks.values())])
    rows.append(["holes", *(f"{task['holes']:,}" for task in tasks.values())])
    rows.append(["works", *(f"{task['works']:,}" for task in tasks.values())])
    works, left_out = result["works"], result["works"]["left_out"]
    note = (
        f"{works['count']} {works['source']}. Left out as near-duplicates: "
        f"{len(left_out['like_training'])} of works to train on, "
        f"{len(left_out['like_another'])} of each other. "
        "± is half the 95 % interval over works."
    )
    return Table("Nats per note, lower is better", ["", *tasks], rows, note)


def _heads(result: dict[str, Any]) -> Table:
    rows = [
        [
            model["name"],
            task,
            *(f"{measured['systems'][model['name']]['heads'][head]:.3f}" for head in HEAD_WORDS),
        ]
        for model in result["models"]
        for task, measured in result["likelihood"].items()
    ]
    return Table("Where the nats go", ["", "task", *HEAD_WORDS.values()], rows, words=2)


def _distances(infill: dict[str, Any]) -> Table:
    rows = {
        name: record["by_distance"] for name, record in infill["systems"].items() if "by_distance" in record
    }
    borders = sorted({part["over_ticks"] for parts in rows.values() for part in parts})
    ends = [f"{over} – {to}" for over, to in pairwise(borders)]
    cells = [
        [
            name,
            *(
                _estimate(next((p["nll"] for p in parts if p["over_ticks"] == over), None))
                for over in borders
            ),
        ]
        for name, parts in rows.items()
    ]
    return Table(
        "Infill: nats per note by distance to the hole's end",
        ["ticks", *ends, f"over {borders[-1]}"] if borders else ["ticks"],
        cells,
        "24 ticks are a quarter.",
    )


def _staves(staff: dict[str, Any]) -> Table:
    rows = [
        [name, *(_estimate(record.get(hidden)) for hidden in ("one_staff", "several_staves"))]
        for name, record in staff["systems"].items()
    ]
    return Table(
        "Staff: nats per note by how many staves are hidden",
        ["", "one staff", "several staves"],
        rows,
    )


def _samples(task: str, measured: dict[str, Any]) -> Table:
    systems = measured["systems"]
    rows = [
        [words, *(_estimate(record["metrics"][metric]) for record in systems.values())]
        for metric, words in METRICS.items()
    ]
    rows.append(["illegal notes", *(str(record["faults"]) for record in systems.values())])
    rows.append(["fills without an end", *(str(record["unfinished"]) for record in systems.values())])
    return Table(
        f"Fills, task {task}: {measured['holes']} holes in {measured['works']} works",
        ["", *systems],
        rows,
        "A gap is the distance to the real music's figure in the same hole. "
        "Figures without an arrow should be like those of the real music.",
    )


def _comparisons(result: dict[str, Any]) -> Table:
    tasks = list(result["likelihood"])
    cells: dict[tuple[str, str, str], dict[str, str]] = {}
    for each in result["comparisons"]:
        key = each["model"], each["figure"], each["against"]
        cells.setdefault(key, {})[each["task"]] = _estimate(each, percent=each["is_share"])
    rows = [[*key, *(by_task.get(task, "") for task in tasks)] for key, by_task in cells.items()]
    note = "Positive is better for the model. The JSON names the best baseline of each figure."
    return Table("Better by", ["model", "in", "than", *tasks], rows, note, words=3)


def _estimate(estimate: dict[str, Any] | None, percent: bool = False) -> str:
    """Return a figure with half the width of its interval."""
    if estimate is None or estimate["value"] is None:
        return "–"
    low, high = estimate["interval"]
    scale, digits, unit = (100, 1, " %") if percent else (1, 3, "")
    half = "" if low is None else f" ±{scale * (high - low) / 2:.{digits}f}"
    return f"{scale * estimate['value']:.{digits}f}{unit}{half}"


def markdown(tables: Iterable[Table], level: int = 2) -> str:
    """Return the tables as Markdown, under headings of `level`."""
    parts = []
    for table in tables:
        rule = "|" + "---|" * table.words + "---:|" * (len(table.columns) - table.words)
        lines = [f"{'#' * level} {table.title}", "", _line(table.columns), rule, *map(_line, table.rows)]
        parts.append("\n".join([*lines, *(["", table.note] if table.note else [])]))
    return "\n\n".join(parts) + "\n"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def print_tables(tables: Iterable[Table]) -> None:
    """Print the tables on the terminal; elsewhere, as wide as they need to be."""
    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text

    console = Console(width=None if sys.stdout.isatty() else 140, markup=False)
    for table in tables:
        drawn = RichTable(title=Text(table.title), title_justify="left", box=None, pad_edge=False)
        for place, column in enumerate(table.columns):
            drawn.add_column(Text(column), justify="left" if place < table.words else "right")
        for row in table.rows:
            drawn.add_row(*map(Text, row))
        console.print(drawn)
        console.print(*([table.note] if table.note else []), end="\n\n", highlight=False, style="dim")
