"""What is true of each staff of a piece: its range, how many notes sound at once, in how many layers."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from jaxmodels.piece import DURATION, M_ONSET, ONSET, PITCH, STAFF, Piece

MAX_LAYERS = 4
MAX_POLYPHONY = 8
USUAL_SHARE = 1 / 3


class StaffFacts(NamedTuple):
    """int32 `[S]` each.

    - `lowest`, `highest`: the range, widened to an octave if it is narrower, as far as 0 and 127
      let it.
    - `polyphony`: notes sounding at once; `layers`: voices needed to write them.
    """

    lowest: np.ndarray
    highest: np.ndarray
    polyphony: np.ndarray
    layers: np.ndarray


def staff_facts(piece: Piece) -> StaffFacts:
    """Return the facts of every staff; an empty staff may do anything (0–127, one note at a time)."""
    count = len(piece.programs)
    facts = StaffFacts(
        np.zeros(count, np.int32), np.full(count, 127, np.int32), *np.ones((2, count), np.int32)
    )
    for staff in range(count):
        notes = piece.notes[piece.notes[:, STAFF] == staff]
        if not len(notes):
            continue
        lowest, highest = int(notes[:, PITCH].min()), int(notes[:, PITCH].max())
        short = max(0, 12 - (highest - lowest))
        facts.lowest[staff] = max(0, lowest - (short + 1) // 2)
        facts.highest[staff] = min(127, highest + (short + 1) // 2)
        facts.polyphony[staff] = min(
            MAX_POLYPHONY, _most_at_once(notes[:, ONSET], notes[:, ONSET] + notes[:, DURATION])
        )
        chords = np.unique(
            np.stack([notes[:, ONSET], notes[:, ONSET] + notes[:, DURATION]], axis=1), axis=0
        )
        facts.layers[staff] = min(MAX_LAYERS, _most_at_once(chords[:, 0], chords[:, 1]))
    return facts


def usual_layers(piece: Piece, staff: int) -> int:
    """Return how many voices the staff needs in at least `USUAL_SHARE` of the measures that it plays in."""
    notes = piece.notes[piece.notes[:, STAFF] == staff]
    measures = np.searchsorted(piece.measures[:, M_ONSET], notes[:, ONSET], side="right") - 1
    needed = []
    for measure in np.unique(measures):
        inside = notes[measures == measure]
        chords = np.unique(np.stack([inside[:, ONSET], inside[:, ONSET] + inside[:, DURATION]], 1), axis=0)
        needed.append(_most_at_once(chords[:, 0], chords[:, 1]))
    counts = [np.mean(np.array(needed) >= layers) for layers in range(2, MAX_LAYERS + 1)] if needed else []
    return 1 + sum(bool(share >= USUAL_SHARE) for share in counts)


def _most_at_once(onsets: np.ndarray, ends: np.ndarray) -> int:
    times = np.concatenate([onsets, ends])
    steps = np.concatenate([np.ones(len(onsets), np.int64), -np.ones(len(ends), np.int64)])
    order = np.lexsort((steps, times))  # ends before onsets at the same tick
    return int(np.cumsum(steps[order]).max())
