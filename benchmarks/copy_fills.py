"""Eight-measure holes of a corpus filled by a model, eight candidates each, as in `jaxmuse fill`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import jax
import numpy as np
from copy_holes import MEASURES, MeasuredHole, ticks_of

from bridge.filling_task import CANDIDATES, MOST_EVENTS
from jaxmodels.checkpoint import load_model
from jaxmodels.decode import fill_holes
from jaxmodels.hole_limits import limits_around
from jaxmodels.holes import LEFT_MEASURES, RIGHT_MEASURES, window_around
from jaxmodels.piece import DURATION, ONSET, PITCH, STAFF, Piece, canonical_notes
from jaxmodels.shards import Corpus
from jaxmodels.staff_facts import staff_facts
from jaxmodels.window import make_window
from jaxmodels.window_layout import D_CLOCK, D_PITCH, D_STAFF, D_TICKS, Hole, Sizes
from jaxmodels.wishes import make_wishes

STAFF_SIZES = (1, 2, 4)
TOP_P = 0.95


class FilledHole(NamedTuple):
    """The work with its hole filled by each candidate; `nll` `[CANDIDATES]` in nats per note."""

    hole: MeasuredHole
    pieces: list[Piece]
    nll: np.ndarray


def fills_of(model: Path, corpus: Corpus, holes: Sequence[MeasuredHole]) -> Iterator[FilledHole]:
    """Yield the fills of all staves of `holes`, where staves aren't too many and measures not too long."""
    config, params = load_model(model)
    for number, hole in enumerate(holes):
        piece = corpus.pieces[hole.work]
        staves = tuple(int(staff) for staff in np.unique(piece.notes[:, STAFF]))
        low, high = ticks_of(piece, hole.start)
        if len(staves) > STAFF_SIZES[-1] or high - low > Sizes(1).clock:
            continue
        sizes = Sizes(next(size for size in STAFF_SIZES if size >= len(staves)), events=1)
        stop = hole.start + MEASURES
        first, last = window_around(piece, hole.start, stop, LEFT_MEASURES, RIGHT_MEASURES, sizes)
        mask = np.zeros((last - first, len(staves)), bool)
        mask[hole.start - first : stop - first] = True
        style = corpus.style_names[corpus.styles[hole.work]]
        named = config.styles.index(style) if style in config.styles else 0
        emptied = piece._replace(
            notes=piece.notes[(piece.notes[:, ONSET] < low) | (piece.notes[:, ONSET] >= high)]
        )
        if not len(emptied.notes):
            continue
        cut = Hole(first, last, staves, mask, style=named)
        limits = limits_around(piece, staff_facts(piece), cut)
        window = make_window(emptied, limits.facts, cut, sizes)
        windows = jax.tree.map(lambda leaf: np.stack([leaf] * CANDIDATES), window)
        keys = jax.random.split(jax.random.fold_in(jax.random.key(0), number), CANDIDATES)
        rests = np.zeros(sizes.staves, np.int32)
        rests[: len(staves)] = limits.longest_rest[list(staves)]
        wishes = make_wishes(window, MOST_EVENTS, rests, top_p=TOP_P)
        drawn = jax.device_get(fill_holes(config, params, windows, sizes.beats, MOST_EVENTS, keys, wishes))
        pieces = [
            _with_notes(emptied, events[:count], staves, low)
            for events, count in zip(drawn.events, drawn.count, strict=True)
        ]
        yield FilledHole(hole, pieces, drawn.nll / np.maximum(1, drawn.count))


def _with_notes(piece: Piece, events: np.ndarray, staves: Sequence[int], low: int) -> Piece:
    rows = np.zeros((len(events), 4), np.int32)
    rows[:, [ONSET, PITCH, DURATION]] = events[:, [D_CLOCK, D_PITCH, D_TICKS]]
    rows[:, ONSET] += low
    rows[:, STAFF] = np.asarray(staves)[events[:, D_STAFF]]
    return piece._replace(notes=canonical_notes(np.concatenate([piece.notes, rows])))
