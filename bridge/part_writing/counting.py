"""The kinds of finding that the report counts, on lines of arrays: for a fill and for the corpus alike."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from jaxmodels.part_writing import (
    PARALLEL_FIFTH,
    PARALLEL_OCTAVE,
    PARALLEL_UNISON,
    WIDEST_SPAN,
    Lines,
    Tally,
    crossing_tally,
    leap_tally,
    parallel_tally,
    spans,
)
from jaxmodels.piece import ONSET, STAFF

FIFTHS, OCTAVES, CROSSINGS = "parallel fifths", "parallel octaves", "voice crossings"
LEAPS, RANGE, SPANS = "wide leaps", "out of range", "wide hand spans"
KINDS = (FIFTHS, OCTAVES, CROSSINGS, LEAPS, RANGE, SPANS)

UNITS = {
    FIFTHS: "moves of two voices",
    OCTAVES: "moves of two voices",
    CROSSINGS: "chords of two voices",
    LEAPS: "melodic steps",
    RANGE: "notes",
    SPANS: "chords of a hand",
}
"""What each kind is counted among."""

KEYBOARDS = range(8)
"""General MIDI programs that hands play: each staff is one hand's."""


def count_findings(
    lines: Lines, own: np.ndarray, ranges: np.ndarray, hands: Sequence[np.ndarray], last: int
) -> dict[str, Tally]:
    """Return the tally of each of `KINDS`.

    - `own` bool `[L]`: the lines that it is about; pairs count with one of them.
    - `ranges` int `[L, 2]`: lowest and highest usual pitch; `hands`: notes `[N, 4]` of each keyboard staff.
    - `last`: the tick at which what it is about ends.
    """
    struck = lines.begins & own & (lines.onset < last)[:, None]
    outside = (lines.pitch < ranges[:, 0]) | (lines.pitch > ranges[:, 1])
    spanned = [spans(notes, int(notes[0, STAFF]))[1] for notes in hands if len(notes)]
    return {
        FIFTHS: parallel_tally(lines, own, kinds=(PARALLEL_FIFTH,)),
        OCTAVES: parallel_tally(lines, own, kinds=(PARALLEL_OCTAVE, PARALLEL_UNISON)),
        CROSSINGS: crossing_tally(lines, own),
        LEAPS: leap_tally(lines, own),
        RANGE: Tally(int((struck & outside).sum()), int(struck.sum())),
        SPANS: Tally(
            sum(int((each > WIDEST_SPAN).sum()) for each in spanned), sum(len(each) for each in spanned)
        ),
    }


def begun_between(notes: np.ndarray, first: int, last: int) -> np.ndarray:
    """Return the notes that begin from tick `first` to before tick `last`."""
    return notes[(notes[:, ONSET] >= first) & (notes[:, ONSET] < last)]
