"""Dice that make music free of any form, and the same music as a host's walk and as MusicXML."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from musicxml.xml_scores import note

from bridge.host.walked import WalkDocument
from bridge.notation.spelling import spelled
from bridge.protocol.walk import Walk
from bridge.score import Region, Score

DIVISION = 480
DIVISIONS = DIVISION * 7
TRANSPOSED = {"chromatic": -2, "diatonic": -1, "fifths": 2}
"""A clarinet in B flat."""


@dataclass(frozen=True)
class Head:
    """One notehead in quarters from the start of its measure; `tied` to the one before it."""

    onset: Fraction
    duration: Fraction
    pitch: int
    tied: bool = False
    ties_on: bool = False


@dataclass(frozen=True)
class Music:
    """Measures as `(beats, beat_type, quarters)`; parts as numbers of staves.

    - `heads`: of each staff, voice and measure.
    """

    fifths: int
    measures: list[tuple[int, int, Fraction]]
    parts: list[int]
    transposed: list[bool]
    heads: list[list[list[list[Head]]]]


def dice_music(dice: random.Random, divided: tuple[int, ...] = (3, 5, 7)) -> Music:
    """Return music with pickups, metre changes, odd lengths, voices, chords, ties and tuplets.

    - `divided`: into how many notes a tuplet divides its beat.
    """
    metre = (4, 4)
    measures = []
    for index in range(dice.randint(2, 6)):
        if dice.random() < 0.3:
            metre = dice.choice([(4, 4), (3, 4), (6, 8), (5, 8), (2, 2)])
        length = Fraction(4 * metre[0], metre[1])
        if index == 0 and dice.random() < 0.3:
            length = Fraction(dice.choice([1, 2]), 2)
        elif dice.random() < 0.15:
            length += dice.choice([Fraction(-1, 2), Fraction(1)])
        measures.append((*metre, length))
    parts = [dice.choice([1, 1, 2]) for _ in range(dice.randint(1, 3))]
    heads = [
        [_voice(dice, measures, voice, divided) for voice in range(dice.choice([1, 1, 2]))]
        for _ in range(sum(parts))
    ]
    return Music(dice.randint(-4, 4), measures, parts, [dice.random() < 0.3 for _ in parts], heads)


def _voice(
    dice: random.Random, measures: list[tuple[int, int, Fraction]], voice: int, divided: tuple[int, ...]
) -> list[list[Head]]:
    """Return a voice's heads; two voices never share a pitch, so that ties can't be mistaken."""
    result: list[list[Head]] = []
    held: list[int] = []
    for index, (_, _, length) in enumerate(measures):
        row: list[Head] = []
        now = Fraction(0)
        while now < length:
            left = length - now
            parts = dice.choice([1, 1, 2, 2, 4, *divided])
            beat = min(left, Fraction(1)) if now.denominator == 1 else left
            steps = [beat / parts] * parts if now.denominator == 1 else [left]
            if dice.random() < 0.2:
                steps = [left]
            for step in steps:
                last = now + step == length
                if held and now == 0:
                    row += [Head(now, step, pitch, tied=True) for pitch in held]
                elif dice.random() < 0.75:
                    pitches = {
                        2 * dice.randint(26, 38) + voice for _ in range(dice.choice([1, 1, 1, 2, 3]))
                    }
                    row += [Head(now, step, pitch) for pitch in sorted(pitches, reverse=True)]
                sounding = [head for head in row if head.onset == now]
                ties = last and bool(sounding) and index + 1 < len(measures) and dice.random() < 0.4
                held = [head.pitch for head in sounding] if ties else []
                if ties:
                    row = [head if head.onset < now else _tied_on(head) for head in row]
                now += step
        result.append(row)
    return result


def _tied_on(head: Head) -> Head:
    return Head(head.onset, head.duration, head.pitch, head.tied, ties_on=True)


def number_of(music: Music, index: int) -> str:
    """Return the printed number of a measure."""
    beats, beat_type, length = music.measures[0]
    pickup = length < Fraction(4 * beats, beat_type)
    return str(index if pickup else index + 1)


def place_of_pitch(pitch: int) -> int:
    """Return the place on the line of fifths that the music's pitches are spelled at: F to A sharp."""
    return (7 * pitch + 1) % 12 - 1


