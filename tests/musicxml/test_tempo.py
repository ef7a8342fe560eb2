"""The tempo of the beginning is one that stands at the very beginning."""

from __future__ import annotations

import lxml.etree as etree
import pytest

from bridge.musicxml.tempo import opening_tempo

NOTE = "<note><rest/><duration>1</duration></note>"
GRACE = "<note><grace/><pitch><step>C</step><octave>4</octave></pitch></note>"
BACK = "<backup><duration>1</duration></backup>"


def told(tempo: object, offset: str = "") -> str:
    return f"<direction>{offset}<sound tempo='{tempo}'/></direction>"


@pytest.mark.parametrize(
    ("parts", "tempo"),
    [
        ([[told(90) + NOTE]], 90.0),
        ([["<sound tempo='72.5'/>" + NOTE]], 72.5),
        ([["<attributes/>" + GRACE + told(90) + NOTE]], 90.0),
        ([[NOTE + BACK + told(90) + NOTE]], 90.0),
        ([[told(90) + told(60) + NOTE]], 60.0),
        ([[NOTE + told(40)]], None),
        ([[NOTE, told(40) + NOTE]], None),
        ([[told(40, "<offset>2</offset>") + NOTE]], None),
        ([[told(90, "<offset>0</offset>") + NOTE]], 90.0),
        ([[NOTE], [told(90) + NOTE]], 90.0),
        ([[told("fast") + told(0) + told("nan") + told(10**9) + NOTE]], None),
        ([["<direction><sound dynamics='90'/></direction>" + NOTE]], None),
        ([[]], None),
        ([], None),
    ],
)
def test_only_a_tempo_at_the_beginning_counts(parts: list[list[str]], tempo: float | None) -> None:
    measures = ["".join(f"<measure>{measure}</measure>" for measure in part) for part in parts]
    text = "".join(f"<part>{part}</part>" for part in measures)
    assert opening_tempo(etree.fromstring(f"<score-partwise>{text}</score-partwise>")) == tempo
