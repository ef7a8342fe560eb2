"""The use case: fill a region of a document with notes of a model.

Long regions are filled piece by piece, left to right, each piece seeing what was written before it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np

from bridge.codec import notes_from_events, piece_from_score
from bridge.errors import RegionError
from bridge.instruments import habit_of
from bridge.models import Model, list_models, load_model
from bridge.score import Document, Note, Region, Score
from bridge.spell_together import spell_together
from jaxmodels.holes import LEFT_MEASURES, LONGEST_HOLE, RIGHT_MEASURES, window_around
from jaxmodels.piece import DURATION, M_DURATION, M_ONSET, ONSET, PITCH, STAFF, Piece, canonical_notes
from jaxmodels.staff_facts import StaffFacts, staff_facts, usual_layers
from jaxmodels.window import Hole, Sizes, Window, make_window

__all__ = ["Alternative", "FillOptions", "Filled", "Model", "fill_document", "list_models", "load_model"]

CANDIDATES = 8
"""Drawn at least, whatever number of alternatives is wanted: the best by the model's own score are kept."""

MOST_EVENTS = 512
CONTEXT_MEASURES = 2 * LEFT_MEASURES
"""Read on both sides of the region: what the model sees, and what the staves' ranges are taken from."""

STAFF_SIZES = (1, 2, 4, 8, 16, 32)
SPARE_SEMITONES = 2
FEW_NOTES = 8
"""A staff that shows fewer notes than this may also play what its instrument usually does."""


@dataclass(frozen=True, slots=True)
class FillOptions:
    """How to fill.

    - `temperature` > 0: 1 is the model's own distribution; `top_p`: only the likeliest choices that
      hold this share are drawn.
    """

    seed: int
    temperature: float = 1.0
    top_p: float = 0.95
    alternatives: int = 1


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to fill the region: each staff's notes; `nll` in nats per note, lower is likelier."""

    notes: Mapping[int, tuple[Note, ...]]
    nll: float
    note_count: int


@dataclass(frozen=True)
class Filled:
    """The region and its alternatives, best first; nothing is written yet."""

    document: Document = field(repr=False)
    region: Region
    alternatives: tuple[Alternative, ...]
    seconds: float

    def apply(self, k: int = 0) -> Document:
        """Return a copy of the document with alternative `k` written into it."""
        document = self.document.copy()
        document.write(self.region, self.alternatives[k].notes)
        return document


def fill_document(
    document: Document,
    region: Region,
    model: Model,
    options: FillOptions,
    progress: Callable[[float], None] | None = None,
) -> Filled:
    """Return `options.alternatives` ways to fill `region`, or fewer if some came out the same.

    The document isn't changed. Raises `RegionError` for a region that the model can't take.
    """
    started = time.perf_counter()
    score = document.score(max(0, region.start - CONTEXT_MEASURES), region.stop + CONTEXT_MEASURES)
    task = _Task(score, region, model, options)
    while task.next_measure < region.stop:
        task.fill_some()
        if progress:
            progress((task.next_measure - region.start) / (region.stop - region.start))
    return Filled(document, region, task.ranked(), time.perf_counter() - started)


