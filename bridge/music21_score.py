"""One music21 stream as a `Score`: sounding pitches, ties merged, measures in the order of the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from bridge.errors import ReadError
from bridge.score import PERCUSSION, PITCHED, TABLATURE, Measure, Note, Part, Score, Staff

_MODES = ("major", "minor")
_COMMON_METRE = (4, 4)
_FILE_SUFFIXES = (".mxl", ".xml", ".musicxml", ".krn", ".abc", ".mid", ".midi", ".mei")


@dataclass
class _PartReading:
    """One music21 part: its measures and where each begins."""

    part: Any
    measures: list[Any]
    onsets: list[Fraction]


def convert_score(score: Any, title: str) -> Score:
    """Return a music21 score or part as a `Score`; `title` where it has none of its own."""
    from music21 import stream as m21

    if isinstance(score, m21.Score) and any(i.transposition is not None for i in score["Instrument"]):
        score = score.toSoundingPitch()  # a deep copy, which costs time
    parts = list(score.parts) if isinstance(score, m21.Score) else [score]
    if not parts:
        raise ReadError(
            "has no part with notes", where=title, fix="Open a score that has at least one part."
        )
    readings = [_read_part(part) for part in parts]
    measures, indexed = _measures(readings)
    staves = [_staff(reading, measures, indexed) for reading in readings]
    metadata = score.metadata
    name = (metadata.bestTitle if metadata is not None else None) or title
    if Path(name).suffix.lower() in _FILE_SUFFIXES:  # music21 puts the file's name where a title is missing
        name = title
    return Score(title=name, parts=_grouped(score, parts, staves), measures=measures)


def _read_part(part: Any) -> _PartReading:
    from music21 import stream as m21

    measures = list(part.getElementsByClass(m21.Measure))
    if not measures:
        part = part.makeMeasures()
        measures = list(part.getElementsByClass(m21.Measure))
    return _PartReading(part, measures, [_quarter(part.elementOffset(measure)) for measure in measures])


@lru_cache(maxsize=4096)
def _quarter(value: float | Fraction) -> Fraction:
    return Fraction(value).limit_denominator(20160)


def _measures(readings: list[_PartReading]) -> tuple[tuple[Measure, ...], bool]:
    """Return the score's measures, and whether every part has the same ones (so that indexes agree)."""
    longest = max(readings, key=lambda reading: len(reading.measures))
    same_count = all(len(reading.measures) == len(longest.measures) for reading in readings)
    metres = [[_metre_of(measure) for measure in reading.measures] for reading in readings]
    indexed = same_count and all(_agree(metres[0], other) for other in metres[1:])
    sources = readings if indexed else [longest]
    measures: list[Measure] = []
    onset, metre, fifths, mode = Fraction(0), _COMMON_METRE, 0, ""
    for index, measure in enumerate(longest.measures):
        here = [source.measures[index] for source in sources]
        metre = next((found for found in map(_metre_of, here) if found), metre)
        fifths, mode = next((found for found in map(_key_of, here) if found), (fifths, mode))
        metre_quarter = Fraction(4 * metre[0], metre[1])
        lengths = (_content(sources, index), _placing(longest, index))
        first, second = lengths if indexed else lengths[::-1]
        duration = first or second or metre_quarter
        number = measure.measureNumberWithSuffix()
        measures.append(Measure(index, number, onset, duration, *metre, fifths=fifths, mode=mode))
        onset += duration
    if not measures:
        raise ReadError("has no measures", fix="Open a score that has at least one measure.")
    return tuple(measures), indexed


def _agree(left: list[Any], right: list[Any]) -> bool:
    return all(a is None or b is None or a == b for a, b in zip(left, right, strict=True))


def _content(readings: list[_PartReading], index: int) -> Fraction:
    """Return how much the fullest part holds in measure `index`, rests included."""
    return max(_quarter(reading.measures[index].highestTime) for reading in readings)


def _placing(reading: _PartReading, index: int) -> Fraction:
    """Return how far apart music21 places measure `index` and the next; nothing for the last.

    Where a measure holds too little, music21 places the next as if it were full.
    """
    onsets = reading.onsets
    return onsets[index + 1] - onsets[index] if index + 1 < len(onsets) else Fraction(0)


def _metre_of(measure: Any) -> tuple[int, int] | None:
    metre = measure.timeSignature
    if metre is None or not metre.numerator or not metre.denominator:
        return None
    return int(metre.numerator), int(metre.denominator)


def _key_of(measure: Any) -> tuple[int, str] | None:
    key = measure.keySignature
    if key is None or key.sharps is None:
        return None
    mode = getattr(key, "mode", None)
    return int(key.sharps), mode if mode in _MODES else ""


