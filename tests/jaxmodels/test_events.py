from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jaxmodels import events as ev

NAMES = {"D": "downbeat", "H": "half", "B": "beat", "e": "eighth", "s": "16th", "t": "32nd", "3": "triplet"}


def spelled(strengths: np.ndarray, every: int) -> str:
    letters = {ev.STRENGTHS.index(name): letter for letter, name in NAMES.items()}
    return "".join(letters.get(int(strength), ".") for strength in strengths[::every])


def test_tables_ascend_and_hold_what_is_written_in_music() -> None:
    assert (np.diff(ev.DURATION_TICKS) > 0).all()
    assert (np.diff(ev.DELTA_TICKS) > 0).all()
    written = {96 // base for base in (1, 2, 4, 8, 16, 32)}
    triplets = {64 // base for base in (1, 2, 4, 8, 16)}
    assert written | triplets | {36, 72, 144, 18, 9, 42, 84} <= set(ev.DURATION_TICKS.tolist())
    assert set(range(96)) <= set(ev.DELTA_TICKS.tolist())
    assert len(ev.DELTA_TICKS) == ev.DELTAS == ev.END


def test_the_grid_tells_binary_from_triplet() -> None:
    grid = {tick: ev.GRID_OF_TICK[tick] for tick in range(24)}
    assert [tick for tick in grid if grid[tick] == ev.ON_BOTH] == [0, 12]
    assert [tick for tick in grid if grid[tick] == ev.ON_BINARY] == [3, 6, 9, 15, 18, 21]
    assert [tick for tick in grid if grid[tick] == ev.ON_TRIPLET] == [4, 8, 16, 20]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(-10, 500), min_size=1, max_size=30), st.sampled_from(["delta", "duration"]))
def test_no_class_is_nearer_than_the_nearest(ticks: list[int], name: str) -> None:
    table = ev.DELTA_TICKS if name == "delta" else ev.DURATION_TICKS
    found = ev.nearest_class(np.array(ticks), table)
    distance = np.abs(table[None, :] - np.array(ticks)[:, None])
    np.testing.assert_array_equal(distance[np.arange(len(ticks)), found], distance.min(axis=1))


@pytest.mark.parametrize("table", [ev.DELTA_TICKS, ev.DURATION_TICKS], ids=["delta", "duration"])
def test_a_tick_of_the_table_is_its_own_class(table: np.ndarray) -> None:
    np.testing.assert_array_equal(ev.nearest_class(table, table), np.arange(len(table)))


@pytest.mark.parametrize(
    ("metre", "duration", "pickup", "every", "expected"),
    [
        ((4, 4), 96, 0, 12, "DeBeHeBe"),
        ((3, 4), 72, 0, 12, "DeBeBe"),
        ((2, 2), 96, 0, 12, "DeeeBeee"),
        ((6, 8), 72, 0, 12, "DeeBee"),
        ((12, 8), 144, 0, 12, "DeeBeeHeeBee"),
        ((5, 8), 60, 0, 12, "DBBBB"),
        ((4, 4), 24, 72, 12, "Be"),
        ((6, 8), 12, 60, 12, "e"),
        ((4, 4), 24, 0, 1, "D..t3.s.3t..e..t3.s.3t.."),
    ],
)
def test_strengths(metre: tuple[int, int], duration: int, pickup: int, every: int, expected: str) -> None:
    strengths = ev.strengths(*metre, duration, pickup)
    assert len(strengths) == duration
    assert spelled(strengths, every) == expected


def test_the_description_names_every_table() -> None:
    text = ev.describe()
    assert all(name in text for name in ("delta", "staff", "pitch", "duration"))
    assert str(ev.DURATIONS) in text
