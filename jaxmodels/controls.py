"""What the new notes of a staff should be like, as numbers that can be measured and asked for.

- `density`: log2 of onsets per quarter.
- `polyphony`: log2 of notes that sound at once while any does.
- `register`: mean pitch, in octaves above E4 (MIDI 64).
- `closeness`: share of the notes that end a pattern of three (their lengths and the steps between them, by
  the staff's top line) which the known music of the window has too; 0 leaves it, 1 repeats it.

In training they are measured on the hole's real notes and told now and then; whoever fills may ask for
them.
"""

from __future__ import annotations

import numpy as np

from jaxmodels.piece import DURATION, ONSET, PITCH, STAFF, TICKS_PER_QUARTER, top_line

NAMES = ("density", "polyphony", "register", "closeness")
DENSITY, POLYPHONY, REGISTER, CLOSENESS = range(4)
CONTROLS = len(NAMES)
MIDDLE_PITCH = 64
FEWEST_PATTERNS = 8
"""A context with fewer patterns than this says nothing of closeness."""


def measure_controls(
    notes: np.ndarray, context: np.ndarray, staves: int, ticks_of_staff: np.ndarray
) -> np.ndarray:
    """Return what `notes` are like, float32 `[staves, CONTROLS]`; NaN where it can't be said.

    - `notes`, `context` int `[N, 4]`: columns of `Piece.notes`, in its order: the notes in question and the
      known ones around them; `ticks_of_staff` `[staves]`: how long the staff's share of the hole is.
    """
    out = np.full((staves, CONTROLS), np.nan, np.float32)
    known = _patterns(context)
    vocabulary = np.unique(known)
    for staff in np.unique(notes[:, STAFF]):
        own = notes[notes[:, STAFF] == staff]
        onsets = len(np.unique(own[:, ONSET]))
        if ticks_of_staff[staff] > 0:
            out[staff, DENSITY] = np.log2(onsets * TICKS_PER_QUARTER / ticks_of_staff[staff])
        out[staff, POLYPHONY] = np.log2(own[:, DURATION].sum() / _sounding_ticks(own))
        out[staff, REGISTER] = (own[:, PITCH].mean() - MIDDLE_PITCH) / 12
        patterns = _patterns(own)
        if len(known) >= FEWEST_PATTERNS and len(patterns):
            out[staff, CLOSENESS] = np.isin(patterns, vocabulary).mean()
    return out


def _sounding_ticks(notes: np.ndarray) -> int:
    """Return the ticks in which any of `notes` (of one staff, by onset) sounds."""
    ends = np.maximum.accumulate(notes[:, ONSET] + notes[:, DURATION])
    starts = np.maximum(notes[1:, ONSET], ends[:-1])
    return int(ends[0] - notes[0, ONSET] + np.maximum(ends[1:] - starts, 0).sum())


def _patterns(notes: np.ndarray) -> np.ndarray:
    """Return a number for every three successive notes of each staff's top line, int64 `[N]`."""
    found = [np.zeros(0, np.int64)]
    for staff in np.unique(notes[:, STAFF]):
        top = top_line(notes[notes[:, STAFF] == staff]).astype(np.int64)
        if len(top) < 3:
            continue
        steps = np.clip(np.diff(top[:, PITCH]), -63, 63) + 63
        lengths = np.minimum(top[:, DURATION], 1023)
        parts = (lengths[:-2], steps[:-1], lengths[1:-1], steps[1:], lengths[2:])
        number = np.zeros(len(top) - 2, np.int64)
        for part, size in zip(parts, (1024, 128, 1024, 128, 1024), strict=True):
            number = number * size + part
        found.append(number)
    return np.concatenate(found)
