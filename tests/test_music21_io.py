from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from bridge.errors import ReadError
from bridge.music21_io import musicxml_bytes, parse_abc_tune, read_with_music21, score_from_music21
from bridge.score import PERCUSSION, PITCHED, TABLATURE, Score

CORPUS = Path(pytest.importorskip("music21").__file__).parent / "corpus"

TUNE = """X:7
T:The Pickup Reel
M:3/4
L:1/8
Q:1/4=100
K:Em
EF|"Em"G2 {a}A2-A2|B4 (3efg|[EB]6|]
"""


def notes_of(score: Score, staff: int = 0) -> list[tuple[Fraction, Fraction, int]]:
    return [(note.onset_quarter, note.duration_quarter, note.pitch) for note in score.staves[staff].notes]


def test_importing_the_module_leaves_music21_alone() -> None:
    code = "import sys, bridge.music21_io; sys.exit('music21' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_tune_has_its_pickup_ties_tuplets_and_chords() -> None:
    score = parse_abc_tune(TUNE)
    assert score.title == "The Pickup Reel"
    half, third = Fraction(1, 2), Fraction(1, 3)
    assert notes_of(score) == [
        (Fraction(0), half, 64),
        (half, half, 66),
        (Fraction(1), Fraction(1), 67),
        (Fraction(2), Fraction(2), 69),  # tied, and the grace note before it left out
        (Fraction(4), Fraction(2), 71),
        (Fraction(6), third, 76),
        (Fraction(6) + third, third, 78),
        (Fraction(6) + 2 * third, third, 79),
        (Fraction(7), Fraction(3), 71),
        (Fraction(7), Fraction(3), 64),
    ]
    lengths = [measure.duration_quarter for measure in score.measures]
    assert lengths == [1, 3, 3, 3]
    first = score.measures[0]
    assert (first.beats, first.beat_type, first.fifths, first.mode) == (3, 4, 1, "minor")
    assert score.staves[0].notes[1].spelling == ("F", 1, 4)


def test_an_abc_file_with_several_tunes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tunes.abc"
    path.write_text(TUNE + "\n" + TUNE.replace("X:7", "X:8"), "utf-8")
    with pytest.raises(ReadError, match=r"tunes: holds 2 works, not one\. Save the work"):
        read_with_music21(path)
    with pytest.raises(ReadError, match=r"tunes\.abc: holds 2 works"):
        musicxml_bytes(path)


def test_what_is_no_score_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="no such file"):
        read_with_music21(tmp_path / "missing.krn")
    broken = tmp_path / "broken.musicxml"
    broken.write_text("<score-partwise><part>", "utf-8")
    with pytest.raises(
        ReadError, match=r"^broken\.musicxml: music21 can't read it \(.*\)\. Check"
    ) as caught:
        read_with_music21(broken)
    assert "\n" not in str(caught.value)


def test_a_chorale_keeps_parts_measures_and_key() -> None:
    score = read_with_music21(CORPUS / "bach" / "bwv66.6.mxl")
    assert [part.name for part in score.parts] == ["Soprano", "Alto", "Tenor", "Bass"]
    assert [len(staff.notes) for staff in score.staves] == [36, 42, 44, 41]
    assert score.title == "bwv66.6"
    assert [measure.number for measure in score.measures[:2]] == ["0", "1"]
    assert [measure.duration_quarter for measure in score.measures] == [1, *[4] * 8, 3]
    assert {(measure.fifths, measure.mode) for measure in score.measures} == {(3, "minor")}


def test_staves_of_one_instrument_are_one_part() -> None:
    score = read_with_music21(CORPUS / "schumann_robert" / "opus48no2.mxl")
    assert [len(part.staves) for part in score.parts] == [1, 2]
    assert [(staff.index, staff.part_index, staff.number) for staff in score.staves] == [
        (0, 0, 1),
        (1, 1, 1),
        (2, 1, 2),
    ]
    assert [staff.program for staff in score.staves] == [52, 0, 0]


def test_a_transposing_instrument_sounds() -> None:
    from music21 import instrument, key, note, stream

    part = stream.Part([instrument.Clarinet(), key.KeySignature(2), note.Note("D5", quarterLength=4)])
    part.makeMeasures(inPlace=True)
    score = stream.Score([part])
    score.atSoundingPitch = part.atSoundingPitch = False
    read = score_from_music21(score, title="one note")
    assert notes_of(read) == [(0, 4, 72)]
    assert read.measures[0].fifths == 0
    assert read.staves[0].program == 71
    assert read.title == "one note"


