"""The use case behind `jaxmuse train`: from scores to a model in a folder, stopped and resumed at will."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bridge.errors import ModelError, UsageError, WriteError
from bridge.models import use_compilation_cache
from bridge.training import run_folder
from bridge.training.device import use_device
from bridge.training.plan import Plan, announce, check_resumable, new_plan, resumed_plan
from bridge.training.request import DEFAULT_KIND, request_of
from jaxmodels.rbm.config import KIND as RBM


def train_command(
    paths: Sequence[Path] = (),
    model: str | None = None,
    out: Path | None = None,
    minutes: float | None = None,
    steps: int | None = None,
    resume: bool = False,
    device: str = "auto",
    include_restricted: bool = False,
    json: bool = False,
) -> None:
    """Train a model, show how it goes, and print what came of it (one JSON object with `json`).

    - `paths`: scores and folders; music21's own corpus if there are none.
    - `model`: kind of model, `DEFAULT_KIND` if None.
    - `out`: the run's folder; a new one in `runs/` if None, with `resume` the latest there.
    - `minutes` or `steps`: how long, 10 minutes if neither; what a resumed run had before is counted in.
    - `resume`: go on with the run in `out`, by its own settings; others are refused.

    Raises a `JaxmuseError`, or `KeyboardInterrupt` after Ctrl+C, when all is saved and said.
    """
    request = request_of(paths, model or DEFAULT_KIND, minutes, steps, include_restricted)
    use_device(device)
    use_compilation_cache()  # before JAX compiles anything, for it looks for its cache only once
    _check_kind(request.model)
    if resume:
        out = out or run_folder.latest_folder()
        check_resumable(out, request.paths, model, include_restricted)
        plan = resumed_plan(out, minutes, steps, quiet=json)
    else:
        plan = new_plan(out or run_folder.default_folder(request.model), request, quiet=json)
    if not json:
        announce(plan)
    _run(plan, json)


def _check_kind(model: str) -> None:
    from jaxmodels.model import BACKBONES

    if model == RBM:
        raise UsageError(
            "a restricted Boltzmann machine isn't trained by this command",
            where="option --model",
            fix="Train it with python -m jaxmodels.rbm.train --corpus CORPUS --out runs/rbm, where CORPUS "
            "is the file that jaxmuse corpus build names.",
        )
    if model not in BACKBONES:
        raise UsageError(
            f"'{model}' is no kind of model", where="option --model", fix=f"Take {' or '.join(BACKBONES)}."
        )


def _run(plan: Plan, json: bool) -> None:
    from bridge.training.live import live_line
    from bridge.training.outcome import finish_best, report_end, report_stop, resume_command
    from bridge.training.watch import Interrupts, StoppedNow, Watch
    from jaxmodels.train import train

    out, record = plan.out, plan.record
    started = time.perf_counter()
    stopped: BaseException | None = None
    with live_line() as show, Interrupts() as interrupts:
        watch = Watch(out, show, interrupts, record.train_config.valid_every)
        try:
            train(
                plan.material.train,
                plan.material.valid,
                out,
                record.model_config,
                record.train_config,
                minutes=record.request.minutes,
                resume=plan.resume,
                report=watch,
            )
        except (KeyboardInterrupt, StoppedNow) as reason:
            stopped = reason
        except ModelError:
            finish_best(plan)
            raise
        except OSError as error:
            raise WriteError(
                f"the run can't be kept there ({(error.strerror or str(error)).lower()})",
                where=f"option --out {out}",
                fix=f"Free some space, then go on: {resume_command(out)}",
            ) from error
        finally:
            watch.close()
    facts = finish_best(plan)
    last_step = watch.last.step if watch.last else 0
    if stopped is not None:
        report_stop(out, isinstance(stopped, KeyboardInterrupt), last_step, json)
        raise KeyboardInterrupt from stopped
    ended = "length" if watch.last is None or watch.last.fraction >= 1 else "patience"
    run_folder.write_record(out, replace(record, ended=ended))
    report_end(plan, facts, ended, last_step, time.perf_counter() - started, json)
