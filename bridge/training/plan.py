"""A run that is ready to go: a new one in a folder of its own, or an old one that goes on."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bridge.errors import UsageError
from bridge.training import run_folder
from bridge.training.request import Request, configs_of
from bridge.training.run_folder import Record

if TYPE_CHECKING:
    from bridge.training.material import Material


@dataclass(frozen=True)
class Plan:
    """Folder, what was asked for, and the works; `resume` where the run goes on."""

    out: Path
    record: Record
    material: Material
    resume: bool


def new_plan(out: Path, request: Request, quiet: bool) -> Plan:
    """Read the scores and claim `out`. Raises a `JaxmuseError`."""
    run_folder.check_free(out)
    corpus, material = _material(request, quiet)
    run_folder.claim(out)
    record = Record(request, corpus, *configs_of(request, material.corpus.style_names))
    run_folder.write_record(out, record)
    return Plan(out, record, material, resume=False)


def check_resumable(out: Path, paths: Sequence[str], model: str | None, include_restricted: bool) -> None:
    """Raise `UsageError` where the run in `out` was started with other scores or another kind of model.

    What isn't said (no paths, None, False) is taken from the run.
    """
    begun = run_folder.read_record(out).request
    for differs, what, words in (
        (bool(paths) and tuple(paths) != begun.paths, "other scores", "the scores"),
        (model not in (None, begun.model), f"--model {begun.model}", "--model"),
        (
            include_restricted and not begun.include_restricted,
            "the restricted collections left out",
            "--include-restricted",
        ),
    ):
        if differs:
            raise UsageError(
                f"the run was started with {what}",
                where=f"option --out {out}",
                fix=f"Leave {words} out to go on with it, or start a new run in another folder.",
            )


def resumed_plan(out: Path, minutes: float | None, steps: int | None, quiet: bool) -> Plan:
    """Return the run in `out` by its own settings, its length that of `minutes` or `steps` if given.

    Raises `UsageError` where it can't go on as the same run: changed scores, or nothing left to do.
    """
    record = run_folder.read_record(out)
    request = record.request.with_length(minutes, steps)
    place = f"option --out {out}"
    if record.ended == "patience":
        raise UsageError(
            "this run ended because validation got no better",
            where=place,
            fix="Use its model, or start a new run.",
        )
    if record.ended and not _longer(request, record.request):
        unit = "minutes" if request.steps is None else "steps"
        had = record.request.minutes if request.steps is None else record.request.steps
        raise UsageError(
            "this run is finished", where=place, fix=f"Give it more than {had:g} with --{unit}."
        )
    corpus, material = _material(request, quiet)
    if corpus != record.corpus:
        raise UsageError(
            "the scores have changed since the run began",
            where=place,
            fix="Start a new run in another folder.",
        )
    train_config = record.train_config
    if steps is not None:
        train_config = replace(train_config, steps=steps)
    record = replace(record, request=request, train_config=train_config, ended="")
    run_folder.write_record(out, record)
    return Plan(out, record, material, resume=True)


def announce(plan: Plan) -> None:
    """Say on stderr what is about to be trained on what."""
    request, material = plan.record.request, plan.material
    length = f"{request.steps:,} steps" if request.steps is not None else f"{request.minutes:g} minutes"
    count = len(material.train)
    works = f"{count:,} {'work' if count == 1 else 'works'} with {material.train_notes:,} notes"
    if material.valid:
        works += f", {len(material.valid):,} to validate"
    if material.aside:
        works += f", {material.aside:,} set aside for tests"
    verb = "Going on with" if plan.resume else "Training"
    for line in (
        f"{verb} {request.model} in {plan.out} for {length}: {works}.",
        material.remark,
        "Ctrl+C saves and stops.",
    ):
        if line:
            print(line, file=sys.stderr, flush=True)


def _longer(request: Request, before: Request) -> bool:
    if request.steps is not None:
        return before.steps is None or request.steps > before.steps
    return before.minutes is None or (request.minutes or 0) > before.minutes


def _material(request: Request, quiet: bool) -> tuple[str, Material]:
    """Return the corpus's key and its works, read now if they weren't before."""
    from bridge.corpus.build import build_corpus
    from bridge.training.material import load_material

    paths = [Path(path) for path in request.paths]
    try:
        corpus_path = build_corpus(paths, request.include_restricted, progress=not quiet)
    except KeyboardInterrupt:
        print("Stopped while reading scores; the same command goes on where it was.", file=sys.stderr)
        raise
    return corpus_path.parent.name, load_material(corpus_path, ", ".join(request.paths) or "the corpus")
