"""Training: jitted steps over batches of windows, validation per task, checkpoints that survive a kill.

`python -m jaxmodels.train --corpus corpus.npz --out runs/base --minutes 60` trains where nothing but
JAX, Flax, Optax, Orbax and NumPy is installed; `jaxmuse train` is the same with a progress line and plots.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import jax
import numpy as np

from jaxmodels.checkpoint import save_model
from jaxmodels.config import KINDS, ModelConfig, TrainConfig, to_json
from jaxmodels.copy_sketch import write_sketch
from jaxmodels.data import Example, TrainingData, evaluation_holes
from jaxmodels.evaluate import evaluation_batches, score_batches
from jaxmodels.held_interrupt import HeldInterrupt
from jaxmodels.holes import TASKS
from jaxmodels.model import init_params
from jaxmodels.optimiser import fresh_state, learning_rate
from jaxmodels.set_option import add_set_option, with_set
from jaxmodels.train_log import LOG_FILE, Clock, Log, Pace, Progress
from jaxmodels.train_state import TrainState, TrainStore
from jaxmodels.train_step import train_step

BEST_FOLDER = "best"


def train(
    train_examples: Sequence[Example],
    valid_examples: Sequence[Example],
    out: Path,
    model_config: ModelConfig,
    config: TrainConfig,
    *,
    minutes: float | None = None,
    resume: bool = False,
    report: Callable[[Progress], None] | None = None,
) -> dict[str, Any]:
    """Train until `config.steps`, or for `minutes` when given, or until validation stops improving.

    Writes into `out`: `state/` (to resume), `best/` (the released form), `metrics.jsonl`. Saves at
    every validation, at the end and on KeyboardInterrupt: Ctrl+C waits until a step is whole, and ends at
    once, without saving, when it is pressed again. Returns the facts of the best model.
    """
    out.mkdir(parents=True, exist_ok=True)
    (out / "train.json").write_text(to_json(config) + "\n")
    data = TrainingData(train_examples, config.batch_size, config.seed)
    valid = _validation(valid_examples, config)
    store = TrainStore(out / "state")
    state, run = _start(store, data, model_config, config, resume)
    log = Log(out / LOG_FILE, run, report)
    clock = Clock(config, minutes, run["seconds"])
    batches = data.batches(int(run["step"]))
    pace = Pace()
    with HeldInterrupt() as interrupt:
        try:
            while True:
                step = int(run["step"])
                fraction = clock.fraction(step)
                over = fraction >= 1 or run["stale"] >= config.patience
                if (over or (step and step % config.valid_every == 0)) and run.get("validated") != step:
                    run["seconds"] = clock.seconds()
                    _validate(out, model_config, state, valid, run, log, fraction)
                    store.save(state, run)
                    pace = Pace()
                    over |= run["stale"] >= config.patience
                if over:
                    break
                interrupt.check()
                sizes, batch = next(batches)
                rate = learning_rate(config, step, fraction)
                state, loss = train_step(model_config, config, state, batch, sizes.beats, rate)
                notes = int(batch.event_count.sum())
                pace.add(loss, notes)
                run["step"] = step + 1
                run["notes"] += notes
                if (step + 1) % 10 == 0:
                    log.write("step", step + 1, fraction, {**pace.read(), "rate": rate})
        except KeyboardInterrupt:
            if not interrupt.lost:
                run["seconds"] = clock.seconds()
                store.save(state, run)
            raise
        finally:
            batches.close()
            log.close()
    return dict(run["best"])


def _start(
    store: TrainStore, data: TrainingData, model_config: ModelConfig, config: TrainConfig, resume: bool
) -> tuple[TrainState, dict[str, Any]]:
    sizes, batch = data.batch(0)
    params = init_params(model_config, jax.tree.map(lambda x: x[0], batch), sizes, config.seed)
    state = fresh_state(config, params)
    run: dict[str, Any] = {"step": 0, "seconds": 0.0, "notes": 0, "stale": 0, "best": {}}
    if resume and store.exists():
        return store.restore(state)
    return state, run


def _validation(examples: Sequence[Example], config: TrainConfig) -> dict[str, list]:
    batches = {}
    for task in TASKS:
        holes = evaluation_holes(examples, task, config.valid_windows // len(TASKS), seed=1)
        if holes:
            batches[task] = evaluation_batches(holes)
    return batches


def _validate(
    out: Path,
    model_config: ModelConfig,
    state: TrainState,
    valid: dict[str, list],
    run: dict[str, Any],
    log: Log,
    fraction: float,
) -> None:
    scores = {task: score_batches(model_config, state.average, batches) for task, batches in valid.items()}
    values = {f"valid_{task}": score.total for task, score in scores.items()}
    if scores:
        values["valid"] = float(np.mean([score.total for score in scores.values()]))
        for head in ("delta", "staff", "pitch", "duration"):
            values[f"head_{head}"] = float(np.mean([getattr(score, head) for score in scores.values()]))
    run["validated"] = run["step"]
    log.write("valid", run["step"], fraction, values)
    if not scores or values["valid"] < run["best"].get("valid", np.inf):
        run["stale"] = 0
        run["best"] = {
            "step": run["step"],
            "seconds": round(run["seconds"]),
            "notes": run["notes"],
            **values,
        }
        save_model(out / BEST_FOLDER, model_config, jax.device_get(state.average), run["best"])
        log.write("best", run["step"], fraction, values)
    else:
        run["stale"] += 1


def main() -> None:
    """Train from a corpus file with plain text output."""
    import argparse

    from jaxmodels.data import make_examples
    from jaxmodels.shards import load_corpus

    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--steps", type=int, default=TrainConfig.steps)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--model", default=ModelConfig.kind, choices=KINDS, help="the backbone")
    add_set_option(parser, "any other field of ModelConfig or TrainConfig, as JSON: --set dropout 0.2")
    args = parser.parse_args()
    if args.minutes is not None and not args.minutes > 0:
        parser.error(f"--minutes must be positive, got {args.minutes}")
    try:
        corpus = load_corpus(args.corpus)
        model_config = ModelConfig(kind=args.model, styles=tuple(corpus.style_names))
        config = TrainConfig(steps=args.steps, seed=args.seed)
    except (OSError, ValueError) as error:
        parser.error(str(error))
    model_config, config = with_set(parser, args.set, [model_config, config])
    splits = [corpus.select(split) for split in ("train", "valid")]
    if not splits[0].note_count:
        parser.error(f"{args.corpus} has no notes to train on")
    train_examples, valid_examples = (
        make_examples(part.pieces, part.style_indexes(model_config.styles)) for part in splits
    )

    def report(progress: Progress) -> None:
        values = " ".join(f"{name} {value:.4g}" for name, value in progress.values.items())
        print(f"{progress.kind} {progress.step} {progress.fraction:.1%} {values}", flush=True)

    train(
        train_examples,
        valid_examples,
        args.out,
        model_config,
        config,
        minutes=args.minutes,
        resume=args.resume,
        report=report,
    )
    write_sketch(args.out / BEST_FOLDER, splits[0].pieces)


if __name__ == "__main__":
    main()
