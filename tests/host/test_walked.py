"""A walk and the same music's MusicXML are one score."""

from __future__ import annotations

import json
import random
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from host.made_music import dice_music, musicxml_of, walk_of
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.errors import ReadError, RegionError, WriteError
from bridge.host.walked import WalkDocument
from bridge.musicxml import MusicXmlDocument
from bridge.protocol.walk import Walk
from bridge.score import Note, Region, Score


def walked(walk: dict[str, Any]) -> WalkDocument:
    return WalkDocument(Walk.model_validate_json(json.dumps(walk)))


def measures(*lengths: int, number: str = "") -> list[dict[str, Any]]:
    return [
        {"tick": sum(lengths[:index]), "ticks": ticks, "beats": 4, "beat_type": 4, "number": number}
        for index, ticks in enumerate(lengths)
    ]


def one_staff(*notes: list[int], lengths: tuple[int, ...] = (1920, 1920, 1920)) -> WalkDocument:
    return walked({"measures": measures(*lengths), "parts": [{"staves": [{"notes": list(notes)}]}]})


def sounding(score: Score) -> list[tuple[Fraction, Fraction, int]]:
    return [
        (note.onset_quarter, note.duration_quarter, note.pitch)
        for staff in score.staves
        for note in staff.notes
    ]


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_a_walk_and_musicxml_of_the_same_music_are_the_same_score(seed: int) -> None:
    music = dice_music(random.Random(seed))
    walk, xml = walked(walk_of(music)), MusicXmlDocument.from_bytes(musicxml_of(music))
    assert walk.score() == xml.score()


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_both_read_the_same_of_a_range_and_after_edits(seed: int) -> None:
    dice = random.Random(seed)
    music = dice_music(dice)
    walk, xml = walked(walk_of(music)), MusicXmlDocument.from_bytes(musicxml_of(music))
    start = dice.randrange(len(music.measures))
    stop = dice.randint(start + 1, len(music.measures))
    assert walk.score(start, stop) == xml.score(start, stop)
    staves = tuple(staff for staff in range(sum(music.parts)) if dice.random() < 0.7) or (0,)
    for document in (walk, xml):
        document.write(Region(start, stop, staves), {})
    assert sounding(walk.score()) == sounding(xml.score())


def test_tied_heads_are_one_note_over_any_number_of_barlines() -> None:
    document = one_staff([960, 960, 60, 1, 14, 0], [1920, 1920, 60, 1, 14, 1], [3840, 480, 60, 1, 14, 1])
    assert sounding(document.score()) == [(2, 7, 60)]
    assert sounding(document.score(0, 1)) == [(2, 7, 60)]
    assert sounding(document.score(1, 3)) == []


def test_emptying_cuts_what_reaches_in_and_leaves_the_tail_of_what_reaches_out() -> None:
    document = one_staff([960, 960, 60, 1, 14, 0], [1920, 1920, 60, 1, 14, 1], [3840, 480, 60, 1, 14, 1])
    copy = document.copy()
    copy.write(Region(1, 2, (0,)), {})
    assert sounding(copy.score()) == [(2, 2, 60), (8, 1, 60)]
    assert sounding(document.score()) == [(2, 7, 60)]


def test_new_notes_end_where_the_old_tail_is_struck_anew() -> None:
    document = one_staff([1920, 1920, 60, 1, 14, 0], [3840, 480, 60, 1, 14, 1])
    new = Note(Fraction(4), Fraction(4), 60, spelling=("B", 1, 3))
    document.write(Region(1, 2, (0,)), {0: [new]})
    assert document.score().staves[0].notes == (
        new,
        Note(Fraction(8), Fraction(1), 60, spelling=("C", 0, 4)),
    )


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_what_is_written_is_read_back(seed: int) -> None:
    music = dice_music(random.Random(seed))
    document = walked(walk_of(music))
    region = Region(0, len(music.measures), tuple(range(sum(music.parts))))
    before = document.score()
    document.write(region, {staff.index: staff.notes for staff in before.staves})
    assert document.score() == before


def test_sevenths_that_the_host_rounded_are_read_exactly() -> None:
    onsets = [round(480 * k / 7) for k in range(8)]
    heads = [[first, last - first, 60, 1, 14, 0] for first, last in pairwise(onsets)]
    notes = one_staff(*heads).score().staves[0].notes
    assert [note.onset_quarter for note in notes] == [Fraction(k, 7) for k in range(7)]
    assert {note.duration_quarter for note in notes} == {Fraction(1, 7)}


def test_appended_measures_carry_the_metre_and_the_next_numbers() -> None:
    document = one_staff(lengths=(480, 1920))
    document.append_measures(2)
    found = document.score().measures
    assert [measure.number for measure in found] == ["0", "1", "2", "3"]
    assert [measure.onset_quarter for measure in found] == [0, 1, 5, 9]
    assert found[3].duration_quarter == 4
    document.write(Region(2, 4, (0,)), {0: [Note(Fraction(8), Fraction(2), 64)]})
    assert sounding(document.score(2, 4)) == [(8, 2, 64)]


def test_a_spelling_that_contradicts_the_pitch_is_none() -> None:
    spellings = [
        note.spelling
        for note in one_staff([0, 480, 61, 1, 14, 0], [480, 480, 61, 1, 9, 0]).score().staves[0].notes
    ]
    assert spellings == [None, ("D", -1, 4)]


def test_gaps_between_measures_and_notes_outside_are_refused() -> None:
    broken = measures(1920, 1920)
    broken[1]["tick"] = 1900
    with pytest.raises(ReadError, match="measure 2 begins at tick 1900 instead of 1920"):
        walked({"measures": broken, "parts": [{"staves": [{}]}]})
    with pytest.raises(ReadError, match="a note lies outside the score's measures"):
        one_staff([5000, 1000, 60, 1, 14, 0])


def test_what_cannot_be_written_is_refused() -> None:
    document = walked(
        {"measures": measures(1920), "parts": [{"staves": [{"kind": "percussion"}, {"kind": "pitched"}]}]}
    )
    for region, notes in (
        (Region(0, 2, (1,)), {}),
        (Region(0, 1, (0,)), {}),
        (Region(0, 1, (2,)), {}),
        (Region(0, 1, (1,)), {1: [Note(Fraction(3), Fraction(2), 60)]}),
    ):
        with pytest.raises(RegionError):
            document.write(region, notes)
    with pytest.raises(RegionError):
        document.append_measures(0)
    with pytest.raises(WriteError):
        document.to_bytes()
