"""The scores that the tests in MuseScore fill: small, and with what makes trouble."""

from __future__ import annotations

from musicxml.xml_scores import attributes, backup, note, score_xml

DIV = 12
TREBLE = "<clef><sign>G</sign><line>2</line></clef>"
BASS = "<clef><sign>F</sign><line>4</line></clef>"
B_FLAT = "<transpose><diatonic>-1</diatonic><chromatic>-2</chromatic></transpose>"
TRIPLET = (
    "<time-modification><actual-notes>3</actual-notes><normal-notes>2</normal-notes></time-modification>"
)
METRES = {0: (4, 4), 3: (3, 4), 6: (4, 4)}
"""By measure index."""
LENGTHS = (1, 4, 4, 3, 3, 3, 4, 4, 4)
"""In quarters: a pickup, then 4/4, 3/4 and 4/4 again."""


def quarters(pitches: str, voice: int = 1, staff: int | None = None) -> str:
    """Return quarter notes; `-` is a rest."""
    return "".join(
        note("" if pitch == "-" else pitch, DIV, voice=voice, staff=staff) for pitch in pitches.split()
    )


def triplet(pitches: str) -> str:
    """Return three eighths in the time of two."""
    kinds = ('<tuplet type="start"/>', "", '<tuplet type="stop"/>')
    return "".join(
        note(pitch, DIV // 3, notations=kind).replace(
            "</voice>", f"</voice><type>eighth</type>{TRIPLET}", 1
        )
        for pitch, kind in zip(pitches.split(), kinds, strict=True)
    )


def whole_note(pitch: str, voice: int, staff: int) -> str:
    """Return a whole note; without its type MuseScore takes it for a quarter."""
    return note(pitch, 4 * DIV, voice=voice, staff=staff).replace("</voice>", "</voice><type>whole</type>")


def whole_rest(length: int, voice: int = 1, staff: int | None = None) -> str:
    """Return a rest that fills a measure of so many quarters."""
    return note("", length * DIV, voice=voice, staff=staff).replace("<rest/>", '<rest measure="yes"/>')


def measures(contents: list[str], fifths: int, more: str) -> list[str]:
    """Put the attributes in front of each measure's notes."""
    found = []
    for index, content in enumerate(contents):
        if index == 0:
            content = attributes(DIV, fifths, METRES[0], more) + content
        elif index in METRES:
            beats, beat_type = METRES[index]
            time = f"<time><beats>{beats}</beats><beat-type>{beat_type}</beat-type></time>"
            content = f"<attributes>{time}</attributes>{content}"
        found.append(content)
    return found


def with_pickup(xml: bytes) -> str:
    """Mark each part's first measure as a pickup."""
    return xml.decode().replace('<measure number="1">', '<measure number="0" implicit="yes">')


def quartet() -> str:
    """Return a clarinet in B flat and strings: a pickup, triplets, 3/4 from index 3, empty from 4 to 7."""
    lines = [
        ("E5", "A5 G5 F#5 E5", "D5 E5 F#5 G5", "A5 G5 F#5", "E5 D5 E5 F#5"),
        ("F#4", "A4 B4 A4 G4", "F#4 G4 A4 B4", "A4 B4 A4", "G4 F#4 G4 A4"),
        ("D4", "F#4 G4 F#4 E4", "D4 E4 F#4 G4", "F#4 G4 F#4", "E4 D4 E4 F#4"),
        ("D3", "D3 G3 D3 A2", "B2 E3 D3 G2", "D3 G2 D3", "A2 D3 A2 D3"),
    ]
    parts = []
    for number, line in enumerate(lines):
        contents = [quarters(text) for text in line[:4]]
        if number in (0, 1):
            contents[1] = triplet("A5 B5 A5" if number == 0 else "A4 B4 A4") + quarters(
                "G5 F#5 E5" if number == 0 else "B4 A4 G4"
            )
        contents += [whole_rest(length) for length in LENGTHS[4:8]]
        contents.append(quarters(line[4]))
        more = (TREBLE + B_FLAT, TREBLE, "<clef><sign>C</sign><line>3</line></clef>", BASS)[number]
        parts.append(measures(contents, 4 if number == 0 else 2, more))
    return with_pickup(score_xml(*parts, names=("Clarinet in Bb", "Violin", "Viola", "Violoncello")))


def piano() -> str:
    """Return a piano, two voices in its upper staff, a pickup, a metre change; empty from index 4."""
    upper = ["G4", "C5 D5 E5 F5", "G5 F5 E5 D5", "C5 E5 G5"]
    lower = ["-", "C3 G3 E3 G3", "B2 G3 D3 G3", "C3 E3 G3"]
    contents = []
    for index, length in enumerate(LENGTHS):
        if index < len(upper):
            content = quarters(upper[index], 1, 1)
            if index in (1, 2):
                content += backup(length * DIV) + whole_note("E4", 2, 1)
            content += backup(length * DIV) + quarters(lower[index], 5, 2)
        else:
            content = whole_rest(length, 1, 1) + backup(length * DIV) + whole_rest(length, 5, 2)
        contents.append(content)
    clefs = TREBLE.replace("<clef>", '<clef number="1">') + BASS.replace("<clef>", '<clef number="2">')
    return with_pickup(score_xml(measures(contents, 0, f"<staves>2</staves>{clefs}"), names=("Piano",)))


