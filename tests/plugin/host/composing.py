"""Dice that compose all that a cursor has to write: chords, rests, tuplets, two voices, long notes."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from bridge.alternatives import Alternative
from bridge.host import answer as answering
from bridge.protocol.reply import FillReply
from bridge.protocol.request import FillRequest
from bridge.score import Document, Note, Region


@dataclass(frozen=True)
class Filled:
    """What `bridge.fill` returns."""

    document: Document
    region: Region
    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True)
class Dice:
    """A model with a name; of no kind that the bridge knows."""

    name: str
    config: object = None


def compose(document: Document, region: Region, dice: random.Random) -> dict[int, tuple[Note, ...]]:
    """Return notes for each staff of the region: full of everything, in one or two voices."""
    measures = document.score(0, 0).measures[region.start : region.stop]
    begin, end = measures[0].onset_quarter, measures[-1].end_quarter
    found = {}
    for staff in region.staves:
        notes = _line(dice, begin, end, 1)
        if dice.random() < 0.4:
            notes += _line(dice, begin, end, 0)
        found[staff] = tuple(sorted(notes, key=lambda note: (note.onset_quarter, -note.pitch)))
    return found


def _line(dice: random.Random, begin: Fraction, end: Fraction, odd: int) -> list[Note]:
    """Return one voice; those of two voices have even and odd pitches."""
    notes = []
    now = begin
    while now < end:
        left = end - now
        parts = dice.choice((1, 1, 2, 2, 4, 3, 5)) if left >= 1 and now.denominator == 1 else 1
        length = min(left, Fraction(dice.choice((1, 1, 2, 3, 4)) if parts == 1 else 1))
        for _ in range(parts):
            if dice.random() < 0.8:
                chord = {2 * dice.randint(26, 38) + odd for _ in range(dice.choice((1, 1, 2, 3)))}
                notes += [Note(now, length / parts, pitch) for pitch in chord]
            now += length / parts
    return notes


class Composer:
    """The answer of a bridge in tests: `bridge.host.answer`, with dice in the model's place.

    - `replies`: what was answered, in order; `pause`: seconds between two looks at the progress.
    """

    def __init__(self, pause: float = 0.0, looks: int = 3) -> None:
        self.replies: list[FillReply] = []
        self.requests: list[FillRequest] = []
        self.pause, self.looks = pause, looks

    def __call__(self, request: FillRequest, progress: Callable[[float], None] | None = None) -> FillReply:
        """Return a reply to the request."""
        self.requests.append(request)
        usual = answering.fill_document
        answering.fill_document = self._fill
        try:
            reply = answering.answer(request, Dice, progress)  # pyright: ignore[reportArgumentType]
        finally:
            answering.fill_document = usual
        self.replies.append(reply)
        return reply

    def _fill(
        self,
        document: Document,
        region: Region,
        model: Dice,
        options: Any,
        progress: Callable[[float], None] | None = None,
    ) -> Any:
        for look in range(self.looks):
            if progress is not None:
                progress(look / self.looks)
            time.sleep(self.pause)
        found = []
        for number in range(options.alternatives):
            notes = compose(document, region, random.Random(options.seed + number))
            found.append(Alternative(notes, 1.5 + number / 4, sum(map(len, notes.values()))))
        return Filled(document, region, tuple(found))
