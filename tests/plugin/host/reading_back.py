"""What stands in the fake score after a reply was written, measure by measure, beside what was sent."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from bridge.protocol.reply import FilledAlternative, FillReply, HostChord, HostTuplet

Dump = list[dict[str, Any]]
Sounding = tuple[Fraction, Fraction, int, int]
"""Onset in the score and length, both in whole notes; pitch; concert tpc."""

VOICES = 4


def check_written(before: Dump, after: Dump, reply: FillReply, index: int = 0) -> None:
    """Assert that alternative `index` stands in the score, all of it, and that nothing else has changed."""
    alternative = reply.alternatives[index]
    assert len(after) == max(len(before), reply.stop)
    filled = {VOICES * staff + voice for staff in reply.staves for voice in range(VOICES)}
    for number, measure in enumerate(after):
        inside = reply.start <= number < reply.stop
        for track, items in measure["voices"].items():
            if not (inside and int(track) in filled):
                old = before[number]["voices"][track] if number < len(before) else []
                assert _contents(items) == (_contents(old) or [([0, 1], measure["length"], None, None)])
            _check_full(
                measure, items, f"measure {number + 1}, track {track}", gaps=int(track) % VOICES > 0
            )
        if number < len(before):
            outside = {track for track in before[number]["voices"] if not (inside and int(track) in filled)}
            assert outside <= set(measure["voices"])
    sent = [expected(reply, alternative, staff) for staff in reply.staves]
    assert [sounding(after, reply, staff) for staff in reply.staves] == sent


def _contents(items: list[dict[str, Any]]) -> list[tuple]:
    """Return a voice's items; a tie to or from the region may be gone."""
    return [(item["onset"], item["value"], item["pitches"], item["tuplet"]) for item in items]


def _check_full(measure: dict[str, Any], items: list[dict[str, Any]], where: str, gaps: bool) -> None:
    at = Fraction(0)
    for item in items:
        onset = Fraction(*item["onset"])
        assert onset == at or (gaps and onset > at), f"{where}: {item}"
        at = onset + Fraction(*item["length"])
    assert at == Fraction(*measure["length"]) or (gaps and at < Fraction(*measure["length"])), where


def expected(reply: FillReply, alternative: FilledAlternative, staff: int) -> list[Sounding]:
    """Return what a staff should sound like, onsets from the region's start."""
    found: list[Sounding] = []
    for voice in alternative.voices:
        if voice.staff != staff:
            continue
        at = Fraction(*voice.onset)
        for item in voice.items:
            scale = Fraction(item.normal, item.actual) if isinstance(item, HostTuplet) else Fraction(1)
            chords: list[HostChord] = item.chords if isinstance(item, HostTuplet) else [item]
            for chord in chords:
                length = Fraction(*chord.value) * scale
                found += [(at, length, pitch.pitch, pitch.tpc) for pitch in chord.pitches]
                at += length
    return sorted(found)


def sounding(dump: Dump, reply: FillReply, staff: int) -> list[Sounding]:
    """Return what a staff sounds like in the region, tied notes as one."""
    found: list[Sounding] = []
    for track in range(VOICES * staff, VOICES * staff + VOICES):
        held: dict[int, int] = {}
        start = Fraction(0)
        for measure in dump[reply.start : reply.stop]:
            for item in measure["voices"].get(str(track), []):
                onset, length = start + Fraction(*item["onset"]), Fraction(*item["length"])
                ties: dict[int, int] = {}
                for pitch, (tpc, _) in zip(item["pitches"] or [], item["tpcs"] or [], strict=True):
                    if pitch in held:
                        place = held[pitch]
                        at, before, _, name = found[place]
                        found[place] = (at, before + length, pitch, name)
                    else:
                        place = len(found)
                        found.append((onset, length, pitch, tpc))
                    if item["tied"]:
                        ties[pitch] = place
                held = ties
            start += Fraction(*measure["length"])
    return sorted(found)
