"""Both halves' trainings for keras_tutorial.py, epoch by epoch in turns."""

from __future__ import annotations

import argparse
import contextlib
import statistics
import sys
import time
from typing import Any

from keras_process import KerasSide

from jaxmodels.tokens.config import FitConfig, TokenConfig
from jaxmodels.tokens.fit import Epoch, fit
from jaxmodels.tokens.windows import Windows


def compare_training(
    args: argparse.Namespace,
    config: TokenConfig,
    data: tuple[Windows, Windows],
    keras: KerasSide,
    seed: int,
) -> tuple[dict, dict[str, Any]]:
    """Return jaxmuse's best weights, and both sides' epochs; jaxmuse may go on to twice as many.

    It does so where it hasn't reached Keras's best validation loss before; the weights are those of the
    same number of epochs.
    """
    theirs: list[dict[str, Any]] = [keras.turn()]
    ours: list[dict[str, Any]] = []
    weights: dict = {}
    cpu = time.process_time()

    def report(epoch: Epoch, best: dict) -> None:
        nonlocal weights, cpu
        ours.append(epoch._asdict() | {"cpu_seconds": time.process_time() - cpu})
        reached = min(each["valid"] for each in ours) <= min(each["valid"] for each in theirs)
        print(
            f"  epoch {epoch.number}: jaxmuse {epoch.valid:.3f}, {epoch.seconds:.2f} s; "
            f"Keras {theirs[-1]['valid']:.3f}, {theirs[-1]['seconds']:.2f} s",
            file=sys.stderr,
        )
        if epoch.number <= args.epochs:
            weights = best
        if epoch.number < args.epochs:
            theirs.append(keras.turn())
        elif reached:
            raise StopIteration
        cpu = time.process_time()

    with contextlib.suppress(StopIteration):
        fit(*data, config, FitConfig(epochs=2 * args.epochs, seed=seed), report)
    goal = min(each["valid"] for each in theirs)
    return weights, {
        "jaxmuse": side_record(ours[: args.epochs], ours, goal),
        "keras": side_record(theirs, theirs, goal),
    }


def side_record(epochs: list[dict[str, Any]], further: list[dict[str, Any]], goal: float) -> dict[str, Any]:
    """Return what one side's epochs come to; seconds are those of an epoch after the first."""
    reached = next((place for place, each in enumerate(further) if each["valid"] <= goal), None)
    later = epochs[1:] or epochs
    return {
        "epochs": further,
        "valid_best": min(each["valid"] for each in epochs),
        "valid_last": epochs[-1]["valid"],
        "first_epoch_seconds": epochs[0]["seconds"],
        "epoch_seconds": statistics.median(each["seconds"] for each in later),
        "epoch_cpu_seconds": statistics.median(each["cpu_seconds"] for each in later),
        "keras_best_reached_epoch": None if reached is None else reached + 1,
        "keras_best_reached_seconds": None
        if reached is None
        else sum(each["seconds"] for each in further[: reached + 1]),
    }
