"""What the independent checks say of a fill, and the region that is filled most."""

from __future__ import annotations

from bridge.fill import Filled
from bridge.musicxml import MusicXmlDocument
from bridge.musicxml.check import check_full, check_untouched
from bridge.score import Region

FULL_CHORALE = Region(4, 8, (0, 1, 2, 3))
REGIONS = [
    FULL_CHORALE,
    Region(0, 1, (0, 1, 2, 3)),
    Region(2, 5, (1,)),
    Region(16, 17, (0, 3)),
    Region(0, 17, (2,)),
]
"""Of the example chorale."""


def problems(document: MusicXmlDocument, filled: Filled, k: int = 0) -> list[str]:
    """Return what the independent checks find in alternative `k`."""
    after = filled.apply(k).to_bytes(".musicxml")
    before = document.to_bytes(".musicxml")
    return check_full(after, filled.region) + check_untouched(before, after, filled.region)
