"""Voices: which notes of one staff form chords, and which voice each chord belongs to.

Times are ticks from the start of the run of measures.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from bridge.errors import RegionError
from bridge.notation.lines import HEIGHT_ORDERS, Chord, TimedNote, chord_of, tracked_lines


def lay_out(notes: Sequence[TimedNote], bars: Sequence[int], max_voices: int) -> list[list[Chord]]:
    """Return the chords of each voice, voice 1 first.

    - `notes`: `(start, end, pitch, voice hint)`.
    - `bars`: start of each measure, and the end of the last.

    Raises `RegionError` where more than `max_voices` lines sound at once.
    """
    merged = _chords(notes, by_hint=False)
    needed = _overlap(merged)
    if needed > max_voices:
        raise RegionError(
            f"{needed} independent lines sound at once in one staff, which has room for {max_voices}",
            fix="Give some of the notes the same onset and length, or move them to another staff.",
        )
    if needed <= 1:
        return [merged]
    hinted = _hinted_lines(_chords(notes, by_hint=True), max_voices)
    voices = hinted or tracked_lines(merged, notes, bars, needed)
    return _compact(voices, bars)


def _chords(notes: Sequence[TimedNote], by_hint: bool) -> list[Chord]:
    groups: dict[tuple[int, int, int], list[int]] = {}
    for index, (start, end, _, hint) in enumerate(notes):
        groups.setdefault((start, end, hint if by_hint else 0), []).append(index)
    chords = [chord_of(start, end, members, notes) for (start, end, _), members in groups.items()]
    return sorted(chords, key=lambda chord: (chord.start, -chord.height, chord.end))


def _overlap(chords: Iterable[Chord]) -> int:
    """Return how many chords sound at once at most."""
    changes = sorted([(c.start, 1) for c in chords] + [(c.end, -1) for c in chords])
    most = now = 0
    for _, change in changes:
        now += change
        most = max(most, now)
    return most


def _hinted_lines(chords: Sequence[Chord], max_voices: int) -> list[list[Chord]] | None:
    """Return the lines that the hints name, if they name several and each is free of overlaps."""
    lines: dict[int, list[Chord]] = {}
    for chord in chords:
        line = lines.setdefault(chord.hint, [])
        if line and line[-1].end > chord.start:
            return None
        line.append(chord)
    if not 1 < len(lines) <= max_voices:
        return None
    ordered = [lines[hint] for hint in sorted(lines)]
    if len(ordered) == 2 and _height_above(ordered[0], ordered[1]) < 0:
        ordered.reverse()
    return ordered


def _height_above(line: Sequence[Chord], other: Sequence[Chord]) -> float:
    """Return by how much `line` lies above `other` where both sound, summed over chords."""
    starts = [chord.start for chord in other]
    total = 0.0
    for chord in line:
        for rival in other[max(0, bisect_right(starts, chord.start) - 1) : bisect_left(starts, chord.end)]:
            if rival.end > chord.start:
                total += chord.height - rival.height
    return total


def _compact(voices: Sequence[Sequence[Chord]], bars: Sequence[int]) -> list[list[Chord]]:
    """Renumber the voices between barlines that no note crosses: each stretch uses the first ones."""
    crossed = {
        index
        for voice in voices
        for chord in voice
        for index in range(bisect_right(bars, chord.start), bisect_left(bars, chord.end))
    }
    walls = [bars[index] for index in range(1, len(bars) - 1) if index not in crossed]
    order = HEIGHT_ORDERS.get(len(voices), tuple(range(len(voices))))
    result: list[list[Chord]] = [[] for _ in voices]
    parts = [[bisect_right(walls, chord.start) for chord in voice] for voice in voices]
    for part in range(len(walls) + 1):
        sounding = [
            (
                voice,
                [
                    chord
                    for chord, number in zip(voices[voice], parts[voice], strict=True)
                    if number == part
                ],
            )
            for voice in order
        ]
        lines = [(voice, line) for voice, line in sounding if line]
        count = len(lines)
        kept = {voice for voice, _ in lines} == set(range(count))
        targets = HEIGHT_ORDERS.get(count, tuple(range(count)))
        for (voice, line), target in zip(lines, targets, strict=True) if count else ():
            result[voice if kept else target].extend(line)
    return [voice for voice in result if voice] or [[]]
