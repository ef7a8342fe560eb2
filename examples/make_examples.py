"""Make the three example scores: `python examples/make_examples.py`. Equal runs give equal bytes.

The music was written for jaxmuse and is in the public domain (CC0): a chorale in G for four voices, a
jig in D for a fiddle, and a waltz in G minor for piano.
"""

from __future__ import annotations

from pathlib import Path

from writer import Instrument, Stave, Tune, musicxml, mxl

# One quarter each; "A/B" two eighths; "*" the dotted half at the end of a line (the last a whole note).
SOPRANO = """
D4 G4 F#4 G4 A4 B4 B4 A4 G4 C5 B4/A4 G4 A4 B4* D5 D5 C5 B4 A4 G4 A4 B4 G4/A4 B4 A4 D5 C#5 D5*
D5 E5 D5 C5 B4 A4 B4 C5 A4 G4 A4 G4 F#4 G4* B4 C5 B4 A4 G4 E5 D5 C5 B4/C5 D5 C5 B4 A4 G4*"""
ALTO = """
B3 D4 D4 D4 C4 D4 D#4 F#4 E4 G4 F#4 E4 F#4 G4* A4 G4 F#4 G4 F#4 G4 F#4 G4 E4 G4 F#4 G4 A4 A4*
G4 G4 G4 F#4 G4 F#4 G4 F#4 D4 D4/E4 F#4 E4 D#4 E4* E4 F#4 G4 D#4 E4 G4 G4 F#4 G4 A4 A4 G4 F#4 D4*"""
TENOR = """
G3 G3 A3 G3 F#3 G3 A3 B3 B3/A3 G3/A3 B3 B3 D4 D4* D4/C4 B3/C4 D4 D4 C4 D4 C4 D4 C4 D4 D4 D4 E4 F#4*
D4 C4 D4 D4 D4 C4 D4 D4 C4 B3 B3 B3 B3 B3* B3 D4 D4 B3 B3 C4 D4 D4 D4 D4 D4 D4 D4/C4 B3*"""
BASS = """
G2/A2 B2 D3/C3 B2 A2 G2/A2 B2 D#3 E3 E3 D#3 E3 D3 G3* F#3 G3 D3 G2 A2 B2 A2 G2 C3 G2 D3/C3 B2 A2 D3*
B2 C3 B2/C3 D3 G3 A3 G3 D3/E3 F#3 G3 D#3 E3 B2 E3* G3 D3 G2/A2 B2 E3/D3 C3 B2/C3 D3 G3 F#3 F#3 G3 D3 G3*"""


def chorale_measures(line: str) -> list[str]:
    """Return a line of the chorale as a pickup and sixteen measures."""
    beats = line.split()
    measures = [_chorale_beat(beats[0])]
    measure: list[str] = []
    length = 0
    for index, beat in enumerate(beats[1:], 1):
        last = index == len(beats) - 1
        measure.append(_chorale_beat(beat, last))
        length += 4 if last else 3 if beat.endswith("*") else 1
        if length == 4:
            measures.append(" ".join(measure))
            measure, length = [], 0
    assert not measure
    return measures


def _chorale_beat(beat: str, last: bool = False) -> str:
    if beat.endswith("*"):
        return f"{beat[:-1]}{'w' if last else 'h.'}!"
    first, slash, second = beat.partition("/")
    return f"{first}e {second}e" if slash else f"{first}q"


CHORALE = Tune(
    title="Chorale in G",
    fifths=1,
    mode="major",
    beats=4,
    beat_type=4,
    tempo=80,
    pickup=True,
    instruments=[
        Instrument("Soprano", 53, [Stave("treble", [chorale_measures(SOPRANO)])]),
        Instrument("Alto", 53, [Stave("treble", [chorale_measures(ALTO)])]),
        Instrument("Tenor", 53, [Stave("tenor", [chorale_measures(TENOR)])]),
        Instrument("Bass", 53, [Stave("bass", [chorale_measures(BASS)])]),
    ],
)

JIG = """
F#5q A5e F#5e E5e D5e | E5q C#5e A4q. | D5e C#5e B4e A4q F#4e | E5q D5e C#5q A4e
F#5q A5e F#5e E5e D5e | E5q C#5e A4q. | B4e C#5e D5e F#5e E5e C#5e | D5h.
A5q A5e B5e A5e G5e | F#5q D5e A4q D5e | G5q G5e A5e G5e F#5e | E5q. C#5q A4e
F#5q A5e F#5e E5e D5e | B4q D5e G5q. | F#5e G5e F#5e E5e D5e C#5e | D5h."""

TUNE = Tune(
    title="The Kitchen Window",
    fifths=2,
    mode="major",
    beats=6,
    beat_type=8,
    tempo=168,
    instruments=[Instrument("Fiddle", 41, [Stave("treble", [JIG.strip().replace("\n", "|").split("|")])])],
)

RIGHT = """
D5q. Eb5e D5q | C5q. D5e C5q | Bb4e C5e D5q G5q | G5q. F5e Eb5q
Eb5e D5e C5q Eb5q | D5e C5e Bb4q D5q | C#5q. D5e E5q | D5h rq
F5h. | Eb5h. | D5h F5q | G5h.
G5q. F5e Eb5q | D5q. C5e Bb4q | A4q C5e Bb4e A4q | G4h."""
RIGHT_BELOW = "||||||||Bb4q C5q D5q|A4q Bb4q C5q|Bb4h.|Bb4q C5q D5q||||"
LEFT = """
G2q D3+Bb3q D3+Bb3q | F#2q D3+A3q D3+A3q | G2q D3+Bb3q D3+Bb3q | Eb3q G3+Bb3q G3+Bb3q
C3q Eb3+G3q Eb3+G3q | Bb2q D3+G3q D3+G3q | A2q E3+G3q E3+G3q | D3q F#3+A3q rq
Bb2q F3+Bb3q F3+Bb3q | F2q Eb3+A3q Eb3+A3q | Bb2q F3+Bb3q F3+Bb3q | G2q D3+Bb3q D3+Bb3q
C4q Eb4+G4q Eb4+G4q | Bb3q D4+G4q D4+G4q | D3q F#3+C4q F#3+C4q | G2+D3+G3h."""

PIANO = Tune(
    title="Little Waltz",
    fifths=-2,
    mode="minor",
    beats=3,
    beat_type=4,
    tempo=132,
    instruments=[
        Instrument(
            "Piano",
            1,
            [
                Stave("treble", [RIGHT.strip().replace("\n", "|").split("|"), RIGHT_BELOW.split("|")]),
                Stave(
                    "bass",
                    [LEFT.strip().replace("\n", "|").split("|")],
                    clef_changes={12: "treble", 14: "bass"},
                ),
            ],
            dynamics={0: "p", 4: "mf", 8: "p", 12: "f", 14: "p"},
        )
    ],
)


def make_examples(folder: Path) -> None:
    """Write the three scores into `folder`."""
    (folder / "chorale.mxl").write_bytes(mxl(musicxml(CHORALE)))
    (folder / "tune.musicxml").write_bytes(musicxml(TUNE))
    (folder / "piano.mxl").write_bytes(mxl(musicxml(PIANO)))


if __name__ == "__main__":
    make_examples(Path(__file__).parent)
