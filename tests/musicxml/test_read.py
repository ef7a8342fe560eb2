from __future__ import annotations

from fractions import Fraction

import pytest
from musicxml.xml_scores import attributes, backup, note, score_xml

from bridge.errors import ReadError
from bridge.musicxml import MusicXmlDocument
from bridge.score import Note, Score


def read(*parts: list[str], names: tuple[str, ...] = ()) -> Score:
    return MusicXmlDocument.from_bytes(score_xml(*parts, names=names), "piece.musicxml").score()


def rows(notes: tuple[Note, ...]) -> list[tuple[object, ...]]:
    return [(n.onset_quarter, n.duration_quarter, n.pitch) for n in notes]


def test_chords_backup_forward_and_voices() -> None:
    content = note("C4", 2) + note("E4", 2, before="<chord/>") + backup(2)
    content += "<forward><duration>1</duration></forward>" + note("G3", 3, voice=7)
    [staff] = read([attributes(2, 0, (2, 4)) + content]).staves
    assert rows(staff.notes) == [(0, 1, 64), (0, 1, 60), (Fraction(1, 2), Fraction(3, 2), 55)]
    assert [n.voice for n in staff.notes] == [1, 1, 2]


def test_ties_join_over_barlines_and_beyond_the_range() -> None:
    held = note(duration=4, ties="stop start")
    document = MusicXmlDocument.from_bytes(
        score_xml(
            [attributes() + note(duration=4, ties="start"), held, held, note(duration=4, ties="stop")]
        )
    )
    assert rows(document.score(0, 1).staves[0].notes) == [(0, 16, 60)]
    assert document.score(1, 4).staves[0].notes == ()


def test_a_tie_stop_without_start_is_a_note_of_its_own() -> None:
    [staff] = read([attributes() + note(duration=4), note(duration=4, ties="stop")]).staves
    assert rows(staff.notes) == [(0, 4, 60), (4, 4, 60)]


def test_grace_and_cue_notes_do_not_sound_and_cues_take_their_time() -> None:
    grace = "<note><grace/><pitch><step>D</step><octave>5</octave></pitch></note>"
    [staff] = read([attributes() + grace + note(duration=1, before="<cue/>") + note("E4", 3)]).staves
    assert rows(staff.notes) == [(1, 3, 64)]


def test_divisions_may_change_inside_a_measure() -> None:
    change = "<attributes><divisions>6</divisions></attributes>"
    score = read([attributes(1) + note(duration=2) + change + note(duration=4) * 3, note(duration=24)])
    onsets = [n.onset_quarter for n in score.staves[0].notes]
    assert onsets == [0, 2, Fraction(8, 3), Fraction(10, 3), 4]
    assert score.measures[1].duration_quarter == 4


@pytest.mark.parametrize(
    ("time", "metre"),
    [
        ("<beats>3+2</beats><beat-type>8</beat-type>", (5, 8)),
        ("<beats>2</beats><beat-type>4</beat-type><beats>3</beats><beat-type>8</beat-type>", (7, 8)),
        ("<senza-misura/>", (3, 2)),
    ],
)
def test_additive_and_free_metres(time: str, metre: tuple[int, int]) -> None:
    data = attributes(time=None, more=f"<time>{time}</time>") + note(duration=6)
    [measure] = read([data]).measures
    assert measure.duration_quarter == 6
    assert Fraction(*metre) in (Fraction(measure.beats, measure.beat_type), Fraction(5, 8), Fraction(7, 8))


WHOLE_REST = '<note><rest measure="yes"/><duration>4</duration></note>'


def test_measure_lengths() -> None:
    pickup, full = note(duration=1), note(duration=4)
    score = read(
        [attributes() + pickup, full, "", full], [attributes(), full, WHOLE_REST, note(duration=2)]
    )
    assert [m.duration_quarter for m in score.measures] == [1, 4, 4, 4]
    assert [m.onset_quarter for m in score.measures] == [0, 1, 5, 9]


