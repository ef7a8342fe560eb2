"""Fills that take no learning: what a model has to beat. Both see only what stands around the hole."""

from __future__ import annotations

import numpy as np

from jaxmodels.passage import Passage, measure_at
from jaxmodels.piece import DURATION, M_DURATION, M_ONSET, ONSET, PITCH, STAFF
from jaxmodels.tonal_metrics import scale_of


def copy_previous(passage: Passage) -> np.ndarray:
    """Return the notes `[N, 4]` of each staff's last known measure before the hole, again in every measure.

    It is cut, or followed by a rest, to fit the metre. Where nothing stands before, the first known measure
    after it is taken; a staff that is masked throughout the window stays empty.
    """
    copied = [np.zeros((0, 4), np.int32)]
    for measure, staff in zip(*np.nonzero(passage.mask), strict=True):
        known = np.flatnonzero(~passage.mask[:, staff])
        before = known[known < measure]
        if not len(known):
            continue
        source = before[-1] if len(before) else known[0]
        copied.append(_moved(passage, int(staff), int(source), int(measure)))
    return passage.filled(np.concatenate(copied)).notes


def random_in_key(
    passage: Passage, lowest: np.ndarray, highest: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Return the rhythm of `copy_previous` with random pitches of the key's scale.

    - `lowest`, `highest` int `[S]`: the window's staves' ranges.

    A pitch that sounds in its staff is not struck again; where none is left, the note is left out.
    """
    drawn: list[np.ndarray] = []
    sounding: dict[tuple[int, int], int] = {}
    for note in copy_previous(passage):
        staff, onset = int(note[STAFF]), int(note[ONSET])
        scale = scale_of(passage.measures[measure_at(passage.measures, np.array(onset))])
        choice = [
            pitch
            for pitch in range(int(lowest[staff]), int(highest[staff]) + 1)
            if scale[pitch % 12] and sounding.get((staff, pitch), 0) <= onset
        ]
        if not choice:
            continue
        pitch = int(rng.choice(choice))
        sounding[staff, pitch] = onset + int(note[DURATION])
        row = note.copy()
        row[PITCH] = pitch
        drawn.append(row)
    return passage.filled(np.array(drawn, np.int32).reshape(-1, 4)).notes


def _moved(passage: Passage, staff: int, source: int, measure: int) -> np.ndarray:
    """Return what sounds in measure `source` of the staff, moved to `measure`.

    What is tied in begins there.
    """
    start, target = passage.measures[source], passage.measures[measure]
    length = min(int(start[M_DURATION]), int(target[M_DURATION]))
    notes = passage.known[passage.known[:, STAFF] == staff].copy()
    onset = notes[:, ONSET] - start[M_ONSET]
    end = np.minimum(onset + notes[:, DURATION], length)
    onset = np.maximum(onset, 0)
    notes[:, ONSET], notes[:, DURATION] = onset + target[M_ONSET], end - onset
    return notes[(end > onset) & (onset < length)]
