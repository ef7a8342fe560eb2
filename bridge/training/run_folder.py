"""The folder of a run: named, claimed, never written over, found again.

run.json      what was asked for, by which scores, how it ended
train.json    `TrainConfig`; metrics.jsonl: every scalar; state/: to resume (all three by `jaxmodels.train`)
best/         the best model by validation, in the released form, with its MODEL_CARD.md
tensorboard/  the scalars again; curves.png: the same as a picture
"""

from __future__ import annotations

import dataclasses
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bridge.errors import ReadError, UsageError, WriteError
from bridge.training.request import Request
from jaxmodels.config import ModelConfig, TrainConfig

RUNS = Path("runs")
RECORD = "run.json"


@dataclass(frozen=True, slots=True)
class Record:
    """What is kept of a run beside its weights.

    - `corpus`: key of the corpus, which changes with the scores.
    - `ended`: empty while it can go on, else `length` (all minutes or steps done) or `patience`.
    """

    request: Request
    corpus: str
    model_config: ModelConfig
    train_config: TrainConfig
    ended: str = ""


def default_folder(model: str) -> Path:
    """Return a folder name that isn't taken: `runs/wavenet-20250131-1405`."""
    first = RUNS / f"{model}-{time.strftime('%Y%m%d-%H%M')}"
    names = [first, *(first.with_name(f"{first.name}-{number}") for number in range(2, 1000))]
    return next(name for name in names if not name.exists())


def latest_folder() -> Path:
    """Return the run in `runs/` that was written to last; raises `UsageError` if there is none."""
    found = [path.parent for path in RUNS.glob(f"*/{RECORD}")]
    if not found:
        raise UsageError(
            f"there is no run in {RUNS}/", where="option --resume", fix="Name its folder with --out."
        )
    return max(found, key=lambda folder: (folder / RECORD).stat().st_mtime)


def check_free(out: Path) -> None:
    """Raise `UsageError` if `out` holds a run, or anything else."""
    if (out / RECORD).is_file():
        raise UsageError(
            "there is a run in it already",
            where=f"option --out {out}",
            fix="Go on with it with --resume, or name another folder.",
        )
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        what = "the folder isn't empty" if out.is_dir() else "this is a file"
        raise UsageError(what, where=f"option --out {out}", fix="Name another folder.")


def claim(out: Path) -> None:
    """Make the folder of a new run. Raises `UsageError` where it isn't free, or `WriteError`."""
    check_free(out)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(out, error) from error


def write_record(out: Path, record: Record) -> None:
    """Keep `record`, whole or not at all. Raises `WriteError`."""
    unfinished = out / f".{RECORD}.{os.getpid()}"
    try:
        unfinished.write_text(json.dumps(dataclasses.asdict(record), indent=1) + "\n", "utf-8")
        os.replace(unfinished, out / RECORD)
    except OSError as error:
        raise _unwritable(out, error) from error


def read_record(out: Path) -> Record:
    """Return what was kept; raises `UsageError` if there is no run, `ReadError` if it is damaged."""
    try:
        values = json.loads((out / RECORD).read_text("utf-8"))
        return Record(
            request=Request(**_tuples(values["request"])),
            corpus=values["corpus"],
            model_config=ModelConfig(**_tuples(values["model_config"])),
            train_config=TrainConfig(**values["train_config"]),
            ended=values["ended"],
        )
    except FileNotFoundError as error:
        raise UsageError(
            "there is no run to go on with", where=f"option --out {out}", fix="Start it without --resume."
        ) from error
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ReadError(
            f"the run's record can't be understood ({error})",
            where=str(out / RECORD),
            fix="Start a new run in another folder.",
        ) from error


def _tuples(values: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}


def _unwritable(out: Path, error: OSError) -> WriteError:
    return WriteError(
        f"the run can't be kept there ({(error.strerror or str(error)).lower()})",
        where=f"option --out {out}",
        fix="Name a folder that can be written.",
    )
