"""The use case behind `jaxmuse train --recipe`: from scores to a token model in a folder."""

from __future__ import annotations

import contextlib
import json as json_text
import shlex
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bridge.console import print_record
from bridge.errors import ModelError, UsageError, WriteError
from bridge.models import use_compilation_cache
from bridge.tokens import DEFAULT_NOTES
from bridge.tokens.reading import Spoken, read_words, tokens_of
from bridge.tokens.recipe import Recipe
from bridge.training import run_folder
from bridge.training.device import use_device
from jaxmodels.tokens.config import FitConfig, TokenConfig
from jaxmodels.tokens.windows import Windows, held_out_windows, held_out_works, windows_of

if TYPE_CHECKING:
    from jaxmodels.tokens.fit import Epoch

BEST_FOLDER = "best"
LOG_FILE = "metrics.jsonl"
MOST_PROMPTS = 64


def train_recipe(recipe: Recipe, out: Path | None, device: str, json: bool) -> None:
    """Train by a recipe, show each epoch, keep the best model in `out`, and print what came of it.

    Raises a `JaxmuseError`, or `KeyboardInterrupt` after Ctrl+C; the best model until then is kept.
    """
    use_device(device)
    use_compilation_cache()
    out = out or run_folder.default_folder(recipe.name)
    run_folder.check_free(out)
    spoken = read_words(recipe.paths, recipe.instrument, recipe.include_restricted, progress=not json)
    vocabulary, sequences = tokens_of(spoken, recipe.min_count)
    config = replace(TokenConfig(recipe.name, vocabulary), products=recipe.products)
    train, valid = split_windows(windows_of(sequences, config.window), spoken, recipe.split)
    if not len(train.work):
        raise UsageError(
            f"no work has more than {config.window} notes and chords that are frequent enough",
            where=f"option --min-count {recipe.min_count}",
            fix="Give less, or name longer scores.",
        )
    run_folder.claim(out)
    if not json:
        print(
            f"Training {recipe.name} in {out} for {recipe.epochs} epochs: {len(spoken.work_ids):,} works, "
            f"{len(vocabulary)} different notes and chords, {len(train.work):,} windows, "
            f"{len(valid.work):,} to validate.",
            file=sys.stderr,
            flush=True,
        )
    _fit(recipe, out, config, train, valid, json)


def split_windows(windows: Windows, spoken: Spoken, split: str) -> tuple[Windows, Windows]:
    """Return the windows to train and to validate on: by `work` (and its variants), or by `window`."""
    if split == "window":
        held = held_out_windows(windows, 0)
    else:
        held = held_out_works(windows._replace(work=spoken.families[windows.work].astype(np.int32)), 0)
    return windows.take(~held), windows.take(held)


class _Run:
    """The epochs of a run, and in its folder their log and the model that validates best."""

    def __init__(self, recipe: Recipe, out: Path, config: TokenConfig, prompts: np.ndarray) -> None:
        self.recipe, self.out, self.config, self.prompts = recipe, out, config, prompts
        self.epochs = 0
        self.kept: Epoch | None = None

    def add(self, epoch: Epoch, best: dict) -> None:
        """Log an epoch, and keep the weights `best` where they are its own. Raises `WriteError`."""
        from jaxmodels.tokens.checkpoint import save_model

        self.epochs += 1
        valid = _number(epoch.valid)
        command = self.recipe.command_line(self.out)
        try:
            with (self.out / LOG_FILE).open("a", encoding="utf-8") as file:
                file.write(json_text.dumps(epoch._asdict() | {"valid": valid}) + "\n")
            # as `fit` chooses them: the first of equal ones, and the last where nothing validates
            if self.kept is None or not self.kept.valid <= epoch.valid:
                facts = {"epoch": epoch.number, "valid": valid, "command": command}
                save_model(self.out / BEST_FOLDER, self.config, best, self.prompts, facts)
                self.kept = epoch
        except OSError as error:
            raise WriteError(
                f"the run can't be kept there ({(error.strerror or str(error)).lower()})",
                where=f"option --out {self.out}",
                fix="Free some space and start it again in another folder.",
            ) from error


def _fit(
    recipe: Recipe, out: Path, config: TokenConfig, train: Windows, valid: Windows, json: bool
) -> None:
    from jaxmodels.tokens.fit import fit

    run = _Run(recipe, out, config, _prompts(valid if len(valid.work) else train))
    with _shown(recipe.epochs) as show:

        def report(epoch: Epoch, best: dict) -> None:
            run.add(epoch, best)
            show(epoch)

        try:
            fit(train, valid, config, FitConfig(epochs=recipe.epochs), report)
        except FloatingPointError as error:
            raise ModelError(str(error), where=str(out), fix="Start a new run with more scores.") from error
        except KeyboardInterrupt:
            _report(run, stopped=True, json=json)
            raise
    _report(run, stopped=False, json=json)


def _number(loss: float) -> float | None:
    """Return None in place of NaN: there was nothing to validate on."""
    return None if np.isnan(loss) else loss


def _prompts(windows: Windows) -> np.ndarray:
    """Return up to `MOST_PROMPTS` windows, evenly over all."""
    chosen = np.unique(np.linspace(0, len(windows.work) - 1, MOST_PROMPTS).astype(int))
    return windows.tokens[chosen]


def _report(run: _Run, stopped: bool, json: bool) -> None:
    use = shlex.join(["jaxmuse", "generate", "--model", str(run.out), "--notes", str(DEFAULT_NOTES)])
    valid = None if run.kept is None else _number(run.kept.valid)
    if json:
        print_record(
            {
                "out": str(run.out),
                "ok": not stopped,
                "error": "stopped" if stopped else None,
                "epochs": run.epochs,
                "best_epoch": run.kept and run.kept.number,
                "valid": None if valid is None else round(valid, 4),
                "use": use,
            }
        )
    elif run.kept is None:
        print("Stopped before the first epoch's end; no model is kept.", file=sys.stderr)
    else:
        nats = "nothing to validate on" if valid is None else f"{valid:.3f} nats per token"
        said = f"Best model: epoch {run.kept.number} of {run.epochs}, {nats}."
        print(f"Stopped. {said}" if stopped else said)
        print(f"Use it: {use}")


@contextlib.contextmanager
def _shown(epochs: int) -> Iterator[Callable[[Epoch], None]]:
    """Yield what shows an epoch: one live line on a terminal, plain lines elsewhere."""

    def words(epoch: Epoch) -> str:
        valid = _number(epoch.valid)
        validated = "nothing to validate on" if valid is None else f"valid {valid:.3f} nats per token"
        losses = f"loss {epoch.train:.3f} · {validated}"
        return f"epoch {epoch.number} of {epochs} · {losses} · {epoch.seconds:.1f} s"

    if not sys.stderr.isatty():
        yield lambda epoch: print(words(epoch), file=sys.stderr, flush=True)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

    columns = (SpinnerColumn(), BarColumn(bar_width=20), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("compiling …", total=epochs)
        yield lambda epoch: bar.update(task, description=words(epoch), completed=epoch.number)
