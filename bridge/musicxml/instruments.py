"""General MIDI programs guessed from what a part is called, where the file names none."""

from __future__ import annotations

import re

# (pattern in the lower-case name or instrument-sound, General MIDI program from 0); first match wins.
_PROGRAMS: tuple[tuple[str, int], ...] = (
    (r"harpsichord|cembalo|clavecin|clavicembalo", 6),
    (r"celesta", 8),
    (r"glockenspiel", 9),
    (r"vibra", 11),
    (r"marimba", 12),
    (r"xylo", 13),
    (r"church organ|pipe.organ|\borgan|\borgel|\borgue", 19),
    (r"accordion|akkordeon|accord[eé]on", 21),
    (r"harmonica", 22),
    (r"piano|klavier|pianoforte|keyboard", 0),
    (r"bass guitar|electric bass|e-bass", 33),
    (r"electric guitar|e-gitarre", 27),
    (r"guitar|gitarre|guitare|\blute|\blaute", 24),
    (r"banjo", 105),
    (r"contrabassoon|kontrafagott|controfagotto", 70),
    (r"bassoon|fagott|basson", 70),
    (r"english horn|cor anglais|englischhorn|corno inglese", 69),
    (r"bass clarinet|bassklarinette", 71),
    (r"clarinet|klarinette|clarinette", 71),
    (r"soprano.?sax", 64),
    (r"tenor.?sax", 66),
    (r"bar[iy]ton.?.?sax", 67),
    (r"sax", 65),
    (r"oboe|hautbois", 68),
    (r"piccolo|ottavino", 72),
    (r"recorder|blockfl|flauto dolce", 74),
    (r"flute|flöte|flauto|fl[uû]te", 73),
    (r"contrabass|double.?bass|kontrabass|contrabbasso|string.?bass", 43),
    (r"violoncell|\bcello", 42),
    (r"\bviola|bratsche|\balto \(viola\)", 41),
    (r"violin|violino|\bgeige|violon|fiddle", 40),
    (r"harp|harfe|arpa", 46),
    (r"timpani|pauken|timbales", 47),
    (r"strings|streicher", 48),
    (r"trumpet|trompete|tromba|trompette|cornet", 56),
    (r"trombone|posaune", 57),
    (r"tuba", 58),
    (r"\bhorn|\bcorno|\bcor\b|waldhorn", 60),
    (
        r"soprano|sopran|\balto?\b|\btenor|baritone?\b|\bbasso?\b|mezzo|voice|voix|gesang|canto|singstimme|choir|chor\b|vocal",
        52,
    ),
)
_COMPILED = tuple((re.compile(pattern), program) for pattern, program in _PROGRAMS)


def guess_program(*names: str) -> int:
    """Return the General MIDI program from 0 that fits one of `names`, or −1."""
    for name in names:
        text = name.lower().replace(".", " ")
        for pattern, program in _COMPILED:
            if pattern.search(text):
                return program
    return -1
