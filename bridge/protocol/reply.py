"""What a client gets back."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bridge.protocol.shape import Shape

Ratio = tuple[int, int]
"""A length as numerator and denominator of a whole note: a dotted quarter is `(3, 8)`."""


class HostPitch(Shape):
    """A notehead: sounding `pitch`, concert `tpc` (C is 14, G 15); `tie`: tied to the next of its pitch."""

    pitch: int
    tpc: int
    tie: bool = False


class HostChord(Shape):
    """Notes of one onset, top to bottom, or a rest without any.

    - `value`: as written, a tuplet's ratio apart; `measure`: a rest that fills its measure.
    """

    value: Ratio
    pitches: list[HostPitch] = Field(default_factory=list)
    measure: bool = False


class HostTuplet(Shape):
    """`actual` notes of length `unit` in the time of `normal`, together `value` long."""

    actual: int
    normal: int
    unit: Ratio
    value: Ratio
    chords: list[HostChord]


class HostVoice(Shape):
    """Consecutive chords of one voice of one staff.

    - `voice`: from 1; `onset`: from the start of the region, in whole notes.
    - `items`: they follow each other without a gap.

    Voice 1 spans the region; another voice is given measure by measure run, where it plays.
    For clients with `ties` no item crosses a barline; for others one may, and the host splits it.
    """

    staff: int
    voice: int
    onset: Ratio
    items: list[HostChord | HostTuplet]


class FilledAlternative(Shape):
    """One way to fill.

    - `nll`: in nats per note, lower is likelier; of the model `rbm` those of a pseudo-likelihood, where the
      usual figure of real music is best, not the lowest.
    - `fragment`: MusicXML in concert pitch, a part of one staff for each staff that was filled.
    - `copied_notes`: in a row in one staff that the training music has too; null if not checked.
    - `warning`: for people, where that is more than chance explains; the best one's is a notice too.
    """

    nll: float
    note_count: int
    copied_notes: int | None = None
    warning: str | None = None
    voices: list[HostVoice]
    fragment: str | None = None


class Timing(Shape):
    """Seconds of wall-clock time: waiting for its turn, reading, the model, writing the reply, all."""

    queued: float = 0.0
    read: float
    fill: float
    write: float
    total: float


class FillReply(Shape):
    """What was filled, best alternative first.

    - `start`, `stop`: measure indexes; `append`: how many of the last ones the score doesn't have yet.
    - `staves`: the staves that were filled; `where`, `summary`: for people.
    - `notices`: what was left out and why, the best alternative's own losses among them.
    """

    version: Literal[1] = 1
    model: str
    seed: int
    seconds: Timing
    start: int
    stop: int
    append: int
    staves: list[int]
    where: str
    summary: str
    notices: list[str] = Field(default_factory=list)
    alternatives: list[FilledAlternative]


class Problem(Shape):
    """Any error: a stable `code`, what is wrong, and what to do about it."""

    code: str
    message: str
    fix: str