def tune() -> str:
    """Return one staff of three full measures; where it ends, so does the score."""
    return score_xml(
        [
            attributes(DIV, 1, (4, 4), TREBLE) + quarters("G4 A4 B4 C5"),
            quarters("D5 C5 B4 A4"),
            quarters("G4 B4 D5 G5"),
        ],
        names=("Flute",),
    ).decode()


def choir() -> str:
    """Return soprano, alto, tenor and bass: the tenor sings, the others are silent."""
    silent = [whole_rest(4) for _ in range(4)]
    sung = [quarters(text) for text in ("C4 D4 E4 F4", "G4 F4 E4 D4", "C4 E4 G4 E4", "D4 B3 C4 -")]
    parts = []
    for number, clef in enumerate((TREBLE, TREBLE, BASS, BASS)):
        contents = sung if number == 2 else silent
        parts.append([attributes(DIV, 0, (4, 4), clef) + contents[0], *contents[1:]])
    return score_xml(*parts, names=("Soprano", "Alto", "Tenor", "Bass")).decode()


def marked() -> str:
    """Return two staves of five full measures, with marks of every kind, some across measures."""
    first = []
    for index in range(5):
        slur = "start" if index in (0, 2) else "stop" if index in (1, 4) else ""
        content = (
            f"<harmony><root><root-step>{'CDEFG'[index]}</root-step></root><kind>minor</kind></harmony>"
        )
        content += direction(f"<dynamics><{('p', 'f', 'mf', 'pp', 'ff')[index]}/></dynamics>")
        content += direction("<words>dolce</words>") if index == 1 else ""
        content += direction('<wedge type="crescendo"/>') if index == 2 else ""
        content += direction("<rehearsal>A</rehearsal>") if index == 2 else ""
        content += quarters("G4 A4")
        content += direction("<words>at the third beat</words>") if index == 2 else ""
        content += quarters("B4")
        content += direction('<wedge type="stop"/>') if index == 2 else ""
        content += note("C5", DIV, notations=f'<slur type="{slur}"/>' if slur else "")
        first.append(content)
    second = [quarters("C3 D3 E3 F3") for _ in range(5)]
    second[2] = f"<attributes><key><fifths>2</fifths></key></attributes>{second[2]}"
    first[2] = f"<attributes><key><fifths>2</fifths></key></attributes>{first[2]}"
    second[3] = f"<attributes>{TREBLE}</attributes>{second[3]}"
    first[0] = attributes(DIV, 0, (4, 4), TREBLE) + first[0]
    second[0] = attributes(DIV, 0, (4, 4), BASS) + second[0]
    return score_xml(first, second, names=("Flute", "Cello")).decode()


def direction(kind: str) -> str:
    """Return a mark of a staff."""
    return f'<direction placement="below"><direction-type>{kind}</direction-type></direction>'


def band() -> str:
    """Return a flute, drums and a bass, four silent measures after two with notes."""
    drum = "<note><unpitched><display-step>C</display-step><display-octave>5</display-octave></unpitched>"
    drum += f'<duration>{DIV}</duration><instrument id="P2-I1"/><voice>1</voice><type>quarter</type></note>'
    parts = [
        [quarters("G4 A4 B4 C5")] * 2 + [whole_rest(4)] * 4,
        [drum * 4] * 6,
        [quarters("C3 D3 E3 F3")] * 2 + [whole_rest(4)] * 4,
    ]
    clefs = (TREBLE, "<clef><sign>percussion</sign></clef>", BASS)
    started = [
        [attributes(DIV, 0, (4, 4), clef) + part[0], *part[1:]]
        for clef, part in zip(clefs, parts, strict=True)
    ]
    text = score_xml(*started, names=("Flute", "Drumset", "Bass")).decode()
    drums = (
        '<part-name>Drumset</part-name><score-instrument id="P2-I1">'
        "<instrument-name>Acoustic Snare</instrument-name></score-instrument>"
        '<midi-instrument id="P2-I1"><midi-channel>10</midi-channel><midi-program>1</midi-program>'
        "<midi-unpitched>39</midi-unpitched></midi-instrument>"
    )
    return text.replace("<part-name>Drumset</part-name>", drums)


def inner_triplets() -> str:
    """Return two voices with triplets in both, three measures."""
    second = "".join(triplet(pitches) for pitches in ("C4 D4 E4", "F4 E4 D4", "C4 E4 C4", "G3 A3 B3"))
    bar = triplet("C5 D5 E5") + triplet("F5 E5 D5") + quarters("E5 D5")
    bar += backup(4 * DIV) + second.replace("<voice>1<", "<voice>2<")
    return score_xml([attributes(DIV, 0, (4, 4), TREBLE) + bar, bar, bar], names=("Oboe",)).decode()
