"""Training an RBM on windows of a corpus.

`python -m jaxmodels.rbm.train --corpus corpus.npz --out runs/rbm` trains where nothing but JAX, Flax,
Optax, NumPy and safetensors is installed. The validation figure is the mean −log p of windows that the
training never saw, by annealed importance sampling; the best average of the weights is kept in
`OUT/best`, in the form of all released models. A stopped training can't be gone on with.
"""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jax
import numpy as np

from jaxmodels.checkpoint import parameter_count, save_model
from jaxmodels.data import make_examples
from jaxmodels.rbm.config import USUAL_NATS, FitConfig, RbmConfig
from jaxmodels.rbm.energy import Rbm, frequency_logits, init_rbm, pseudo_nats
from jaxmodels.rbm.learn import begin, learn
from jaxmodels.rbm.likelihood import ais_log_z, mean_nats
from jaxmodels.rbm.windows import Windows
from jaxmodels.set_option import add_set_option, with_set
from jaxmodels.shards import Corpus, load_corpus
from jaxmodels.train import BEST_FOLDER

UPDATES = 50
"""Updates in one jitted call."""

VALIDATIONS = 8
VALID_WINDOWS = 4096
AIS_STEPS, AIS_RUNS = 1500, 100

NATS_WINDOWS = 128
"""Windows that `USUAL_NATS` is taken from."""

RECIPE = FitConfig(steps=16_000, peak_rate=3e-3)
"""What trains `checkpoints/rbm-base`."""


def windows_of(corpus: Corpus, config: RbmConfig) -> Windows:
    """Return the windows of all works; styles and works count as in the training of the other models."""
    examples = make_examples(corpus.pieces, [int(style) for style in corpus.styles])
    return Windows(corpus.pieces, np.array([example.weight for example in examples]), config)


def usual_nats(config: RbmConfig, rbm: Rbm, windows: np.ndarray) -> float:
    """Return the negative log pseudo-likelihood of real `windows` `[N, V]`, in nats per note begun."""
    units = np.arange(windows.shape[1]).reshape(config.steps, -1)
    pitched = units[:, : 2 * config.pitches].ravel()
    nats = jax.jit(lambda rbm, visible: pseudo_nats(rbm, visible, pitched))(rbm, windows.astype(np.float32))
    return float(nats.sum()) / max(1, int(windows[:, units[:, : config.pitches].ravel()].sum()))


def train(
    train_windows: Windows,
    valid_windows: Windows,
    out: Path,
    model_config: RbmConfig,
    config: FitConfig,
    report: Callable[[dict[str, Any]], None],
) -> dict[str, Any]:
    """Train for `config.steps` updates and return the facts of the best RBM, which lies in `OUT/best`.

    - `report`: hears each validation. `OUT/metrics.jsonl` keeps them.
    """
    out.mkdir(parents=True, exist_ok=True)
    (out / "train.json").write_text(json.dumps(dataclasses.asdict(config), indent=2) + "\n")
    log = out / "metrics.jsonl"
    log.write_text("")
    rng = np.random.default_rng(config.seed)
    valid = valid_windows.draw(np.random.default_rng(1), VALID_WINDOWS)
    mean = train_windows.mean()
    learning = begin(
        config, init_rbm(mean, model_config.hidden, config.seed), train_windows.draw(rng, config.batch_size)
    )
    best: dict[str, Any] = {}
    started, every = time.perf_counter(), max(1, config.steps // VALIDATIONS)
    while int(learning.step) < config.steps:
        count = min(UPDATES, config.steps - int(learning.step), every - int(learning.step) % every)
        batches = train_windows.draw(rng, count * config.batch_size).reshape(count, config.batch_size, -1)
        learning = learn(config, learning, batches)
        step = int(learning.step)
        if step % every and step != config.steps:
            continue
        log_z = ais_log_z(learning.average, frequency_logits(mean), AIS_STEPS, AIS_RUNS, seed=1)
        facts = {
            "step": step,
            "seconds": round(time.perf_counter() - started),
            "valid_nats_per_window": round(mean_nats(learning.average, valid, log_z.value), 3),
            USUAL_NATS: round(usual_nats(model_config, learning.average, valid[:NATS_WINDOWS]), 3),
            "log_z": log_z.value,
            "log_z_low": log_z.low,
            "log_z_high": log_z.high,
        }
        report(facts)
        with log.open("a") as file:
            file.write(json.dumps(facts) + "\n")
        if not best or facts["valid_nats_per_window"] < best["valid_nats_per_window"]:
            best = facts
            params = jax.device_get(learning.average)._asdict()
            save_model(
                out / BEST_FOLDER, model_config, params, best | {"parameters": parameter_count(params)}
            )
    return best


def main() -> None:
    """Train from a corpus file with plain text output; Ctrl+C keeps the best RBM until then."""
    import argparse
    import sys

    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=RECIPE.steps, help="updates")
    parser.add_argument("--seed", type=int, default=0)
    add_set_option(parser, "any other field of RbmConfig or FitConfig, as JSON: --set hidden 256")
    args = parser.parse_args()
    if args.out.exists() and (not args.out.is_dir() or any(args.out.iterdir())):
        parser.error(f"--out {args.out}: it is there already. Name a new folder.")
    try:
        corpus = load_corpus(args.corpus)
        config = dataclasses.replace(RECIPE, steps=args.steps, seed=args.seed)
        model_config, config = with_set(parser, args.set, [RbmConfig(), config])
        train_windows, valid_windows = (
            windows_of(corpus.select(split), model_config) for split in ("train", "valid")
        )
    except (OSError, ValueError) as error:
        parser.error(str(error))

    def report(facts: dict[str, Any]) -> None:
        print(" ".join(f"{name} {value:.6g}" for name, value in facts.items()), flush=True)

    try:
        train(train_windows, valid_windows, args.out, model_config, config, report)
    except KeyboardInterrupt:
        best = args.out / BEST_FOLDER
        kept = (
            f"{best} holds the best RBM until then" if best.is_dir() else "nothing was validated, or kept"
        )
        print(f"stopped: {kept}.", file=sys.stderr)
        sys.exit(130)


if __name__ == "__main__":
    main()
