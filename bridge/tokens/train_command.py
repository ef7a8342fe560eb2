"""The use case behind `jaxmuse train --recipe`: from scores to a token model in a folder."""

from __future__ import annotations

import contextlib
import json as json_text
import shlex
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from bridge.console import print_record
from bridge.errors import ModelError, UsageError, WriteError
from bridge.models import use_compilation_cache
from bridge.tokens.reading import Spoken, read_words, tokens_of
from bridge.tokens.recipe import Recipe
from bridge.training import run_folder
from bridge.training.device import use_device
from jaxmodels.tokens.config import FitConfig, TokenConfig
from jaxmodels.tokens.windows import Windows, held_out_windows, held_out_works, windows_of

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


def _fit(
    recipe: Recipe, out: Path, config: TokenConfig, train: Windows, valid: Windows, json: bool
) -> None:
    from jaxmodels.tokens.checkpoint import save_model
    from jaxmodels.tokens.fit import Epoch, fit

    prompts = _prompts(valid if len(valid.work) else train)
    log: list[Epoch] = []

    def keep(epoch: Epoch, best: dict) -> None:
        improved = not any(earlier.valid <= epoch.valid for earlier in log)
        log.append(epoch)
        facts = {"epoch": epoch.number, "valid": epoch.valid, "command": recipe.command_line(out)}
        try:
            with (out / LOG_FILE).open("a", encoding="utf-8") as file:
                file.write(json_text.dumps(epoch._asdict()) + "\n")
            if improved:
                save_model(out / BEST_FOLDER, config, best, prompts, facts)
        except OSError as error:
            raise WriteError(
                f"the run can't be kept there ({(error.strerror or str(error)).lower()})",
                where=f"option --out {out}",
                fix="Free some space and start it again in another folder.",
            ) from error

    with _shown(recipe.epochs) as show:
        try:
            fit(
                train,
                valid,
                config,
                FitConfig(epochs=recipe.epochs),
                lambda epoch, best: (keep(epoch, best), show(epoch))[1],
            )
        except FloatingPointError as error:
            raise ModelError(str(error), where=str(out), fix="Start a new run with more scores.") from error
        except KeyboardInterrupt:
            _report(out, log, stopped=True, json=json)
            raise
    _report(out, log, stopped=False, json=json)


def _prompts(windows: Windows) -> np.ndarray:
    """Return up to `MOST_PROMPTS` windows, evenly over all."""
    chosen = np.unique(np.linspace(0, len(windows.work) - 1, MOST_PROMPTS).astype(int))
    return windows.tokens[chosen]


def _report(out: Path, log: list[Any], stopped: bool, json: bool) -> None:
    best = min(log, key=lambda epoch: (epoch.valid, -epoch.number), default=None)
    use = shlex.join(["jaxmuse", "generate", "--model", str(out), "--notes", "100"])
    if json:
        print_record(
            {
                "out": str(out),
                "ok": not stopped,
                "error": "stopped" if stopped else None,
                "epochs": len(log),
                "best_epoch": best and best.number,
                "valid": best and (None if np.isnan(best.valid) else round(best.valid, 4)),
                "use": use,
            }
        )
    elif best is None:
        print("Stopped before the first epoch's end; no model is kept.", file=sys.stderr)
    else:
        nats = "nothing was validated" if np.isnan(best.valid) else f"{best.valid:.3f} nats per token"
        print(f"{'Stopped. ' if stopped else ''}Best model: epoch {best.number} of {len(log)}, {nats}.")
        print(f"Use it: {use}")


@contextlib.contextmanager
def _shown(epochs: int) -> Iterator[Callable[[Any], None]]:
    """Yield what shows an epoch: one live line on a terminal, plain lines elsewhere."""

    def words(epoch: Any) -> str:
        return (
            f"epoch {epoch.number} of {epochs} · loss {epoch.train:.3f} · valid {epoch.valid:.3f} nats "
            f"per token · {epoch.seconds:.1f} s"
        )

    if not sys.stderr.isatty():
        yield lambda epoch: print(words(epoch), file=sys.stderr, flush=True)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

    columns = (SpinnerColumn(), BarColumn(bar_width=20), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("compiling …", total=epochs)
        yield lambda epoch: bar.update(task, description=words(epoch), completed=epoch.number)
