"""Pieces in padded batches of few shapes, so that one compiled step serves all of them.

Pieces longer than `LONGEST_SEGMENT` are cut; each part but the first begins with `CONTEXT` frames that are
read and not predicted. What is recalled and counted is taken from the whole piece all the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from jaxmodels.polyphony.slots import Frames, Piece, Slots

SIZES = (72, 160)
"""Rows of frames in a batch: the next larger of these."""
LONGEST_SEGMENT = SIZES[-1]
CONTEXT = 48


class Batch(NamedTuple):
    """`frames` `[B, I, …]`, `slots` `[S, …]`, `weight` `[S]`: 1, or 0 for padding."""

    frames: Frames
    slots: Slots
    weight: np.ndarray


class Segment(NamedTuple):
    """Rows `start` … `stop` − 1 of a piece, of which those from `first` on are predicted from."""

    piece: Piece
    start: int
    first: int
    stop: int

    @property
    def predicted(self) -> int:
        """How many frames are predicted."""
        return self.stop - self.first

    def slot_range(self) -> tuple[int, int]:
        """Return where the slots of the predicted frames begin and end."""
        low, high = np.searchsorted(self.piece.slots.row, (self.first, self.stop))
        return int(low), int(high)


def segments(pieces: Sequence[Piece]) -> list[Segment]:
    """Return all pieces, cut where they are too long; every frame but the first is predicted once."""
    found = []
    for piece in pieces:
        rows = len(piece.frames.roll)
        first = 0
        while first < rows:
            start = max(0, first - CONTEXT)
            stop = min(rows, start + LONGEST_SEGMENT)
            found.append(Segment(piece, start, first, stop))
            first = stop
    return found


class Shape(NamedTuple):
    """Pieces, rows of each and slots of all in a batch."""

    pieces: int
    rows: int
    slots: int


class Batcher:
    """Batches of segments, grouped by size; the same for the same seed and number."""

    def __init__(self, parts: Sequence[Segment], frames_per_batch: int) -> None:
        """Sort `parts` by size and fix each size's shape."""
        self.groups: list[tuple[Shape, list[Segment]]] = []
        for low, rows in zip((0, *SIZES), SIZES, strict=False):
            group = [part for part in parts if low < part.stop - part.start <= rows]
            if group:
                together = min(len(group), max(1, frames_per_batch // rows))
                counts = sorted((high - low for low, high in (part.slot_range() for part in group)))
                slots = -(-sum(counts[-together:]) // 64) * 64
                self.groups.append((Shape(together, rows, slots), group))

    def __len__(self) -> int:
        """Return the batches of one pass."""
        return sum(-(-len(group) // shape.pieces) for shape, group in self.groups)

    def in_order(self) -> Iterator[Batch]:
        """Yield each segment once."""
        for shape, group in self.groups:
            for start in range(0, len(group), shape.pieces):
                yield assemble(group[start : start + shape.pieces], shape)

    def shuffled(self, seed: int, epoch: int) -> list[tuple[Shape, list[Segment]]]:
        """Return one epoch's batches to assemble; the last of a group is filled up from its first."""
        random = np.random.default_rng((seed, epoch))
        plans = []
        for shape, group in self.groups:
            order = random.permutation(len(group))
            order = np.resize(order, -(-len(group) // shape.pieces) * shape.pieces)
            rows = order.reshape(-1, shape.pieces)
            plans.extend((shape, [group[i] for i in chosen]) for chosen in rows)
        return [plans[i] for i in random.permutation(len(plans))]


def assemble(parts: Sequence[Segment], shape: Shape) -> Batch:
    """Return the segments as one batch of `shape`."""
    frames = [
        np.zeros((shape.pieces, shape.rows, *leaf.shape[1:]), leaf.dtype) for leaf in parts[0].piece.frames
    ]
    slots = [np.zeros((shape.slots, *leaf.shape[1:]), leaf.dtype) for leaf in parts[0].piece.slots]
    weight = np.zeros(shape.slots, np.float32)
    at = 0
    for number, part in enumerate(parts):
        for into, leaf in zip(frames, part.piece.frames, strict=True):
            into[number, : part.stop - part.start] = leaf[part.start : part.stop]
        low, high = part.slot_range()
        for into, leaf in zip(slots, part.piece.slots, strict=True):
            into[at : at + high - low] = leaf[low:high]
        slots[0][at : at + high - low] += number * shape.rows - part.start
        weight[at : at + high - low] = 1
        at += high - low
    return Batch(Frames(*frames), Slots(*slots), weight)