def test_kinds_of_staves() -> None:
    from music21 import clef, note, stream

    drums = stream.Part([clef.PercussionClef(), note.Unpitched("C4", quarterLength=4)])
    lute = stream.Part([clef.TabClef(), note.Note("C4", quarterLength=4)])
    flute = stream.Part([clef.TrebleClef(), note.Note("C4", quarterLength=4)])
    for part in (drums, lute, flute):
        part.makeMeasures(inPlace=True)
    read = score_from_music21(stream.Score([drums, lute, flute]))
    assert [staff.kind for staff in read.staves] == [PERCUSSION, TABLATURE, PITCHED]
    assert [len(staff.notes) for staff in read.staves] == [0, 0, 1]


def test_a_unison_of_two_voices_leaves_the_tie_of_one_alone() -> None:
    from music21 import note, stream, tie

    high, low = stream.Voice(), stream.Voice()
    long = note.Note("C4", quarterLength=4)
    long.tie = tie.Tie("start")
    high.append(long)
    low.append([note.Rest(quarterLength=2), note.Note("C4", quarterLength=2)])
    end = note.Note("C4", quarterLength=4)
    end.tie = tie.Tie("stop")
    first, second = stream.Measure([high, low], number=1), stream.Measure([end], number=2)
    part = stream.Part()
    part.append([first, second])
    read = score_from_music21(stream.Score([part]))
    assert notes_of(read) == [(0, 8, 60), (2, 2, 60)]
    assert [note.voice for note in read.staves[0].notes] == [1, 2]


def test_a_measure_that_holds_too_little_is_as_long_as_what_it_holds() -> None:
    from music21 import meter, note, stream

    measures = [stream.Measure(number=number) for number in (1, 2, 3)]
    measures[0].append([meter.TimeSignature("4/4"), note.Note("C4", quarterLength=4)])
    measures[1].append(note.Note("D4", quarterLength=3))
    measures[2].append(note.Note("E4", quarterLength=4))
    part = stream.Part()
    for onset, measure in zip((0, 4, 8), measures, strict=True):
        part.insert(onset, measure)
    read = score_from_music21(stream.Score([part]))
    assert [measure.onset_quarter for measure in read.measures] == [0, 4, 7]
    assert [note.onset_quarter for note in read.staves[0].notes] == [0, 4, 7]


def test_parts_that_are_barred_differently_keep_their_times() -> None:
    from music21 import meter, note, stream

    parts = []
    for metre, count in (("4/4", 3), ("3/4", 4)):
        part = stream.Part([meter.TimeSignature(metre), *(note.Note("C4") for _ in range(12))])
        part.makeMeasures(inPlace=True)
        assert len(part.getElementsByClass(stream.Measure)) == count
        parts.append(part)
    read = score_from_music21(stream.Score(parts))
    assert [measure.duration_quarter for measure in read.measures] == [3, 3, 3, 3]
    for staff in read.staves:
        assert [note.onset_quarter for note in staff.notes] == list(range(12))


def test_a_measure_that_a_repeat_divides_stays_divided(tmp_path: Path) -> None:
    path = tmp_path / "tune.abc"
    path.write_text("X:1\nM:2/4\nL:1/8\nK:C\nG|cdec|dBG:|\nB|cdec|BGc|]\n", "utf-8")
    converted = tmp_path / "tune.musicxml"
    converted.write_bytes(musicxml_bytes(path))
    text = converted.read_text("utf-8")
    assert text.count('implicit="yes"') == 2
    assert "<rest" not in text
    half = Fraction(1, 2)
    for file in (path, converted):
        lengths = [measure.duration_quarter for measure in read_with_music21(file).measures]
        assert lengths == [half, 2, 3 * half, half, 2, 3 * half]


def test_conversion_to_musicxml_keeps_the_notes(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "tune.abc"
    path.write_text(TUNE, "utf-8")
    converted = tmp_path / "tune.musicxml"
    converted.write_bytes(musicxml_bytes(path))
    assert b"<score-partwise" in converted.read_bytes()
    assert notes_of(read_with_music21(converted)) == notes_of(read_with_music21(path))
    printed = capfd.readouterr()
    assert (printed.out, printed.err) == ("", "")
