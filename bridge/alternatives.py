"""How a fill is asked for, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bridge.character import FREE, Character
from bridge.copy_check import CopiedPassage
from bridge.part_writing.care import CARE, Care
from bridge.score import Note


@dataclass(frozen=True, slots=True)
class FillOptions:
    """How to fill.

    - `temperature` > 0: 1 is the model's own distribution; `top_p`: only the likeliest choices that
      hold this share are drawn.
    - `keep_rhythm`: the notes that are there keep their time, staff and voice and get other pitches.
    - `own_range`: stay in the range that the staff shows around the region; else in its instrument's.
    - `character`: what the music should be like.
    - `tuplets`, `ties`: whether the host can write them; without `ties`, notes have lengths that one note
      value expresses, as far as possible (an RBM, which writes no tuplets, takes no notice of `ties`).
    - `care`: how much part-writing counts, in music that itself is careful.

    Raises `UsageError` at construction for a character that a kept rhythm can't have.
    """

    seed: int
    temperature: float = 1.0
    top_p: float = 0.95
    alternatives: int = 1
    keep_rhythm: bool = False
    own_range: bool = True
    character: Character = FREE
    tuplets: bool = True
    ties: bool = True
    care: Care = CARE

    def __post_init__(self) -> None:
        if self.keep_rhythm:
            self.character.check_kept_rhythm()


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to fill the region: each staff's notes.

    - `nll`: −log p in nats per note, lower is likelier; of an RBM, −log of the pseudo-likelihood, whose
      best value is that of real music, not the lowest.
    - `copies`: what stands in the training music too, a passage for each staff that has one, the most
      telling first; None where the model has no sketch of its training music.
    """

    notes: Mapping[int, tuple[Note, ...]]
    nll: float
    note_count: int
    copies: tuple[CopiedPassage, ...] | None = None

    @property
    def copied(self) -> bool:
        """Whether more stands in the training music than chance and common turns bring about."""
        return any(passage.telling for passage in self.copies or ())

    @property
    def copied_notes(self) -> int | None:
        """Notes of the most telling passage, 0 if there is none; None where nothing was checked."""
        return (
            None if self.copies is None else max([passage.notes for passage in self.copies[:1]], default=0)
        )
