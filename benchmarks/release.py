"""Make a released checkpoint of a finished run; write its card, again with the figures of an evaluation.

A new checkpoint, or the same one from a better run:
    python benchmarks/release.py checkpoints/wavenet-base --run runs/base --command "jaxmuse train …"
Its figures (one evaluation may hold several models), then the cards of all of them:
    jaxmuse evaluate --model wavenet --out benchmarks/results/evaluation
    python benchmarks/release.py checkpoints/* --evaluation benchmarks/results/evaluation/result.json
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bridge.corpus.build import build_corpus
from bridge.evaluation.result import of_model
from bridge.evaluation.tables import all_tables, markdown
from bridge.training.card import CardFacts, write_card
from bridge.training.hardware import describe_machine, package_versions
from jaxmodels.checkpoint import (
    CONFIG_FILE,
    load_config,
    load_facts,
    load_model,
    parameter_count,
    save_model,
)
from jaxmodels.config import ModelConfig, TrainConfig
from jaxmodels.copy_sketch import write_sketch
from jaxmodels.rbm.config import RbmConfig
from jaxmodels.shards import Corpus, load_corpus
from jaxmodels.train import BEST_FOLDER

REMARK = """\
`valid` is what training saw. `test` and all below was measured on {count} {source}, without near-duplicates
of works to train on, {holes} holes a task with seed {seed}: `jaxmuse evaluate` does it again, and
docs/evaluation.md says what each figure means."""


def main() -> None:
    """Write the checkpoints' folders."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER", help="checkpoints/NAME")
    parser.add_argument("--run", type=Path, help="the run whose best model goes into the (one) folder")
    parser.add_argument("--command", help="with --run: the command that trained it, as it was")
    parser.add_argument(
        "--conditions", default="", help="with --run: a sentence on code and machine for the card"
    )
    parser.add_argument(
        "--evaluation", type=Path, nargs="+", default=[], help="result.json files; the first gives `test`"
    )
    args = parser.parse_args()
    if bool(args.run) != bool(args.command) or (args.run and len(args.folders) > 1):
        parser.error("--run and --command go together, with one FOLDER")
    results = [json.loads(path.read_text("utf-8")) for path in args.evaluation]
    corpus = load_corpus(build_corpus([], False))
    if args.run:
        take_over(args.folders[0], args.run, args.command, args.conditions, corpus)
    for folder in args.folders:
        if not (folder / CONFIG_FILE).is_file():
            continue  # a README among the checkpoints
        if isinstance(load_config(folder), RbmConfig):
            continue  # release_rbm.py writes its card
        if "train_config" not in load_facts(folder):
            parser.error(f"{folder} doesn't say how it was trained: give its --run and --command")
        print(tell(folder, results, corpus))


def take_over(folder: Path, run: Path, command: str, conditions: str, corpus: Corpus) -> None:
    """Put a run's best model into `folder`, with all that its card tells."""
    config, params = load_model(run / BEST_FOLDER)
    facts = load_facts(run / BEST_FOLDER) | {
        "parameters": parameter_count(params),
        "command": command,
        "conditions": conditions,
        "machine": describe_machine(),
        "versions": package_versions(),
        "works": len(corpus.pieces),
        "train_notes": corpus.select("train").note_count,
        "train_config": json.loads((run / "train.json").read_text("utf-8")),
    }
    save_model(folder, config, params, facts)
    write_sketch(folder, corpus.select("train").pieces)


def tell(folder: Path, results: Sequence[dict[str, Any]], corpus: Corpus) -> Path:
    """Write the card of the model in `folder` with its figures of `results`; keep those of its tasks."""
    config, params = load_model(folder)
    assert isinstance(config, ModelConfig)
    facts = load_facts(folder)
    measured = [own for result in results if (own := figures_of(result, folder)) is not None]
    if measured:
        facts["test"] = task_figures(measured[0])
        save_model(folder, config, params, facts)
    card = CardFacts(
        name=folder.name,
        model_config=config,
        train_config=TrainConfig(**facts["train_config"]),
        parameters=facts["parameters"],
        corpus=corpus,
        train_works=len(corpus.select("train").pieces),
        valid_works=len(corpus.select("valid").pieces),
        split_remark="The rest is for testing.",
        rights="embedded",
        best=facts,
        command=facts["command"],
        machine=facts["machine"],
        versions=facts["versions"],
        figures={"test": facts["test"]} if "test" in facts else {},
        remarks=remarks(measured),
        conditions=facts.get("conditions", ""),
    )
    return write_card(folder, card)


def figures_of(result: dict[str, Any], folder: Path) -> dict[str, Any] | None:
    """Return of an evaluation what concerns the model in `folder`, None if it isn't in it."""
    names = [model["name"] for model in result["models"] if model["folder"] == folder.name]
    return of_model(result, names[0]) if names else None


def task_figures(result: dict[str, Any]) -> dict[str, float]:
    """Return the model's nats per note of each task."""
    name = result["models"][0]["name"]
    return {
        task: measured["systems"][name]["nll"]["value"] for task, measured in result["likelihood"].items()
    }


def remarks(results: Sequence[dict[str, Any]]) -> list[str]:
    """Return the paragraphs that tell evaluations, one after the other."""
    told = []
    for result in results:
        works = result["works"]
        where = {"count": works["count"], "source": works["source"]}
        told.append(REMARK.format(**where, holes=result["holes"], seed=result["seed"]))
        told.append(markdown(all_tables(result), level=3).rstrip())
    return told


if __name__ == "__main__":
    main()
