"""Write short pieces, given as text, as MusicXML: just enough for the three examples.

A voice is a list of measures, a measure a string of tokens: `D5q`, `Eb5e`, `G3+Bb3h.`, `rq`. The letter is
the note value (`w h q e s`), a `.` its dot, `!` a fermata.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

DIVISIONS = 4
"""Of the quarter: sixteenths are the shortest notes here."""

VALUES = {"w": (16, "whole"), "h": (8, "half"), "q": (4, "quarter"), "e": (2, "eighth"), "s": (1, "16th")}
TOKEN = re.compile(
    r"(?P<pitches>r|[A-G][#b]?\d(?:\+[A-G][#b]?\d)*)(?P<value>[whqes])(?P<dot>\.?)(?P<fermata>!?)"
)
PITCH = re.compile(r"([A-G])([#b]?)(\d)")
ALTERS = {"": 0, "#": 1, "b": -1}
SIGNS = {0: "natural", 1: "sharp", -1: "flat"}
CLEFS = {"treble": ("G", 2, 0), "tenor": ("G", 2, -1), "bass": ("F", 4, 0)}


@dataclass(frozen=True)
class Stave:
    """One staff: its clef, its voices, and clef changes by measure index."""

    clef: str
    voices: list[list[str]]
    clef_changes: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Instrument:
    """One part; `program` is General MIDI's from 1; `dynamics` and `words` stand at measure indexes."""

    name: str
    program: int
    staves: list[Stave]
    dynamics: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Tune:
    """A piece; `tempo` in quarters per minute; `pickup`: measure 0 is a pickup, numbered 0."""

    title: str
    fifths: int
    mode: str
    beats: int
    beat_type: int
    tempo: int
    instruments: list[Instrument]
    pickup: bool = False


