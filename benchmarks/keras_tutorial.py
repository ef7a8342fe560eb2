"""The Keras tutorial's WaveNet and LSTM: jaxmuse's and Keras's, epoch by epoch in turns on the same cores.

python -m venv keras-env && keras-env/bin/pip install tensorflow-cpu keras
python benchmarks/keras_tutorial.py --python-keras keras-env/bin/python \\
    --json benchmarks/results/keras_tutorial.json

TensorFlow and Keras are no part of jaxmuse; they stay in an environment of their own. The windows come from
music21's Bach through jaxmuse's own reader, as `jaxmuse train --recipe … --instrument all` makes them, or
from `--windows FILE.npz` (X `[N, 32]`, y `[N]`, doc `[N]`, vocab `[V]`). Same windows, split, batch and
number of epochs on both sides; initial weights, orders and dropout differ as two seeds do. An epoch's
seconds hold its validation. ms per note: batch 1, warm, medians of several rounds. About 6 minutes a seed.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from decoding import measure, real_arguments, with_batch
from machine import save_result

from bridge.models import use_compilation_cache
from bridge.tokens import DEFAULT_MIN_COUNT
from bridge.tokens.reading import read_words, tokens_of
from bridge.tokens.train_command import split_windows
from bridge.training.hardware import core_count
from jaxmodels.checkpoint import parameter_count
from jaxmodels.tokens.config import KINDS, FitConfig, TokenConfig
from jaxmodels.tokens.fit import Epoch, fit
from jaxmodels.tokens.generate import generate
from jaxmodels.tokens.windows import Windows, held_out_windows, held_out_works, windows_of

HERE = Path(__file__).parent
NOTES = 200
PROMPTS = 20
LOOPED = 20
"""The last tokens that are looked at for a loop."""


class KerasSide:
    """The other process, asked in turns."""

    def __init__(self, args: argparse.Namespace, kind: str, seed: int, windows: Path) -> None:
        values = {
            "--epochs": args.epochs,
            "--batch-size": FitConfig.batch_size,
            "--seed": seed,
            "--threads": core_count(),
            "--rounds": args.rounds,
            "--policy": args.keras_policy,
        }
        words = [word for name, value in values.items() for word in (name, str(value))]
        self.process = subprocess.Popen(
            [str(args.python_keras), str(HERE / "keras_side.py"), str(windows), kind, *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if not args.verbose else None,
            text=True,
            env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        )
        self.begin = self.answer()

    def answer(self) -> dict[str, Any]:
        """Return its next answer."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith("ANSWER "):
                return json.loads(line.removeprefix("ANSWER "))
        sys.exit(
            "Keras's side ended; run with --verbose to see why. Are tensorflow-cpu and keras installed?"
        )

    def turn(self) -> dict[str, Any]:
        """Let it do one thing, and return what it answers."""
        assert self.process.stdin is not None
        print("go", file=self.process.stdin, flush=True)
        return self.answer()


def load_windows(args: argparse.Namespace) -> tuple[tuple[str, ...], Windows, Windows]:
    """Return the vocabulary, and the windows to train and to validate on."""
    if args.windows is not None:
        with np.load(args.windows) as stored:
            windows = Windows(*(stored[name].astype(np.int32) for name in ("X", "y", "doc")))
            vocabulary = tuple(map(str, stored["vocab"]))
        held = (held_out_works if args.split == "work" else held_out_windows)(windows, 0)
        return vocabulary, windows.take(~held), windows.take(held)
    spec = find_spec("music21")
    assert spec is not None
    assert spec.submodule_search_locations
    bach = Path(spec.submodule_search_locations[0]) / "corpus" / "bach"
    spoken = read_words([bach], "all")
    vocabulary, sequences = tokens_of(spoken, DEFAULT_MIN_COUNT)
    return (
        vocabulary,
        *split_windows(windows_of(sequences, TokenConfig(KINDS[0], vocabulary).window), spoken, args.split),
    )


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


def compare_generation(
    args: argparse.Namespace, config: TokenConfig, weights: dict, valid: Windows, keras: KerasSide
) -> dict[str, Any]:
    """Return ms per note of each way, and how many different tokens are among the last."""
    prompt = valid.tokens[0]
    generate(config, weights, prompt, NOTES, 0.0, 0)  # compiled
    rounds, answers = [], []
    for _ in range(args.rounds):
        answers.append(keras.turn())
        began, cpu = time.perf_counter(), time.process_time()
        greedy = generate(config, weights, prompt, NOTES, 0.0, 0)
        rounds.append(
            {
                "ms": 1000 * (time.perf_counter() - began) / NOTES,
                "cpu_ms": 1000 * (time.process_time() - cpu) / NOTES,
            }
        )
    last = answers[-1]
    prompts = valid.tokens[np.linspace(0, len(valid.work) - 1, PROMPTS).astype(int)]
    different = {
        name: [
            len(set(generate(config, weights, each, NOTES, temperature, number)[-LOOPED:].tolist()))
            for number, each in enumerate(prompts)
        ]
        for name, temperature in (("greedy", 0.0), ("sampled", 1.0))
    }
    return {
        "jaxmuse": middle(rounds),
        "keras_predict": middle([each["predict"] for each in answers]),
        "keras_function": middle([each["function"] for each in answers]),
        "different_in_last": {
            "of": LOOPED,
            **different,
            "keras_greedy": len(set(last["function"]["tokens"][-LOOPED:])),
        },
        "greedy_tokens": [config.vocabulary[token] for token in greedy[-LOOPED:]],
    }


