"""What the shell prints: summaries for people, records for programs, a progress bar for the patient."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.progress import Progress

    from bridge.fill_file import FilledScore


def print_problem(sentence: object) -> None:
    """Print an error's sentence to stderr, as it is."""
    print(sentence, file=sys.stderr)


def print_record(record: Mapping[str, Any]) -> None:
    """Print one JSON object on one line."""
    print(json.dumps(record, ensure_ascii=False), flush=True)


def fill_summary(score: FilledScore, outputs: Sequence[Path]) -> str:
    """Return what was filled, in a line for people (and one for each further alternative).

    A line of its own says where more of the training music is repeated than chance explains.
    """
    lines = [
        f"{score.path.name}: {score.where} of {', '.join(score.parts)}: {_notes(score.notes)}, "
        f"seed {score.seed}, {score.seconds:.1f} s → {outputs[0]}",
        *_warning(score, 0, "  "),
        *_report(score, 0),
    ]
    for number, output in enumerate(outputs[1:], 1):
        alternative = score.filled.alternatives[number]
        lines.append(f"  alternative {number + 1}: {_notes(alternative.note_count)} → {output}")
        lines += _warning(score, number, "    ")
        lines += _report(score, number)
    return "\n".join(lines)


def _report(score: FilledScore, number: int) -> list[str]:
    if not score.checks:
        return []
    from bridge.part_writing.check import report_lines

    return report_lines(score.checks[number])


def fill_record(score: FilledScore, outputs: Sequence[Path]) -> dict[str, Any]:
    """Return the JSON object of one filled score; `nll` in nats per note, `seconds` of wall-clock time."""
    record = blank_record(score.path) | {
        "output": str(outputs[0]),
        "ok": True,
        "parts": list(score.parts),
        "measures": list(score.measures),
        "notes": score.notes,
        "seconds": round(score.seconds, 3),
        "seed": score.seed,
        "model": score.model,
        "nll": _number(score.nll),
        "copied_notes": score.copied_notes,
        "copied": score.copied(),
        "warning": score.copy_warning(),
    }
    if len(outputs) > 1:
        record["alternatives"] = [
            {
                "output": str(output),
                "notes": alternative.note_count,
                "nll": _number(alternative.nll),
                "copied_notes": alternative.copied_notes,
                "copied": score.copied(number),
                "warning": score.copy_warning(number),
            }
            for number, (output, alternative) in enumerate(
                zip(outputs, score.filled.alternatives, strict=True)
            )
        ]
    if score.checks:
        record["check"] = score.checks[0].record()
        for each, report in zip(record.get("alternatives", []), score.checks, strict=False):
            each["check"] = report.record()
    return record


def blank_record(path: Path, error: object = None) -> dict[str, Any]:
    """Return the JSON object of a score that couldn't be filled."""
    keys = ("output", "ok", "error", "parts", "measures", "notes", "seconds", "seed", "model", "nll")
    keys += ("copied_notes", "copied", "warning")
    record = {"input": str(path)} | dict.fromkeys(keys) | {"ok": False}
    return record | {"error": None if error is None else str(error)}


def bug_sentence(error: BaseException) -> str:
    """Return what is said of an error that isn't the user's."""
    detail = " ".join(str(error).split())[:200]
    return (
        f"this is a bug in jaxmuse ({type(error).__name__}{': ' if detail else ''}{detail}). "
        "Run it again as 'jaxmuse --debug …' and report what it prints."
    )


@contextlib.contextmanager
def progress_bar(label: str) -> Iterator[Callable[[float], None] | None]:
    """Yield a callback for the share done (0 to 1) that draws a bar on stderr, None without a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    with _rich_progress() as progress:
        task = progress.add_task(label, total=1.0)
        yield lambda share: progress.update(task, completed=share)


def print_models(models: Sequence[Mapping[str, Any]]) -> None:
    """Print a table of models: name, kind, parameters, size, figure and folder.

    The figure is the negative log-likelihood of the test split, nats per note.
    """
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for column in ("name", "kind"):
        table.add_column(column)
    for column in ("parameters", "MB", "nats per note"):
        table.add_column(column, justify="right")
    table.add_column("folder", overflow="fold")
    for model in models:
        table.add_row(
            str(model["name"]),
            str(model["kind"]),
            f"{model['parameters']:,}",
            f"{model['size_bytes'] / 1e6:.1f}",
            "–" if model["test_nll"] is None else f"{model['test_nll']:.3f}",
            str(model["path"]),
        )
    Console().print(table)


def _rich_progress() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=Console(stderr=True), transient=True)


def _warning(score: FilledScore, alternative: int, indent: str) -> list[str]:
    sentence = score.copy_warning(alternative)
    return [] if sentence is None else [indent + sentence]


def _number(value: float) -> float | None:
    """Return `value` for JSON, which knows no NaN and no infinity."""
    return round(value, 6) if abs(value) < float("inf") else None


def _notes(count: int) -> str:
    return "1 note" if count == 1 else f"{count} notes"
