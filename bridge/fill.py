"""The use case: fill a region of a document with notes of a model."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bridge.alternatives import Alternative, FillOptions
from bridge.filling_task import FillingTask
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

    The document isn't changed. Raises `RegionError` for a region that the model can't take.
    """
    started = time.perf_counter()
    task = FillingTask(_emptied(document, region), region, model, options)
    while task.next_measure < region.stop:
        task.fill_some()
        if progress:
            progress((task.next_measure - region.start) / (region.stop - region.start))
    return Filled(document, region, task.ranked(), time.perf_counter() - started)


def _emptied(document: Document, region: Region) -> Score:
    """Return the score around the region as it is once the region's notes are gone, with all its staves.

    Only the document knows what goes: a note tied out of the region leaves its tail there, one of a MIDI
    file goes whole, and with its last note a MIDI staff.
    """
    window = max(0, region.start - CONTEXT_MEASURES), region.stop + CONTEXT_MEASURES
    score = document.score(*window)
    copy = document.copy()
    copy.write(region, {staff: () for staff in region.staves})
    left = {
        (part.id, staff.number): staff.notes for part in copy.score(*window).parts for staff in part.staves
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
