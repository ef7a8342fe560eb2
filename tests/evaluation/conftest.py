"""A little corpus in the place of music21's, so that nothing is built."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from made_pieces import random_piece

from bridge.corpus.build import build_corpus
from bridge.evaluation import works
from jaxmodels.shards import Corpus, save_corpus

METRES = [(4, 4)] * 10


def little_corpus() -> Corpus:
    """Return sixteen works of one to three staves, all different: two to validate, four to test."""
    pieces = [random_piece(seed, METRES, 1 + seed % 3) for seed in range(16)]
    return Corpus(
        pieces=pieces,
        work_ids=[f"made/{number}" for number in range(16)],
        collections=np.zeros(16, np.int32),
        collection_names=["made"],
        splits=np.array([0] * 10 + [1] * 2 + [2] * 4, np.int8),
        styles=np.array([0, 1] * 8, np.int32),
        style_names=["unknown", "made"],
    )


@pytest.fixture(scope="package")
def corpus_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("corpus") / "corpus.npz"
    save_corpus(path, little_corpus())
    return path


@pytest.fixture(scope="package", autouse=True)
def in_place_of_music21(corpus_file: Path) -> Iterator[None]:
    def built(paths: Sequence[Path] = (), **how: object) -> Path:
        return build_corpus(paths, **how) if paths else corpus_file  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(works, "build_corpus", built)
        patch.setattr("bridge.evaluation.likelihood.NGRAM_WINDOWS", 40)
        yield
