"""How near a fill comes to the music that stood there: notes, pitch classes, rhythm. Pure functions.

- Note F1: M. Malandro, *Composer's Assistant*, ISMIR 2023: onset, pitch and track have to be right.
- Pitch-class histogram entropy and groove similarity: S.-L. Wu and Y.-H. Yang, *The Jazz Transformer on the
  Front Line*, ISMIR 2020, §5, here on windows of a hole instead of whole pieces.
"""

from __future__ import annotations

import math

import numpy as np

from jaxmodels.passage import Passage, measure_at
from jaxmodels.piece import M_DURATION, M_ONSET, ONSET, PITCH, STAFF


def note_f1(fill: np.ndarray, real: np.ndarray) -> float:
    """Return the harmonic mean of precision and recall of the notes `[N, 4]`; 1 if both are empty.

    Two notes agree where onset, staff and pitch do; durations aren't compared.
    """
    if not len(fill) and not len(real):
        return 1.0
    found = set(map(tuple, fill[:, [ONSET, STAFF, PITCH]].tolist()))
    wanted = set(map(tuple, real[:, [ONSET, STAFF, PITCH]].tolist()))
    return 2 * len(found & wanted) / (len(found) + len(wanted))


def pitch_class_histogram(notes: np.ndarray) -> np.ndarray:
    """Return each pitch class's share of the notes, float `[12]`; zeros if there is no note."""
    counts = np.bincount(notes[:, PITCH] % 12, minlength=12)
    return counts / max(1, counts.sum())


def histogram_distance(one: np.ndarray, other: np.ndarray) -> float:
    """Return the total variation ½ Σ|h − h′| of two sets of notes' pitch-class histograms, 0 to 1.

    Some notes against none are at distance 1.
    """
    if not len(one) or not len(other):
        return float(len(one) != len(other))
    return float(np.abs(pitch_class_histogram(one) - pitch_class_histogram(other)).sum() / 2)


def histogram_entropy(notes: np.ndarray) -> float:
    """Return the entropy of the pitch-class histogram in bits, 0 to log2 12; 0 if there is no note."""
    shares = pitch_class_histogram(notes)
    shares = shares[shares > 0]
    return float(-(shares * np.log2(shares)).sum())


def mean_entropy(passage: Passage, measures: int) -> float:
    """Return the fill's histogram entropy over stretches of so many measures, their mean (Wu & Yang's H).

    The hole's measures are taken in order; what is left over at its end is a shorter stretch.
    """
    filled_measures = passage.hole_measures
    stretch = np.full(len(passage.measures), -1)
    stretch[filled_measures] = np.arange(len(filled_measures)) // measures
    of_note = stretch[measure_at(passage.measures, passage.notes[:, ONSET])]
    count = -(-len(filled_measures) // measures)
    return float(np.mean([histogram_entropy(passage.notes[of_note == place]) for place in range(count)]))


def groove_similarity(passage: Passage) -> float:
    """Return how like the rhythm of the fill's measures is to that of the known ones of the same staff.

    For each pair of a filled and a known measure of a staff with the same length in ticks, 1 − the share of
    ticks at which just one of the two has an onset (Wu & Yang's GS, in ticks); the mean over all pairs, NaN
    if there is none.
    """
    similarities = []
    for staff in np.flatnonzero(passage.mask.any(axis=0)):
        column = passage.mask[:, staff]
        filled = [_onsets(passage, passage.notes, staff, measure) for measure in np.flatnonzero(column)]
        known = [_onsets(passage, passage.known, staff, measure) for measure in np.flatnonzero(~column)]
        similarities += [
            1 - float(np.mean(one != other))
            for one in filled
            for other in known
            if len(one) == len(other) and len(one)
        ]
    return float(np.mean(similarities)) if similarities else math.nan


def rhythm_agreement(passage: Passage, real: Passage) -> float:
    """Return how like the fill's rhythm is to that of the real music in the same measures and staves.

    The groove similarity of each filled measure of a staff and the real one there, their mean.
    """
    alike = []
    for measure, staff in zip(*np.nonzero(passage.mask), strict=True):
        if passage.measures[measure, M_DURATION]:
            written = _onsets(passage, passage.notes, staff, measure)
            alike.append(1 - float(np.mean(written != _onsets(real, real.notes, staff, measure))))
    return float(np.mean(alike)) if alike else math.nan


def _onsets(
    passage: Passage, notes: np.ndarray, staff: int | np.intp, measure: int | np.intp
) -> np.ndarray:
    """Return which ticks of a measure begin a note of the staff, bool `[ticks]`."""
    row = passage.measures[measure]
    ticks = notes[notes[:, STAFF] == staff, ONSET] - row[M_ONSET]
    pattern = np.zeros(int(row[M_DURATION]), bool)
    pattern[ticks[(ticks >= 0) & (ticks < len(pattern))]] = True
    return pattern
