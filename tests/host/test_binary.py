"""Notes for hosts without tuplets."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from bridge.host.binary import binary_notes
from bridge.score import Measure, Note

BARS = [Measure(index, str(index), Fraction(4 * index), Fraction(4), 4, 4) for index in range(2)]


def notes(*times: tuple[str, str]) -> list[Note]:
    return [
        Note(Fraction(first), Fraction(last) - Fraction(first), 60 + k)
        for k, (first, last) in enumerate(times)
    ]


def times(found: tuple[Note, ...]) -> list[tuple[Fraction, Fraction]]:
    return [(note.onset_quarter, note.end_quarter) for note in found]


def test_plain_notes_stay() -> None:
    plain = notes(("0", "1/8"), ("1/8", "1/2"), ("1/64", "4"))
    assert binary_notes(plain, BARS) == (tuple(plain), 0)


def test_a_triplet_goes_to_the_nearest_sixteenths() -> None:
    found, moved = binary_notes(notes(("0", "1/3"), ("1/3", "2/3"), ("2/3", "1"), ("4", "33/8")), BARS)
    quarters = [Fraction(0), Fraction(1, 4), Fraction(3, 4), Fraction(1)]
    assert times(found)[:3] == list(pairwise(quarters))
    assert times(found)[3] == (4, Fraction(33, 8))
    assert moved == 3


def test_what_is_too_short_goes() -> None:
    found, moved = binary_notes(notes(("0", "1/12"), ("1/12", "1")), BARS)
    assert times(found) == [(0, 1)]
    assert moved == 2