def middle(rounds: list[dict[str, Any]]) -> dict[str, float]:
    """Return the medians of ms per note, by the clock and of the processor."""
    return {name: statistics.median(each[name] for each in rounds) for name in ("ms", "cpu_ms")}


def main_model() -> dict[str, Any]:
    """Return what a note costs the model that fills scores, one alternative, from window to notes."""
    score = HERE.parent / "examples" / "chorale.mxl"
    cpu, seconds, notes = 0.0, [], 0
    arguments = with_batch(real_arguments(score, 8, "wavenet"), 1)
    for _ in range(3):
        started = time.process_time()
        each, drawn = measure(arguments, 5)
        cpu = (time.process_time() - started) / 6
        seconds.append(each)
        notes = int(drawn.count.sum())
    return {"ms": 1000 * statistics.median(seconds) / notes, "cpu_ms": 1000 * cpu / notes, "notes": notes}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--python-keras", type=Path, required=True, help="the Python that has Keras")
    parser.add_argument("--windows", type=Path, help="windows that are made already")
    parser.add_argument("--split", choices=("work", "window"), default="work")
    parser.add_argument("--models", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5, help="of generation")
    parser.add_argument("--products", default=TokenConfig.products, help="float32 or bfloat16, for jaxmuse")
    parser.add_argument("--keras-policy", default="float32", help="float32 or mixed_bfloat16")
    parser.add_argument("--verbose", action="store_true", help="show what TensorFlow says")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    use_compilation_cache()
    vocabulary, train, valid = load_windows(args)
    print(f"{len(vocabulary)} tokens, windows: {len(train.work)} + {len(valid.work)}", file=sys.stderr)
    results: dict[str, Any] = {
        "vocabulary": len(vocabulary),
        "train_windows": len(train.work),
        "valid_windows": len(valid.work),
        "split": args.split,
        "epochs": args.epochs,
        "own_windows": args.windows is None,
        "products": args.products,
        "keras_policy": args.keras_policy,
        "models": {},
        "main_wavenet": main_model(),
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "windows.npz"
        np.savez(
            path,
            vocabulary=len(vocabulary),
            train_tokens=train.tokens,
            train_following=train.following,
            valid_tokens=valid.tokens,
            valid_following=valid.following,
        )
        for kind in args.models:
            runs = []
            for seed in range(args.seeds):
                print(f"{kind}, seed {seed}", file=sys.stderr)
                config = TokenConfig(kind, vocabulary, products=args.products)
                keras = KerasSide(args, kind, seed, path)
                weights, losses = compare_training(args, config, (train, valid), keras, seed)
                times = compare_generation(args, config, weights, valid, keras)
                keras.process.wait(timeout=60)
                runs.append({"seed": seed, "training": losses, "generation": times})
                versions = {name: keras.begin[name] for name in ("keras", "tensorflow")}
                parameters = [parameter_count(weights), keras.begin["parameters"]]
                results["keras_versions"] = versions
                show(kind, runs[-1], results["main_wavenet"])
            results["models"][kind] = {"parameters": parameters, "runs": runs}
            save_result(args.json, "keras_tutorial", results)


def show(kind: str, run: dict[str, Any], main_wavenet: dict[str, Any]) -> None:
    """Print one run's figures and ratios."""
    ours, theirs = run["training"]["jaxmuse"], run["training"]["keras"]
    times = run["generation"]
    print(f"{kind}: valid {ours['valid_best']:.3f} against {theirs['valid_best']:.3f} nats per token")
    for name in ("epoch_seconds", "epoch_cpu_seconds"):
        print(
            f"  {name} {ours[name]:.2f} against {theirs[name]:.2f}: {ours[name] / theirs[name]:.2f} times"
        )
    goal = [side["keras_best_reached_seconds"] for side in (ours, theirs)]
    print(f"  seconds to Keras's best loss: {goal[0]} against {goal[1]}")
    for name in ("ms", "cpu_ms"):
        predict, function = times["keras_predict"][name], times["keras_function"][name]
        print(
            f"  {name} a note {times['jaxmuse'][name]:.4f}; predict {predict:.1f}, function {function:.2f}"
        )
        print(
            f"  main WaveNet {main_wavenet[name]:.3f} {name}: {predict / main_wavenet[name]:.0f} and "
            f"{function / main_wavenet[name]:.1f} times"
        )
    print(f"  different in the last {LOOPED}: {times['different_in_last']}")


if __name__ == "__main__":
    main()