def test_a_coarsely_rounded_measure_is_full() -> None:
    score = read([attributes(480) + note(duration=1919), note(duration=1921)])
    assert [m.duration_quarter for m in score.measures] == [4, 4]


def test_transposition_both_in_pitch_and_key() -> None:
    horn = "<transpose><diatonic>-4</diatonic><chromatic>-7</chromatic></transpose>"
    bass = "<transpose><chromatic>0</chromatic><octave-change>-1</octave-change></transpose>"
    score = read(
        [attributes(fifths=3, more=horn) + note("F#4", 4)],
        [attributes(fifths=2, more=bass) + note("C4", 4)],
    )
    assert [staff.notes[0].pitch for staff in score.staves] == [59, 48]
    assert score.staves[0].notes[0].spelling == ("B", 0, 3)
    assert (score.measures[0].fifths, score.measures[0].mode) == (2, "major")


def test_staves_of_a_part_and_notes_that_cross_over() -> None:
    piano = attributes(more="<staves>2</staves>")
    content = note("C5", 2, staff=1) + note("C3", 2, staff=2) + backup(4) + note("E3", 4, voice=5, staff=2)
    score = read([attributes() + note(duration=4)], [piano + content], names=("Flute", "Piano"))
    assert [(s.index, s.part_index, s.number) for s in score.staves] == [(0, 0, 1), (1, 1, 1), (2, 1, 2)]
    assert rows(score.staves[2].notes) == [(0, 4, 52), (2, 2, 48)]
    assert [staff.program for staff in score.staves] == [73, 0, 0]


def test_percussion_and_tablature_are_told() -> None:
    unpitched = "<note><unpitched/><duration>4</duration></note>"
    tab = "<clef><sign>TAB</sign></clef>"
    score = read(
        [attributes() + unpitched], [attributes(more=tab) + note(duration=4)], [attributes() + note()]
    )
    assert [staff.kind for staff in score.staves] == ["percussion", "tablature", "pitched"]


def test_parts_follow_the_part_list() -> None:
    data = score_xml([note("C4")], [note("D4")]).replace(b'<part id="P1"', b'<part id="X"')
    data = data.replace(b'<part id="P2"', b'<part id="P1"').replace(b'<part id="X"', b'<part id="P2"')
    score = MusicXmlDocument.from_bytes(data).score()
    assert [part.name for part in score.parts] == ["Part 1", "Part 2"]
    assert [staff.notes[0].pitch for staff in score.staves] == [62, 60]


def test_what_is_missing_has_its_usual_meaning() -> None:
    bare = "<note><pitch><step>A</step><octave>4</octave></pitch><duration>4</duration></note>"
    score = read([bare])
    assert rows(score.staves[0].notes) == [(0, 4, 69)]
    assert (score.measures[0].beats, score.measures[0].beat_type, score.measures[0].fifths) == (4, 4, 0)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (note(duration=-1), "a duration of -1"),
        (note(duration="one"), "'one' is no number"),
        (attributes(1).replace("s>1<", "s>0<") + note(), "divisions of 0"),
        (attributes(time=(4, 0)) + note(), "a metre of 4/0"),
        (note("H4"), "a note on step 'H'"),
        (note().replace("<octave>4", "<octave>"), "'' is no number"),
        (note().replace("<octave>4", "<octave>40"), "outside MIDI's range"),
    ],
)
def test_malformed_content_is_named_with_its_place(content: str, what: str) -> None:
    with pytest.raises(ReadError) as caught:
        read([note(), content], names=("Alto",))
    assert str(caught.value).startswith("piece.musicxml, part 'Alto', measure 2: ")
    assert what in str(caught.value)
    assert caught.value.fix


def test_absurd_staff_counts_are_refused() -> None:
    with pytest.raises(ReadError, match="5000 staves in one part"):
        read([attributes(more="<staves>5000</staves>")])
