"""What is recalled agrees with what was heard, and a piece never finds itself."""

from __future__ import annotations

import numpy as np
from tiny_polyphony import random_roll

from jaxmodels.polyphony.recall import BOUNDS, LEVELS, Library, agreement_class, frame_keys, recalled
from jaxmodels.polyphony.slots import read_piece


def test_the_longest_agreement_is_recalled() -> None:
    #                          0  1  2  3  4  5  6  7  8
    where, length = recalled(np.array([1, 2, 3, 9, 2, 3, 1, 2, 3]))
    assert where.tolist() == [-1, -1, -1, -1, -1, 2, 3, 1, 2]
    assert length.tolist() == [0, 0, 0, 0, 0, 1, 2, 1, 2]


def test_recall_knows_nothing_of_the_frame_it_is_for() -> None:
    keys = np.random.default_rng(0).integers(0, 3, 40)
    for t in (5, 20, 33):
        changed = np.concatenate([keys[:t], 7 - keys[t:]])
        assert np.array_equal(recalled(keys)[0][: t + 1], recalled(changed)[0][: t + 1])


def test_the_library_finds_others_and_not_oneself() -> None:
    tune, other = random_roll(20, 1), random_roll(20, 2)
    library = Library([tune, other, tune])
    keys = frame_keys(tune != 0)["all"]
    for own, found in ((0, 40), (2, 0), (None, 40)):
        where, agreement = library.recalled(keys, "all", own)
        assert where[12] == found + 12
        assert agreement[12] == max(level for level in LEVELS if level <= 13)
    where, _ = Library([tune, other]).recalled(keys, "all", own=0)
    assert ((where == -1) | (where >= 20)).all()


def test_a_piece_reads_the_same_whatever_follows_and_with_no_look_at_itself() -> None:
    rolls = [random_roll(16, seed) for seed in (3, 4)]
    piece = read_piece(rolls[0], "down", Library(rolls), own=0)
    alone = read_piece(rolls[0], "down", Library(rolls[1:]))
    for mine, other in zip(piece.slots, alone.slots, strict=True):
        np.testing.assert_array_equal(mine, other)


def test_classes_of_agreement_grow() -> None:
    classes = agreement_class(np.arange(64))
    assert classes[0] == 0
    assert classes[-1] == len(BOUNDS)
    assert (np.diff(classes) >= 0).all()
