"""Rhythm: one voice of one measure as note values, rests and tuplets.

The cheapest way through the measure is found by dynamic programming: a step is one plain value (as the
metre allows it) or one whole tuplet, and costs what it takes to read. Since every binary position can
be reached by values that follow the metre, a way always exists where the tuplets fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from math import inf
from typing import NamedTuple

from bridge.notation.metre import Metre
from bridge.notation.tuplets import Stretch, stretches
from bridge.notation.values import GRID, VALUES

PIECE_COST = 1.0
TIE_COST = 0.5


class Ratio(NamedTuple):
    """The tuplet a piece stands in; `first` and `last` mark where its bracket begins and ends."""

    actual: int
    normal: int
    type: str
    first: bool
    last: bool


class Piece(NamedTuple):
    """One written value, from `start` to `end` ticks, of the span with the number `span`."""

    start: int
    end: int
    span: int
    type: str
    dots: int
    ratio: Ratio | None = None


class Split(NamedTuple):
    """A voice's pieces in order, and what they cost to read (`inf` and no pieces: not to be written)."""

    cost: float
    pieces: tuple[Piece, ...]


Step = tuple[int, float, tuple[Piece, ...]]
"""A way to write what comes next: `(end, cost, pieces)`."""


@lru_cache(maxsize=4096)
def split(ends: tuple[int, ...], rests: tuple[bool, ...], resolution: int, metre: Metre) -> Split:
    """Return the best notation of contiguous spans that fill a measure.

    - `ends`: end of each span, in ticks of `resolution` to the quarter (a multiple of `GRID`); the first
      span begins at 0.
    - `rests`: which spans are rests.
    """
    found = _split(ends, rests, resolution, metre, last_resort=False)
    return found if found.pieces else _split(ends, rests, resolution, metre, last_resort=True)


def _split(
    ends: tuple[int, ...], rests: tuple[bool, ...], resolution: int, metre: Metre, last_resort: bool
) -> Split:
    candidates = stretches(ends[:-1], resolution, metre, last_resort)
    per_grid = resolution // GRID
    steps: dict[int, list[Step]] = {}
    anchors = sorted({edge * per_grid for c in candidates for edge in (c.start, c.stop)})
    for start, step in _plain_steps(ends, rests, per_grid, metre, anchors):
        steps.setdefault(start, []).append(step)
    for candidate in candidates:
        inner = _inner(candidate, ends, rests, per_grid)
        if inner.pieces:
            step = (candidate.stop * per_grid, inner.cost + candidate.cost, inner.pieces)
            steps.setdefault(candidate.start * per_grid, []).append(step)
    return _cheapest(steps, ends[-1])


def _cheapest(steps: dict[int, list[Step]], goal: int) -> Split:
    """Return the cheapest chain of steps from 0 to `goal`."""
    best: dict[int, tuple[float, int, tuple[Piece, ...]]] = {0: (0.0, -1, ())}
    for position in sorted(steps):
        if position not in best:
            continue
        so_far = best[position][0]
        for end, cost, pieces in steps[position]:
            total = so_far + cost
            if total < best.get(end, (inf,))[0] - 1e-9:
                best[end] = (total, position, pieces)
    if goal not in best:
        return Split(inf, ())
    chain: list[tuple[Piece, ...]] = []
    position = goal
    while position:
        _, previous, pieces = best[position]
        chain.append(pieces)
        position = previous
    return Split(best[goal][0], tuple(piece for pieces in reversed(chain) for piece in pieces))


def _plain_steps(
    ends: Sequence[int], rests: Sequence[bool], per_grid: int, metre: Metre, anchors: Sequence[int]
) -> list[tuple[int, Step]]:
    """Return every plain value that may stand somewhere, as `(start, step)`."""
    found: list[tuple[int, Step]] = []
    begin = 0
    for span, (end, rest) in enumerate(zip(ends, rests, strict=True)):
        stops = [begin, *(tick for tick in anchors if begin < tick < end), end]
        binary = [tick // per_grid for tick in stops if tick % per_grid == 0]
        nodes = set(binary)
        for first, last in pairwise(binary):
            nodes.update(metre.cuts(first, last))
        ordered = sorted(nodes)
        cost_of = metre.rest_cost if rest else metre.note_cost
        for index, first in enumerate(ordered):
            for last in ordered[index + 1 :]:
                cost = cost_of(first, last)
                if cost < inf:
                    tied = TIE_COST if not rest and last * per_grid != end else 0.0
                    name, dots, _ = VALUES[last - first]
                    piece = Piece(first * per_grid, last * per_grid, span, name, dots)
                    found.append((piece.start, (piece.end, PIECE_COST + cost + tied, (piece,))))
        begin = end
    return found


def _inner(stretch: Stretch, ends: Sequence[int], rests: Sequence[bool], per_grid: int) -> Split:
    """Return the notation inside one tuplet; nothing if its values can't be written."""
    start, stop = stretch.start * per_grid, stretch.stop * per_grid
    written = stretch.actual * stretch.unit
    inner_ends, inner_rests, spans = [], [], []
    begin = 0
    runs_on = False
    for span, (end, rest) in enumerate(zip(ends, rests, strict=True)):
        if end > start and begin < stop:
            inner_ends.append((min(end, stop) - start) * written // (stop - start))
            inner_rests.append(rest)
            spans.append(span)
            runs_on = end > stop and not rest
        begin = end
    cost, pieces = _cheapest_inside(tuple(inner_ends), tuple(inner_rests), stretch)
    if not pieces:
        return Split(inf, ())
    ratio = _label(stretch, pieces)
    scale = stop - start
    named = [
        Piece(
            start + piece.start * scale // written,
            start + piece.end * scale // written,
            spans[piece.span],
            piece.type,
            piece.dots,
            ratio._replace(first=index == 0, last=index == len(pieces) - 1),
        )
        for index, piece in enumerate(pieces)
    ]
    return Split(cost + (TIE_COST if runs_on else 0.0), tuple(named))


def _cheapest_inside(ends: tuple[int, ...], rests: tuple[bool, ...], stretch: Stretch) -> Split:
    steps: dict[int, list[Step]] = {}
    for start, step in _plain_steps(ends, rests, 1, stretch.metre, ()):
        steps.setdefault(start, []).append(step)
    return _cheapest(steps, ends[-1])


def _label(stretch: Stretch, pieces: Sequence[Piece]) -> Ratio:
    """Return the ratio as an engraver counts it: a triplet that is mostly halved is a sextuplet."""
    actual, normal, unit = stretch.actual, stretch.normal, stretch.unit
    lengths = [piece.end - piece.start for piece in pieces]
    short = max(lengths) <= unit <= GRID // 2
    mostly_halved = actual == 3 and short and lengths.count(unit // 2) >= 4
    while max(lengths) <= unit // 2 or mostly_halved:
        actual, normal, unit, mostly_halved = 2 * actual, 2 * normal, unit // 2, False
    return Ratio(actual, normal, VALUES[unit][0], False, False)
