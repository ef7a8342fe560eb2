"""Small MusicXML texts for the tests, and dice that write longer ones with every kind of oddity."""

from __future__ import annotations

import random
from fractions import Fraction

from bridge.score import Measure, Note

DOCTYPE = (
    '<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 3.1 Partwise//EN" '
    '"http://www.musicxml.org/dtds/partwise.dtd">'
)


def note(
    pitch: str = "C4",
    duration: object = 1,
    *,
    voice: object = 1,
    staff: int | None = None,
    before: str = "",
    ties: str = "",
    notations: str = "",
    after: str = "",
) -> str:
    """Return a note; `pitch` as `Bb3`, or empty for a rest; `ties` any of `stop start`."""
    if pitch:
        alter = {"#": 1, "b": -1}.get(pitch[1:2])
        altered = f"<alter>{alter}</alter>" if alter else ""
        body = f"<pitch><step>{pitch[0]}</step>{altered}<octave>{pitch[-1]}</octave></pitch>"
    else:
        body = "<rest/>"
    tie = "".join(f'<tie type="{kind}"/>' for kind in ties.split())
    tied = "".join(f'<tied type="{kind}"/>' for kind in ties.split()) + notations
    return (
        f"<note>{before}{body}<duration>{duration}</duration>{tie}<voice>{voice}</voice>"
        + (f"<staff>{staff}</staff>" if staff else "")
        + (f"<notations>{tied}</notations>" if tied else "")
        + f"{after}</note>"
    )


def backup(duration: object) -> str:
    return f"<backup><duration>{duration}</duration></backup>"


def attributes(
    divisions: int | None = 1, fifths: int = 0, time: tuple[int, int] | None = (4, 4), more: str = ""
) -> str:
    """Return an `attributes` element; `more` comes after the metre."""
    parts = f"<divisions>{divisions}</divisions>" if divisions else ""
    parts += f"<key><fifths>{fifths}</fifths><mode>major</mode></key>"
    parts += f"<time><beats>{time[0]}</beats><beat-type>{time[1]}</beat-type></time>" if time else ""
    return f"<attributes>{parts}{more}</attributes>"


def score_xml(*parts: list[str], names: tuple[str, ...] = (), header: str = "") -> bytes:
    """Return a whole file; each part is a list of its measures' contents."""
    names = names or tuple(f"Part {index + 1}" for index in range(len(parts)))
    declared = "".join(
        f'<score-part id="P{index + 1}"><part-name>{name}</part-name></score-part>'
        for index, name in enumerate(names)
    )
    bodies = "".join(
        f'\n  <part id="P{index + 1}">'
        + "".join(
            f'\n    <measure number="{number + 1}">{content}</measure>'
            for number, content in enumerate(part)
        )
        + "\n  </part>"
        for index, part in enumerate(parts)
    )
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{DOCTYPE}\n<score-partwise version="3.1">{header}'
        f"<part-list>{declared}</part-list>{bodies}\n</score-partwise>\n"
    )
    return text.encode()


def dice_notes(
    dice: random.Random, measures: tuple[Measure, ...], start: int, stop: int, voices: int = 1
) -> list[Note]:
    """Return legal notes for measures `start` to `stop` of one staff, binary and triplet mixed."""
    notes: list[Note] = []
    end = measures[stop - 1].end_quarter
    for voice in range(1, voices + 1):
        onset = measures[start].onset_quarter
        while onset < end:
            on_beat = (onset - measures[start].onset_quarter).denominator == 1
            if on_beat and end - onset >= 1 and dice.random() < 0.25:
                thirds = [onset + Fraction(k, 3) for k in range(3)]
                notes += [
                    Note(at, Fraction(1, 3), _pitch(dice), voice) for at in thirds if dice.random() < 0.8
                ]
                onset += 1
                continue
            lengths = [Fraction(quarters, 4) for quarters in (1, 2, 3, 4, 6, 8, 12)]
            duration = min(dice.choice(lengths), end - onset)
            if dice.random() < 0.8:
                low = _pitch(dice)
                notes.append(Note(onset, duration, low, voice))
                if dice.random() < 0.2:
                    notes.append(Note(onset, duration, low + dice.randint(3, 9), voice))
            onset += duration
    return notes


def _pitch(dice: random.Random) -> int:
    return dice.randint(48, 79)


