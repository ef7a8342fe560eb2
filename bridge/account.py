"""What is told of a filled score: plain values, whoever filled it and however they came here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bridge.filled_score import FilledScore


@dataclass(frozen=True, slots=True)
class AlternativeAccount:
    """One alternative.

    - `nll`: that of `bridge.alternatives.Alternative`, None where that is no number.
    - `copied_notes`, `copied`, `warning`: what it has of the training music; None if not checked.
    - `check`: the report on its part-writing as a JSON object, `report` as lines; None and none unasked.
    """

    notes: int
    nll: float | None
    copied_notes: int | None
    copied: list[dict[str, Any]] | None
    warning: str | None
    check: dict[str, Any] | None = None
    report: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """A filled score and its alternatives, best first.

    - `path`: the input, as the user named it; `seconds`: wall-clock time from opening to the notes.
    - `parts`: names of what was filled; `measures`: their printed numbers; `where`: the same in words.
    """

    path: Path
    seconds: float
    where: str
    parts: tuple[str, ...]
    measures: tuple[str, ...]
    model: str
    seed: int
    alternatives: tuple[AlternativeAccount, ...]


def account_of(score: FilledScore) -> Account:
    """Return what is told of `score`."""
    return Account(
        path=score.path,
        seconds=score.seconds,
        where=score.where,
        parts=score.parts,
        measures=score.measures,
        model=score.model,
        seed=score.seed,
        alternatives=tuple(_alternative(score, number) for number in range(len(score.filled.alternatives))),
    )


def _alternative(score: FilledScore, number: int) -> AlternativeAccount:
    alternative = score.filled.alternatives[number]
    check, report = None, ()
    if score.checks:
        from bridge.part_writing.check import report_lines

        check, report = score.checks[number].record(), tuple(report_lines(score.checks[number]))
    return AlternativeAccount(
        notes=alternative.note_count,
        nll=_number(alternative.nll),
        copied_notes=alternative.copied_notes,
        copied=score.copied(number),
        warning=score.copy_warning(number),
        check=check,
        report=report,
    )


def _number(value: float) -> float | None:
    """Return `value` for JSON, which knows no NaN and no infinity."""
    return round(value, 6) if abs(value) < float("inf") else None
