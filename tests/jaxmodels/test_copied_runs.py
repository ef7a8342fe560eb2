"""Runs that are known are measured in notes and bits; only the counted notes count."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_pieces import measures_of

from jaxmodels.copied_runs import TELLING_BITS, CopiedRun, copied_runs
from jaxmodels.copy_sketch import NGRAM_NOTES, CopySketch, build_sketch
from jaxmodels.piece import Piece, canonical_notes
from jaxmodels.top_lines import top_lines

RNG = np.random.default_rng(0)
KNOWN = RNG.integers(55, 80, 60).tolist()
"""A melody of the training music."""


def line(pitches: list[int], staff: int = 0) -> Piece:
    """Return a piece of eighths."""
    rows = [(12 * index, staff, pitch, 12) for index, pitch in enumerate(pitches)]
    bars = measures_of([(4, 4)] * -(-len(pitches) // 8))
    return Piece(canonical_notes(np.array(rows, np.int32)), bars, np.zeros(staff + 1, np.int32))


@pytest.fixture(scope="module")
def sketch() -> CopySketch:
    others = [line(np.random.default_rng(seed).integers(40, 90, 400).tolist()) for seed in range(1, 5)]
    return build_sketch([line(KNOWN), line([60, 62] * 100), line([60] * 100), *others])


def runs_in(sketch: CopySketch, pitches: list[int], first: int = 0, stop: int = 10**6) -> list[CopiedRun]:
    """Return the runs where the notes numbered `first` to `stop` count."""
    lines = top_lines([line(pitches)])
    number = np.arange(len(lines.onset))
    return copied_runs(sketch, lines, (number >= first) & (number < stop))


def unknown(seed: int, count: int) -> list[int]:
    return np.random.default_rng(1000 + seed).integers(20, 110, count).tolist()


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 30), st.integers(NGRAM_NOTES + 1, 30), st.integers(-12, 12), st.integers(0, 99))
def test_a_copied_passage_is_found_whole_wherever_it_stands(
    sketch: CopySketch, start: int, length: int, shift: int, seed: int
) -> None:
    copied = [pitch + shift for pitch in KNOWN[start : start + length]]
    length = len(copied)
    before = unknown(seed, 9)
    (run,) = runs_in(sketch, [*before, *copied, *unknown(seed + 100, 9)])
    assert run.first_tick <= 12 * 9  # a note beside it may fit by chance
    assert run.last_tick >= 12 * (9 + length - 1)
    assert length <= run.notes <= length + 2
    assert run.changed == 0


def test_a_run_is_counted_in_notes(sketch: CopySketch) -> None:
    (run,) = runs_in(sketch, [0, 127, *KNOWN[10:30], 0, 127])
    assert run[:6] == (0, 0, 12 * 2, 12 * 21, 20, 0)
    assert run.bits > TELLING_BITS


def test_fewer_notes_than_two_ngrams_hold_are_no_run(sketch: CopySketch) -> None:
    assert runs_in(sketch, [0, 127, *KNOWN[:NGRAM_NOTES], 0, 127]) == []
    assert len(runs_in(sketch, [0, 127, *KNOWN[: NGRAM_NOTES + 1], 0, 127])) == 1


def test_only_what_is_counted_counts_but_a_run_may_begin_and_end_outside(sketch: CopySketch) -> None:
    (run,) = runs_in(sketch, KNOWN[:30], first=20, stop=26)
    assert (run.first_tick, run.last_tick, run.notes) == (12 * 20, 12 * 25, 6)
    whole = runs_in(sketch, KNOWN[:30])[0]
    assert run.bits < whole.bits
    assert runs_in(sketch, [*KNOWN[:30], *unknown(1, 20)], first=31) == []
    assert runs_in(sketch, [*unknown(1, 20), *KNOWN[:30]], stop=19) == []
    assert runs_in(sketch, KNOWN[:30], first=30) == []


def test_a_passage_with_one_note_changed_is_one_run_and_with_two_it_is_not(sketch: CopySketch) -> None:
    changed = KNOWN[:40]
    changed[18] += 1
    (run,) = runs_in(sketch, changed)
    assert (run.notes, run.changed, run.first_tick, run.last_tick) == (39, 1, 0, 12 * 39)
    changed[19] -= 1
    (run,) = runs_in(sketch, changed)
    assert (run.notes, run.changed) == (20, 0)


def test_repeated_notes_and_trills_tell_nothing_however_long(sketch: CopySketch) -> None:
    for pitches in ([67] * 60, [67, 69] * 30):
        (run,) = runs_in(sketch, pitches)
        assert run.notes == 60
        assert run.bits < TELLING_BITS / 2


def test_each_line_has_its_own_run_the_most_telling_first(sketch: CopySketch) -> None:
    rows = np.concatenate([line(KNOWN[:14]).notes, line(KNOWN[20:50], staff=2).notes])
    piece = Piece(canonical_notes(rows), measures_of([(4, 4)] * 4), np.zeros(3, np.int32))
    lines = top_lines([line(unknown(3, 20)), piece])
    runs = copied_runs(sketch, lines, np.ones(len(lines.onset), bool))
    assert [(run.piece, run.staff, run.notes) for run in runs] == [(1, 2, 30), (1, 0, 14)]


def test_nothing_is_found_in_nothing(sketch: CopySketch) -> None:
    lines = top_lines([line([])._replace(measures=measures_of([(4, 4)]))])
    assert copied_runs(sketch, lines, np.zeros(0, bool)) == []
