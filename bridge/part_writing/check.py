"""The report on a fill: counts beside the usual ones of its style, and what to look at, place by place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from bridge.codec import piece_from_score, ticks_of
from bridge.part_writing.counting import KEYBOARDS, KINDS, UNITS, begun_between, count_findings
from bridge.part_writing.findings import Finding, Places, line_findings, pair_findings, span_findings
from bridge.part_writing.usual import ANY_STYLE, NAMES, is_unusual, style_of, usual_rates
from bridge.part_writing.voices import voice_lines, voices_of
from bridge.score import Region, Score
from jaxmodels.part_writing import Tally, spans
from jaxmodels.piece import STAFF

ENOUGH_WORKS = 10
"""Of a style, before what they have says what is usual."""

MOST_SHOWN = 20
"""Findings that the shell prints."""


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of finding: how many here, among how many cases, the usual rate (None if unknown)."""

    kind: str
    here: Tally
    usual: float | None
    unusual: bool


@dataclass(frozen=True, slots=True)
class Report:
    """What was found in a fill and at its joins; `style` is what it is compared with."""

    style: str
    works: int
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]

    def record(self) -> dict[str, Any]:
        """Return the report as a JSON object."""
        return {
            "style": self.style,
            "works": self.works,
            "counts": {
                row.kind.replace(" ", "_"): {
                    "found": row.here.found,
                    "cases": row.here.cases,
                    "among": UNITS[row.kind],
                    "rate": round(row.here.rate, 5),
                    "usual_rate": None if row.usual is None else round(row.usual, 5),
                    "unusual": row.unusual,
                }
                for row in self.rows
            },
            "findings": [
                {
                    "kind": each.kind.replace(" ", "_"),
                    "measure": each.measure,
                    "beat": each.beat,
                    "parts": list(each.parts),
                    "text": str(each),
                }
                for each in self.findings
            ],
        }


def check_fill(score: Score, region: Region, style: str | None = None) -> Report:
    """Return the report on `region` of `score`, which is filled.

    - `score`: its notes around the region too; `style`: what to compare with, one of `usual.NAMES`; what
      its staves look like if None or not among them.
    """
    usual = usual_rates()[style if style in usual_rates() else style_of(score)]
    piece = piece_from_score(score)
    start, end = ticks_of(piece, region)
    voices = voices_of(score, region)
    own = np.array([voice.filled for voice in voices], bool)
    lines = voice_lines(voices).between(start, end)
    ranges = np.array([voice.habit[:2] for voice in voices], int).reshape(-1, 2)
    hands = [
        begun_between(piece.notes[piece.notes[:, STAFF] == staff], start, end)
        for staff in region.staves
        if score.staves[staff].program in KEYBOARDS
    ]
    places = Places(score, voices, (start, end))
    findings = [*pair_findings(places, lines, own), *line_findings(places, lines, own, end)]
    for hand in hands:
        if len(hand):
            staff = score.staves[int(hand[0, STAFF])]
            name = f"{score.parts[staff.part_index].name}, staff {staff.number}"
            findings += span_findings(places, name, *spans(hand, staff.index))
    rows = []
    for kind, tally in count_findings(lines, own, ranges, hands, end).items():
        known = usual.tallies[kind]
        unusual = usual.works >= ENOUGH_WORKS and is_unusual(tally, known)
        rows.append(Row(kind, tally, known.rate if known.cases else None, unusual))
    order = {kind: place for place, kind in enumerate(KINDS)}
    findings.sort(key=lambda each: (each.tick, order[each.kind], each.parts))
    return Report(usual.style, usual.works, tuple(rows), tuple(findings))


def report_lines(report: Report) -> list[str]:
    """Return the report as lines of text: a small table, then the findings."""
    name = NAMES.get(report.style, NAMES[ANY_STYLE])
    few = "" if report.works >= ENOUGH_WORKS else ", too few to call anything unusual"
    lines = [f"  part-writing, joins included, beside {report.works} works ({name}){few}:"]
    for row in report.rows:
        if not row.here.cases:
            continue
        here = f"{row.here.found} in {row.here.cases} {UNITS[row.kind]}"
        usually = "" if row.usual is None else f"{_percent(row.here.rate)} (usually {_percent(row.usual)})"
        lines.append(f"    {row.kind:17} {here:31} {usually}{'  unusual' if row.unusual else ''}".rstrip())
    lines += [f"    {each}" for each in report.findings[:MOST_SHOWN]]
    if len(report.findings) > MOST_SHOWN:
        lines.append(f"    and {len(report.findings) - MOST_SHOWN} more (--json lists all)")
    return lines if report.findings else [*lines, "    nothing to look at"]


def _percent(rate: float) -> str:
    return f"{100 * rate:.2f} %" if 0 < rate < 0.01 else f"{100 * rate:.1f} %"
