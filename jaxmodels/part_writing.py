"""Part-writing as arrays: what the lines of a piece sound at each simultaneity, and what to find in them.

A **line** is a staff that plays one note at a time, or any other single voice that is numbered like one; a
**simultaneity** is an onset in any line. Ranking, benchmark, reference rates and report all count here.

T simultaneities, L lines from the top, P pairs of lines: (0, 1), (0, 2), … as `pairs_of` numbers them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from jaxmodels.piece import DURATION, ONSET, PITCH, STAFF

OCTAVE, FIFTH = 12, 7
WIDEST_STEP = 7
"""Semitones; a wider step, other than an octave, counts as a leap."""

WIDEST_SPAN = 16
"""Semitones, a major tenth: what a hand spans."""

NONE, PARALLEL_FIFTH, PARALLEL_OCTAVE, PARALLEL_UNISON = range(4)
PARALLELS = (PARALLEL_FIFTH, PARALLEL_OCTAVE, PARALLEL_UNISON)
"""Kinds of parallels."""


class Lines(NamedTuple):
    """What the lines sound.

    - `onset` int64 `[T]`, ticks; `pitch`, `before` int32 `[T, L]`: what sounds then and until then, −1
      for silence; `begins` bool `[T, L]`: a note begins there.
    """

    onset: np.ndarray
    pitch: np.ndarray
    before: np.ndarray
    begins: np.ndarray

    def between(self, first: int, last: int) -> Lines:
        """Return the simultaneities from tick `first` to tick `last`, both included."""
        chosen = (self.onset >= first) & (self.onset <= last)
        return Lines(*(array[chosen] for array in self))


class Tally(NamedTuple):
    """How many of how many."""

    found: int
    cases: int

    @property
    def rate(self) -> float:
        """The share, 0 where there is no case."""
        return self.found / self.cases if self.cases else 0.0

    def __add__(self, other: Tally) -> Tally:  # type: ignore[override]
        return Tally(self.found + other.found, self.cases + other.cases)


def single_lines(notes: np.ndarray, staves: Sequence[int]) -> list[int]:
    """Return those of `staves` that have notes in `notes` `[N, 4]` and never two at once."""
    found = []
    for staff in staves:
        own = notes[notes[:, STAFF] == staff]
        ends = own[:, ONSET] + own[:, DURATION]
        if len(own) and (own[1:, ONSET] >= np.maximum.accumulate(ends)[:-1]).all():
            found.append(staff)
    return found


def independent_lines(notes: np.ndarray, staves: Sequence[int]) -> list[int]:
    """Return those of the lines `staves` that don't double one above them, in unison or octaves."""
    lines = lines_of(notes, staves)
    kept: list[int] = []
    for column in range(len(staves)):
        own = lines.pitch[:, column]
        others = lines.pitch[:, kept]
        both = (own[:, None] >= 0) & (others >= 0)
        same = both & ((own[:, None] - others) % OCTAVE == 0)
        if not (2 * same.sum(axis=0) > both.sum(axis=0)).any():
            kept.append(column)
    return [staves[column] for column in kept]


def lines_of(notes: np.ndarray, staves: Sequence[int]) -> Lines:
    """Return the lines `staves`, from the top, of `notes` `[N, 4]` (sorted by onset)."""
    return lines_at(notes, staves, np.unique(notes[np.isin(notes[:, STAFF], staves), ONSET]))


def lines_at(notes: np.ndarray, staves: Sequence[int], onset: np.ndarray) -> Lines:
    """Return what the lines `staves` of `notes` `[N, 4]` (by onset) sound at the ticks `onset` `[T]`.

    Where one has several notes at once, its line is what began last, and the lowest of that.
    """
    onset = np.asarray(onset, np.int64)
    shape = (len(onset), len(staves))
    pitch, before = np.full(shape, -1, np.int32), np.full(shape, -1, np.int32)
    begins = np.zeros(shape, bool)
    for column, staff in enumerate(staves):
        own = notes[notes[:, STAFF] == staff]
        if not len(own):
            continue
        ends = own[:, ONSET] + own[:, DURATION]
        now = np.searchsorted(own[:, ONSET], onset, side="right") - 1
        past = np.searchsorted(own[:, ONSET], onset, side="left") - 1
        pitch[:, column] = np.where((now >= 0) & (ends[now] > onset), own[now, PITCH], -1)
        before[:, column] = np.where((past >= 0) & (ends[past] >= onset), own[past, PITCH], -1)
        begins[:, column] = (now >= 0) & (own[now, ONSET] == onset)
    return Lines(onset, pitch, before, begins)


