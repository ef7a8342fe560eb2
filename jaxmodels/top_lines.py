"""Melodies of pieces, and 64-bit keys of their n-grams that no transposition changes.

A *line* is one staff's highest note at each onset. A *step* is what leads from one of its notes to the
next: the interval in semitones and the ticks between the onsets (so that articulation makes no difference).
An n-gram of n notes is its n − 1 steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from jaxmodels.piece import ONSET, PITCH, STAFF, Piece

_FACTOR = np.uint64(0x9E3779B97F4A7C15)
"""Odd: of the polynomial whose value is an n-gram's key."""


class Lines(NamedTuple):
    """Many pieces' top lines one after the other; all arrays int64 `[N]`, one entry per note.

    - `piece`: index of its piece; `staff`, `onset` in ticks, `pitch`: as in `Piece.notes`.
    """

    piece: np.ndarray
    staff: np.ndarray
    onset: np.ndarray
    pitch: np.ndarray


class Steps(NamedTuple):
    """From each note of `Lines` to the next, `[N − 1]`.

    - `interval` in semitones and `ticks`, int64; `inside`: false where a line ends.
    """

    interval: np.ndarray
    ticks: np.ndarray
    inside: np.ndarray


def top_lines(pieces: Sequence[Piece]) -> Lines:
    """Return the top line of every staff of `pieces`, whose notes are sorted as `Piece` says."""
    counts = [len(piece.notes) for piece in pieces]
    notes = np.concatenate([np.zeros((0, 4), np.int32), *(piece.notes for piece in pieces)]).astype(
        np.int64
    )
    owner = np.repeat(np.arange(len(pieces)), counts)
    order = np.lexsort((notes[:, STAFF], owner))  # stable: onset and pitch keep their order
    notes, owner = notes[order], owner[order]
    staff, onset = notes[:, STAFF], notes[:, ONSET]
    top = np.ones(len(notes), bool)
    top[1:] = (onset[1:] != onset[:-1]) | (staff[1:] != staff[:-1]) | (owner[1:] != owner[:-1])
    return Lines(owner[top], staff[top], onset[top], notes[top, PITCH])


def steps_of(lines: Lines) -> Steps:
    """Return the steps between neighbouring notes."""
    inside = (np.diff(lines.piece) == 0) & (np.diff(lines.staff) == 0)
    return Steps(np.diff(lines.pitch), np.diff(lines.onset), inside)


def ngram_keys(steps: Steps, notes: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the key of the n-gram of `notes` ≥ 2 notes that begins at each note, and whether there is one.

    Keys, uint64 `[N]`, are the same in every process, on every machine, in every version: sketches on disk
    are made of them. They mean nothing where the second array, bool `[N]`, is false: the line ends before.
    """
    codes = mixed(
        (steps.interval + (1 << 16)).astype(np.uint64) << np.uint64(32) | steps.ticks.astype(np.uint64)
    )
    starts = max(0, len(codes) - notes + 2)
    keys, whole = np.zeros(starts, np.uint64), np.ones(starts, bool)
    for step in range(notes - 1):
        keys = keys * _FACTOR + codes[step : step + starts]
        whole &= steps.inside[step : step + starts]
    rest = (0, len(codes) + 1 - starts)
    return np.pad(mixed(keys), rest), np.pad(whole, rest)


def mixed(values: np.ndarray) -> np.ndarray:
    """Return uint64 `values`, each bit spread over all (the finaliser of SplitMix64, Steele 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
