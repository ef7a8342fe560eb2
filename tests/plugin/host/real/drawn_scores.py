"""Scores and steps made by dice, for the fake score and for MuseScore alike."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

METRES = ((4, 4), (4, 4), (3, 4), (4, 4), (6, 8), (4, 4))
STAVES = 2
TRACKS = (0, 0, 4, 4, 1, 5)
TYPES = {1: "whole", 2: "half", 4: "quarter", 8: "eighth", 16: "16th"}
NAMES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
ALTER = {"#": 1, "b": -1}
DIVISIONS = 48
VALUES = ((1, 16), (1, 8), (3, 16), (1, 4), (3, 8), (7, 16), (1, 2), (3, 4), (7, 8), (1, 1))


def starts() -> list[int]:
    """Return each measure's first tick, and the end."""
    ticks = [0]
    for beats, kind in METRES:
        ticks.append(ticks[-1] + 1920 * beats // kind)
    return ticks


def drawn_plan(dice: random.Random) -> dict[str, Any]:
    """Return a score for `fakeHost`: notes, chords, rests and triplets, in one or two voices."""
    parts = []
    for number in range(STAVES):
        staff: dict[int, dict[int, list]] = {}
        for measure, (beats, kind) in enumerate(METRES):
            if dice.random() < 0.65:
                staff[measure] = {1: _voice(dice, beats, kind)}
                if dice.random() < 0.3:
                    staff[measure][2] = _voice(dice, beats, kind)
        parts.append({"name": f"Part {number}", "staves": [staff]})
    return {"measures": [{"beats": beats, "type": kind} for beats, kind in METRES], "parts": parts}


def _voice(dice: random.Random, beats: int, kind: int) -> list:
    items: list = []
    left = Fraction(beats, kind)
    while left:
        if left >= Fraction(1, 4) and dice.random() < 0.25:
            inner = [[[1, 8], None if dice.random() < 0.3 else [dice.randint(55, 80)]] for _ in range(3)]
            items.append({"tuplet": [3, 2, [1, 4]], "items": inner})
            left -= Fraction(1, 4)
            continue
        fitting = [value for value in VALUES if value[0] < 7 and Fraction(*value) <= left]
        value = dice.choice(fitting)
        chord = sorted({dice.randint(55, 80) for _ in range(dice.choice((1, 1, 2)))})
        items.append([list(value), None if dice.random() < 0.3 else chord])
        left -= Fraction(*value)
    return items


def drawn_steps(dice: random.Random, count: int) -> list[dict[str, Any]]:
    """Return steps that clear some measures of a track and write into them, or append a measure."""
    ticks = starts()
    steps: list[dict[str, Any]] = []
    for _ in range(count):
        if dice.random() < 0.04:
            steps.append({"append": 1})
            continue
        first = dice.randrange(len(METRES))
        start, stop = ticks[first], ticks[min(first + dice.choice((1, 1, 2, 3)), len(METRES))]
        notes = []
        left = stop - start
        while left and dice.random() < 0.92:
            value = dice.choice(VALUES)
            if 1920 * value[0] // value[1] <= left:
                notes.append([*value, dice.randint(55, 80)])
                left -= 1920 * value[0] // value[1]
        steps.append(
            {"start": start, "stop": stop, "track": dice.choice((0, 0, 4, 4, 1, 5)), "notes": notes}
        )
    return steps


def musicxml(plan: dict[str, Any]) -> str:
    """Return such a score as MusicXML."""
    names = "".join(
        f'<score-part id="P{index}"><part-name>{part["name"]}</part-name></score-part>'
        for index, part in enumerate(plan["parts"])
    )
    parts = "".join(
        f'<part id="P{index}">{_measures(part["staves"][0])}</part>'
        for index, part in enumerate(plan["parts"])
    )
    head = '<?xml version="1.0" encoding="UTF-8"?><score-partwise version="3.1">'
    return f"{head}<part-list>{names}</part-list>{parts}</score-partwise>"


def _measures(staff: dict[int, dict[int, list]]) -> str:
    text = ""
    for index, (beats, kind) in enumerate(METRES):
        full = DIVISIONS * 4 * beats // kind
        metre = f"<time><beats>{beats}</beats><beat-type>{kind}</beat-type></time>"
        attributes = f"<attributes><divisions>{DIVISIONS}</divisions>{metre}</attributes>"
        text += f'<measure number="{index + 1}">{attributes}'
        rest = f'<note><rest measure="yes"/><duration>{full}</duration><voice>1</voice></note>'
        voices = staff.get(index, {}).items()
        written = ["".join(_item(item, voice) for item in items) for voice, items in voices]
        text += f"<backup><duration>{full}</duration></backup>".join(written or [rest]) + "</measure>"
    return text


def _item(item: Any, voice: int) -> str:
    if isinstance(item, dict):
        return "".join(_chord(inner, voice, place) for place, inner in enumerate(item["items"]))
    return _chord(item, voice, None)


def _chord(item: list, voice: int, place: int | None) -> str:
    (numerator, denominator), pitches = item
    dotted = numerator == 3
    duration = DIVISIONS * 4 * numerator // denominator
    tail = f"<voice>{voice}</voice><type>{TYPES[denominator // 2 if dotted else denominator]}</type>"
    tail += "<dot/>" * dotted
    if place is not None:
        duration = duration * 2 // 3
        ratio = "<actual-notes>3</actual-notes><normal-notes>2</normal-notes>"
        tail += f"<time-modification>{ratio}</time-modification>"
        if place != 1:
            tail += f'<notations><tuplet type="{"stop" if place else "start"}"/></notations>'
    heads = [_pitch(pitch) for pitch in pitches] if pitches else ["<rest/>"]
    return "".join(
        f"<note>{'<chord/>' * (count > 0)}{head}<duration>{duration}</duration>{tail}</note>"
        for count, head in enumerate(heads)
    )


def _pitch(pitch: int) -> str:
    name = NAMES[pitch % 12]
    alter = ALTER.get(name[1:], 0)
    return f"<pitch><step>{name[0]}</step><alter>{alter}</alter><octave>{pitch // 12 - 1}</octave></pitch>"
