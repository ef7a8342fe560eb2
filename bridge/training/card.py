"""MODEL_CARD.md: what a model is made of, by whose music and how good it is, from recorded facts alone."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bridge.corpus.rights import RESTRICTED_COLLECTIONS, RESTRICTED_WORKS
from bridge.whole_file import write_whole
from jaxmodels.config import ModelConfig, TrainConfig
from jaxmodels.holes import TASKS
from jaxmodels.shards import SPLITS, Corpus

CARD_FILE = "MODEL_CARD.md"


@dataclass(frozen=True)
class CardFacts:
    """What a card says.

    - `rights`: `embedded`, `restricted` (the embedded corpus with its restricted collections) or `own`.
    - `best`: what training recorded of the best model (`step`, `seconds`, `notes`, `valid_continue`, …).
    - `figures`: further columns of the table of figures, nats per note: heading → task → value.
    - `remarks`: paragraphs below the figures; `conditions`: a sentence on how the training ran, or nothing.
    """

    name: str
    model_config: ModelConfig
    train_config: TrainConfig
    parameters: int
    corpus: Corpus
    train_works: int
    valid_works: int
    split_remark: str
    rights: str
    best: Mapping[str, Any]
    command: str
    machine: str
    versions: Mapping[str, str]
    figures: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    remarks: Sequence[str] = ()
    conditions: str = ""


def write_card(folder: Path, facts: CardFacts) -> Path:
    """Write the card of the model in `folder`, whole or not at all; return its path."""
    path = folder / CARD_FILE
    write_whole(path, card_text(facts).encode(), force=True)
    return path


def card_text(facts: CardFacts) -> str:
    """Return the card as Markdown."""
    best = facts.best
    sections = [
        f"# {facts.name}",
        f"{_named(facts.model_config.kind)} that fills measures of scores, "
        f"{facts.parameters:,} parameters.\n"
        "Use: `jaxmuse fill score.mxl --model FOLDER`, where FOLDER is the folder of this file.",
        "## Figures",
        "Negative log-likelihood of real music in fixed holes, nats per note (lower is better),\n"
        "the hole's end counted in: `continue` the end of the music seen, `infill` measures in the\n"
        "middle, `staff` whole staves with the others known, `cells` scattered measures of single staves.",
        _figures(facts),
        *facts.remarks,
        "## Data",
        f"{len(facts.corpus.pieces):,} works, {facts.corpus.note_count:,} notes. Split by work and tune "
        f"family; {facts.train_works:,} for training, {facts.valid_works:,} for validation. "
        f"{facts.split_remark}".rstrip(),
        collections_table(facts.corpus),
        f"Rights: {rights_text(facts.rights)}",
        "## Training",
        f"`{facts.command}`",
        *filter(None, [facts.conditions]),
        f"The best model by validation is that of step {best.get('step', 0):,}, after "
        f"{best.get('seconds', 0):,} s and {best.get('notes', 0):,} notes drawn (with repetition, "
        "transposed at random).",
        f"Machine: {facts.machine}.",
        "Software: " + ", ".join(f"{name} {version}" for name, version in facts.versions.items()) + ".",
        "Model: " + settings_text(facts.model_config),
        "Training: " + settings_text(facts.train_config),
    ]
    return "\n\n".join(sections) + "\n"


def _named(kind: str) -> str:
    return {"wavenet": "A WaveNet", "lstm": "An LSTM"}.get(kind, f"A {kind}")


def _figures(facts: CardFacts) -> str:
    columns = {"valid": {task: facts.best.get(f"valid_{task}") for task in TASKS}, **facts.figures}
    if all(value is None for value in columns["valid"].values()):
        columns.pop("valid")
    if not columns:
        return "Not measured: there was no work to validate with."
    lines = ["| task | " + " | ".join(columns) + " |", "|---|" + "---:|" * len(columns)]
    for task in TASKS:
        values = [column.get(task) for column in columns.values()]
        if any(value is not None for value in values):
            lines.append(f"| {task} | " + " | ".join(map(_number, values)) + " |")
    means = [_mean(column) for column in columns.values()]
    return "\n".join([*lines, "| mean | " + " | ".join(map(_number, means)) + " |"])


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _mean(column: Mapping[str, float | None]) -> float | None:
    values = [value for task in TASKS if (value := column.get(task)) is not None]
    return sum(values) / len(values) if values else None


def collections_table(corpus: Corpus) -> str:
    """Return how many works and notes of each collection there are, and in which split."""
    lines = ["| collection | works | notes | " + " | ".join(SPLITS) + " |", "|---|" + "---:|" * 5]
    rows = []
    for index, name in enumerate(corpus.collection_names):
        works = [work for work, collection in enumerate(corpus.collections) if collection == index]
        notes = sum(len(corpus.pieces[work].notes) for work in works)
        shares = [sum(int(corpus.splits[work]) == place for work in works) for place in range(len(SPLITS))]
        rows.append(
            (notes, f"| {name} | {len(works):,} | {notes:,} | " + " | ".join(map(str, shares)) + " |")
        )
    return "\n".join([*lines, *(line for _, line in sorted(rows, key=lambda row: -row[0]))])


def rights_text(rights: str) -> str:
    """Return what is known of the rights of a training's music; `rights` as in `CardFacts`."""
    if rights == "own":
        return "the scores are the trainer's own choice; nothing is known here of their rights."
    restricted = ", ".join(RESTRICTED_COLLECTIONS)
    single = f"{len(RESTRICTED_WORKS)} single works"
    if rights == "restricted":
        return (
            f"the corpus that comes with music21, with its restricted collections ({restricted}) "
            f"and {single}; their licences limit what may be published, so this model is for private use."
        )
    return (
        "the corpus that comes with music21. Collections whose licences limit what may be published "
        f"({restricted}) and {single} are left out; `bridge/corpus/rights.py` names each with its reason."
    )


def settings_text(config: Any) -> str:
    """Return the names and values of a configuration's fields."""
    return (
        "; ".join(f"`{name}` {_value(value)}" for name, value in dataclasses.asdict(config).items()) + "."
    )


def _value(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