class _Task:
    """A region on its way to being filled: one growing piece for each candidate."""

    def __init__(self, score: Score, region: Region, model: Model, options: FillOptions) -> None:
        self.score, self.region, self.model, self.options = score, region, model, options
        self.count = -(-max(CANDIDATES, options.alternatives) // CANDIDATES) * CANDIDATES
        piece = piece_from_score(score)
        piece = piece._replace(notes=_outside(piece, region))
        self.facts = _facts(score, piece, region)
        self.staves = _window_staves(piece, region)
        self.rests = _longest_rests(piece, region)
        self.pieces = [piece] * self.count
        self.written: list[dict[int, list[Note]]] = [{} for _ in range(self.count)]
        self.nll, self.notes = np.zeros(self.count), np.zeros(self.count, int)
        self.next_measure = region.start
        self.most_measures = LONGEST_HOLE

    def fill_some(self) -> None:
        """Fill the next measures, as many as the model takes at a time."""
        import jax

        from jaxmodels.decode import fill_holes

        start = self.next_measure
        sizes = Sizes(next(size for size in STAFF_SIZES if size >= len(self.staves)), events=1)
        stop = self._stop(start, sizes)
        windows = [self._window(piece, start, stop, sizes) for piece in self.pieces]
        key = jax.random.fold_in(jax.random.key(self.options.seed % 2**63), start - self.region.start)
        keys = jax.vmap(lambda number: jax.random.fold_in(key, number))(np.arange(self.count))
        drawn = jax.device_get(
            fill_holes(
                self.model.config,
                self.model.params,
                jax.tree.map(lambda *arrays: np.stack(arrays), *windows),
                sizes.beats,
                MOST_EVENTS,
                keys,
                np.float32(self.options.temperature),
                np.float32(self.options.top_p),
                self._longest_rests(sizes),
            )
        )
        if not drawn.complete.all() and stop - start > 1:
            self.most_measures = (stop - start) // 2
            return
        for number in range(self.count):
            self._take(number, drawn.events[number, : drawn.count[number]], start, stop)
        self.nll += drawn.nll
        self.notes += drawn.count
        self.next_measure = stop

    def ranked(self) -> tuple[Alternative, ...]:
        """Return the wanted number of different alternatives, likeliest first."""
        found: dict[tuple, Alternative] = {}
        for written, nll, count in zip(self.written, self.nll, self.notes, strict=True):
            notes = {staff: tuple(written.get(staff, ())) for staff in self.region.staves}
            alternative = Alternative(notes, round(float(nll) / max(1, int(count)), 4), int(count))
            found.setdefault(tuple(notes.items()), alternative)
        best = sorted(
            found.values(), key=lambda alternative: (alternative.note_count == 0, alternative.nll)
        )
        return tuple(
            replace(alternative, notes=spell_together(alternative.notes, self.score, self.region))
            for alternative in best[: self.options.alternatives]
        )

    def _stop(self, start: int, sizes: Sizes) -> int:
        measures = self.pieces[0].measures
        stop = min(self.region.stop, start + self.most_measures)
        while stop > start + 1 and measures[start:stop, M_DURATION].sum() > sizes.clock:
            stop -= 1
        if measures[start, M_DURATION] > sizes.clock:
            raise RegionError(
                f"it is {Fraction(self.score.measures[start].duration_quarter)} quarters long, "
                f"and the model takes at most {sizes.clock // 24}",
                where=f"measure {self.score.measures[start].number}",
                fix="Split the measure or leave it out.",
            )
        return stop

    def _window(self, piece: Piece, start: int, stop: int, sizes: Sizes) -> Window:
        right = RIGHT_MEASURES if stop == self.region.stop else 0
        first, last = window_around(piece, start, stop, LEFT_MEASURES, right, sizes)
        mask = np.zeros((last - first, len(self.staves)), bool)
        mask[start - first : stop - first] = np.isin(self.staves, self.region.staves)
        return make_window(piece, self.facts, Hole(first, last, self.staves, mask), sizes)

    def _longest_rests(self, sizes: Sizes) -> np.ndarray:
        rests = np.zeros(sizes.staves, np.int32)
        rests[: len(self.staves)] = self.rests[np.asarray(self.staves)]
        return rests

    def _take(self, number: int, events: np.ndarray, start: int, stop: int) -> None:
        piece = self.pieces[number]
        bars = piece.measures[start:stop]
        starts = np.concatenate([[0], np.cumsum(bars[:, M_DURATION])])
        events = events.astype(np.int64)
        events[:, 1] = np.asarray(self.staves)[events[:, 1]]
        for staff, notes in notes_from_events(events, self.score.measures[start:stop], starts).items():
            self.written[number].setdefault(staff, []).extend(notes)
        rows = np.zeros((len(events), 4), np.int32)
        rows[:, [ONSET, STAFF, PITCH, DURATION]] = events[:, :4]
        bar = np.searchsorted(starts, rows[:, ONSET], side="right") - 1
        rows[:, ONSET] += bars[np.minimum(bar, len(bars) - 1), M_ONSET] - starts[bar].astype(np.int32)
        self.pieces[number] = piece._replace(notes=canonical_notes(np.concatenate([piece.notes, rows])))


def _outside(piece: Piece, region: Region) -> np.ndarray:
    """Return the notes that don't begin in the region, cut where they reach into it."""
    start = piece.measures[region.start, M_ONSET]
    end = piece.measures[region.stop - 1, M_ONSET] + piece.measures[region.stop - 1, M_DURATION]
    notes = piece.notes.copy()
    own = np.isin(notes[:, STAFF], region.staves)
    before = own & (notes[:, ONSET] < start)
    notes[before, DURATION] = np.minimum(notes[before, DURATION], start - notes[before, ONSET])
    return notes[~(own & (notes[:, ONSET] >= start) & (notes[:, ONSET] < end))]


def _facts(score: Score, piece: Piece, region: Region) -> StaffFacts:
    """Return each staff's limits: what it plays around the region; if that is little, its instrument's."""
    facts = staff_facts(piece)
    counts = np.bincount(piece.notes[:, STAFF], minlength=len(piece.programs))
    for index in region.staves:
        staff = score.staves[index]
        habit = habit_of(score.parts[staff.part_index], staff)
        if counts[index] == 0:
            values = habit
        elif counts[index] < FEW_NOTES:
            values = (
                min(habit.lowest, facts.lowest[index]),
                max(habit.highest, facts.highest[index]),
                max(habit.polyphony, facts.polyphony[index]),
                max(habit.layers, facts.layers[index]),
            )
        else:
            values = (
                max(0, facts.lowest[index] - SPARE_SEMITONES),
                min(127, facts.highest[index] + SPARE_SEMITONES),
                facts.polyphony[index],
                usual_layers(piece, index),
            )
        for column, value in zip(facts, values, strict=True):
            column[index] = value
    return facts


def _longest_rests(piece: Piece, region: Region) -> np.ndarray:
    """Return each staff's longest rest around the region, in ticks; two measures if it shows little."""
    start = piece.measures[region.start, M_ONSET]
    longest = np.full(len(piece.programs), 2 * piece.measures[region.start, M_DURATION], np.int32)
    for staff in region.staves:
        notes = piece.notes[piece.notes[:, STAFF] == staff]
        if len(notes) < FEW_NOTES:
            continue
        ends = np.maximum.accumulate(notes[:, ONSET] + notes[:, DURATION])
        same_side = (notes[1:, ONSET] < start) == (notes[:-1, ONSET] < start)
        longest[staff] = np.max((notes[1:, ONSET] - ends[:-1])[same_side], initial=0)
    return longest


def _window_staves(piece: Piece, region: Region) -> tuple[int, ...]:
    """Return the staves that the model sees: the region's, then others with notes, nearest first."""
    own = set(region.staves)
    if len(own) > STAFF_SIZES[-1]:
        raise RegionError(
            f"{len(own)} staves are more than the model takes at a time ({STAFF_SIZES[-1]})",
            fix="Name fewer parts with --parts.",
        )
    others = [int(staff) for staff in np.unique(piece.notes[:, STAFF]) if int(staff) not in own]
    others.sort(key=lambda staff: min(abs(staff - mine) for mine in own))
    return tuple(sorted([*own, *others[: STAFF_SIZES[-1] - len(own)]]))
