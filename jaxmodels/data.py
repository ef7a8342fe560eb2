"""Batches of windows, each a function of (seed, step) alone: a resumed training sees what it would have."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator, Sequence
from dataclasses import dataclass

import jax
import numpy as np

from jaxmodels.holes import TASKS, NoteCounts, draw_hole, note_counts
from jaxmodels.piece import PITCH, Piece
from jaxmodels.staff_facts import StaffFacts, staff_facts
from jaxmodels.window import Hole, Sizes, Window, hole_controls, make_window

STAFF_BUCKETS = (1, 2, 4)
BUCKET_SHARES = (0.2, 0.2, 0.6)
BUCKET_WINDOWS = (2.0, 1.5, 1.0)
"""Windows in a batch of each bucket, in units of `batch_size`."""

BUCKET_EVENTS = (64, 80, 96)
"""Room for the hole's notes in each bucket; holes are drawn to fit."""

LEFT_ONLY_SHARE = 0.08
"""Windows in training that hide all that sounds from the hole on: the model also learns to do without."""

PROGRAM_SHARES = (0.3, 0.1)
"""How often a staff's instrument is withheld, or replaced by any: many scores are set for the wrong one."""

STYLE_SHARE = 0.5
"""Windows in training that tell the piece's style; told always, it is learnt in the place of the notes."""

ENDING_SHARE = 0.1
"""Windows in training whose hole ends with the piece: cadences are rarer than what leads to them."""

CONTROLS_SHARE, CONTROL_SHARE = 0.5, 0.7
"""How many windows tell anything of what the hole's notes are like, and how much of it these tell."""

SHIFTS = (-5, 6)
TRIES = 50


@dataclass(frozen=True)
class Example:
    """A piece with what windows need of it; `style` 0 is unknown, `weight` its share of the draws."""

    piece: Piece
    facts: StaffFacts
    counts: NoteCounts
    style: int
    weight: float

    @property
    def pitched(self) -> np.ndarray:
        """Indexes of the staves that have notes."""
        return np.flatnonzero(self.counts.before[-1])


def make_examples(pieces: Sequence[Piece], styles: Sequence[int]) -> list[Example]:
    """Return pieces ready for drawing.

    A style's share grows with the square root of its notes, so that a few thousand tunes don't drown the
    chorales; within a style, pieces count by their notes.
    """
    notes = np.array([len(piece.notes) for piece in pieces], float)
    totals = np.bincount(np.asarray(styles), weights=notes)
    return [
        Example(
            piece, staff_facts(piece), note_counts(piece), style, len(piece.notes) / np.sqrt(totals[style])
        )
        for piece, style in zip(pieces, styles, strict=True)
    ]


class WindowSampler:
    """Draw windows of `examples` for one staff bucket."""

    def __init__(self, examples: Sequence[Example], sizes: Sizes, *, smallest: int) -> None:
        """Keep the examples with notes in `smallest` staves or more; raise `ValueError` if none has."""
        self.sizes = sizes
        self.examples = [example for example in examples if len(example.pitched) >= smallest]
        if not self.examples:
            raise ValueError(f"no piece has {smallest} or more staves with notes")
        weights = np.array([example.weight / self._surplus(example) for example in self.examples])
        self.shares = weights / weights.sum()

    def _surplus(self, example: Example) -> float:
        """Pieces that have to be thinned out for this bucket are drawn less often."""
        return 1.0 if len(example.pitched) <= self.sizes.staves else 6.0

    def draw(
        self, rng: np.random.Generator, task: str | None = None, *, augment: bool = True
    ) -> tuple[Example, Hole]:
        """Return a random example and a hole in it."""
        for _ in range(TRIES):
            example = self.examples[int(rng.choice(len(self.examples), p=self.shares))]
            staves = self._staves(rng, example)
            ending = bool(rng.random() < ENDING_SHARE)
            hole = draw_hole(rng, example.piece, example.counts, staves, self.sizes, task, ending=ending)
            if hole is None:
                continue
            style = example.style if rng.random() < STYLE_SHARE or not augment else 0
            return example, hole._replace(shift=self._shift(rng, example) if augment else 0, style=style)
        raise ValueError(f"{TRIES} tries found no hole with notes for task {task}")

    def _staves(self, rng: np.random.Generator, example: Example) -> tuple[int, ...]:
        pitched = example.pitched
        most = min(self.sizes.staves, len(pitched))
        if most < len(pitched) and rng.random() < 0.5:
            first = int(rng.integers(0, len(pitched) - most + 1))
            return tuple(int(staff) for staff in pitched[first : first + most])
        return tuple(sorted(int(staff) for staff in rng.permutation(pitched)[:most]))

    def _shift(self, rng: np.random.Generator, example: Example) -> int:
        low, high = example.piece.notes[:, PITCH].min(), example.piece.notes[:, PITCH].max()
        return int(np.clip(rng.integers(SHIFTS[0], SHIFTS[1] + 1), -low, 127 - high))

    def window(self, rng: np.random.Generator, task: str | None = None) -> Window:
        """Return one augmented window."""
        example, hole = self.draw(rng, task)
        told = _told(rng, hole_controls(example.piece, hole))
        hole = hole._replace(left_only=bool(rng.random() < LEFT_ONLY_SHARE), controls=told)
        piece = example.piece._replace(programs=_reassigned(rng, example.piece.programs))
        return make_window(piece, _loosened(rng, example.facts), hole, self.sizes)


