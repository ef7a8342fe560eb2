"""The 5-gram as a composer: the distribution it was counted for, and legal notes only."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from drawn_holes import hole_cases

from jaxmodels.data import WindowSampler, make_examples
from jaxmodels.ngram import EventNgram
from jaxmodels.ngram_sampling import NgramSampler
from jaxmodels.passage import drawn_notes, faults, real_passage
from jaxmodels.piece import STAFF
from jaxmodels.window import make_window
from jaxmodels.window_layout import Sizes

SIZES = Sizes(4, events=1)


@cache
def fitted() -> EventNgram:
    pieces = [case.piece for case in hole_cases(2)[::4]]
    sampler = WindowSampler(make_examples(pieces, [0] * len(pieces)), Sizes(4), smallest=1)
    rng = np.random.default_rng(0)
    ngram = EventNgram(5)
    ngram.fit(sampler.window(rng) for _ in range(60))
    return ngram


def test_it_draws_from_the_probabilities_of_the_model() -> None:
    ngram = fitted()
    table = NgramSampler(ngram).duration
    model = ngram.models["duration"]
    pasts = [(), *[past for past in list(model.counts) if len(past) == 4][:20], (99, 99, 99, 99)]
    for past in pasts:
        given = [model.probability(past, value) for value in range(model.vocabulary)]
        assert table.distribution(past) == pytest.approx(np.array(given))
        assert table.distribution(past).sum() == pytest.approx(1)


def test_fills_are_legal_and_the_same_for_the_same_dice() -> None:
    sampler = NgramSampler(fitted())
    for place, case in enumerate(hole_cases(2)[:16]):
        hole = case.hole._replace(shift=0)
        window = make_window(case.piece, case.facts, hole, SIZES)

        def fill(seed: int, window=window) -> tuple[np.ndarray, bool]:
            rng = np.random.default_rng(seed)
            return sampler.fill(window, SIZES.beats, 200, np.full(4, 12), rng)

        events, complete = fill(place)
        passage = real_passage(case.piece, hole).filled(drawn_notes(window, events))
        assert faults(passage) == 0
        assert complete
        assert np.array_equal(fill(place)[0], events)
        masked = set(np.flatnonzero(hole.mask.any(axis=0)).tolist())
        assert set(passage.notes[:, STAFF].tolist()) == masked  # no staff rests throughout


def test_a_fill_without_room_is_called_unfinished() -> None:
    case = hole_cases(2)[0]
    window = make_window(case.piece, case.facts, case.hole, SIZES)
    events, complete = NgramSampler(fitted()).fill(
        window, SIZES.beats, 1, np.full(4, 24), np.random.default_rng(0)
    )
    assert len(events) == 1
    assert not complete
