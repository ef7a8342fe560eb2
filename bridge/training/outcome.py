"""What a training leaves and says: the best model with its card and facts, figures, the next command."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Any

from bridge.console import print_record
from bridge.errors import ModelError
from bridge.training.card import CardFacts, write_card
from bridge.training.hardware import describe_machine, package_versions
from bridge.training.plan import Plan
from jaxmodels.checkpoint import CheckpointError, load_facts, load_model, parameter_count, save_model
from jaxmodels.config import ModelConfig
from jaxmodels.copy_sketch import write_sketch
from jaxmodels.holes import TASKS
from jaxmodels.train import BEST_FOLDER


def finish_best(plan: Plan) -> dict[str, Any]:
    """Give the best model, if there is one yet, its card, its sketch and all facts; return them.

    Facts: `step`, `seconds`, `notes`, `valid_…` of the best; `parameters`, `command`, `machine`,
    `versions`, `works`, `train_notes` of the run. Raises `ModelError` for a damaged model.
    """
    folder = plan.out / BEST_FOLDER
    if not (folder / "config.json").is_file():
        return {}
    try:
        config, params = load_model(folder)
    except CheckpointError as error:
        raise ModelError(str(error), where=str(folder), fix="Start a new run.") from error
    assert isinstance(config, ModelConfig)  # what `train` saves
    request, material, corpus = plan.record.request, plan.material, plan.material.corpus
    facts = load_facts(folder) | {
        "parameters": parameter_count(params),
        "command": request.command_line(plan.out),
        "machine": describe_machine(),
        "versions": package_versions(),
        "works": len(corpus.pieces),
        "train_notes": material.train_notes,
    }
    save_model(folder, config, params, facts)
    write_sketch(folder, [example.piece for example in material.train])
    write_card(
        folder,
        CardFacts(
            name=plan.out.name,
            model_config=config,
            train_config=plan.record.train_config,
            parameters=facts["parameters"],
            corpus=corpus,
            train_works=len(material.train),
            valid_works=len(material.valid),
            split_remark=material.remark,
            rights="own"
            if request.own_scores
            else "restricted"
            if request.include_restricted
            else "embedded",
            best=facts,
            command=facts["command"],
            machine=facts["machine"],
            versions=facts["versions"],
        ),
    )
    return facts


def report_stop(out: Path, saved: bool, step: int, json: bool) -> None:
    """Say that the run was stopped, and how it goes on."""
    resume = resume_command(out)
    if json:
        print_record(
            {
                "out": str(out),
                "ok": False,
                "error": "stopped",
                "steps": step,
                "saved": saved,
                "resume": resume,
            }
        )
        return
    sentence = (
        f"Stopped at step {step:,}, all saved."
        if saved
        else "Stopped without saving; what was saved before is still there."
    )
    print(f"{sentence} Go on: {resume}", file=sys.stderr, flush=True)


def report_end(
    plan: Plan, facts: dict[str, Any], ended: str, step: int, seconds: float, json: bool
) -> None:
    """Print the best model's figures and the command that uses it."""
    nll = {task: facts[f"valid_{task}"] for task in TASKS if f"valid_{task}" in facts}
    if "valid" in facts:
        nll["mean"] = facts["valid"]
    use = shlex.join(["jaxmuse", "fill", "score.mxl", "--model", str(plan.out)])
    if json:
        print_record(
            {
                "out": str(plan.out),
                "ok": True,
                "error": None,
                "model": plan.record.request.model,
                "steps": step,
                "seconds": round(seconds, 1),
                "ended": ended,
                "best_step": facts["step"],
                "parameters": facts["parameters"],
                "nll": {task: round(value, 4) for task, value in nll.items()},
                "use": use,
            }
        )
        return
    if nll:
        _print_table(nll, f"Best model: step {facts['step']:,} of {step:,}")
    else:
        print(f"The model of step {facts['step']:,} is kept; nothing was validated.")
    if ended == "patience":
        print("It ended early, because validation got no better.")
    print(f"Use it: {use}")


def resume_command(out: Path) -> str:
    """Return the command that goes on with the run in `out`."""
    return shlex.join(["jaxmuse", "train", "--resume", "--out", str(out)])


def _print_table(nll: dict[str, float], title: str) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left")
    table.add_column("task")
    table.add_column("nats per note", justify="right")
    for task, value in nll.items():
        table.add_row(task, f"{value:.3f}")
    Console().print(table)
