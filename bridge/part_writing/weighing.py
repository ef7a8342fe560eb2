"""What is wrong with a candidate's part-writing, in nats, so that candidates can be ranked by it."""

from __future__ import annotations

from bridge.part_writing.care import Care, Careful
from bridge.score import Region
from jaxmodels.part_writing import NONE, crossings, lines_of, parallels
from jaxmodels.piece import M_DURATION, M_ONSET, Piece


def part_writing_nats(piece: Piece, region: Region, careful: Careful, care: Care) -> float:
    """Return the nats that the findings in the filled `region` of `piece` cost, joins on both sides too."""
    start = int(piece.measures[region.start, M_ONSET])
    end = int(piece.measures[region.stop - 1, [M_ONSET, M_DURATION]].sum())
    lines = lines_of(piece.notes, careful.staves).between(start, end)
    nats = 0.0
    if careful.parallels:
        nats += care.ranked_parallels * float((parallels(lines) != NONE).sum())
    if careful.crossings:
        nats += care.ranked_crossings * float(crossings(lines).sum())
    return nats