def dice_score(dice: random.Random) -> bytes:
    """Return a score of one or two parts with pickups, metres, voices, tuplets, clefs, directions, …"""
    count = dice.randint(2, 5)
    pickup = dice.random() < 0.3
    metres: list[tuple[int, int]] = []
    for _ in range(count):
        change = not metres or dice.random() < 0.3
        metres.append(
            dice.choice([(4, 4), (3, 4), (2, 2), (6, 8), (5, 8), (7, 4)]) if change else metres[-1]
        )
    lengths = [Fraction(4 * beats, unit) for beats, unit in metres]
    if pickup:
        lengths[0] = Fraction(dice.choice([1, 2]))
    parts = [_dice_part(dice, metres, lengths, pickup) for _ in range(dice.randint(1, 2))]
    data = score_xml(*parts)
    return data.replace(b'number="1"', b'number="0" implicit="yes"') if pickup else data


def _dice_part(
    dice: random.Random, metres: list[tuple[int, int]], lengths: list[Fraction], pickup: bool
) -> list[str]:
    staves = dice.choice([1, 1, 2])
    divisions = dice.choice([2, 6, 8, 12, 480])
    measures = []
    for index, (metre, length) in enumerate(zip(metres, lengths, strict=True)):
        head = ""
        if index == 0 or metre != metres[index - 1]:
            more = f"<staves>{staves}</staves>" if index == 0 and staves > 1 else ""
            if index == 0:
                more += dice.choice(
                    [
                        "",
                        "<transpose><diatonic>-1</diatonic><chromatic>-2</chromatic></transpose>",
                        "<transpose><chromatic>-9</chromatic><octave-change>-1</octave-change></transpose>",
                    ]
                )
            head = attributes(divisions, dice.randint(-4, 4), metre, more)
        elif dice.random() < 0.3:
            divisions = dice.choice([2, 4, 6, 24])
            head = f"<attributes><divisions>{divisions}</divisions></attributes>"
        layers = []
        for staff in range(1, staves + 1):
            for voice in range(1, dice.choice([1, 1, 2]) + 1):
                number = 4 * (staff - 1) + voice
                layers.append(
                    _dice_voice(dice, length, divisions, number, staff if staves > 1 else None, staves)
                )
        tail = dice.choice(
            ["", "", '<barline location="right"><bar-style>light-light</bar-style></barline>']
        )
        measures.append(head + backup(length * divisions).join(layers) + tail)
    return measures


def _dice_voice(
    dice: random.Random, length: Fraction, divisions: int, voice: int, staff: int | None, staves: int
) -> str:
    left = int(length * divisions)
    steps = [step for step in {divisions // 2, divisions, 2 * divisions, divisions // 3, 1} if step]
    text = ""
    while left:
        duration = min(left, dice.choice(steps))
        if dice.random() < 0.3:
            text += _oddity(dice, staff, divisions)
        home = dice.randint(1, staves) if staff and dice.random() < 0.15 else staff
        pitch = dice.choice(["", "C4", "F#4", "Bb3", "E5"])
        if dice.random() < 0.1:
            grace = "<note><grace/><pitch><step>D</step><octave>5</octave></pitch>"
            text += f"{grace}<voice>{voice}</voice></note>"
        ties = dice.choice(["", "", "", "start", "stop", "stop start"]) if pitch else ""
        slurs = dice.choice(
            ["", "", "", '<slur type="start" number="1"/>', '<slur type="stop" number="1"/>']
        )
        text += note(pitch, duration, voice=voice, staff=home, ties=ties, notations=slurs if pitch else "")
        if pitch and dice.random() < 0.2:
            other = dice.randint(1, staves) if staff else None
            text += note("G4", duration, voice=voice, staff=other, before="<chord/>")
        left -= duration
    return text


def _oddity(dice: random.Random, staff: int | None, divisions: int) -> str:
    on_staff = f"<staff>{staff}</staff>" if staff else ""
    number = f' number="{staff}"' if staff else ""
    word = "<direction-type><words>dolce</words></direction-type>"
    return dice.choice(
        [
            f'<direction placement="below">{word}{on_staff}</direction>',
            f"<direction>{word}<offset>{divisions}</offset>{on_staff}</direction>",
            f"<attributes><clef{number}><sign>F</sign><line>4</line></clef></attributes>",
            "<attributes><key><fifths>2</fifths></key></attributes>",
            f"<harmony><root><root-step>C</root-step></root><kind>major</kind>{on_staff}</harmony>",
            "<figured-bass><figure><figure-number>6</figure-number></figure>"
            f"<duration>{divisions}</duration></figured-bass>",
            '<sound tempo="90"/>',
            "<!-- a remark -->",
            "<?program instruction?>",
            '<barline location="middle"><bar-style>dotted</bar-style></barline>',
            "<print/>",
        ]
    )