def pairs_of(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the upper and the lower line of each pair of `count` lines, `[P]` twice."""
    return np.triu_indices(count, 1)


def pairs_with(own: np.ndarray) -> np.ndarray:
    """Return which pairs of lines have one of `own` (bool `[L]`), bool `[P]`."""
    upper, lower = pairs_of(len(own))
    return own[upper] | own[lower]


def moving_pairs(lines: Lines) -> np.ndarray:
    """Return bool `[T, P]`: both lines go to another pitch there, without a rest between."""
    upper, lower = pairs_of(lines.pitch.shape[1])
    moves = lines.begins & (lines.before >= 0) & (lines.before != lines.pitch)
    return moves[:, upper] & moves[:, lower]


def parallels(lines: Lines) -> np.ndarray:
    """Return the kind of parallels `[T, P]` that each pair of lines makes in going there.

    Both lines move in one direction, from a perfect fifth to a perfect fifth, from an octave to an octave
    (each with or without further octaves between), or from a unison to a unison. Held and repeated notes,
    contrary motion and hidden parallels (from another interval) are none.
    """
    upper, lower = pairs_of(lines.pitch.shape[1])
    step = np.sign(lines.pitch - lines.before)
    together = moving_pairs(lines) & (step[:, upper] == step[:, lower])
    was = _perfect(np.abs(lines.before[:, upper] - lines.before[:, lower]))
    now = _perfect(np.abs(lines.pitch[:, upper] - lines.pitch[:, lower]))
    return np.where(together & (was == now), now, NONE)


def _perfect(semitones: np.ndarray) -> np.ndarray:
    octave = np.where(semitones == 0, PARALLEL_UNISON, PARALLEL_OCTAVE)
    return np.where(
        semitones % OCTAVE == FIFTH, PARALLEL_FIFTH, np.where(semitones % OCTAVE == 0, octave, NONE)
    )


def crossings(lines: Lines) -> np.ndarray:
    """Return bool `[T, P]`: the upper line sounds below the lower one."""
    upper, lower = pairs_of(lines.pitch.shape[1])
    above, below = lines.pitch[:, upper], lines.pitch[:, lower]
    return (above >= 0) & (below >= 0) & (above < below)


def leaps(lines: Lines) -> np.ndarray:
    """Return bool `[T, L]`: the line leaps there by more than a fifth, but not by an octave."""
    step = np.abs(lines.pitch - lines.before)
    return lines.begins & (lines.before >= 0) & (step > WIDEST_STEP) & (step != OCTAVE)


def parallel_tally(lines: Lines, own: np.ndarray | None = None, kinds: Sequence[int] = PARALLELS) -> Tally:
    """Return parallels per pair of lines and pair of successive simultaneities in which both sound.

    - `own` bool `[L]`: only pairs with one of these lines; all if None. The same for the other tallies.
    """
    sounding = (lines.pitch >= 0) & (lines.before >= 0)
    return _tally(np.isin(parallels(lines), kinds), _both(sounding) & _chosen(lines, own))


def crossing_tally(lines: Lines, own: np.ndarray | None = None) -> Tally:
    """Return crossings per pair of lines and simultaneity in which both sound."""
    return _tally(crossings(lines), _both(lines.pitch >= 0) & _chosen(lines, own))


def leap_tally(lines: Lines, own: np.ndarray | None = None) -> Tally:
    """Return leaps per melodic step (a rest breaks a line)."""
    return _tally(leaps(lines), _steps(lines, own))


def repeat_tally(lines: Lines, own: np.ndarray | None = None) -> Tally:
    """Return repeated notes per melodic step."""
    return _tally(lines.before == lines.pitch, _steps(lines, own))


def _tally(found: np.ndarray, cases: np.ndarray) -> Tally:
    return Tally(int((found & cases).sum()), int(cases.sum()))


def _chosen(lines: Lines, own: np.ndarray | None) -> np.ndarray:
    return pairs_with(np.ones(lines.pitch.shape[1], bool) if own is None else own)


def _both(of_lines: np.ndarray) -> np.ndarray:
    upper, lower = pairs_of(of_lines.shape[1])
    return of_lines[:, upper] & of_lines[:, lower]


def _steps(lines: Lines, own: np.ndarray | None) -> np.ndarray:
    return lines.begins & (lines.before >= 0) & (True if own is None else own)


def spans(notes: np.ndarray, staff: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the onsets at which `staff` sounds two notes or more, and the semitones that they span."""
    own = notes[notes[:, STAFF] == staff].astype(np.int64)
    onsets = np.unique(own[:, ONSET])
    sounds = (own[:, ONSET] <= onsets[:, None]) & (own[:, ONSET] + own[:, DURATION] > onsets[:, None])
    highest = np.where(sounds, own[:, PITCH], -1).max(axis=1, initial=-1)
    lowest = np.where(sounds, own[:, PITCH], 128).min(axis=1, initial=128)
    several = sounds.sum(axis=1) > 1
    return onsets[several], (highest - lowest)[several]
