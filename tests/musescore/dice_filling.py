"""What a model would write, by dice: triplets, chords, dotted notes, rests, second voices; always legal."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

from bridge.fill import Alternative, FillOptions
from bridge.score import Document, Measure, Note, Region

SCALE = (60, 62, 64, 65, 67, 69, 71, 72)
FIGURES = (
    (Fraction(1),),
    (Fraction(1, 2), Fraction(1, 2)),
    (Fraction(1, 3), Fraction(1, 3), Fraction(1, 3)),
    (Fraction(3, 4), Fraction(1, 4)),
)


def dice_filling(
    document: Document,
    region: Region,
    model: object,
    options: FillOptions,
    progress: Callable[[float], None] | None = None,
) -> Any:
    """Stand in for `bridge.fill.fill_document`; the first note of every measure is always there."""
    measures = document.score(0, 0).measures[region.start : region.stop]
    alternatives = []
    for number in range(options.alternatives):
        dice = random.Random(options.seed + number)
        notes = {staff: tuple(_staff(dice, measures, options)) for staff in region.staves}
        count = sum(map(len, notes.values()))
        alternatives.append(Alternative(notes, 1.5 + number, count))
    if progress is not None:
        progress(1.0)
    return SimpleNamespace(document=document, region=region, alternatives=alternatives)


def _staff(dice: random.Random, measures: tuple[Measure, ...], options: FillOptions) -> list[Note]:
    low = dice.choice((-12, 0))
    found = []
    held_until = Fraction(0)
    for measure in measures:
        onset = measure.onset_quarter
        while onset < measure.end_quarter:
            figure = dice.choice(FIGURES)
            if not options.tuplets and figure[0].denominator == 3:
                continue
            for length in figure:
                duration = min(length, measure.end_quarter - onset)
                if duration <= 0:
                    break
                first = onset == measure.onset_quarter
                if onset >= held_until and (first or dice.random() < 0.9):
                    pitch = low + dice.choice(SCALE)
                    found.append(Note(onset, duration, pitch))
                    if dice.random() < 0.2:
                        found.append(Note(onset, duration, pitch - 12))
                onset += duration
        if dice.random() < 0.3 and measure.end_quarter - measure.onset_quarter >= 2:
            found.append(Note(measure.onset_quarter, Fraction(2), low + 48, 2))
    return found
