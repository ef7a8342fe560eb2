"""Near-duplicates are found in other keys, other note values and with small changes; nothing else is."""

from __future__ import annotations

import numpy as np
from made_pieces import measures_of

from jaxmodels.duplicates import grams_of, near_duplicates
from jaxmodels.piece import DURATION, ONSET, PITCH, STAFF, Piece, canonical_notes

BARS = 24


def tune(seed: int, staff: int = 0) -> np.ndarray:
    """Return a melody of eighths and quarters by dice, `[N, 4]`."""
    rng = np.random.default_rng(seed)
    rows, tick = [], 0
    while tick < 96 * BARS:
        length = int(rng.choice([12, 24]))
        rows.append((tick, staff, int(rng.integers(60, 73)), length))
        tick += length
    return np.array(rows, np.int32)


def piece(*lines: np.ndarray) -> Piece:
    notes = canonical_notes(np.concatenate(lines))
    return Piece(notes, measures_of([(4, 4)] * (2 * BARS)), np.zeros(len(lines), np.int32))


def found(works: list[Piece], others: list[Piece] | None = None) -> list[tuple[int, int]]:
    pairs = near_duplicates(
        [grams_of(each) for each in works], others and [grams_of(each) for each in others]
    )
    return [(pair.work, pair.other) for pair in pairs]


def test_a_transposed_copy_in_longer_values_is_found() -> None:
    copy = tune(1)
    copy[:, PITCH] += 5
    copy[:, [ONSET, DURATION]] *= 2
    assert found([piece(copy)], [piece(tune(2)), piece(tune(1))]) == [(0, 1)]


def test_some_changed_notes_hide_nothing() -> None:
    copy = tune(1)
    copy[::16, PITCH] += 1
    assert found([piece(copy)], [piece(tune(1))]) == [(0, 0)]


def test_different_tunes_and_a_shared_phrase_stay() -> None:
    phrase = tune(2)
    phrase[:12, PITCH] = tune(1)[:12, PITCH]
    assert found([piece(tune(1)), piece(tune(2))], [piece(tune(3))]) == []
    assert found([piece(phrase)], [piece(tune(1))]) == []


def test_the_first_of_a_group_stays() -> None:
    assert found([piece(tune(1)), piece(tune(2)), piece(tune(1)), piece(tune(1))]) == [(2, 0), (3, 0)]


def test_another_setting_of_a_melody_is_one_but_the_same_bass_under_another_melody_is_not() -> None:
    low = [tune(seed, staff=1) for seed in (11, 12)]
    assert found([piece(tune(1), low[0])], [piece(tune(1), low[1])]) == [(0, 0)]
    assert found([piece(tune(1), low[0])], [piece(tune(2), low[0])]) == []


def test_short_and_empty_works_are_like_nothing() -> None:
    short = tune(1)[:12]
    empty = Piece(np.zeros((0, 4), np.int32), measures_of([(4, 4)]), np.zeros(1, np.int32))
    assert found([piece(short), piece(short), empty, empty]) == []
    assert grams_of(empty).all == frozenset()
    assert np.all(short[:, STAFF] == 0)
