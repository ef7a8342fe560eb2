from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.corpus.split import families, incipit_keys, outline_keys, place_key, split_of, title_keys
from jaxmodels.piece import Piece

MELODY = [60, 62, 64, 65, 67, 65, 64, 62, 60, 67, 72, 71, 69, 67, 65, 64, 62, 60]


def tune(pitches: list[int], length: int = 12, pickup: int = 0) -> Piece:
    """A single line of equal notes, the first `pickup` of them before the first whole measure."""
    onsets = length * np.arange(len(pitches))
    notes = np.stack([onsets, 0 * onsets, np.array(pitches), 0 * onsets + length], 1).astype(np.int32)
    measures = [(0, pickup * length, 4, 4, 0, 0)] if pickup else []
    start = pickup * length
    while start < length * len(pitches):
        measures.append((start, 8 * length, 4, 4, 0, 0))
        start += 8 * length
    return Piece(notes, np.array(measures, np.int32), np.array([-1], np.int32))


def grouped(*works: tuple[str, str, Piece], told: bool = True) -> list[str]:
    ids, titles, pieces = zip(*works, strict=True)
    return families(ids, titles, [""] * len(ids), pieces, [told] * len(ids))


OTHER = [67, 66, 64, 59, 62, 64, 66, 71, 74, 73, 71, 66, 64, 62, 61, 59, 57, 55]


@pytest.mark.parametrize(
    ("work_id", "parent", "key"),
    [
        ("mozart/k458/movement3.mxl", "", "mozart/k458"),
        ("beethoven/opus132.mxl", "", "beethoven/opus132"),
        ("bach/bwv120.8-a.mxl", "", "bach/bwv120.8"),
        ("oneills1850/0732-0758_mh.abc#3", "", "oneills1850/0732-0758#3"),
        ("palestrina/Agnus_I.krn", "Missa Brevis", "palestrina/Missa Brevis"),
        ("songs/movement1.mxl", "", "songs/movement1"),
    ],
)
def test_place_keys(work_id: str, parent: str, key: str) -> None:
    assert place_key(work_id, parent) == key


def test_titles_lose_what_variants_differ_in() -> None:
    assert (
        title_keys("The Frères' Jig, No. 2")
        == title_keys("Freres -- reel (1st version)")
        == ["title freres"]
    )
    assert title_keys("Untitled Reel No. 3") == []
    assert title_keys("") == []


def test_a_melody_is_known_in_another_key_and_in_longer_notes() -> None:
    higher = tune([pitch + 5 for pitch in MELODY], length=24)
    assert incipit_keys(tune(MELODY).notes) == incipit_keys(higher.notes) != []
    assert grouped(("a/1", "One", tune(MELODY)), ("b/2", "Two", higher)) == ["a/1", "a/1"]


def test_a_missing_pickup_hides_nothing() -> None:
    with_pickup = tune([55, 57, *MELODY], pickup=2)
    assert grouped(("a/1", "One", tune(MELODY)), ("b/2", "Two", with_pickup)) == ["a/1", "a/1"]


def test_a_melody_is_known_under_its_ornaments() -> None:
    plain = tune(MELODY, length=24)
    ornamented = Piece(plain.notes.copy(), plain.measures, plain.programs)
    ornamented.notes[3, 3] = 12
    extra = np.array([[3 * 24 + 12, 0, 80, 12]], np.int32)
    ornamented = ornamented._replace(
        notes=np.concatenate([ornamented.notes[:4], extra, ornamented.notes[4:]])
    )
    assert incipit_keys(plain.notes) != incipit_keys(ornamented.notes)
    assert outline_keys(plain.notes, 0) == outline_keys(ornamented.notes, 0) != []
    assert len(set(grouped(("a/1", "", plain), ("b/2", "", ornamented)))) == 1
    assert len(set(grouped(("a/1", "", plain), ("b/2", "", ornamented), told=False))) == 2


def test_repeated_notes_and_fragments_are_no_melody() -> None:
    assert incipit_keys(tune([60] * 20).notes) == []
    assert incipit_keys(tune(MELODY[:10]).notes) == []
    assert outline_keys(tune([60] * 40, 24).notes, 0) == []


def test_titles_join_single_lines_only() -> None:
    works = (("a/1", "Morning Dew", tune(MELODY)), ("b/2", "The Morning Dew Reel", tune(OTHER)))
    assert grouped(*works) == ["a/1", "a/1"]
    assert grouped(*works, told=False) == ["a/1", "b/2"]


def test_families_join_through_others() -> None:
    first = ("c/1", "Morning Dew", tune(MELODY))
    second = ("b/2", "Morning Dew", tune(OTHER))
    third = ("a/3", "Evening Star", tune([pitch - 3 for pitch in OTHER]))
    stranger = ("d/4", "Noon", tune(OTHER[::-1]))
    assert grouped(first, second, third, stranger) == ["a/3", "a/3", "a/3", "d/4"]


@settings(deadline=None, max_examples=50)
@given(st.permutations(range(6)), st.sets(st.integers(0, 5), min_size=1))
def test_a_family_depends_on_no_stranger(order: list[int], kept: set[int]) -> None:
    """Neither order nor absence of other families' works changes the split of any."""
    melodies = (
        MELODY,
        OTHER,
        MELODY[::-1],
        OTHER[::-1],
        [2 * p - 60 for p in MELODY],
        [p * 7 % 24 + 50 for p in OTHER],
    )
    works = [(f"c/{index}", "", tune(list(melody))) for index, melody in enumerate(melodies)]
    everything = dict(zip([work[0] for work in works], grouped(*works), strict=True))
    assert len(set(everything.values())) == 6
    some = [works[index] for index in order if index in kept]
    for (work_id, _, _), family in zip(some, grouped(*some), strict=True):
        assert family == everything[work_id]


def test_the_split_never_moves() -> None:
    """A change here would put released models' test works among what they were trained on."""
    assert split_of("bach/bwv1.6") == 0
    assert split_of("mozart/k458") == 0
    assert split_of("schumann_robert/dichterliebe_no2") == 1
    assert split_of("weber/concertino_clarinet") == 2
    shares = np.bincount([split_of(f"work {index}") for index in range(20_000)]) / 20_000
    np.testing.assert_allclose(shares, [0.85, 0.05, 0.10], atol=0.01)
