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

    from bridge.account import Account, AlternativeAccount


def print_problem(sentence: object) -> None:
    """Print an error's sentence to stderr, as it is."""
    print(sentence, file=sys.stderr)


def print_step(words: str) -> None:
    """Say on stderr what begins, where no progress bar shows it."""
    if not sys.stderr.isatty():
        print(f"{words} …", file=sys.stderr, flush=True)


def print_record(record: Mapping[str, Any]) -> None:
    """Print one JSON object on one line."""
    print(json.dumps(record, ensure_ascii=False), flush=True)


def fill_summary(account: Account, outputs: Sequence[Path]) -> str:
    """Return what was filled, in a line for people (and one for each further alternative).

    A line of its own says where more of the training music is repeated than chance explains.
    """
    best = account.alternatives[0]
    lines = [
        f"{account.path.name}: {account.where} of {', '.join(account.parts)}: {_notes(best.notes)}, "
        f"seed {account.seed}, {account.seconds:.1f} s → {outputs[0]}",
        *_warning(best, "  "),
        *best.report,
    ]
    for number, output in enumerate(outputs[1:], 1):
        alternative = account.alternatives[number]
        lines.append(f"  alternative {number + 1}: {_notes(alternative.notes)} → {output}")
        lines += _warning(alternative, "    ")
        lines += alternative.report
    return "\n".join(lines)


def fill_record(account: Account, outputs: Sequence[Path]) -> dict[str, Any]:
    """Return the JSON object of one filled score; `nll` in nats per note, `seconds` of wall-clock time."""
    best = account.alternatives[0]
    record = blank_record(account.path) | {
        "output": str(outputs[0]),
        "ok": True,
        "parts": list(account.parts),
        "measures": list(account.measures),
        "notes": best.notes,
        "seconds": round(account.seconds, 3),
        "seed": account.seed,
        "model": account.model,
        "nll": best.nll,
        "copied_notes": best.copied_notes,
        "copied": best.copied,
        "warning": best.warning,
    }
    if len(outputs) > 1:
        record["alternatives"] = [
            {
                "output": str(output),
                "notes": alternative.notes,
                "nll": alternative.nll,
                "copied_notes": alternative.copied_notes,
                "copied": alternative.copied,
                "warning": alternative.warning,
            }
            for output, alternative in zip(outputs, account.alternatives, strict=True)
        ]
    if best.check is not None:
        record["check"] = best.check
        for each, alternative in zip(record.get("alternatives", []), account.alternatives, strict=False):
            each["check"] = alternative.check
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
    Console(markup=False).print(table)


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


def _warning(alternative: AlternativeAccount, indent: str) -> list[str]:
    return [] if alternative.warning is None else [indent + alternative.warning]


def _notes(count: int) -> str:
    return "1 note" if count == 1 else f"{count} notes"
