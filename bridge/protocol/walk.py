"""A score as a cursor finds it: measures, and every staff's notes on MuseScore's ticks.

Lists fail at their first wrong item, so that a wrong request costs no more than a right one.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import FailFast, Field

from bridge.protocol.shape import Shape

Tick = Annotated[int, Field(ge=0, le=2**31)]
Ticks = Annotated[int, Field(ge=1, le=2**24)]
Pitch = Annotated[int, Field(ge=0, le=127)]
Voice = Annotated[int, Field(ge=1, le=4)]
Tpc = Annotated[int, Field(ge=-8, le=40)]
Tied = Annotated[int, Field(ge=0, le=1)]

WalkNote = Annotated[tuple[Tick, Ticks, Pitch, Voice, Tpc, Tied], FailFast()]
"""Onset, real duration, sounding pitch, voice from 1, concert tonal pitch class (C is 14, G 15, F 13), and
1 where it is tied to the same pitch before it."""


class WalkMeasure(Shape):
    """One measure.

    - `ticks`: its real length; `fifths`: the concert key's sharps (+) or flats (−).
    - `number`: as printed; counted from 1 where none is given.
    """

    tick: Tick
    ticks: Ticks
    beats: Annotated[int, Field(ge=1, le=128)]
    beat_type: Literal[1, 2, 4, 8, 16, 32, 64, 128]
    fifths: Annotated[int, Field(ge=-7, le=7)] = 0
    number: Annotated[str, Field(max_length=20)] = ""


class WalkStaff(Shape):
    """One staff; `program` is General MIDI's from 0, −1 if unknown."""

    kind: Literal["pitched", "percussion", "tablature"] = "pitched"
    program: Annotated[int, Field(ge=-1, le=127)] = -1
    notes: Annotated[list[WalkNote], FailFast()] = Field(default_factory=list)


class WalkPart(Shape):
    """One instrument with its staves, top to bottom."""

    name: Annotated[str, Field(max_length=1000)] = ""
    staves: Annotated[list[WalkStaff], Field(min_length=1, max_length=8), FailFast()]


class Walk(Shape):
    """A whole score, or its measures around the selection (all measures, notes where they matter).

    - `division`: ticks of a quarter.
    """

    title: Annotated[str, Field(max_length=1000)] = ""
    division: Annotated[int, Field(ge=1, le=100_000)] = 480
    measures: Annotated[list[WalkMeasure], Field(min_length=1, max_length=100_000), FailFast()]
    parts: Annotated[list[WalkPart], Field(min_length=1, max_length=256), FailFast()]
