"""How a fill is asked for, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bridge.part_writing.care import CARE, Care
from bridge.score import Note


@dataclass(frozen=True, slots=True)
class FillOptions:
    """How to fill.

    - `temperature` > 0: 1 is the model's own distribution; `top_p`: only the likeliest choices that
      hold this share are drawn.
    - `keep_rhythm`: the notes that are there keep their time, staff and voice and get other pitches.
    - `own_range`: stay in the range that the staff shows around the region; else in its instrument's.
    - `tuplets`, `ties`: whether the host can write them; without `ties`, notes have lengths that one note
      value expresses, as far as possible.
    - `care`: how much part-writing counts, in music that itself is careful.
    """

    seed: int
    temperature: float = 1.0
    top_p: float = 0.95
    alternatives: int = 1
    keep_rhythm: bool = False
    own_range: bool = True
    tuplets: bool = True
    ties: bool = True
    care: Care = CARE


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to fill the region: each staff's notes; `nll` in nats per note, lower is likelier."""

    notes: Mapping[int, tuple[Note, ...]]
    nll: float
    note_count: int
