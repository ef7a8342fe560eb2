"""Runs of notes that also stand in the training music, weighed by how much they tell.

A long run isn't a copy by its length alone: repeated notes, scales and broken chords are everybody's. So
a run is weighed in bits: how surprising each of its notes was after the two before it, every turn (pair
of steps) counted once.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from jaxmodels.copy_sketch import CopySketch
from jaxmodels.top_lines import Lines, Steps, ngram_keys, steps_of

TELLING_BITS = 56.0
"""From here on a run counts as a copy: see `benchmarks/copy_check.py`, which measures the choice."""

FEWEST_NGRAMS = 2
"""In a row, for a run: what the sketch takes for known by chance stands alone."""


class CopiedRun(NamedTuple):
    """Consecutive notes of a line that stand in the training music, in any key.

    - `piece`, `staff`: of its line; `first_tick`, `last_tick`: onsets of its first and last counted note.
    - `notes`: how many are counted; `changed`: 1 if a note amidst them differs, else 0.
    - `bits`: how much the counted notes tell.
    """

    piece: int
    staff: int
    first_tick: int
    last_tick: int
    notes: int
    changed: int
    bits: float


def copied_runs(sketch: CopySketch, lines: Lines, counted: np.ndarray) -> list[CopiedRun]:
    """Return the run that tells most of each line that has one, the most telling first.

    - `counted`: bool `[N]`, the notes that count: those of the fill. A run may begin or end outside.
    """
    if not counted.any():
        return []
    steps = steps_of(lines)
    bits, pairs = sketch.surprise(steps)
    best: dict[tuple[int, int], CopiedRun] = {}
    for parts in _known_parts(sketch, lines, steps):
        inside = [part[counted[part]] for part in parts]
        notes = np.concatenate(inside)
        if not len(notes):
            continue
        telling = np.concatenate([part[2:][counted[part[2:]]] for part in parts])
        _, once = np.unique(pairs[telling], return_index=True)
        run = CopiedRun(
            piece=int(lines.piece[notes[0]]),
            staff=int(lines.staff[notes[0]]),
            first_tick=int(lines.onset[notes[0]]),
            last_tick=int(lines.onset[notes[-1]]),
            notes=len(notes),
            changed=int(all(map(len, inside)) and len(parts) - 1),
            bits=round(float(bits[telling[once]].sum()), 1),
        )
        key = (run.piece, run.staff)
        if key not in best or run.bits > best[key].bits:
            best[key] = run
    return sorted(best.values(), key=lambda run: -run.bits)


def _known_parts(sketch: CopySketch, lines: Lines, steps: Steps) -> Iterator[list[np.ndarray]]:
    """Yield the indexes of the notes of each known run, and of each two that one note parts."""
    keys, whole = ngram_keys(steps, sketch.notes)
    known = np.zeros(len(whole), bool)
    known[whole] = sketch.holds(keys[whole])
    edges = np.diff(np.concatenate([[0], known, [0]]).astype(np.int8))
    starts, stops = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    long = stops - starts >= FEWEST_NGRAMS
    runs = [
        np.arange(start, stop + sketch.notes - 1)
        for start, stop in zip(starts[long], stops[long], strict=True)
    ]
    for run in runs:
        yield [run]
    for left, right in itertools.pairwise(runs):
        one_line = (
            lines.piece[left[0]] == lines.piece[right[0]] and lines.staff[left[0]] == lines.staff[right[0]]
        )
        if one_line and right[0] - left[-1] == 2:
            yield [left, right]
