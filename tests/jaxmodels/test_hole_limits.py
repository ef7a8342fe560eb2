"""What a hole's surroundings say of how its staves are played; what stands in the hole says nothing."""

from __future__ import annotations

import numpy as np
from made_pieces import measures_of

from jaxmodels.hole_limits import SPARE_SEMITONES, limits_around
from jaxmodels.piece import Piece, canonical_notes
from jaxmodels.staff_facts import staff_facts
from jaxmodels.window_layout import Hole

QUARTERS = [(24 * place, 0, 60 + place % 13, 24) for place in range(40) if place not in (5, 6, 7)]


def piece_of(rows: list[tuple[int, int, int, int]]) -> Piece:
    return Piece(canonical_notes(np.array(rows)), measures_of([(4, 4)] * 10), np.zeros(1, np.int32))


def hole_at(*bars: int) -> Hole:
    return Hole(0, 10, (0,), np.isin(np.arange(10), bars)[:, None])


def test_what_is_hidden_has_no_say() -> None:
    wild = [row for row in QUARTERS if not 384 <= row[0] < 480]
    wild += [(384, 0, 20, 96), (384, 0, 100, 96), (400, 0, 110, 20)]
    limits = limits_around(piece_of(wild), staff_facts(piece_of(wild)), hole_at(4))
    assert limits.facts.lowest.tolist() == [60 - SPARE_SEMITONES]
    assert limits.facts.highest.tolist() == [72 + SPARE_SEMITONES]
    assert limits.facts.polyphony.tolist() == limits.facts.layers.tolist() == [1]


def test_the_longest_rest_is_one_that_was_written() -> None:
    piece = piece_of(QUARTERS)
    facts = staff_facts(piece)
    assert limits_around(piece, facts, hole_at(4)).longest_rest.tolist() == [72]
    assert limits_around(piece, facts, hole_at(1, 4)).longest_rest.tolist() == [0]  # that rest is hidden


def test_a_staff_that_shows_little_keeps_the_works_limits() -> None:
    piece = piece_of(QUARTERS[:9])
    facts = staff_facts(piece)
    limits = limits_around(piece, facts, hole_at(0))
    assert limits.facts.lowest.tolist() == facts.lowest.tolist()
    assert limits.longest_rest.tolist() == [2 * 96]
