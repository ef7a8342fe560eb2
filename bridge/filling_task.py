"""A region on its way to being filled: several candidates, piece by piece, left to right.

What is longer than the model takes is filled in pieces, each seeing what its candidate wrote before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from bridge.alternatives import Alternative, FillOptions
from bridge.character_levels import controls_told
from bridge.codec import notes_from_events, piece_from_score
from bridge.copy_check import copies_in
from bridge.errors import RegionError
from bridge.kept_rhythm import KeptNote, notes_between, rhythm_rows
from bridge.machine_filling import check_wishes, draw_by_machine, usual_nats
from bridge.model_reach import sizes_for, stop_within_reach, window_staves
from bridge.models import Model, kept_programs, weights_that_fit
from bridge.part_writing.care import careful_lines
from bridge.part_writing.leading import leading_of
from bridge.part_writing.usual import style_of
from bridge.part_writing.weighing import part_writing_nats
from bridge.score import Note, Region, Score
from bridge.spell_together import spell_together
from bridge.staff_limits import longest_rests, staff_limits
from jaxmodels.holes import LEFT_MEASURES, LONGEST_HOLE, RIGHT_MEASURES, window_around
from jaxmodels.piece import (
    DURATION,
    M_DURATION,
    M_ONSET,
    ONSET,
    PITCH,
    STAFF,
    canonical_notes,
)
from jaxmodels.rbm.config import RbmConfig
from jaxmodels.voice_leading import Leading
from jaxmodels.window import make_window
from jaxmodels.window_layout import D_CLOCK, D_PITCH, D_STAFF, D_TICKS, Hole, Sizes, Window
from jaxmodels.wishes import NO_RHYTHM, Wishes, make_wishes

CANDIDATES = 8
"""Drawn at least, whatever number of alternatives is wanted: the likeliest and best written are kept."""

MOST_EVENTS = 512


class FillingTask:
    """A region on its way to being filled: one growing piece for each candidate.

    - `kept`: the notes that get other pitches, where the rhythm is to be kept.
    """

    def __init__(
        self,
        score: Score,
        region: Region,
        model: Model,
        options: FillOptions,
        kept: tuple[KeptNote, ...] = (),
    ) -> None:
        self.machine = isinstance(model.config, RbmConfig)
        if self.machine:
            check_wishes(model, options)
        self.score, self.region, self.model, self.options = score, region, model, options
        self.kept = kept
        self.count = -(-max(CANDIDATES, options.alternatives) // CANDIDATES) * CANDIDATES
        piece = piece_from_score(score)
        self.facts = staff_limits(score, piece, region, options.own_range, options.character)
        self.staves = window_staves(piece, region)
        self.style = options.character.style_index(model.config.styles)
        self.controls = controls_told(options.character, piece, self.facts, self.staves, region.staves)
        self.rests = longest_rests(piece, region)
        choral = style_of(score) == "chorale"
        self.careful = careful_lines(piece, self.facts, self.staves, region.staves, strict=choral)
        self.pieces = [piece] * self.count
        self.written: list[dict[int, list[Note]]] = [{} for _ in range(self.count)]
        self.nll, self.events = np.zeros(self.count), np.zeros(self.count, int)
        self.complete = np.ones(self.count, bool)
        self.next_measure = region.start
        self.most_measures = LONGEST_HOLE

    def fill_some(self, progress: Callable[[float], None] | None = None) -> None:
        """Fill the next measures, as many as the model takes at a time.

        - `progress`: hears the share of the whole region.
        """
        import jax

        start, region = self.next_measure, self.region
        sizes = sizes_for(len(self.staves))
        most = min(region.stop, start + self.most_measures)
        stop = stop_within_reach(self.score, self.pieces[0], start, most, sizes)
        kept = notes_between(self.kept, self.pieces[0], start, stop)
        if self.kept and not kept:  # rests stay rests
            self.next_measure, self.most_measures = stop, LONGEST_HOLE
            return
        if len(kept) > MOST_EVENTS and stop - start > 1:
            self.most_measures = (stop - start) // 2
            return
        if len(kept) > MOST_EVENTS:
            raise RegionError(
                f"its rhythm has {len(kept)} notes, more than the model takes at a time ({MOST_EVENTS})",
                where=f"measure {self.score.measures[start].number}",
                fix="Fill fewer staves at a time.",
            )
        key = jax.random.fold_in(jax.random.key(self.options.seed), start - self.region.start)

        def share_of_region(share: float) -> None:
            done = start - self.region.start + share * (stop - start)
            assert progress
            progress(done / (self.region.stop - self.region.start))

        told = share_of_region if progress else None
        if self.machine:
            drawn = draw_by_machine(self, start, stop, key, told)
        else:
            drawn = self._drawn(start, stop, sizes, key, kept, told)
        if not drawn.complete.all() and stop - start > 1:
            self.most_measures = (stop - start) // 2
            return
        for number in range(self.count):
            self._take(number, drawn.events[number, : drawn.count[number]], start, stop, kept)
        self.nll += drawn.nll
        self.events += drawn.count
        self.complete &= drawn.complete
        self.next_measure, self.most_measures = stop, LONGEST_HOLE

    def ranked(self) -> tuple[Alternative, ...]:
        """Return the wanted number of different alternatives, the likeliest and best written first.

        What repeats the training music comes last.
        """
        found: dict[tuple, tuple[bool, float, Alternative]] = {}
        usual = usual_nats(self.model) if self.machine else None
        copied = copies_in(self.pieces, self.region, self.model.copy_sketch)
        for written, piece, nll, events, complete, copies in zip(
            self.written, self.pieces, self.nll, self.events, self.complete, copied, strict=True
        ):
            notes = {staff: tuple(written.get(staff, ())) for staff in self.region.staves}
            count, each = sum(map(len, notes.values())), max(1, int(events))
            alternative = Alternative(notes, round(float(nll) / each, 4), count, copies)
            faults = part_writing_nats(piece, self.region, self.careful, self.options.care) / each
            nats = alternative.nll if usual is None else abs(alternative.nll - usual)
            row = (not complete or not count, nats + faults, alternative)
            found.setdefault(tuple(notes.items()), row)
        best = [alternative for *_, alternative in sorted(found.values(), key=_rank)]
        return tuple(
            replace(alternative, notes=spell_together(alternative.notes, self.score, self.region))
            for alternative in best[: self.options.alternatives]
        )

    def _hole(self, start: int, stop: int, sizes: Sizes) -> Hole:
        right = RIGHT_MEASURES if stop == self.region.stop else 0
        first, last = window_around(self.pieces[0], start, stop, LEFT_MEASURES, right, sizes)
        mask = np.zeros((last - first, len(self.staves)), bool)
        mask[start - first : stop - first] = np.isin(self.staves, self.region.staves)
        return Hole(first, last, self.staves, mask, style=self.style, controls=self.controls)

    def _drawn(
        self,
        start: int,
        stop: int,
        sizes: Sizes,
        key: Any,
        kept: tuple[KeptNote, ...],
        progress: Callable[[float], None] | None,
    ) -> Any:
        import jax

        from jaxmodels.decode import fill_holes

        hole = self._hole(start, stop, sizes)
        same = all(piece is self.pieces[0] for piece in self.pieces)
        windows = [
            make_window(piece, self.facts, hole, sizes) for piece in self.pieces[: 1 if same else None]
        ]
        keys = jax.vmap(lambda number: jax.random.fold_in(key, number))(np.arange(self.count))
        leading = leading_of(self.careful, self.options.care, self.pieces[0], hole, sizes)
        wishes = self._wishes(windows[0], sizes, leading, kept, start, stop)
        stacked = jax.tree.map(lambda *arrays: np.stack(arrays), *windows)
        model = self.model
        with weights_that_fit(model.name):
            return jax.device_get(
                fill_holes(
                    model.stepwise(),
                    model.params,
                    stacked,
                    sizes.beats,
                    MOST_EVENTS,
                    keys,
                    wishes,
                    progress,
                    kept_programs(),
                )
            )

    def _wishes(
        self,
        window: Window,
        sizes: Sizes,
        leading: Leading,
        kept: tuple[KeptNote, ...],
        start: int,
        stop: int,
    ) -> Wishes:
        rests = np.zeros(sizes.staves, np.int32)
        rests[: len(self.staves)] = self.rests[np.asarray(self.staves)]
        options = self.options
        return make_wishes(
            window,
            MOST_EVENTS,
            rests,
            temperature=options.temperature,
            top_p=options.top_p,
            tuplets=options.tuplets,
            ties=options.ties,
            rhythm=rhythm_rows(kept, self.pieces[0], start, stop, self.staves) if kept else NO_RHYTHM,
            leading=leading,
        )

    def _take(
        self, number: int, events: np.ndarray, start: int, stop: int, kept: tuple[KeptNote, ...]
    ) -> None:
        piece = self.pieces[number]
        measures = piece.measures[start:stop]
        starts = np.concatenate([[0], np.cumsum(measures[:, M_DURATION])])
        events = events.astype(np.int64)
        events[:, D_STAFF] = np.asarray(self.staves)[events[:, D_STAFF]]
        if kept:
            for each, pitch in zip(kept, events[:, D_PITCH].tolist(), strict=True):
                note = replace(each.note, pitch=pitch, spelling=None)
                self.written[number].setdefault(each.staff, []).append(note)
        else:
            drawn = notes_from_events(events, self.score.measures[start:stop], starts)
            for staff, notes in drawn.items():
                self.written[number].setdefault(staff, []).extend(notes)
        rows = np.zeros((len(events), 4), np.int32)
        rows[:, [ONSET, STAFF, PITCH, DURATION]] = events[:, [D_CLOCK, D_STAFF, D_PITCH, D_TICKS]]
        within = np.searchsorted(starts, rows[:, ONSET], side="right") - 1
        onsets = measures[np.minimum(within, len(measures) - 1), M_ONSET]
        rows[:, ONSET] += onsets - starts[within].astype(np.int32)
        self.pieces[number] = piece._replace(notes=canonical_notes(np.concatenate([piece.notes, rows])))


def _rank(found: tuple[bool, float, Alternative]) -> tuple[bool, bool, float]:
    """Return what candidates are sorted by: whether one is unfit, whether a copy, its nats a note."""
    unfit, nats, alternative = found
    return unfit, alternative.copied, nats
