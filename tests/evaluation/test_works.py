"""Which works are evaluated on: of the split, of the styles, and none that a model could know."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bridge.errors import ReadError, UsageError
from bridge.evaluation import works
from bridge.evaluation.works import choose_works
from jaxmodels.piece import PITCH
from jaxmodels.shards import Corpus, load_corpus, save_corpus


def with_copies(corpus: Corpus, copies: dict[int, int]) -> Corpus:
    """Return `corpus` with works replaced by others, a tone higher."""
    pieces = list(corpus.pieces)
    for work, source in copies.items():
        notes = pieces[source].notes.copy()
        notes[:, PITCH] += 2
        pieces[work] = pieces[source]._replace(notes=notes)
    return replace(corpus, pieces=pieces)


def test_the_test_works_of_the_corpus_are_the_default() -> None:
    chosen = choose_works([], None, [], quiet=True)
    assert chosen.corpus.work_ids == [f"made/{number}" for number in range(12, 16)]
    assert chosen.train.work_ids == [f"made/{number}" for number in range(10)]
    assert chosen.source == "test works of music21's corpus"
    assert choose_works([], "valid", [], quiet=True).corpus.work_ids == ["made/10", "made/11"]


def test_only_works_of_the_styles() -> None:
    chosen = choose_works([], "test", ["made"], quiet=True)
    assert chosen.corpus.work_ids == ["made/13", "made/15"]
    assert len(chosen.train.pieces) == 10


def test_near_duplicates_are_left_out_and_named(
    corpus_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = with_copies(load_corpus(corpus_file), {12: 3, 15: 14})
    save_corpus(tmp_path / "copied.npz", copied)
    monkeypatch.setattr(works, "build_corpus", lambda *_, **__: tmp_path / "copied.npz")
    chosen = choose_works([], "test", [], quiet=True)
    assert chosen.corpus.work_ids == ["made/13", "made/14"]
    assert chosen.like_training == (("made/12", "made/3"),)
    assert chosen.like_another == (("made/15", "made/14"),)


def test_nothing_but_copies_is_refused(
    corpus_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = with_copies(load_corpus(corpus_file), {12: 0, 13: 1, 14: 2, 15: 3})
    save_corpus(tmp_path / "copied.npz", copied)
    monkeypatch.setattr(works, "build_corpus", lambda *_, **__: tmp_path / "copied.npz")
    with pytest.raises(UsageError, match="all 4 works are much like works that models train on"):
        choose_works([], "test", [], quiet=True)


def test_a_corpus_without_test_works_is_refused(
    corpus_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = load_corpus(corpus_file)
    save_corpus(tmp_path / "none.npz", replace(corpus, splits=np.zeros(16, np.int8)))
    monkeypatch.setattr(works, "build_corpus", lambda *_, **__: tmp_path / "none.npz")
    with pytest.raises(UsageError, match="a training takes all 16 works: none is left to evaluate on"):
        choose_works([Path("mine")], "test", [], quiet=True)


def test_a_damaged_corpus_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "corpus.npz").write_bytes(b"no corpus")
    monkeypatch.setattr(works, "build_corpus", lambda *_, **__: tmp_path / "corpus.npz")
    with pytest.raises(ReadError, match=r"corpus\.npz is not a corpus.*Delete this file"):
        choose_works([], "test", [], quiet=True)
