"""A hole in a piece's roll: what is known around it, which lines fill it, and where they have to be.

A alternatives, L lines, T steps of the grid, W steps of a window, P pitches, M metre units.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from jaxmodels.piece import DURATION, M_DURATION, M_ONSET, ONSET, PITCH, STAFF, Piece
from jaxmodels.rbm.config import RbmConfig
from jaxmodels.rbm.lines import FREE, Lines
from jaxmodels.rbm.roll import Grid, roll_of
from jaxmodels.staff_facts import StaffFacts


class Hole(NamedTuple):
    """What to fill.

    - `staves`: the piece's staves to write; `start`, `stop`: its measures to write; `free_until`: up to
      where they are empty, beyond `stop` if more is to be written later.
    - `rests` bool, for each staff of the piece: whether it may rest.
    """

    staves: tuple[int, ...]
    start: int
    stop: int
    free_until: int
    rests: np.ndarray


class HoleRolls:
    """The known units of all alternatives on one grid, and which of its steps the hole takes."""

    def __init__(
        self, config: RbmConfig, pieces: Sequence[Piece], grid: Grid, shift: int, hole: Hole
    ) -> None:
        self.config, self.grid, self.hole = config, grid, hole
        self.pieces, self.shift = pieces, shift
        measures = pieces[0].measures
        ends = measures[:, M_ONSET] + measures[:, M_DURATION]
        ticks = [measures[hole.start, M_ONSET], ends[hole.stop - 1], ends[hole.free_until - 1]]
        begin, end, free_end = np.searchsorted(grid.starts, ticks)
        self.span, self.free_end = (int(begin), int(end)), int(free_end)
        self.rolls = np.stack([roll_of(_cut(piece, hole), grid, config, shift) for piece in pieces])
        notes = pieces[0].notes
        self.others = {
            int(staff): roll_of(notes[notes[:, STAFF] == staff], grid, config, shift).max(axis=1) > 0
            for staff in np.unique(notes[:, STAFF])
            if staff not in hole.staves
        }

    def cut(self, window: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the window's known units bool `[A, W, 2, P]`, metre `[W, M]`; silence beyond the piece."""
        inside = (window >= 0) & (window < len(self.grid.metre))
        rows = np.where(inside, window, 0)
        known = self.rolls[:, rows].astype(bool) & inside[:, None, None]
        return known, self.grid.metre[rows].astype(np.float32) * inside[:, None]

    def outlines(self, window: np.ndarray) -> dict[int, tuple[np.ndarray, np.ndarray]]:
        """Return the lowest and the highest pitch `[W]` of each staff that isn't filled.

        P and −1 where it is silent.
        """
        inside = (window >= 0) & (window < len(self.grid.metre))
        pitches, found = np.arange(self.config.pitches), {}
        for staff, roll in self.others.items():
            sounds = roll[np.where(inside, window, 0)] & inside[:, None]
            lowest = np.where(sounds, pitches, self.config.pitches).min(axis=1)
            found[staff] = lowest, np.where(sounds, pitches, -1).max(axis=1)
        return found

    def neighbour(self, number: int, staff: int, *, after: bool) -> int:
        """Return the roll's pitch of a staff's nearest known note before or after the hole, −1 if none."""
        notes = self.pieces[number].notes
        notes = notes[notes[:, STAFF] == staff]
        border = self.grid.starts[self.free_end if after else self.span[0]]
        notes = notes[(notes[:, ONSET] >= border) == after]
        if not len(notes):
            return -1
        pitch = int(notes[0 if after else -1, PITCH]) + self.shift - self.config.lowest
        return pitch if 0 <= pitch < self.config.pitches else -1


def _cut(piece: Piece, hole: Hole) -> np.ndarray:
    """Return the notes of `piece`, those of the staves to fill cut where the hole begins."""
    notes = piece.notes.copy()
    start = piece.measures[hole.start, M_ONSET]
    over = np.isin(notes[:, STAFF], hole.staves) & (notes[:, ONSET] < start)
    notes[over, DURATION] = np.minimum(notes[over, DURATION], start - notes[over, ONSET])
    return notes


