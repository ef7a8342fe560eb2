"""The use case behind `jaxmuse evaluate`: works, holes, figures, and what becomes of them."""

from __future__ import annotations

import json as json_text
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bridge.console import print_record, progress_bar
from bridge.errors import UsageError
from bridge.evaluation.works import choose_works
from bridge.models import Model, load_model
from bridge.output import check_output, make_folder
from bridge.whole_file import write_whole

HOLES = 240
"""For each task, if nothing is said."""

RESULT_FILE, TABLE_FILE, PLOT_FILE = "result.json", "table.md", "plot.png"
_WINDOWS_PER_STEP = 100


def evaluate_command(
    paths: Sequence[Path] = (),
    models: Sequence[str] = ("wavenet",),
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
    with progress_bar("evaluating") as progress:
        result = evaluate(loaded, works, holes, seed, progress)
    _tell(result, out, json)


def evaluate(
    models: Sequence[Model],
    works: Any,
    holes: int,
    seed: int,
    progress: Callable[[float], None] | None = None,
) -> dict[str, Any]:
    """Return all figures of `models` on `works`, as docs/evaluation.md describes them, ready for JSON.

    - `progress`: hears the share done. Raises `UsageError` where no work has room for a hole.
    """
    from bridge.evaluation import result
    from bridge.evaluation.comparisons import likelihood_comparisons, sample_comparisons
    from bridge.evaluation.holes import cut_holes
    from bridge.evaluation.likelihood import NGRAM_WINDOWS, fit_ngram, measure_likelihood
    from bridge.evaluation.samples import measure_samples
    from bridge.training.hardware import describe_machine, package_versions
    from jaxmodels.evaluate import EVALUATION_BATCH
    from jaxmodels.ngram_sampling import NgramSampler

    started = time.perf_counter()
    cut = cut_holes(works.corpus, holes, seed)
    if not cut:
        raise UsageError(
            "no measure is fit to be filled", where=works.source, fix="Name scores with notes in them."
        )
    batches = sum(-(-len(task.holes) // EVALUATION_BATCH) for task in cut.values())
    filled = sum(len(task.holes) for task in cut.values())
    # in units of about 3 ms: a window for the 5-gram, a batch of 16 holes, a hole filled by all systems
    tell = _Steps(
        NGRAM_WINDOWS + 160 * batches * (2 * len(models) + 1) + filled * (12 * len(models) + 16), progress
    )
    ngram = fit_ngram(works.train, seed, tell.step(1))
    sampler = NgramSampler(ngram)
    names = [model.name for model in models]
    likelihood, samples, comparisons = {}, {}, []
    for task, task_holes in cut.items():
        nats = measure_likelihood(task_holes, works.corpus.style_names, models, ngram, tell.step(160))
        fills = measure_samples(
            task_holes, works.corpus.style_names, models, sampler, seed, tell.step(12 * len(models) + 16)
        )
        likelihood[task], samples[task] = result.likelihood_record(nats), result.samples_record(fills)
        comparisons += likelihood_comparisons(task, nats, names)
        comparisons += sample_comparisons(task, fills, names)
    return {
        "format": result.FORMAT,
        "models": [result.model_record(model) for model in models],
        "works": result.works_record(works),
        "holes": holes,
        "seed": seed,
        "likelihood": likelihood,
        "samples": samples,
        "comparisons": [result.comparison_record(each) for each in comparisons],
        "seconds": round(time.perf_counter() - started, 1),
        "machine": describe_machine(),
        "versions": package_versions(),
    }


class _Steps:
    """Turns steps of known cost into the share done, told at most once per hundredth."""

    def __init__(self, total: int, progress: Callable[[float], None] | None) -> None:
        self.total, self.done, self.told, self.progress = total, 0, 0.0, progress

    def step(self, cost: int) -> Callable[[], None]:
        """Return what is to be called after each step of this cost."""

        def stepped() -> None:
            self.done += cost
            share = min(1.0, self.done / self.total)
            if self.progress and share >= self.told + 0.005:
                self.told = share
                self.progress(share)

        return stepped


def _load(names: Sequence[str]) -> list[Model]:
    """Return the models; ones of the same name are told apart by what was asked for."""
    from dataclasses import replace

    if doubled := [name for name in names if list(names).count(name) > 1]:
        raise UsageError(f"'{doubled[0]}' is named twice", where="option --model", fix="Name it once.")
    loaded = [load_model(name) for name in names]
    short = [model.name for model in loaded]
    return [
        replace(model, name=asked) if short.count(model.name) > 1 else model
        for model, asked in zip(loaded, names, strict=True)
    ]


def _tell(result: dict[str, Any], out: Path | None, json: bool) -> None:
    from bridge.evaluation.plot import plot_png
    from bridge.evaluation.tables import all_tables, markdown, print_tables

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
