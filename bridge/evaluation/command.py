"""The use case behind `jaxmuse evaluate`: works, holes, figures, and what becomes of them."""

from __future__ import annotations

import json as json_text
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bridge.console import print_problem, print_record, print_step, progress_bar
from bridge.errors import UsageError
from bridge.evaluation import HOLES
from bridge.evaluation.measure import measure
from bridge.evaluation.plot import plot_png
from bridge.evaluation.tables import all_tables, markdown, print_tables
from bridge.evaluation.works import choose_works
from bridge.models import DEFAULT_MODEL, Model, load_model
from bridge.output import check_output, make_folder
from bridge.whole_file import write_whole

RESULT_FILE, TABLE_FILE, PLOT_FILE = "result.json", "table.md", "plot.png"


def evaluate_command(
    paths: Sequence[Path] = (),
    models: Sequence[str] = (DEFAULT_MODEL,),
    split: str | None = None,
    styles: Sequence[str] = (),
    holes: int = HOLES,
    seed: int = 0,
    out: Path | None = None,
    json: bool = False,
) -> None:
    """Evaluate models beside baselines and print tables (one JSON object with `json`).

    - `paths`: scores and folders; music21's corpus if there are none.
    - `split`, `styles`: see `choose_works`.
    - `models`: names or folders of models; `holes`: how many of each task.
    - `out`: folder for `result.json`, `table.md` and `plot.png`, which replace those that are there.

    Raises a `JaxmuseError` for what can't be followed, before anything is computed where that can be seen.
    """
    if not 1 <= holes <= 100_000:
        raise UsageError(f"{holes} is out of its range", where="option --holes", fix="Give 1 to 100000.")
    if not 0 <= seed < 2**32:
        raise UsageError(
            f"{seed} is out of its range",
            where="option --seed",
            fix="Give 0 or a positive number below 2^32.",
        )
    if out is not None:
        make_folder(out)
        for name in (RESULT_FILE, TABLE_FILE, PLOT_FILE):
            check_output(out / name, [], force=True)
    loaded = _load(models)
    works = choose_works([Path(path) for path in paths], split, styles, quiet=json)
    for line in works.unread:
        print_problem(f"left out: {line}")
    if not json:
        print_step(f"evaluating {holes} holes of each task")
    with progress_bar("evaluating") as progress:
        result = measure(loaded, works, holes, seed, progress)
    _tell(result, out, json)


def _load(names: Sequence[str]) -> list[Model]:
    """Return the models; ones of the same name are told apart by what was asked for."""
    if doubled := [name for name in names if list(names).count(name) > 1]:
        raise UsageError(f"'{doubled[0]}' is named twice", where="option --model", fix="Name it once.")
    loaded = [load_model(name) for name in names]
    for model in loaded:
        model.stepwise()
    short = [model.name for model in loaded]
    return [
        replace(model, name=asked) if short.count(model.name) > 1 else model
        for model, asked in zip(loaded, names, strict=True)
    ]


def _tell(result: dict[str, Any], out: Path | None, json: bool) -> None:
    tables = all_tables(result)
    if out is not None:
        whole = json_text.dumps(result, indent=1, ensure_ascii=False) + "\n"
        write_whole(out / RESULT_FILE, whole.encode(), force=True)
        write_whole(out / TABLE_FILE, markdown(tables).encode(), force=True)
        write_whole(out / PLOT_FILE, plot_png(result), force=True)
    if json:
        print_record(result)
        return
    print_tables(tables)
    if out is not None:
        print(f"All figures, tables and a plot are in {out}.")
