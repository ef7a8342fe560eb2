"""Make a released checkpoint of a finished run: its best model, facts, training sketch, card with figures.

python benchmarks/likelihood.py --model runs/base/best --corpus corpus.npz --json likelihood.json
python benchmarks/release.py --run runs/base --likelihood likelihood.json --corpus corpus.npz \
    --out checkpoints/wavenet-base --command "python -m jaxmodels.train --corpus corpus.npz …"
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from bridge.corpus.build import build_corpus
from bridge.training.card import CardFacts, write_card
from bridge.training.hardware import describe_machine, package_versions
from jaxmodels.checkpoint import load_facts, load_model, parameter_count, save_model
from jaxmodels.config import TrainConfig
from jaxmodels.copy_sketch import build_sketch, save_sketch
from jaxmodels.holes import TASKS
from jaxmodels.shards import load_corpus
from jaxmodels.train import BEST_FOLDER

COLUMNS = ("model", "left-only", "5-gram", "uniform")
REMARK = """\
`valid` is what training saw; the other columns are measured once, on works of the test split, {holes} holes
a task, untransposed, by `python benchmarks/likelihood.py`: the model, the same model with all hidden
that sounds from the hole on (`left-only`), an interpolated 5-gram over the same events, and the uniform
distribution over what the constraints allow. Where the model's nats go, and how sure they are:"""


def heads_table(tasks: dict) -> str:
    """Return where the model's nats go, and how sure its figure is."""
    lines = [
        "| task | Δonset | staff | pitch | duration | 95 % interval over works | works | notes |",
        "|---|" + "---:|" * 7,
    ]
    for task in TASKS:
        row = tasks[task]
        heads = " | ".join(f"{row['heads'][head]:.3f}" for head in ("delta", "staff", "pitch", "duration"))
        low, high = row["model"]["interval"]
        lines.append(f"| {task} | {heads} | {low:.3f} – {high:.3f} | {row['works']} | {row['notes']:,} |")
    return "\n".join(lines)


def distance_table(infill: dict) -> str:
    """Return how much the right side helps, the nearer the more."""
    parts = infill["by_distance"]
    heads = [f"over {low} ticks" for low in parts["model"]]
    lines = [
        "| infill, notes from the hole's end | " + " | ".join(heads) + " |",
        "|---|" + "---:|" * len(heads),
    ]
    for name, row in parts.items():
        lines.append(f"| {name} | " + " | ".join(f"{value:.3f}" for value in row.values()) + " |")
    return "\n".join(lines)


def main() -> None:
    """Write the checkpoint's folder."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--likelihood", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("checkpoints/wavenet-base"))
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--command", required=True, help="the command that trained the run, as it was")
    args = parser.parse_args()

    corpus = load_corpus(args.corpus or build_corpus([], False))
    config, params = load_model(args.run / BEST_FOLDER)
    trained = json.loads((args.run / "train.json").read_text())
    measured = json.loads(args.likelihood.read_text())
    tasks = measured["tasks"]
    facts = load_facts(args.run / BEST_FOLDER) | {
        "parameters": parameter_count(params),
        "command": args.command,
        "machine": describe_machine(),
        "versions": package_versions(),
        "works": len(corpus.pieces),
        "train_notes": corpus.select("train").note_count,
        "test": {task: tasks[task]["model"]["nll"] for task in TASKS},
    }
    save_model(args.out, config, params, facts)
    save_sketch(args.out, build_sketch(corpus.select("train").pieces))
    card = CardFacts(
        name=args.out.name,
        model_config=config,
        train_config=TrainConfig(**trained),
        parameters=facts["parameters"],
        corpus=corpus,
        train_works=len(corpus.select("train").pieces),
        valid_works=len(corpus.select("valid").pieces),
        split_remark="The rest is for testing.",
        rights="embedded",
        best=facts,
        command=args.command,
        machine=facts["machine"],
        versions=facts["versions"],
        figures={f"test, {name}": {task: tasks[task][name]["nll"] for task in TASKS} for name in COLUMNS},
        remarks=[
            REMARK.format(holes=measured["holes"]),
            heads_table(tasks),
            distance_table(tasks["infill"]),
        ],
    )
    write_card(args.out, card)


if __name__ == "__main__":
    main()
