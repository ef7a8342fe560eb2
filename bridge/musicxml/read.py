"""From the surveyed parts to a `Score`: common measures, and the notes of a range of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from itertools import zip_longest

from bridge.errors import ReadError
from bridge.musicxml.attributes import Metre, PartState
from bridge.musicxml.survey import PartMeasure, PartSurvey
from bridge.musicxml.timeline import ZERO
from bridge.score import PERCUSSION, Measure

ROUNDING_QUARTER = Fraction(1, 24)
"""A measure this close to its metre is full: coarse divisions can't hold every tuplet."""
MAX_MEASURES = 100_000


def read_measures(
    surveys: Sequence[PartSurvey], before: Sequence[PartSurvey] = (), known: Sequence[Measure] = ()
) -> tuple[Measure, ...]:
    """Return the measures of the whole score; a part with fewer than the others just ends earlier.

    - `before`, `known`: the same of the score before an edit; what that didn't reach is taken over.
    """
    count = max(len(survey.measures) for survey in surveys)
    if count > MAX_MEASURES:
        raise ReadError(f"{count} measures", fix=f"A score can have {MAX_MEASURES} measures; split it.")
    measures: list[Measure] = []
    onset = ZERO
    reached = _reached(surveys, before, len(known)) if known else []
    for index in range(count):
        if index < len(known) and not reached[index] and known[index].onset_quarter == onset:
            measures.append(known[index])
            onset = known[index].end_quarter
            continue
        present = [survey for survey in surveys if index < len(survey.measures)]
        rows = [survey.measures[index] for survey in present]
        metre = common_metre([row.state for row in rows])
        element = present[0].layout.measures[index]
        short = index == 0 or element.get("implicit") == "yes"
        duration = _length(rows, metre, short)
        beats, beat_type = _ascommon_metre(duration) if metre.free else (metre.beats, metre.beat_type)
        fifths, mode = _concert_key(present, index)
        number = element.get("number", "")
        measures.append(Measure(index, number, onset, duration, beats, beat_type, fifths, mode))
        onset += duration
    return tuple(measures)


def _reached(surveys: Sequence[PartSurvey], before: Sequence[PartSurvey], count: int) -> list[bool]:
    """Tell for each of the first `count` measures whether any part's row is another one than before."""
    rows = [
        [new is not old for new, old in zip_longest(survey.measures[:count], other.measures)]
        for survey, other in zip(surveys, before, strict=True)
    ]
    return [any(row) for row in zip_longest(*rows, fillvalue=False)]


def common_metre(states: Sequence[PartState]) -> Metre:
    """Return the metre that most parts have (the first part's among equals); 4/4 where none has any."""
    metres = Counter(state.metre for state in states if state.metre is not None)
    return metres.most_common(1)[0][0] if metres else Metre()


def _length(rows: Sequence[PartMeasure], metre: Metre, short: bool) -> Fraction:
    """Return a measure's real length; `short` says that it may well be shorter than its metre."""
    full = metre.quarters
    resting = {row.length_quarter for row in rows if row.rests_only and row.length_quarter}
    lengths = [row.length_quarter for row in rows if not row.rests_only and row.length_quarter]
    if lengths:
        length = max(lengths)
        if not metre.free and not short and length < full and full in resting:
            length = full
    elif metre.free:
        length = max(resting, default=full)
    elif len(resting) == 1 and (short or all(row.rests_marked for row in rows)):
        length = next(iter(resting))
    else:
        length = full
    return full if not metre.free and abs(length - full) < ROUNDING_QUARTER else length


def _ascommon_metre(duration: Fraction) -> tuple[int, int]:
    beat_type = 4
    while (duration * beat_type / 4).denominator > 1 and beat_type < 64:
        beat_type *= 2
    return max(1, round(duration * beat_type / 4)), beat_type


def _concert_key(present: Sequence[PartSurvey], index: int) -> tuple[int, str]:
    """Return the concert key that most pitched staves have (horns are often written without any)."""
    votes: Counter[tuple[int, str]] = Counter()
    for survey in present:
        state = survey.measures[index].state
        for kind, key, transposition in zip(
            survey.layout.kinds, state.keys, state.transpositions, strict=True
        ):
            if kind != PERCUSSION:
                votes[transposition.concert_fifths(key.fifths), key.mode] += 1
    if not votes:
        return 0, ""
    fifths = Counter[int]()
    for (number, _), count in votes.items():
        fifths[number] += count
    best = max(fifths, key=lambda number: (fifths[number], number != 0))
    # Programs write "major" where nobody chose, so that any "minor" is meant.
    modes = {mode for number, mode in votes if number == best and mode}
    return best, "minor" if "minor" in modes else max(modes, default="")
