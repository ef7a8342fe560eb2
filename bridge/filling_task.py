"""A region on its way to being filled: several candidates, piece by piece, left to right.

What is longer than the model takes is filled in pieces, each seeing what its candidate wrote before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from bridge.alternatives import Alternative, FillOptions
from bridge.character_levels import controls_told
from bridge.codec import notes_from_events, piece_from_score
from bridge.copy_check import copies_in
from bridge.errors import RegionError
from bridge.filling import Part, Setting
from bridge.kept_rhythm import KeptNote, notes_between
from bridge.model_reach import sizes_for, stop_within_reach, window_staves
from bridge.models import Model
from bridge.part_writing.care import careful_lines
from bridge.part_writing.usual import style_of
from bridge.part_writing.weighing import part_writing_nats
from bridge.rbm_filling import RbmFilling
from bridge.score import Note, Region, Score
from bridge.spell_together import spell_together
from bridge.staff_limits import longest_rests, staff_limits
from bridge.stepwise_filling import StepwiseFilling
from jaxmodels.holes import LONGEST_HOLE
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
from jaxmodels.window_layout import D_CLOCK, D_PITCH, D_STAFF, D_TICKS

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
        kind = RbmFilling if isinstance(model.config, RbmConfig) else StepwiseFilling
        kind.check_wishes(model, options)
        self.score, self.region, self.model, self.options = score, region, model, options
        self.kept = kept
        self.count = -(-max(CANDIDATES, options.alternatives) // CANDIDATES) * CANDIDATES
        piece = piece_from_score(score)
        facts = staff_limits(score, piece, region, options.own_range, options.character)
        self.staves = window_staves(piece, region)
        choral = style_of(score) == "chorale"
        self.careful = careful_lines(piece, facts, self.staves, region.staves, strict=choral)
        self.filling = kind(
            Setting(
                model,
                options,
                score,
                region,
                self.staves,
                facts,
                longest_rests(piece, region),
                options.character.style_index(model.config.styles),
                controls_told(options.character, piece, facts, self.staves, region.staves),
                self.careful,
                MOST_EVENTS,
            )
        )
        self.pieces = [piece] * self.count
        self.written: list[dict[int, list[Note]]] = [{} for _ in range(self.count)]
        self.nll = np.zeros(self.count)
        self.judged, self.events = np.zeros((2, self.count), int)
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
        drawn = self.filling.draw(self.pieces, Part(start, stop, kept), key, told)
        if not drawn.complete.all() and stop - start > 1:
            self.most_measures = (stop - start) // 2
            return
        for number in range(self.count):
            self._take(number, drawn.events[number, : drawn.count[number]], start, stop, kept)
        self.nll += drawn.nll
        self.judged += drawn.judged
        self.events += drawn.count
        self.complete &= drawn.complete
        self.next_measure, self.most_measures = stop, LONGEST_HOLE

    def ranked(self) -> tuple[Alternative, ...]:
        """Return the wanted number of different alternatives, the likeliest and best written first.

        What repeats the training music comes last.
        """
        found: dict[tuple, tuple[bool, float, Alternative]] = {}
        copied = copies_in(self.pieces, self.region, self.model.copy_sketch)
        each = self.nll / np.maximum(1, self.judged)
        for written, piece, nll, events, complete, copies in zip(
            self.written, self.pieces, each.tolist(), self.events, self.complete, copied, strict=True
        ):
            notes = {staff: tuple(written.get(staff, ())) for staff in self.region.staves}
            count = sum(map(len, notes.values()))
            alternative = Alternative(notes, round(nll, 4), count, copies)
            faults = part_writing_nats(piece, self.region, self.careful, self.options.care)
            nats = self.filling.nats_to_rank_by(alternative.nll) + faults / max(1, int(events))
            row = (not complete or not count, nats, alternative)
            found.setdefault(tuple(notes.items()), row)
        best = [alternative for *_, alternative in sorted(found.values(), key=_rank)]
        return tuple(
            replace(alternative, notes=spell_together(alternative.notes, self.score, self.region))
            for alternative in best[: self.options.alternatives]
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
