"""How often each kind of finding turns up in real music, by style, and which style a score is taken for."""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bridge.instruments import CHOIRS
from bridge.part_writing.counting import KEYBOARDS, KINDS
from bridge.score import PITCHED, Score
from jaxmodels.part_writing import Tally

RATES_FILE = Path(__file__).with_name("usual_rates.json")
"""Written by `benchmarks/usual_rates.py`."""

ANY_STYLE = "any"
NAMES = {
    "chorale": "chorales",
    "early vocal": "early vocal music",
    "chamber": "chamber music",
    "folk tune": "folk tunes",
    "keyboard and song": "keyboard music and songs",
    "orchestral": "orchestral music",
    ANY_STYLE: "music of all kinds",
}
VOICE_NAMES = ("soprano", "alto", "tenor", "bass")
STRINGS = range(40, 46)
RARE = 0.05
"""A count is unusual where real music would reach it in less than this share of passages of its length."""


@dataclass(frozen=True, slots=True)
class Usual:
    """The rates of one style; `works` it was counted in."""

    style: str
    works: int
    tallies: dict[str, Tally]


@functools.cache
def usual_rates() -> dict[str, Usual]:
    """Return the rates by style."""
    stored = json.loads(RATES_FILE.read_text("utf-8"))
    return {
        style: Usual(style, row["works"], {kind: Tally(*row[kind]) for kind in KINDS})
        for style, row in stored["styles"].items()
    }


def style_of(score: Score) -> str:
    """Return the style that a score's staves look like: one of `NAMES`, `any` if none."""
    staves = [staff for staff in score.staves if staff.kind == PITCHED]
    names = [score.parts[staff.part_index].name for staff in staves]
    if is_choral(names):
        return "chorale"
    if any(
        staff.program in KEYBOARDS and len(score.parts[staff.part_index].staves) > 1 for staff in staves
    ):
        return "keyboard and song"
    if len(staves) == 1:
        return "folk tune"
    if all(staff.program in CHOIRS for staff in staves):
        return "early vocal"
    return "chamber" if all(staff.program in STRINGS for staff in staves) else ANY_STYLE


def is_choral(names: Sequence[str]) -> bool:
    """Whether parts of these names are the four voices of a choir."""
    found = [name.lower() for name in names]
    return len(found) == len(VOICE_NAMES) and all(
        name.startswith(voice[0] if len(name) < len(voice) else voice)
        for name, voice in zip(found, VOICE_NAMES, strict=True)
    )


def is_unusual(here: Tally, usual: Tally) -> bool:
    """Whether real music would rarely have so many: the tail of a Poisson distribution of its rate.

    The rate counts half a finding more than was found, so that nothing is impossible.
    """
    if not here.found or not usual.cases:
        return False
    expected = here.cases * (usual.found + 0.5) / usual.cases
    below = sum(
        math.exp(-expected + k * math.log(expected) - math.lgamma(k + 1)) for k in range(here.found)
    )
    return 1 - below < RARE
