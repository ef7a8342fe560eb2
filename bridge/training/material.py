"""What a training learns from and what it is validated on: works of a corpus, ready for drawing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bridge.errors import ReadError
from jaxmodels.data import Example, make_examples
from jaxmodels.piece import M_DURATION
from jaxmodels.shards import SPLITS, Corpus, load_corpus
from jaxmodels.window import Sizes

FEWEST_NOTES = 200
"""Below this there is nothing to learn from."""

LEAST_USABLE = 0.3
"""Share of its measures that a work needs to hold notes in, and to be short enough, to be drawn from."""

HELD_OUT = 0.1
"""Share of the families that validate where the corpus's own split leaves none."""


@dataclass(frozen=True)
class Material:
    """Works to train on and works to validate on.

    - `aside`: number of works that neither train nor validate; `remark`: what the user should know of
      the choice, or nothing.
    """

    corpus: Corpus
    train: list[Example]
    valid: list[Example]
    aside: int
    remark: str

    @property
    def train_notes(self) -> int:
        """Notes to train on."""
        return sum(len(example.piece.notes) for example in self.train)


def load_material(corpus_path: Path, place: str) -> Material:
    """Return the works of the corpus; `place` names the scores in errors.

    Raises `ReadError` for a damaged corpus, or where fewer than `FEWEST_NOTES` notes can be learnt from.
    """
    try:
        corpus = load_corpus(corpus_path)
    except (ValueError, OSError) as error:
        raise ReadError(
            str(error), where=str(corpus_path), fix="Delete this file; it is built again."
        ) from error
    train, valid, remark = split_works(corpus)
    aside = len(corpus.pieces) - len(train) - len(valid)
    material = Material(corpus, _examples(corpus, train), _examples(corpus, valid), aside, remark)
    if material.train_notes < FEWEST_NOTES:
        raise ReadError(
            f"{material.train_notes} notes are too few to learn from ({FEWEST_NOTES} at least)",
            where=place,
            fix="Name more scores, or train on music21's corpus by naming none.",
        )
    return material


def split_works(corpus: Corpus) -> tuple[np.ndarray, np.ndarray, str]:
    """Return the indexes of the works to train and to validate on, and a remark.

    The corpus's own split decides. Where it leaves one of them empty, as it does with few works, a tenth
    of the families (one at least) validates and all others train.
    """
    train, valid = (np.flatnonzero(corpus.splits == SPLITS.index(name)) for name in ("train", "valid"))
    if len(train) and len(valid):
        return train, valid, ""
    from bridge.corpus.split import families

    count = len(corpus.pieces)
    nothing = [""] * count
    family = np.array(families(corpus.work_ids, nothing, nothing, corpus.pieces, [True] * count))
    names = sorted(set(family.tolist()), key=lambda name: hashlib.sha256(name.encode()).digest())
    if len(names) < 2:
        works = "a single work" if count == 1 else f"{count} variants of a single work"
        remark = (
            f"This is {works}: nothing can be held out, so nothing is validated and the last model is kept."
        )
        return np.arange(count), np.zeros(0, np.int64), remark
    held = np.isin(family, names[: max(1, round(HELD_OUT * len(names)))])
    remark = f"With few works the split is made anew: {held.sum()} of {count} held out to validate."
    return np.flatnonzero(~held), np.flatnonzero(held), remark


def _examples(corpus: Corpus, works: np.ndarray) -> list[Example]:
    """Return the works that a hole can be cut into."""
    if not len(works):
        return []
    examples = make_examples([corpus.pieces[work] for work in works], corpus.styles[works].tolist())
    return [example for example in examples if _has_room(example)]


def _has_room(example: Example) -> bool:
    """Whether enough measures hold notes and are short enough for the model to be drawn at random."""
    notes = np.diff(example.counts.before.sum(axis=1))
    usable = (notes > 0) & (example.piece.measures[:, M_DURATION] <= Sizes(1).clock)
    return bool(usable.mean() >= LEAST_USABLE)
