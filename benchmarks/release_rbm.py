"""Make the released RBM of a finished run, with its card.

python benchmarks/release_rbm.py checkpoints/rbm-base --run runs/rbm \\
    --command "python -m jaxmodels.rbm.train …"
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from bridge.corpus.build import build_corpus
from bridge.training.card import CARD_FILE, collections_table, rights_text, settings_text
from bridge.training.hardware import describe_machine, package_versions
from bridge.whole_file import write_whole
from jaxmodels.checkpoint import load_facts, load_model, save_model
from jaxmodels.copy_sketch import write_sketch
from jaxmodels.rbm.config import USUAL_NATS, FitConfig, RbmConfig
from jaxmodels.shards import Corpus, load_corpus
from jaxmodels.train import BEST_FOLDER


def main() -> None:
    """Write the checkpoint's folder."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="checkpoints/NAME")
    parser.add_argument("--run", type=Path, required=True, help="the run whose best RBM is released")
    parser.add_argument("--command", required=True, help="the command that trained it, as it was")
    parser.add_argument("--conditions", default="", help="a sentence on code and machine for the card")
    args = parser.parse_args()
    corpus = load_corpus(build_corpus([], False))
    config, params = load_model(args.run / BEST_FOLDER)
    if not isinstance(config, RbmConfig):
        parser.error(
            f"{args.run} is no run of a restricted Boltzmann machine: benchmarks/release.py takes it"
        )
    facts = load_facts(args.run / BEST_FOLDER) | {
        "command": args.command,
        "conditions": args.conditions,
        "machine": describe_machine(),
        "versions": package_versions(),
        "works": len(corpus.pieces),
        "train_notes": corpus.select("train").note_count,
        "train_config": json.loads((args.run / "train.json").read_text("utf-8")),
    }
    save_model(args.folder, config, params, facts)
    write_sketch(args.folder, corpus.select("train").pieces)
    card = card_text(args.folder.name, config, facts, corpus)
    write_whole(args.folder / CARD_FILE, card.encode(), force=True)
    print(args.folder / CARD_FILE)


def card_text(name: str, config: RbmConfig, facts: dict[str, Any], corpus: Corpus) -> str:
    """Return the card as Markdown."""
    versions = ", ".join(f"{package} {version}" for package, version in facts["versions"].items())
    nats = facts["valid_nats_per_window"]
    low, high = (nats + facts[end] - facts["log_z"] for end in ("log_z_low", "log_z_high"))
    bracket = f"{low:.1f} to {high:.1f}" if np.isfinite(low) else f"at most {high:.1f}, unbounded below,"
    sections = [
        f"# {name}",
        f"A restricted Boltzmann machine over windows of {config.steps} steps of a piano roll, "
        f"{facts['parameters']:,} parameters.\nUse: `jaxmuse fill score.mxl --model FOLDER`, where FOLDER "
        "is the folder of this file. What it is and what it can't do: `docs/rbm.md`.",
        "## Figures",
        f"−log p of a window of works to validate with: {nats:.1f} nats, log Z by annealed importance "
        f"sampling ({bracket} by the spread of its runs, which says nothing of what all missed).\n"
        "Windows aren't notes: the figure doesn't compare with those of the other models.",
        f"Negative log pseudo-likelihood of their notes: {facts[USUAL_NATS]:.2f} nats for each. "
        "Fills are ranked by how near to it they come.",
        "## Data",
        f"{len(corpus.pieces):,} works, {corpus.note_count:,} notes. Split by work and tune family; "
        f"{len(corpus.select('train').pieces):,} for training, "
        f"{len(corpus.select('valid').pieces):,} for validation. The rest is for testing.",
        collections_table(corpus),
        f"Rights: {rights_text('embedded')}",
        "## Training",
        f"`{facts['command']}`",
        *filter(None, [facts["conditions"]]),
        f"The best RBM by validation is that of update {facts['step']:,}, after {facts['seconds']:,} s.",
        f"Machine: {facts['machine']}.",
        f"Software: {versions}.",
        "Model: " + settings_text(config),
        "Training: " + settings_text(FitConfig(**facts["train_config"])),
    ]
    return "\n\n".join(sections) + "\n"


if __name__ == "__main__":
    main()
