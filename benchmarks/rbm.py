"""The restricted Boltzmann machine on single frames of the JSB chorales, beside the published one.

python benchmarks/rbm.py --data JSB_Chorales.mat --seed 0 --out runs/rbm-jsb-0 --evaluate-test \\
    --json benchmarks/results/rbm-jsb-0.json

The data and their splits are those of `benchmarks/polyphony.py`. A frame is 88 binary pitches, each frame
by itself: nothing of the frames before is seen. The figure is the mean of −log p(frame) in nats, log Z by
annealed importance sampling from both ends, over all frames but each piece's first, as for the other
models; over all frames it is given too. Validation alone chooses the update whose weights are taken; the
test set is read once, at the end, when --evaluate-test is given: a folder whose test figure is there is
refused.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from machine import save_result
from polyphony_data import load_rolls, refuse

from jaxmodels.rbm.config import FitConfig
from jaxmodels.rbm.energy import Rbm, frequency_logits, init_rbm
from jaxmodels.rbm.gibbs import gibbs
from jaxmodels.rbm.learn import begin, learn
from jaxmodels.rbm.likelihood import ais_log_z, mean_nats, reverse_ais_log_z
from jaxmodels.set_option import add_set_option, with_set

HIDDEN = 500
RECIPE = FitConfig(steps=50_000, peak_rate=0.01, weight_decay=0.01)
UPDATES = 5000
"""Updates between validations."""

VALID_AIS, TEST_AIS = (2000, 200), (10_000, 400)
"""Intermediate distributions and runs of annealed importance sampling."""

SETTLING = 2000
"""Gibbs sweeps from training frames to the RBM's own samples, from which the ladder is walked down."""

TEST_FILE = "test.json"


def frames_of(rolls: Sequence[np.ndarray], first: int = 0) -> np.ndarray:
    """Return all pieces' frames from number `first` of each piece on, uint8 `[N, 88]`."""
    return np.concatenate([np.asarray(roll)[first:] != 0 for roll in rolls]).astype(np.uint8)


def run(args: argparse.Namespace, config: FitConfig) -> dict[str, Any]:
    """Train, choose, and return the result, with the test figure if it was asked for."""
    rolls = load_rolls(args.data)
    train, valid = frames_of(rolls["traindata"]), frames_of(rolls["validdata"], first=1)
    mean = (train.sum(axis=0) + 0.1) / (len(train) + 0.2)
    base = frequency_logits(mean)
    started = time.perf_counter()
    rbm, best = fit(config, args.hidden, train, valid, mean)
    result = {
        "data": args.data.stem,
        "seed": config.seed,
        "hidden": args.hidden,
        "parameters": sum(leaf.size for leaf in jax.tree.leaves(rbm)),
        "train_seconds": round(time.perf_counter() - started),
        **best,
        "fit_config": dataclasses.asdict(config),
        "published": 7.43,
    }
    args.out.mkdir(parents=True, exist_ok=True)
    np.savez(args.out / "rbm.npz", **jax.device_get(rbm)._asdict())
    if args.evaluate_test:
        result |= evaluate_test(args.out, rbm, base, train, rolls["testdata"], config.seed)
    return result


def fit(
    config: FitConfig, hidden: int, train: np.ndarray, valid: np.ndarray, mean: np.ndarray
) -> tuple[Rbm, dict[str, Any]]:
    """Return the averaged RBM of the best validation, and what that was."""
    rng = np.random.default_rng(config.seed)
    chains = train[rng.integers(0, len(train), config.batch_size)]
    learning = begin(config, init_rbm(mean, hidden, config.seed), chains)
    best: tuple[float, Rbm, int] | None = None
    while int(learning.step) < config.steps:
        count = min(UPDATES, config.steps - int(learning.step))
        learning = learn(config, learning, train[rng.integers(0, len(train), (count, config.batch_size))])
        log_z = ais_log_z(learning.average, frequency_logits(mean), *VALID_AIS, seed=1)
        nats = mean_nats(learning.average, valid, log_z.value)
        text = f"update {int(learning.step):,}: valid {nats:.3f} nats per frame"
        print(f"{text}, log Z {log_z.value:.2f} in {log_z.low:.2f} to {log_z.high:.2f}", file=sys.stderr)
        if best is None or nats < best[0]:
            best = nats, learning.average, int(learning.step)
    assert best
    return best[1], {"valid_nats": best[0], "best_update": best[2]}


def evaluate_test(
    folder: Path, rbm: Rbm, base: np.ndarray, train: np.ndarray, rolls: Sequence[np.ndarray], seed: int
) -> dict[str, Any]:
    """Return the test figures: measured once, then read from the run's folder."""
    steps, runs = TEST_AIS
    log_z = ais_log_z(rbm, base, steps, runs, seed)
    begun = train[np.random.default_rng(seed).integers(0, len(train), runs)].astype(np.float32)
    free = jnp.zeros(begun.shape[1], bool)
    samples = gibbs(rbm, begun, free, jnp.ones(SETTLING), jax.random.key(seed))
    above = reverse_ais_log_z(rbm, base, samples, steps, seed)
    later, every = frames_of(rolls, first=1), frames_of(rolls)
    figures = {
        "test_nats": mean_nats(rbm, later, log_z.value),
        "test_nats_low": mean_nats(rbm, later, log_z.low),
        "test_nats_high": mean_nats(rbm, later, log_z.high),
        "test_nats_reverse": mean_nats(rbm, later, above.value),
        "test_nats_all_frames": mean_nats(rbm, every, log_z.value),
        "test_frames": len(later),
        "all_test_frames": len(every),
        "log_z": log_z._asdict(),
        "log_z_reverse": above._asdict(),
        "ais_steps": steps,
        "ais_runs": runs,
    }
    (folder / TEST_FILE).write_text(json.dumps(figures, indent=1) + "\n")
    return figures


def main() -> None:
    """Do what was asked for, and print it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="JSB_Chorales.mat")
    parser.add_argument("--out", type=Path, required=True, help="folder of the run")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--hidden", type=int, default=HIDDEN, help="hidden units")
    parser.add_argument("--evaluate-test", action="store_true", help="read the test set, once, at the end")
    parser.add_argument("--json", type=Path, help="keep the result, with the computer, in this file")
    add_set_option(parser, "any other field of FitConfig, as JSON")
    args = parser.parse_args()
    (config,) = with_set(parser, args.set, [dataclasses.replace(RECIPE, seed=args.seed)])
    if args.evaluate_test and (args.out / TEST_FILE).exists():
        refuse(f"{args.out}: its test figure was read before. Name another folder with --out.")
    result = run(args, config)
    print(json.dumps(result, indent=1))
    save_result(args.json, "rbm", result)


if __name__ == "__main__":
    main()