def _loosened(rng: np.random.Generator, facts: StaffFacts) -> StaffFacts:
    """Return wider limits at random, so that the model doesn't read the answer off them."""
    shape = facts.lowest.shape
    spare = (rng.random(shape) < 0.2).astype(np.int32)
    return StaffFacts(
        lowest=np.maximum(0, facts.lowest - rng.integers(0, 8, shape, np.int32)),
        highest=np.minimum(127, facts.highest + rng.integers(0, 8, shape, np.int32)),
        polyphony=facts.polyphony + spare,
        layers=np.minimum(4, facts.layers + (spare & (rng.random(shape) < 0.5)).astype(np.int32)),
    )


def _told(rng: np.random.Generator, controls: np.ndarray) -> np.ndarray:
    """Return the controls with most of them unsaid: any of them, for any of the staves."""
    kept = rng.random(controls.shape) < CONTROL_SHARE
    kept &= rng.random(controls.shape[1]) < CONTROL_SHARE
    return np.where(kept & (rng.random() < CONTROLS_SHARE), controls, np.nan).astype(np.float32)


def _reassigned(rng: np.random.Generator, programs: np.ndarray) -> np.ndarray:
    """Return the staves' programs with some withheld and some wrong."""
    dice = rng.random(programs.shape)
    withheld, wrong = PROGRAM_SHARES
    anything = rng.integers(0, 128, programs.shape, np.int32)
    return np.where(dice < withheld, -1, np.where(dice < withheld + wrong, anything, programs)).astype(
        np.int32
    )


def stack(windows: Sequence[Window]) -> Window:
    """Return a batch: the windows' arrays stacked along a new first axis."""
    return jax.tree.map(lambda *arrays: np.stack(arrays), *windows)


class TrainingData:
    """Batches for training, by staff bucket; `batch(step)` is a pure function of seed and step."""

    def __init__(self, examples: Sequence[Example], batch_size: int, seed: int) -> None:
        """Make a sampler for every bucket that the examples can fill."""
        self.seed = seed
        self.samplers: list[WindowSampler] = []
        self.counts: list[int] = []
        shares = []
        for bucket, share, factor, events in zip(
            STAFF_BUCKETS, BUCKET_SHARES, BUCKET_WINDOWS, BUCKET_EVENTS, strict=True
        ):
            smallest = 3 if bucket == 4 else bucket
            if any(len(example.pitched) >= smallest for example in examples):
                pool = [example for example in examples if bucket > 1 or len(example.pitched) == 1] or list(
                    examples
                )
                self.samplers.append(WindowSampler(pool, Sizes(bucket, events=events), smallest=smallest))
                self.counts.append(max(1, int(batch_size * factor)))
                shares.append(share)
        self.shares = np.array(shares) / sum(shares)

    def batch(self, step: int) -> tuple[Sizes, Window]:
        """Return the batch of `step`."""
        rng = np.random.default_rng([self.seed, step])
        bucket = int(rng.choice(len(self.samplers), p=self.shares))
        sampler = self.samplers[bucket]
        return sampler.sizes, stack([sampler.window(rng) for _ in range(self.counts[bucket])])

    def batches(self, first: int, ahead: int = 4) -> Generator[tuple[Sizes, Window]]:
        """Yield batches from step `first` on, made by a thread up to `ahead` steps in advance."""
        made: queue.Queue = queue.Queue(ahead)
        stopped = threading.Event()

        def produce() -> None:
            step = first
            while not stopped.is_set():
                try:
                    item = self.batch(step)
                except Exception as error:
                    item = error
                while not stopped.is_set():
                    try:
                        made.put(item, timeout=0.2)
                        break
                    except queue.Full:
                        continue
                step += 1

        threading.Thread(target=produce, daemon=True, name="windows").start()
        try:
            while True:
                item = made.get()
                if isinstance(item, Exception):
                    raise item
                yield item
        finally:
            stopped.set()


def evaluation_holes(
    examples: Sequence[Example], task: str, count: int, seed: int = 0
) -> list[tuple[Example, Hole]]:
    """Return `count` fixed holes of one task, untransposed, styles known; examples are visited in turn."""
    if task not in TASKS:
        raise ValueError(f"task must be one of {', '.join(TASKS)}, got {task!r}")
    sizes = Sizes(STAFF_BUCKETS[-1])
    smallest = 2 if task in ("staff", "cells") else 1
    usable = [example for example in examples if len(example.pitched) >= smallest]
    if not usable:
        return []
    rng = np.random.default_rng([seed, TASKS.index(task)])
    order = rng.permutation(len(usable))
    holes: list[tuple[Example, Hole]] = []
    for turn in range(count * TRIES):
        if len(holes) == count:
            break
        example = usable[order[turn % len(usable)]]
        sampler_staves = example.pitched[: sizes.staves]
        hole = draw_hole(rng, example.piece, example.counts, tuple(map(int, sampler_staves)), sizes, task)
        if hole is not None:
            holes.append((example, hole._replace(style=example.style)))
    return holes
