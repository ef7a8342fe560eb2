from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from training.made_scores import corpus_of

from bridge.errors import ReadError
from bridge.training.material import load_material, split_works
from jaxmodels.shards import save_corpus


def test_the_split_of_a_corpus_is_kept() -> None:
    train, valid, remark = split_works(corpus_of(range(4), [0, 1, 2, 0]))
    assert (train.tolist(), valid.tolist(), remark) == ([0, 3], [1], "")


@pytest.mark.parametrize("split", [0, 1, 2])
def test_few_works_are_split_anew_by_family(split: int) -> None:
    seeds = [1, 1, 2, 3]
    train, valid, remark = split_works(corpus_of(seeds, [split] * 4))
    assert sorted([*train, *valid]) == [0, 1, 2, 3]
    assert len(train)
    assert len(valid)
    assert not {seeds[work] for work in train} & {seeds[work] for work in valid}
    assert f"{len(valid)} of 4 held out" in remark


def test_a_single_work_trains_and_validates_nothing(tmp_path: Path) -> None:
    corpus = corpus_of([1, 1, 1, 1], [0] * 4)
    save_corpus(tmp_path / "corpus.npz", corpus)
    material = load_material(tmp_path / "corpus.npz", "mine")
    assert (len(material.train), len(material.valid), material.train_notes) == (4, 0, 256)
    assert "4 variants of a single work" in material.remark
    assert "nothing is validated" in material.remark


def test_works_without_room_for_a_hole_are_left_out(tmp_path: Path) -> None:
    corpus = corpus_of([1, 2, 3, 4, 5, 6], [0, 0, 0, 0, 0, 1])
    piece = corpus.pieces[0]
    corpus.pieces[0] = piece._replace(measures=np.array([[0, 64 * 24, 64, 4, 0, 1]], np.int32))
    save_corpus(tmp_path / "corpus.npz", corpus)
    assert len(load_material(tmp_path / "corpus.npz", "mine").train) == 4
    save_corpus(tmp_path / "few.npz", corpus_of([1, 2, 3], [0, 0, 1]))
    with pytest.raises(ReadError, match="mine: 128 notes are too few"):
        load_material(tmp_path / "few.npz", "mine")
    (tmp_path / "broken.npz").write_bytes(b"no corpus")
    with pytest.raises(ReadError, match="is not a corpus"):
        load_material(tmp_path / "broken.npz", "mine")