def staves_out_of_reach(
    config: RbmConfig, facts: StaffFacts, staves: Sequence[int], shift: int
) -> tuple[int, ...]:
    """Return those of `staves` with no pitch of the roll, moved by `shift` semitones, in their range."""
    lowest, highest = config.lowest - shift, config.lowest + config.pitches - 1 - shift
    return tuple(
        staff for staff in staves if facts.highest[staff] < lowest or facts.lowest[staff] > highest
    )


def lines_of(config: RbmConfig, facts: StaffFacts, hole: Hole, shift: int) -> Lines:
    """Return the lines of the staves to fill, one for each voice; further voices may rest as they like."""
    rows = []
    for staff in hole.staves:
        low = int(facts.lowest[staff]) + shift - config.lowest
        high = int(facts.highest[staff]) + shift - config.lowest
        voices = max(1, min(int(facts.layers[staff]), int(facts.polyphony[staff])))
        rows += [(low, high, staff, bool(hole.rests[staff]) or voice > 0) for voice in range(voices)]
    count = 1 << (len(rows) - 1).bit_length()  # a power of two, so that few programs are compiled
    rows += [(1, 0, -1, True)] * (count - len(rows))  # no pitch: they rest
    low, high, staff, rests = (np.array(column) for column in zip(*rows, strict=True))
    order = np.array([[_order(facts, one, other) for other in staff] for one in staff])
    same = (staff[:, None] == staff) & (staff >= 0)
    order += same * np.sign(np.subtract.outer(np.arange(count), np.arange(count)))
    nothing = np.zeros(0)
    return Lines(low, high, staff, rests, order, *[nothing] * 5)


def _order(facts: StaffFacts, staff: int, other: int) -> int:
    """Return 1 where `other` should lie above `staff`, −1 where below: their ranges say so; else 0."""
    if min(staff, other) < 0 or staff == other:
        return 0
    above, below = min(staff, other), max(staff, other)
    gaps = (
        int(facts.lowest[above]) - int(facts.lowest[below]),
        int(facts.highest[above]) - int(facts.highest[below]),
    )
    in_order = min(gaps) >= 0 and max(gaps) > 0
    return in_order * (1 if other < staff else -1)


def known_bounds(
    rolls: HoleRolls, facts: StaffFacts, lines: Lines, window: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return `Lines.upper` and `Lines.lower`, int `[L, W]`, by the known staves above and below."""
    upper = np.full((len(lines.staff), len(window)), rolls.config.pitches)
    lower = np.full(upper.shape, -1)
    for staff, (lowest, highest) in rolls.outlines(window).items():
        for line, own in enumerate(lines.staff):
            order = _order(facts, own, staff)
            if order > 0:
                upper[line] = np.minimum(upper[line], lowest)
            elif order < 0:
                lower[line] = np.maximum(lower[line], highest)
    return upper, lower


def forced_states(
    rolls: HoleRolls, lines: Lines, states: np.ndarray, window: np.ndarray, at: int
) -> np.ndarray:
    """Return the states that lines have to have, int32 `[A, L, W]`: before `at` and after the hole."""
    forced = np.zeros((*states.shape[:2], len(window)), np.int32)
    begin = rolls.span[0]
    forced[:, :, (window >= at) & (window < rolls.free_end)] = FREE
    written = (window >= begin) & (window < at)
    forced[:, :, written] = states[:, :, window[written]]
    before, after = np.flatnonzero(window == begin - 1), np.flatnonzero(window == rolls.free_end)
    for place, follows in ((before, False), (after, True)):
        for number in range(len(states)) if len(place) else ():
            for line, staff in enumerate(lines.staff):
                pitch = rolls.neighbour(number, staff, after=follows) if staff >= 0 else -1
                forced[number, line, place] = 1 + pitch  # 0, a rest, where there is none
    return forced