def walk_of(music: Music, numbered: bool = True) -> dict[str, Any]:
    """Return the music as the JSON of a walk, its ticks rounded as a host rounds them."""
    measures, starts = [], []
    tick = 0
    for index, (beats, beat_type, length) in enumerate(music.measures):
        ticks = int(length * DIVISION)
        measures.append(
            {
                "tick": tick,
                "ticks": ticks,
                "beats": beats,
                "beat_type": beat_type,
                "fifths": music.fifths,
                "number": number_of(music, index) if numbered else "",
            }
        )
        starts.append(tick)
        tick += ticks
    parts, staff = [], 0
    for number, count in enumerate(music.parts):
        staves = []
        for _ in range(count):
            notes = [
                _walked(head, starts[index], voice)
                for voice, rows in enumerate(music.heads[staff], 1)
                for index, row in enumerate(rows)
                for head in row
            ]
            staves.append({"notes": notes})
            staff += 1
        parts.append({"name": f"Part {number + 1}", "staves": staves})
    return {"division": DIVISION, "measures": measures, "parts": parts}


def dice_region(seed: int, divided: tuple[int, ...] = (3, 5, 7)) -> tuple[Score, Region]:
    """Return a score of dice and some of its measures, in all staves."""
    dice = random.Random(seed)
    music = dice_music(dice, divided)
    score = WalkDocument(Walk.model_validate_json(json.dumps(walk_of(music)))).score()
    start = dice.randrange(len(music.measures))
    stop = dice.randint(start + 1, len(music.measures))
    return score, Region(start, stop, tuple(range(sum(music.parts))))


def _walked(head: Head, start: int, voice: int) -> list[int]:
    first, last = (round(time * DIVISION) for time in (head.onset, head.onset + head.duration))
    return [
        start + first,
        last - first,
        head.pitch,
        voice,
        14 + place_of_pitch(head.pitch),
        int(head.tied),
    ]


def musicxml_of(music: Music) -> bytes:
    """Return the music as MusicXML, with rests wherever no note is."""
    declared, bodies, staff = "", "", 0
    for number, count in enumerate(music.parts):
        declared += f'<score-part id="P{number + 1}"><part-name>Part {number + 1}</part-name></score-part>'
        measures = "".join(
            _measure(music, index, range(staff, staff + count), music.transposed[number])
            for index in range(len(music.measures))
        )
        bodies += f'<part id="P{number + 1}">{measures}</part>'
        staff += count
    return f"<score-partwise><part-list>{declared}</part-list>{bodies}</score-partwise>".encode()


def _measure(music: Music, index: int, staves: range, transposed: bool) -> str:
    beats, beat_type, length = music.measures[index]
    text = ""
    if index == 0:
        fifths = music.fifths + (TRANSPOSED["fifths"] if transposed else 0)
        text += f"<divisions>{DIVISIONS}</divisions><key><fifths>{fifths}</fifths></key>"
    text += f"<time><beats>{beats}</beats><beat-type>{beat_type}</beat-type></time>"
    if index == 0:
        text += f"<staves>{len(staves)}</staves>"
        if transposed:
            text += (
                f"<transpose><diatonic>{TRANSPOSED['diatonic']}</diatonic>"
                f"<chromatic>{TRANSPOSED['chromatic']}</chromatic></transpose>"
            )
    layers = [
        _layer(voices[index], length, 4 * number + voice, number + 1, transposed)
        for number, voices in enumerate(music.heads[staff] for staff in staves)
        for voice, voices in enumerate(voices, 1)
    ]
    back = f"<backup><duration>{int(length * DIVISIONS)}</duration></backup>"
    implicit = ' implicit="yes"' if length < Fraction(4 * beats, beat_type) else ""
    head = f'<measure number="{number_of(music, index)}"{implicit}><attributes>{text}</attributes>'
    return f"{head}{back.join(layers)}</measure>"


def _layer(row: list[Head], length: Fraction, voice: int, staff: int, transposed: bool) -> str:
    text, now = "", Fraction(0)
    for head in row:
        chord = head.onset < now
        if head.onset > now:
            text += note("", int((head.onset - now) * DIVISIONS), voice=voice, staff=staff)
        shift = TRANSPOSED["fifths"] if transposed else 0
        pitch = head.pitch - (TRANSPOSED["chromatic"] if transposed else 0)
        step, alter, octave = spelled(place_of_pitch(head.pitch) + shift, pitch)
        xml = note(
            "C4",
            int(head.duration * DIVISIONS),
            voice=voice,
            staff=staff,
            before="<chord/>" if chord else "",
            ties=" ".join(["stop"] * head.tied + ["start"] * head.ties_on),
        )
        written = f"<step>{step}</step><alter>{alter}</alter><octave>{octave}</octave>"
        text += xml.replace("<step>C</step><octave>4</octave>", written)
        now = head.onset + head.duration
    if now < length:
        text += note("", int((length - now) * DIVISIONS), voice=voice, staff=staff)
    return text