def _staff(reading: _PartReading, measures: tuple[Measure, ...], indexed: bool) -> Staff:
    """Return one part's notes as a staff; its place in the score is set by `_grouped`."""
    kind = _kind(reading.part)
    notes: list[Note] = []
    tied: dict[int, int] = {}  # pitch -> index in `notes` of the note that is tied on
    voices = {"1": 1}
    for index, measure in enumerate(reading.measures if kind == PITCHED else []):
        onset = measures[index].onset_quarter if indexed else reading.onsets[index]
        for voice_name, offset, element in sorted(_elements(measure), key=lambda item: item[1]):
            voice = voices.setdefault(voice_name, len(voices) + 1)
            _add(notes, tied, element, onset + offset, voice)
    notes.sort(key=lambda note: (note.onset_quarter, -note.pitch))
    return Staff(0, 0, 1, tuple(notes), kind, _program(reading.part))


def _elements(measure: Any) -> Iterator[tuple[str, Fraction, Any]]:
    """Yield voice, offset in the measure, and element of each note and chord that sounds."""
    for element in measure.notes:
        yield "1", _quarter(measure.elementOffset(element)), element
    for number, voice in enumerate(measure.voices, start=1):
        start = _quarter(measure.elementOffset(voice))
        for element in voice.notes:
            yield str(number), start + _quarter(voice.elementOffset(element)), element


def _add(notes: list[Note], tied: dict[int, int], element: Any, onset: Fraction, voice: int) -> None:
    """Append one note or chord, or lengthen what is tied into it."""
    duration = _quarter(element.quarterLength)
    if duration <= 0 or element.duration.isGrace or _is_cue(element):
        return
    if element.isChord:
        if "ChordSymbol" in element.classes or "NoChord" in element.classes:
            return
        singles = [single for single in element if hasattr(single, "pitch")]
    else:
        singles = [element] if element.isNote else []
    for single in singles:
        spelt = single.pitch
        pitch = round(spelt.ps)
        if not 0 <= pitch <= 127:
            continue
        tie = single.tie or (None if single is element else element.tie)
        kind = tie.type if tie is not None else ""
        index = tied.pop(pitch, None) if kind in ("stop", "continue") else None
        if index is not None and notes[index].end_quarter == onset:
            lengthened = notes[index].duration_quarter + duration
            notes[index] = replace(notes[index], duration_quarter=lengthened)
        else:
            index = len(notes)
            spelling = (spelt.step, int(spelt.alter), spelt.implicitOctave)
            notes.append(Note(onset, duration, pitch, voice, spelling))
        if kind in ("start", "continue"):
            tied[pitch] = index


def _is_cue(element: Any) -> bool:
    return element.hasStyleInformation and getattr(element.style, "noteSize", None) == "cue"


def _kind(part: Any) -> str:
    from music21 import clef

    first = part.recurse().getElementsByClass(clef.Clef).first()
    if isinstance(first, clef.TabClef):
        return TABLATURE
    if isinstance(first, clef.PercussionClef) or part["Unpitched"]:
        return PERCUSSION
    return PITCHED


def _program(part: Any) -> int:
    instrument = part["Instrument"].first()
    program = getattr(instrument, "midiProgram", None)
    return int(program) if program is not None and 0 <= program <= 127 else -1


def _grouped(score: Any, parts: list[Any], staves: list[Staff]) -> tuple[Part, ...]:
    """Return the parts, with the staves that one StaffGroup holds together (a piano's) as one part."""
    groups = _staff_groups(score, parts)
    grouped: list[Part] = []
    for index, part in enumerate(parts):
        leader = groups.get(index, index)
        if leader == index:
            name = part.partName or ""
            id_ = part.id if isinstance(part.id, str) and not part.id.isdigit() else f"P{len(grouped) + 1}"
            grouped.append(Part(len(grouped), id_, str(name), ()))
        owner = grouped[-1]
        staff = replace(staves[index], index=index, part_index=owner.index, number=len(owner.staves) + 1)
        grouped[-1] = replace(owner, staves=(*owner.staves, staff))
    return tuple(grouped)


def _staff_groups(score: Any, parts: list[Any]) -> dict[int, int]:
    """Return, for the parts that are staves of one instrument, the index of its first staff."""
    from music21 import layout
    from music21 import stream as m21

    place = {id(part): index for index, part in enumerate(parts)}
    leader: dict[int, int] = {}
    for group in score.getElementsByClass(layout.StaffGroup):
        members = group.getSpannedElements()
        indexes = sorted(place[id(member)] for member in members if id(member) in place)
        if (
            len(indexes) > 1
            and all(isinstance(parts[index], m21.PartStaff) for index in indexes)
            and indexes == list(range(indexes[0], indexes[-1] + 1))
        ):
            leader.update(dict.fromkeys(indexes, indexes[0]))
    return leader
