"""The n-gram baseline is a distribution, and learns what repeats."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from jaxmodels.ngram import EventNgram, WittenBell
from jaxmodels.piece import Piece, canonical_notes
from jaxmodels.staff_facts import staff_facts
from jaxmodels.window import make_window
from jaxmodels.window_layout import Hole, Sizes, Window


@pytest.mark.parametrize("past", [(), (0,), (1, 0), (2, 2, 2)])
def test_probabilities_sum_to_one_after_any_past(past: tuple[int, ...]) -> None:
    model = WittenBell(3, 3)
    tokens = [0, 1, 0, 0, 1, 2, 0, 1]
    for index, token in enumerate(tokens):
        model.add(tuple(tokens[max(0, index - 2) : index]), token)
    assert sum(model.probability(past, token) for token in range(3)) == pytest.approx(1)


def test_without_counts_all_is_equally_likely() -> None:
    assert WittenBell(5, 8).probability((1, 2), 3) == 1 / 8


def test_witten_bell_by_hand() -> None:
    model = WittenBell(1, 4)
    for token in "aab":
        model.add((), token)
    assert model.probability((), "a") == pytest.approx((2 + 2 / 4) / (3 + 2))
    assert model.probability((), "z") == pytest.approx((2 / 4) / (3 + 2))


def repeating(count: int) -> Window:
    """Return a window of a tune that repeats four notes, its second half hidden."""
    rows = [(24 * k, 0, pitch, 24) for k, pitch in zip(range(count), itertools.cycle([60, 64, 67, 64]))]
    bars = np.array([[96 * bar, 96, 4, 4, 0, 1] for bar in range(count // 4)], np.int32)
    piece = Piece(canonical_notes(np.array(rows)), bars, np.zeros(1, np.int32))
    mask = np.arange(len(bars))[:, None] >= len(bars) // 2
    return make_window(piece, staff_facts(piece), Hole(0, len(bars), (0,), mask), Sizes(1))


def test_a_tune_that_repeats_is_learned() -> None:
    window = repeating(32)
    model = EventNgram(3)
    untaught = model.nll(window)
    model.fit([window] * 20)
    taught = model.nll(window)
    assert untaught / 16 > 8
    assert taught / 16 < 0.6
