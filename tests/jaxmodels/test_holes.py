from __future__ import annotations

import numpy as np
import pytest
from made_pieces import random_piece
from untrained import SIZES

from jaxmodels.holes import LEFT_MEASURES, RIGHT_MEASURES, draw_hole, note_counts, window_around
from jaxmodels.piece import M_DURATION, M_ONSET, ONSET, STAFF
from jaxmodels.window_layout import FRAME_TICKS, Hole, Sizes

ROOM = Sizes(4)
PIECE = random_piece(3, [(4, 4)] * 20, 3, pickup=24)
COUNTS = note_counts(PIECE)


def drawn(
    task: str | None, sizes: Sizes = ROOM, staves: tuple[int, ...] = (0, 1, 2), tries: int = 200
) -> list[Hole]:
    rng = np.random.default_rng(5)
    holes = [draw_hole(rng, PIECE, COUNTS, staves, sizes, task) for _ in range(tries)]
    found = [hole for hole in holes if hole is not None]
    assert len(found) > tries // 4
    return found


def rows_and_staves(hole: Hole) -> tuple[np.ndarray, np.ndarray]:
    return np.flatnonzero(hole.mask.any(axis=1)), np.flatnonzero(hole.mask.any(axis=0))


def is_block(hole: Hole) -> bool:
    rows, staves = rows_and_staves(hole)
    return bool(hole.mask[rows[0] : rows[-1] + 1, staves].all())


def test_a_continuation_ends_with_its_window() -> None:
    for hole in drawn("continue"):
        rows, staves = rows_and_staves(hole)
        assert is_block(hole)
        assert len(staves) == 3
        assert rows[-1] == hole.last - hole.first - 1


def test_an_infill_has_something_on_its_right() -> None:
    sides = []
    for hole in drawn("infill"):
        rows, staves = rows_and_staves(hole)
        assert is_block(hole)
        assert len(staves) == 3
        right = hole.last - hole.first - 1 - rows[-1]
        assert right <= RIGHT_MEASURES
        assert right > 0 or hole.last == len(PIECE.measures)
        sides.append(rows[0])
    assert max(sides) == LEFT_MEASURES


def test_a_staff_is_hidden_and_another_known() -> None:
    numbers = set()
    for hole in drawn("staff"):
        assert is_block(hole)
        numbers.add(len(rows_and_staves(hole)[1]))
    assert numbers == {1, 2}


def test_cells_are_scattered() -> None:
    holes = drawn("cells")
    assert any(not is_block(hole) for hole in holes)
    assert all(hole.mask.any() for hole in holes)


@pytest.mark.parametrize("task", ["staff", "cells"])
def test_one_staff_alone_is_filled_in(task: str) -> None:
    assert all(is_block(hole) and hole.mask.shape[1] == 1 for hole in drawn(task, staves=(1,)))


@pytest.mark.parametrize("task", ["continue", "infill", "staff", "cells", None])
@pytest.mark.parametrize("sizes", [ROOM, SIZES], ids=["large", "small"])
def test_holes_fit(task: str | None, sizes: Sizes) -> None:
    for hole in drawn(task, sizes):
        bars = PIECE.measures[hole.first : hole.last]
        rows, _ = rows_and_staves(hole)
        assert bars[rows, M_DURATION].sum() <= sizes.clock
        assert bars[:, M_DURATION].sum() <= sizes.frames * FRAME_TICKS or len(bars) == len(rows)
        if len(rows) > 1:
            bar = np.searchsorted(bars[:, M_ONSET], PIECE.notes[:, ONSET], side="right") - 1
            inside = (PIECE.notes[:, ONSET] >= bars[0, M_ONSET]) & (
                PIECE.notes[:, ONSET] < bars[-1, M_ONSET] + bars[-1, M_DURATION]
            )
            assert hole.mask[bar[inside], PIECE.notes[inside, STAFF]].sum() <= sizes.events


def test_an_empty_stretch_is_no_hole() -> None:
    silent = PIECE._replace(notes=PIECE.notes[:0])
    rng = np.random.default_rng(0)
    assert all(
        draw_hole(rng, silent, note_counts(silent), (0, 1), ROOM, "infill") is None for _ in range(20)
    )


def test_note_counts_are_running_sums() -> None:
    for measure in (0, 1, 7, 20):
        end = 24 + 96 * (measure - 1) if measure else 0
        for staff in range(3):
            own = PIECE.notes[PIECE.notes[:, STAFF] == staff]
            assert COUNTS.before[measure, staff] == (own[:, ONSET] < end).sum()


@pytest.mark.parametrize(
    ("start", "stop", "frames", "expected"),
    [
        (8, 10, 256, (0, 14)),  # 8 before, 4 after
        (0, 2, 256, (0, 6)),
        (18, 20, 256, (10, 20)),
        (8, 10, 16 * 7, (7, 14)),  # the right side first, the left what is left
        (8, 10, 16 * 2, (8, 10)),
    ],
)
def test_the_window_around_a_hole(start: int, stop: int, frames: int, expected: tuple[int, int]) -> None:
    assert window_around(PIECE, start, stop, 8, 4, ROOM._replace(frames=frames)) == expected