def musicxml(tune: Tune) -> bytes:
    """Return the piece as an uncompressed MusicXML 4.0 file."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" '
        '"http://www.musicxml.org/dtds/partwise.dtd">',
        '<score-partwise version="4.0">',
        f"  <work><work-title>{escape(tune.title)}</work-title></work>",
        "  <identification>",
        '    <creator type="composer">jaxmuse contributors</creator>',
        "    <rights>public domain / CC0</rights>",
        "    <encoding><software>jaxmuse examples/make_examples.py</software></encoding>",
        "  </identification>",
        "  <part-list>",
    ]
    for number, part in enumerate(tune.instruments, 1):
        instrument = f"P{number}-I1"
        lines += [
            f'    <score-part id="P{number}">',
            f"      <part-name>{part.name}</part-name>",
            f'      <score-instrument id="{instrument}"><instrument-name>{part.name}</instrument-name>'
            "</score-instrument>",
            f'      <midi-instrument id="{instrument}"><midi-channel>{number}</midi-channel>'
            f"<midi-program>{part.program}</midi-program></midi-instrument>",
            "    </score-part>",
        ]
    lines.append("  </part-list>")
    for number, part in enumerate(tune.instruments, 1):
        lines.append(f'  <part id="P{number}">')
        for index in range(len(part.staves[0].voices[0])):
            lines += _measure(tune, part, index, first_part=number == 1)
        lines.append("  </part>")
    lines.append("</score-partwise>")
    return ("\n".join(lines) + "\n").encode("utf-8")


def mxl(data: bytes) -> bytes:
    """Return MusicXML packed as `.mxl`; the same bytes at any time of day."""
    container = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<container><rootfiles>'
        '<rootfile full-path="score.musicxml" media-type="application/vnd.recordare.musicxml+xml"/>'
        "</rootfiles></container>\n"
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (("META-INF/container.xml", container.encode()), ("score.musicxml", data)):
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _measure(tune: Tune, part: Instrument, index: int, first_part: bool) -> list[str]:
    number = index if tune.pickup else index + 1
    implicit = ' implicit="yes"' if tune.pickup and index == 0 else ""
    lines = [f'    <measure number="{number}"{implicit}>', *_attributes(tune, part, index)]
    if index == 0 and first_part:
        lines.append(
            '      <direction placement="above"><direction-type><metronome><beat-unit>quarter</beat-unit>'
            f"<per-minute>{tune.tempo}</per-minute></metronome></direction-type>"
            f'<sound tempo="{tune.tempo}"/></direction>'
        )
    if index in part.dynamics:
        lines.append(
            '      <direction placement="below"><direction-type><dynamics>'
            f"<{part.dynamics[index]}/></dynamics></direction-type></direction>"
        )
    voice_number = 0
    for staff_number, stave in enumerate(part.staves, 1):
        sounding = [voice[index] for voice in stave.voices if voice[index]]
        for order, text in enumerate(sounding):
            voice_number += 1
            length, notes = _voice(
                tune,
                text,
                voice=4 * (staff_number - 1) + order + 1,
                staff=staff_number if len(part.staves) > 1 else None,
                stem=("up", "down")[order] if len(sounding) > 1 else None,
            )
            if voice_number > 1:
                lines.append(f"      <backup><duration>{length}</duration></backup>")
            lines += notes
    if index == len(part.staves[0].voices[0]) - 1:
        lines.append('      <barline location="right"><bar-style>light-heavy</bar-style></barline>')
    return [*lines, "    </measure>"]


def _attributes(tune: Tune, part: Instrument, index: int) -> list[str]:
    staves = len(part.staves)
    named = [
        (number, stave.clef if index == 0 else stave.clef_changes.get(index))
        for number, stave in enumerate(part.staves, 1)
    ]
    clefs = [_clef(name, number if staves > 1 else None) for number, name in named if name]
    if index > 0:
        return [f"      <attributes>{''.join(clefs)}</attributes>"] if clefs else []
    return [
        f"      <attributes><divisions>{DIVISIONS}</divisions>",
        f"        <key><fifths>{tune.fifths}</fifths><mode>{tune.mode}</mode></key>",
        f"        <time><beats>{tune.beats}</beats><beat-type>{tune.beat_type}</beat-type></time>",
        *([f"        <staves>{staves}</staves>"] if staves > 1 else []),
        *(f"        {clef}" for clef in clefs),
        "      </attributes>",
    ]


def _clef(name: str, staff: int | None) -> str:
    sign, line, octave = CLEFS[name]
    number = f' number="{staff}"' if staff else ""
    change = f"<clef-octave-change>{octave}</clef-octave-change>" if octave else ""
    return f"<clef{number}><sign>{sign}</sign><line>{line}</line>{change}</clef>"


def _voice(tune: Tune, text: str, voice: int, staff: int | None, stem: str | None) -> tuple[int, list[str]]:
    """Return the voice's length in divisions and its notes."""
    matches = [TOKEN.fullmatch(token) for token in text.split()]
    if None in matches:
        raise ValueError(f"not a measure: {text}")
    tokens = [match for match in matches if match]
    lengths = [VALUES[token["value"]][0] * (3 if token["dot"] else 2) // 2 for token in tokens]
    beams = _beams(tune, tokens, lengths)
    in_force: dict[tuple[str, str], int] = {}
    lines: list[str] = []
    for token, length, beam in zip(tokens, lengths, beams, strict=True):
        for order, pitch in enumerate(token["pitches"].split("+")):
            chord = "<chord/>" if order else ""
            sign = ""
            body = "<rest/>"
            if pitch != "r":
                body, sign = _pitch(pitch, tune.fifths, in_force)
            lines.append(
                f"      <note>{chord}{body}<duration>{length}</duration><voice>{voice}</voice>"
                f"<type>{VALUES[token['value']][1]}</type>{'<dot/>' if token['dot'] else ''}{sign}"
                + (f"<stem>{stem}</stem>" if stem and pitch != "r" else "")
                + (f"<staff>{staff}</staff>" if staff else "")
                + (f'<beam number="1">{beam}</beam>' if beam and not order else "")
                + ("<notations><fermata/></notations>" if token["fermata"] and not order else "")
                + "</note>"
            )
    return sum(lengths), lines


def _pitch(pitch: str, fifths: int, in_force: dict[tuple[str, str], int]) -> tuple[str, str]:
    """Return the pitch element and the accidental to print, given those printed before in the measure."""
    match = PITCH.fullmatch(pitch)
    assert match
    step, sign, octave = match.groups()
    alter = ALTERS[sign]
    of_key = 1 if step in "FCGDAEB"[: max(fifths, 0)] else -1 if step in "BEADGCF"[: max(-fifths, 0)] else 0
    printed = (
        f"<accidental>{SIGNS[alter]}</accidental>" if in_force.get((step, octave), of_key) != alter else ""
    )
    in_force[step, octave] = alter
    altered = f"<alter>{alter}</alter>" if alter else ""
    return f"<pitch><step>{step}</step>{altered}<octave>{octave}</octave></pitch>", printed


def _beams(tune: Tune, tokens: list[re.Match[str]], lengths: list[int]) -> list[str]:
    """Return each token's beam: eighths are joined within a beat (a dotted one in compound metres)."""
    beat = 6 if tune.beat_type == 8 else 4
    groups: list[list[int]] = []
    onset = 0
    last_beat = -1
    for index, (token, length) in enumerate(zip(tokens, lengths, strict=True)):
        if token["value"] == "e" and token["pitches"] != "r" and not token["dot"]:
            if groups and groups[-1][-1] == index - 1 and last_beat == onset // beat:
                groups[-1].append(index)
            else:
                groups.append([index])
            last_beat = onset // beat
        onset += length
    beams = [""] * len(tokens)
    for group in groups:
        if len(group) > 1:
            for index in group:
                beams[index] = "begin" if index == group[0] else "end" if index == group[-1] else "continue"
    return beams
