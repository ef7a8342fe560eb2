"""Eight-measure holes of a corpus, what of the training music stands in them, and copied passages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from jaxmodels.copied_runs import CopiedRun, copied_runs
from jaxmodels.copy_sketch import CopySketch
from jaxmodels.piece import M_DURATION, M_ONSET, ONSET, PITCH, STAFF, Piece, canonical_notes
from jaxmodels.shards import Corpus
from jaxmodels.top_lines import Lines, ngram_keys, steps_of, top_lines

MEASURES = 8
CONTEXT = 16
"""Measures on each side, as many as a fill reads."""

FEWEST_NOTES = 4
VARIANT_NOTES = 8
VARIANT_SHARE = 0.2
VARIANT_NGRAMS = 10
"""A hole's work is a variant of a training work that holds this share of the n-grams of one of its lines
*outside* the hole, where there are as many as this."""


class MeasuredHole(NamedTuple):
    """`MEASURES` measures of one work from measure `start`, all staves."""

    work: int
    style: str
    start: int


def holes_of(corpus: Corpus) -> list[MeasuredHole]:
    """Return the works' holes one after the other, those that hold notes."""
    found = []
    for work, piece in enumerate(corpus.pieces):
        style = corpus.style_names[corpus.styles[work]]
        for start in range(0, len(piece.measures) - MEASURES + 1, MEASURES):
            low, high = ticks_of(piece, start)
            onsets = piece.notes[:, ONSET]
            if ((onsets >= low) & (onsets < high)).sum() >= FEWEST_NOTES:
                found.append(MeasuredHole(work, style, start))
    return found


def ticks_of(piece: Piece, start: int, measures: int = MEASURES) -> tuple[int, int]:
    """Return where measures begin and end."""
    first, last = piece.measures[start], piece.measures[start + measures - 1]
    return int(first[M_ONSET]), int(last[M_ONSET] + last[M_DURATION])


def lines_around(pieces: Sequence[Piece], start: int, stop: int) -> tuple[Lines, np.ndarray]:
    """Return the lines of `pieces` (equal measures) around `[start, stop)`, and which notes lie inside."""
    low, high = ticks_of(pieces[0], start, stop - start)
    lines = top_lines([near(piece, start, stop) for piece in pieces])
    return lines, (lines.onset >= low) & (lines.onset < high)


def near(piece: Piece, start: int, stop: int) -> Piece:
    """Return `piece` with the notes that a fill of measures `[start, stop)` reads."""
    first = max(0, start - CONTEXT)
    last = min(len(piece.measures), stop + CONTEXT)
    low, high = ticks_of(piece, first, last - first)
    kept = (piece.notes[:, ONSET] >= low) & (piece.notes[:, ONSET] < high)
    return piece._replace(notes=piece.notes[kept])


def best_run(sketch: CopySketch, piece: Piece, start: int) -> CopiedRun | None:
    """Return what tells most in a hole, if anything is known there."""
    runs = copied_runs(sketch, *lines_around([piece], start, start + MEASURES))
    return runs[0] if runs else None


class VariantFinder:
    """Tells whether a work is a variant of a training work by what stands outside a hole."""

    def __init__(self, train: Corpus) -> None:
        lines = top_lines(train.pieces)
        keys, whole = ngram_keys(steps_of(lines), VARIANT_NOTES)
        pairs = np.unique(np.stack([keys[whole], lines.piece[whole].astype(np.uint64)]), axis=1)
        self.keys, self.works, self.count = pairs[0], pairs[1].astype(np.int64), len(train.pieces)

    def is_variant(self, piece: Piece, start: int) -> bool:
        """Whether the rest of `piece` is largely that of one training work."""
        low, high = ticks_of(piece, start)
        for staff in np.unique(piece.notes[:, STAFF]):
            lines = top_lines([piece._replace(notes=piece.notes[piece.notes[:, STAFF] == staff])])
            keys, whole = ngram_keys(steps_of(lines), VARIANT_NOTES)
            inside = (lines.onset >= low) & (lines.onset < high)
            rest = np.setdiff1d(keys[whole & ~inside], keys[whole & inside])
            left, right = (np.searchsorted(self.keys, rest, side=side) for side in ("left", "right"))
            holders = [self.works[begin:end] for begin, end in zip(left, right, strict=True)]
            if len(rest) < VARIANT_NGRAMS or not any(map(len, holders)):
                continue
            if np.bincount(np.concatenate(holders)).max() >= VARIANT_SHARE * len(rest):
                return True
        return False


def copies_of(
    corpus: Corpus, rng: np.random.Generator, count: int, changed: bool
) -> Iterator[tuple[str, Piece]]:
    """Yield the style and `MEASURES` measures of random works, transposed, with a note changed or none."""
    for work in rng.choice(len(corpus.pieces), count):
        piece = corpus.pieces[work]
        if len(piece.measures) < MEASURES:
            continue
        start = int(rng.integers(0, len(piece.measures) - MEASURES + 1))
        low, high = ticks_of(piece, start)
        notes = piece.notes[(piece.notes[:, ONSET] >= low) & (piece.notes[:, ONSET] < high)].copy()
        if len(notes) < FEWEST_NOTES:
            continue
        notes[:, PITCH] += rng.integers(-5, 7)
        if changed:
            notes[rng.integers(len(notes)), PITCH] += rng.choice([-2, -1, 1, 2])
        style = corpus.style_names[corpus.styles[work]]
        yield style, Piece(canonical_notes(notes), piece.measures[start : start + MEASURES], piece.programs)


def exact_lengths(train: Lines, lines: Lines, fewest: int, most: int) -> np.ndarray:
    """Return how many notes from each note of `lines` on stand in a row in `train`, int64 `[N]`.

    By the keys of all lengths from `fewest` (0 is said of fewer) to `most`, so without a sketch.
    """
    known = np.zeros(len(lines.onset), np.int64)
    steps, train_steps = steps_of(lines), steps_of(train)
    for notes in range(fewest, most + 1):
        keys, whole = ngram_keys(train_steps, notes)
        own, own_whole = ngram_keys(steps, notes)
        hit = own_whole & (known >= (notes - 1 if notes > fewest else 0)) & np.isin(own, keys[whole])
        known[hit] = notes
        if not hit.any():
            break
    return known
