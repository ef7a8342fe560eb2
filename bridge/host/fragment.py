"""A fragment to paste: the filled measures alone, one part of one staff for each filled staff.

MuseScore reads it as a score of its own, copies all of it and pastes it where the selection begins. Pitches
are as they sound and no part transposes: pasting transposes for the instrument. Nothing is said of beams,
stems and accidentals: the score's own habits make them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import lcm

import lxml.etree as etree

from bridge.musicxml.serialise import VoicePlace, move_element, note_elements
from bridge.notation.written import WrittenEvent, WrittenMeasure
from bridge.score import Measure

DOCTYPE = (
    '<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 3.1 Partwise//EN" '
    '"http://www.musicxml.org/dtds/partwise.dtd">'
)
LOW_PITCH_HEIGHT = 28
"""Steps above C0 (middle C) below which a staff's mean lies for it to get a bass clef."""


def fragment_of(staves: Mapping[int, Sequence[WrittenMeasure]], measures: Sequence[Measure]) -> str:
    """Return the MusicXML of staves (index to written measures in concert pitch), top to bottom.

    - `measures`: those of the region.
    """
    root = etree.Element("score-partwise", version="3.1")
    part_list = etree.SubElement(root, "part-list")
    for index in sorted(staves):
        part_id = f"P{index + 1}"
        header = etree.SubElement(part_list, "score-part", id=part_id)
        _text(header, "part-name", f"Staff {index + 1}")
        instrument = etree.SubElement(header, "score-instrument", id=f"{part_id}-I1")
        _text(instrument, "instrument-name", f"Staff {index + 1}")
        root.append(_part(part_id, staves[index], measures))
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, doctype=DOCTYPE).decode()


def _part(part_id: str, written: Sequence[WrittenMeasure], measures: Sequence[Measure]) -> etree._Element:
    part = etree.Element("part", id=part_id)
    divisions = _divisions(written, measures)
    before: Measure | None = None
    for number, (content, measure) in enumerate(zip(written, measures, strict=True), 1):
        element = etree.SubElement(part, "measure", number=str(number))
        attributes = _attributes(measure, before, divisions)
        if before is None:
            _clef(attributes, written)
        if len(attributes):
            element.append(attributes)
        _voices(element, content, measure, divisions)
        before = measure
    return part


def _voices(element: etree._Element, content: WrittenMeasure, measure: Measure, divisions: int) -> None:
    for index, voice in enumerate(content.voices):
        if index:
            element.append(move_element(-measure.duration_quarter, divisions))
        for event in voice.events:
            element.extend(note_elements(_plain(event), VoicePlace(str(voice.number)), divisions))


def _plain(event: WrittenEvent) -> WrittenEvent:
    pitches = tuple(replace(pitch, accidental="") for pitch in event.pitches)
    return replace(event, pitches=pitches, beams=())


def _attributes(measure: Measure, before: Measure | None, divisions: int) -> etree._Element:
    """Return what is new in a measure: divisions, key and metre."""
    attributes = etree.Element("attributes")
    if before is None:
        _text(attributes, "divisions", str(divisions))
    if before is None or (before.fifths, before.mode) != (measure.fifths, measure.mode):
        key = etree.SubElement(attributes, "key")
        _text(key, "fifths", str(measure.fifths))
        if measure.mode:
            _text(key, "mode", measure.mode)
    if before is None or (before.beats, before.beat_type) != (measure.beats, measure.beat_type):
        time = etree.SubElement(attributes, "time")
        _text(time, "beats", str(measure.beats))
        _text(time, "beat-type", str(measure.beat_type))
    return attributes


def _clef(attributes: etree._Element, written: Sequence[WrittenMeasure]) -> None:
    """Give the staff a clef, so that the fragment can be read; pasting doesn't take it along."""
    heights = [
        7 * pitch.octave + "CDEFGAB".index(pitch.step)
        for measure in written
        for voice in measure.voices
        for event in voice.events
        for pitch in event.pitches
    ]
    low = bool(heights) and sum(heights) < LOW_PITCH_HEIGHT * len(heights)
    clef = etree.SubElement(attributes, "clef")
    _text(clef, "sign", "F" if low else "G")
    _text(clef, "line", "4" if low else "2")


def _divisions(written: Sequence[WrittenMeasure], measures: Sequence[Measure]) -> int:
    times: list[Fraction] = [measure.duration_quarter for measure in measures]
    times += [event.duration_quarter for each in written for voice in each.voices for event in voice.events]
    return lcm(*(time.denominator for time in times))


def _text(parent: etree._Element, tag: str, text: str) -> None:
    etree.SubElement(parent, tag).text = text
