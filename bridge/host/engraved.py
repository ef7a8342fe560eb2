"""New notes as written measures in concert pitch: what a host's values and its fragment are made of."""

from __future__ import annotations

from collections.abc import Sequence

from bridge.notation.engrave import engrave
from bridge.notation.written import Frame, WrittenMeasure
from bridge.score import Measure, Note, Region

MOST_VOICES = 4
"""Of a staff, in MuseScore."""


def engrave_concert(
    notes: Sequence[Note], measures: Sequence[Measure], region: Region
) -> list[WrittenMeasure]:
    """Return one written measure for each of the region's, of one staff, as it sounds.

    - `measures`: all of the score.

    The host transposes for its instruments. Raises `RegionError` where the notes can't be written.
    """
    frames = [_frame(measures, index) for index in range(region.start, region.stop)]
    return engrave(notes, frames, max_voices=MOST_VOICES)


def _frame(measures: Sequence[Measure], index: int) -> Frame:
    measure = measures[index]
    return Frame(
        onset_quarter=measure.onset_quarter,
        duration_quarter=measure.duration_quarter,
        beats=measure.beats,
        beat_type=measure.beat_type,
        fifths=measure.fifths,
        mode=measure.mode,
        pickup=_begins_late(measures, index),
    )


def _begins_late(measures: Sequence[Measure], index: int) -> bool:
    """Tell whether a measure lacks its beginning: a pickup, or the second half of one that is split."""
    measure = measures[index]
    if measure.duration_quarter >= measure.metre_quarter:
        return False
    if index == 0:
        return True
    before = measures[index - 1]
    return (
        before.metre_quarter == measure.metre_quarter
        and before.duration_quarter + measure.duration_quarter == measure.metre_quarter
        and not _begins_late(measures, index - 1)
    )
