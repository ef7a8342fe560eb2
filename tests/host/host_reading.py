"""Read a host's voices back as notes, trusting nothing of how they were made."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from bridge.protocol.reply import HostChord, HostTuplet, HostVoice, Ratio
from bridge.score import Measure, Note, Region, Score

SINGLE = {
    Fraction(2, 2**halvings) * dots
    for halvings in range(10)
    for dots in (1, Fraction(3, 2), Fraction(7, 4))
}
"""What one note lasts, in whole notes: breve to 256th, up to two dots."""

Sounding = tuple[Fraction, Fraction, int]
"""Onset from the start of the region and duration, in quarters, and pitch."""


class Played(NamedTuple):
    """A chord of a voice at its time in whole notes; `length` is real."""

    onset: Fraction
    length: Fraction
    chord: HostChord
    tuplet: HostTuplet | None


def whole(ratio: Ratio) -> Fraction:
    return Fraction(*ratio)


def played(voice: HostVoice) -> list[Played]:
    """Return a voice's chords in time; its tuplets' sums are checked on the way."""
    now = whole(voice.onset)
    found = []
    for item in voice.items:
        if isinstance(item, HostChord):
            found.append(Played(now, whole(item.value), item, None))
            now += whole(item.value)
            continue
        scale = Fraction(item.normal, item.actual)
        assert sum(whole(chord.value) for chord in item.chords) * scale == whole(item.value)
        assert whole(item.unit) in SINGLE
        for chord in item.chords:
            found.append(Played(now, whole(chord.value) * scale, chord, item))
            now += whole(chord.value) * scale
    return found


def barlines(measures: Sequence[Measure]) -> list[Fraction]:
    """Return the measures' bounds in whole notes from the first on."""
    origin = measures[0].onset_quarter
    return [(time - origin) / 4 for time in (origin, *(measure.end_quarter for measure in measures))]


def check_voices(voices: Sequence[HostVoice], measures: Sequence[Measure], staves: Sequence[int]) -> None:
    """Fail unless every voice fills its measures exactly with values that there are."""
    bars = barlines(measures)
    first = [voice for voice in voices if voice.voice == 1]
    assert [voice.staff for voice in first] == list(staves)
    busy: dict[tuple[int, int], Fraction] = {}
    for voice in voices:
        chords = played(voice)
        end = chords[-1].onset + chords[-1].length
        assert whole(voice.onset) in bars
        assert end in bars
        if voice.voice == 1:
            assert (whole(voice.onset), end) == (0, bars[-1])
        assert whole(voice.onset) >= busy.get((voice.staff, voice.voice), Fraction(0))
        busy[voice.staff, voice.voice] = end
        for each in chords:
            fills = each.onset in bars and each.onset + each.length in bars
            if each.chord.measure:
                assert fills
                assert not each.chord.pitches
            else:
                assert whole(each.chord.value) in SINGLE
            crossed = any(each.onset < bar < each.onset + each.length for bar in bars)
            assert not crossed or (each.chord.pitches and each.tuplet is None)
            pitches = [pitch.pitch for pitch in each.chord.pitches]
            assert len(set(pitches)) == len(pitches)
            assert all(
                (7 * (pitch.pitch % 12) - (pitch.tpc - 14)) % 12 == 0 for pitch in each.chord.pitches
            )


def crosses(voices: Sequence[HostVoice], measures: Sequence[Measure]) -> bool:
    bars = barlines(measures)
    return any(
        each.onset < bar < each.onset + each.length
        for voice in voices
        for each in played(voice)
        for bar in bars
    )


def sounding(voices: Sequence[HostVoice], staff: int) -> list[Sounding]:
    """Return the notes of a staff, those that are tied joined."""
    found: list[Sounding] = []
    for voice in (voice for voice in voices if voice.staff == staff):
        held: dict[int, tuple[Fraction, Fraction]] = {}
        for each in played(voice):
            before, held = held, {}
            for pitch in each.chord.pitches:
                onset, length = before.pop(pitch.pitch, (each.onset, Fraction(0)))
                if pitch.tie:
                    held[pitch.pitch] = onset, length + each.length
                else:
                    found.append((4 * onset, 4 * (length + each.length), pitch.pitch))
            assert not before
        assert not held
    return sorted(found)


def notes_in(score: Score, region: Region) -> dict[int, list[Note]]:
    """Return each staff's notes cut at the region's ends."""
    begin = score.measures[region.start].onset_quarter
    end = score.measures[region.stop - 1].end_quarter
    found: dict[int, list[Note]] = {}
    for index in region.staves:
        found[index] = []
        for note in score.staves[index].notes:
            onset, stop = max(begin, note.onset_quarter), min(end, note.end_quarter)
            if onset < stop:
                found[index].append(Note(onset, stop - onset, note.pitch, note.voice, note.spelling))
    return found


def as_sounding(notes: Sequence[Note], origin: Fraction) -> list[Sounding]:
    return sorted((note.onset_quarter - origin, note.duration_quarter, note.pitch) for note in notes)
