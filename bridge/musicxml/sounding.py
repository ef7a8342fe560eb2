"""The sounding notes of a part: transposed, tied chains joined, grace and cue notes left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import lxml.etree as etree

from bridge.errors import ReadError
from bridge.musicxml.attributes import Transposition
from bridge.musicxml.survey import PartSurvey
from bridge.musicxml.timeline import ZERO, Item, integer, number, staff_number, timeline, voice_name
from bridge.score import Measure, Note

_SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_STEPS = "CDEFGAB"


@dataclass(slots=True)
class Chain:
    """A note that may go on through ties; `kept` if it begins inside the range asked for."""

    onset_quarter: Fraction
    duration_quarter: Fraction
    pitch: int
    spelling: tuple[str, int, int] | None
    staff: int
    voice: str
    kept: bool

    @property
    def end_quarter(self) -> Fraction:
        """Where the note stops so far."""
        return self.onset_quarter + self.duration_quarter


def sounding_notes(
    survey: PartSurvey, measures: Sequence[Measure], start: int, stop: int
) -> list[tuple[Note, ...]]:
    """Return for each staff of the part the notes that begin in measures `start` to `stop`."""
    numbers = _voice_numbers(survey)
    staves: list[list[Note]] = [[] for _ in survey.layout.kinds]
    chains = list(_chains(survey, measures, start, stop))  # all of them: ties make chains longer later on
    for chain in chains:
        if chain.kept:
            staves[chain.staff - 1].append(
                Note(
                    chain.onset_quarter,
                    chain.duration_quarter,
                    chain.pitch,
                    numbers[chain.staff, chain.voice],
                    chain.spelling,
                )
            )
    for notes in staves:
        notes.sort(key=lambda note: (float(note.onset_quarter), -note.pitch))
    return [tuple(notes) for notes in staves]


def _voice_numbers(survey: PartSurvey) -> dict[tuple[int, str], int]:
    """Return the voices of each staff numbered from 1."""
    numbers: dict[tuple[int, str], int] = {}
    for staff in range(1, survey.layout.staff_count + 1):
        voices = [voice for number, voice in survey.voices if number == staff]
        voices.sort(key=lambda voice: (int(voice) if voice.isdecimal() else 10**6, voice))
        numbers.update({(staff, voice): index for index, voice in enumerate(voices, start=1)})
    return numbers


def _chains(survey: PartSurvey, measures: Sequence[Measure], start: int, stop: int) -> Iterator[Chain]:
    """Yield the joined notes; reads a measure early for ties into the range, and on past it along ties."""
    open_chains: dict[int, list[Chain]] = {}
    for index in range(max(0, start - 1), len(survey.measures)):
        if index >= stop and not any(open_chains.values()):
            return
        try:
            yield from _measure_chains(
                survey, index, measures[index], open_chains, start <= index, index < stop
            )
        except ReadError as error:
            raise error.at(survey.layout.place(index)) from error
        end = measures[index].end_quarter
        for chains in open_chains.values():
            chains[:] = [chain for chain in chains if chain.end_quarter >= end]


def _measure_chains(
    survey: PartSurvey,
    index: int,
    measure: Measure,
    open_chains: dict[int, list[Chain]],
    after_start: bool,
    before_stop: bool,
) -> Iterator[Chain]:
    row = survey.measures[index]
    begin = measure.onset_quarter
    transpositions = row.state.transpositions
    several_staves = survey.layout.staff_count > 1
    onset, last = begin, ZERO
    for item in timeline(survey.layout.measures[index], row.divisions):
        fields = item.fields
        if "pitch" not in fields or "cue" in fields or not item.duration_quarter:
            continue
        staff = staff_number(fields["staff"].text) if several_staves and "staff" in fields else 1
        voice = voice_name(fields["voice"].text) if "voice" in fields else "1"
        pitch, spelling = sounding_pitch(fields["pitch"], transpositions[staff - 1])
        if item.onset_quarter is not last:  # a chord's notes share the very object
            onset, last = begin + item.onset_quarter, item.onset_quarter
        tie_start, tie_stop = tie_ends(item)
        chain = _take_open(open_chains, pitch, onset, staff, voice) if tie_stop else None
        if chain is not None:
            chain.duration_quarter += item.duration_quarter
        elif before_stop:
            chain = Chain(onset, item.duration_quarter, pitch, spelling, staff, voice, after_start)
            yield chain
        if chain is not None and tie_start:
            open_chains.setdefault(pitch, []).append(chain)


def _take_open(
    open_chains: dict[int, list[Chain]], pitch: int, onset: Fraction, staff: int, voice: str
) -> Chain | None:
    fitting = [chain for chain in open_chains.get(pitch, ()) if chain.end_quarter == onset]
    if not fitting:
        return None
    best = max(fitting, key=lambda chain: (chain.staff == staff, chain.voice == voice))
    open_chains[pitch].remove(best)
    return best


def tie_ends(item: Item) -> tuple[bool, bool]:
    """Tell whether a note is tied to the next and to the one before, by sound or else by sign."""
    if "tie" in item.fields:
        types = {tie.get("type") for tie in item.element.iterchildren("tie")}
    elif "notations" in item.fields:
        types = {tied.get("type") for tied in item.element.iter("tied")}
    else:
        return False, False
    return "start" in types, "stop" in types


def sounding_pitch(pitch: etree._Element, transposition: Transposition) -> tuple[int, tuple[str, int, int]]:
    """Return a `pitch` element's MIDI number and spelling as it sounds; quarter tones go up."""
    fields = {child.tag: child.text for child in pitch}
    step = (fields.get("step") or "").strip().upper()
    if step not in _SEMITONES:
        raise ReadError(f"a note on step '{step}'", fix="Correct it in the score.")
    octave = integer(fields.get("octave"))
    alter_text = fields.get("alter")
    alter = int((number(alter_text) * 2 + 1) // 2) if alter_text and alter_text.strip() else 0
    midi = 12 * (octave + 1) + _SEMITONES[step] + alter + transposition.chromatic
    if not 0 <= midi <= 127:
        raise ReadError(f"a note at {step}{octave} is outside MIDI's range", fix="Correct its octave.")
    if transposition.diatonic or transposition.chromatic:
        position = 7 * octave + _STEPS.index(step) + transposition.diatonic
        octave, index = divmod(position, 7)
        step = _STEPS[index]
        alter = midi - 12 * (octave + 1) - _SEMITONES[step]
    return midi, (step, alter, octave)
