"""The Keras tutorial's WaveNet and LSTM: jaxmuse's and Keras's, epoch by epoch in turns on the same cores.

python -m venv keras-env && keras-env/bin/pip install tensorflow-cpu keras
python benchmarks/keras_tutorial.py --python-keras keras-env/bin/python \\
    --json benchmarks/results/keras_tutorial.json

TensorFlow and Keras are no part of jaxmuse; they stay in an environment of their own. The windows come from
music21's Bach through jaxmuse's own reader, as `jaxmuse train --recipe … --instrument all` makes them, or
from `--windows FILE.npz` (X `[N, 32]`, y `[N]`, doc `[N]`, vocab `[V]`). Same windows, split, batch and
number of epochs on both sides; initial weights, orders and dropout differ as two seeds do. Only to reach
Keras's best validation loss jaxmuse may go on, up to twice as many epochs. An epoch's seconds hold its
validation. ms per note: batch 1, warm, medians of several rounds; from the last 32 tokens at each step on
both sides, and for the LSTM also with its states kept. About 6 minutes a seed.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from keras_losses import compare_training
from keras_notes import LOOPED, compare_generation, main_model
from keras_process import KerasSide
from machine import save_result

from bridge.models import use_compilation_cache
from bridge.tokens import DEFAULT_MIN_COUNT
from bridge.tokens.reading import read_words, tokens_of
from bridge.tokens.train_command import split_windows
from jaxmodels.checkpoint import parameter_count
from jaxmodels.tokens.config import KINDS, PRODUCTS, TokenConfig
from jaxmodels.tokens.windows import Windows, held_out_windows, held_out_works, windows_of


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
    parser.add_argument("--products", choices=PRODUCTS, default=TokenConfig.products, help="for jaxmuse")
    parser.add_argument("--keras-policy", choices=("float32", "mixed_bfloat16"), default="float32")
    parser.add_argument("--verbose", action="store_true", help="show what TensorFlow says")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    refuse(parser, args)
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


def refuse(parser: argparse.ArgumentParser, args: argparse.Namespace) -> None:
    """End with a sentence for numbers and files that mean nothing."""
    for name in ("epochs", "seeds", "rounds"):
        if getattr(args, name) < 1:
            parser.error(f"--{name} {getattr(args, name)}: give 1 or more")
    if args.windows is not None and not args.windows.is_file():
        parser.error(f"--windows {args.windows}: there is no such file")
    look = (
        "from importlib.util import find_spec as f; raise SystemExit(not (f('keras') and f('tensorflow')))"
    )
    try:
        subprocess.run([args.python_keras, "-c", look], check=True, capture_output=True)
    except OSError:
        parser.error(f"--python-keras {args.python_keras}: it can't be run")
    except subprocess.CalledProcessError:
        parser.error(f"--python-keras {args.python_keras}: it has no tensorflow and keras; see --help")


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
    if "jaxmuse_states" in times:
        print(f"  with states kept: {times['jaxmuse_states']}")
    print(f"  different in the last {LOOPED}: {times['different_in_last']}")


if __name__ == "__main__":
    main()
