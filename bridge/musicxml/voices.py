"""Which voice numbers new notes get: the part's own habit."""

from __future__ import annotations

from collections.abc import Collection
from itertools import count

from bridge.musicxml.survey import PartSurvey

VOICES_PER_STAFF = 4
"""Programs number a second staff's voices from 5."""


def voice_names(survey: PartSurvey, staff: int, amount: int, taken: Collection[str] = ()) -> list[str]:
    """Return voices for a staff of the part, first those it has, then free numbers after them.

    - `staff`: from 1.
    - `taken`: voices that other staves' notes use in the measures to be written.
    """
    owner = _owners(survey)
    own = [voice for voice in owner if owner[voice] == staff]
    own.sort(key=lambda voice: (int(voice) if voice.isdecimal() else 10**6, voice))
    names = [voice for voice in own if voice not in taken][:amount]
    numbered = [int(voice) for voice in own if voice.isdecimal()]
    first = min(numbered) if numbered else VOICES_PER_STAFF * (staff - 1) + 1
    for number in count(first):
        if len(names) >= amount:
            return names
        name = str(number)
        if name not in names and name not in taken and owner.get(name, staff) == staff:
            names.append(name)
    raise AssertionError("unreachable")


def _owners(survey: PartSurvey) -> dict[str, int]:
    """Return for each voice of the part the staff that holds most of its notes."""
    best: dict[str, tuple[int, int]] = {}
    for (staff, voice), amount in survey.voices.items():
        best[voice] = max(best.get(voice, (0, 0)), (amount, -staff))
    return {voice: -negative for voice, (_, negative) in best.items()}
