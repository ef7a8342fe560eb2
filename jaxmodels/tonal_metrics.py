"""Whether a fill keeps to its key and makes chords: pure functions of a passage.

The in-key rate is the scale consistency of O. Mogren, *C-RNN-GAN*, 2016, with the scale that the key
signature names. The triad share asks of whole sonorities what is asked of a student's four-part exercise.
"""

from __future__ import annotations

import math

import numpy as np

from jaxmodels.harmony import LEAST_NOTES, SEVENTHS, TRIADS, beats_in
from jaxmodels.passage import Passage, measure_at
from jaxmodels.piece import (
    DURATION,
    M_FIFTHS,
    M_MODE,
    MODES,
    ONSET,
    PITCH,
)
from jaxmodels.window_tables import tonic_of

DIATONIC = (0, 2, 4, 5, 7, 9, 11)
"""Pitch classes above `do`: of a key signature's scale."""
RAISED = (6, 8)
"""Above `do`, the raised sixth and seventh of its relative minor."""
_SEVENTHS = (*SEVENTHS, (0, 3, 7, 11))
CHORDS = frozenset(
    frozenset((root + tone) % 12 for tone in chord) for chord in TRIADS + _SEVENTHS for root in range(12)
) | frozenset(
    frozenset((root + tone) % 12 for tone in (0, chord[1], chord[3]))
    for chord in _SEVENTHS
    for root in range(12)
)
"""Pitch classes of triads and seventh chords; a seventh chord's fifth may be missing."""


def scale_of(measure: np.ndarray) -> np.ndarray:
    """Return bool `[12]`: the pitch classes of a measure's key, in minor with both raised degrees."""
    degrees = DIATONIC + RAISED if MODES[measure[M_MODE]] == "minor" else DIATONIC
    scale = np.zeros(12, bool)
    scale[(tonic_of(measure[M_FIFTHS]) + np.array(degrees)) % 12] = True
    return scale


def in_key_rate(passage: Passage) -> float:
    """Return the share of the fill's notes in the scale of their measure's key; NaN without notes."""
    if not len(passage.notes):
        return math.nan
    scales = np.array([scale_of(measure) for measure in passage.measures])
    measures = measure_at(passage.measures, passage.notes[:, ONSET])
    return float(scales[measures, passage.notes[:, PITCH] % 12].mean())


def triad_share(passage: Passage) -> float:
    """Return at which share of the hole's beats what sounds, known notes too, is a triad or seventh chord.

    Only beats at which `LEAST_NOTES` notes or more sound are counted; NaN if there is none.
    """
    notes = np.concatenate([passage.notes, passage.known])
    ends = notes[:, ONSET] + notes[:, DURATION]
    chords = []
    for tick in beat_ticks(passage):
        sounding = notes[(notes[:, ONSET] <= tick) & (ends > tick), PITCH]
        if len(sounding) >= LEAST_NOTES:
            chords.append(frozenset((sounding % 12).tolist()) in CHORDS)
    return float(np.mean(chords)) if chords else math.nan


def beat_ticks(passage: Passage) -> list[int]:
    """Return the ticks of all beats of the hole's measures; a compound metre's beats are dotted."""
    measures = passage.hole_measures
    return beats_in(passage.measures[measures], np.where(measures == 0, passage.pickup, 0)).tolist()
