"""The use case: fill a region of a document with notes of a model."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bridge.alternatives import Alternative, FillOptions
from bridge.filling_task import FillingTask
from bridge.kept_rhythm import kept_rhythm
from bridge.models import Model, list_models, load_model
from bridge.score import Document, Region, Score
from jaxmodels.holes import LEFT_MEASURES

__all__ = ["Alternative", "FillOptions", "Filled", "Model", "fill_document", "list_models", "load_model"]

CONTEXT_MEASURES = 2 * LEFT_MEASURES
"""Read on both sides of the region: what the model sees, and what the staves' limits are taken from."""


@dataclass(frozen=True)
class Filled:
    """The region and its alternatives, best first; nothing is written yet."""

    document: Document = field(repr=False)
    region: Region
    alternatives: tuple[Alternative, ...]
    seconds: float

    def apply(self, k: int = 0) -> Document:
        """Return a copy of the document with alternative `k` written into it."""
        document = self.document.copy()
        document.write(self.region, self.alternatives[k].notes)
        return document


def fill_document(
    document: Document,
    region: Region,
    model: Model,
    options: FillOptions,
    progress: Callable[[float], None] | None = None,
) -> Filled:
    """Return `options.alternatives` ways to fill `region`, or fewer if some came out the same.

    - `progress`: hears the share of the region that is filled, several times a second; what it raises stops
      the fill.

    The document isn't changed. Raises `RegionError` for a region that the model can't take.
    """
    started = time.perf_counter()
    score = document.score(*_read_range(region))
    kept = kept_rhythm(score, region) if options.keep_rhythm else ()
    task = FillingTask(_emptied(document, score, region), region, model, options, kept)
    told = 0.0

    def tell(share: float) -> None:
        nonlocal told
        told = max(told, share)  # a draw without an end is tried again in pieces; what was told stays true
        if progress:
            progress(told)

    while task.next_measure < region.stop:
        task.fill_some(tell if progress else None)
        tell((task.next_measure - region.start) / (region.stop - region.start))
    return Filled(document, region, task.ranked(), time.perf_counter() - started)


def _read_range(region: Region) -> tuple[int, int]:
    return max(0, region.start - CONTEXT_MEASURES), region.stop + CONTEXT_MEASURES


def _emptied(document: Document, score: Score, region: Region) -> Score:
    """Return `score`, read around the region, as it is once the region's notes are gone, with all staves.

    Only the document knows what goes: a note tied out of the region leaves its tail there, one of a MIDI
    file goes whole, and with its last note a MIDI staff.
    """
    copy = document.copy()
    copy.write(region, {staff: () for staff in region.staves})
    left = {
        (part.id, staff.number): staff.notes
        for part in copy.score(*_read_range(region)).parts
        for staff in part.staves
    }
    parts = [
        replace(
            part,
            staves=tuple(
                replace(staff, notes=left.get((part.id, staff.number), ())) for staff in part.staves
            ),
        )
        for part in score.parts
    ]
    return replace(score, parts=tuple(parts))
