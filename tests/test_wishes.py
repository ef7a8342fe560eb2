"""What a fill can be asked for beyond the model: the rhythm kept, a range, what a host can write."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from bridge.errors import RegionError
from bridge.fill import FillOptions, Model, fill_document
from bridge.musicxml import MusicXmlDocument
from bridge.musicxml.check import check_full, check_untouched
from bridge.score import Note, Region
from jaxmodels.note_values import BINARY_VALUES

SOME = Region(4, 8, (0, 1, 2, 3))
SEEDS = range(4)


@pytest.fixture(scope="module")
def scores(examples: Path) -> dict[str, MusicXmlDocument]:
    names = ("chorale.mxl", "tune.musicxml", "piano.mxl")
    return {name: MusicXmlDocument.open(examples / name) for name in names}


def drawn(document: MusicXmlDocument, region: Region, model: Model, options: FillOptions) -> list[Note]:
    filled = fill_document(document, region, model, options)
    after = filled.apply().to_bytes(".musicxml")
    assert check_full(after, region) == []
    assert check_untouched(document.to_bytes(".musicxml"), after, region) == []
    return [note for notes in filled.alternatives[0].notes.values() for note in notes]


def without_pitch(notes: list[Note]) -> list[tuple]:
    return sorted((note.onset_quarter, note.duration_quarter, note.voice) for note in notes)


@pytest.mark.parametrize(("name", "staves"), [("chorale.mxl", 4), ("tune.musicxml", 1), ("piano.mxl", 2)])
def test_the_rhythm_is_kept_and_the_pitches_change(
    scores: dict[str, MusicXmlDocument], model: Model, name: str, staves: int
) -> None:
    region = Region(2, 6, tuple(range(staves)))
    there = [
        note
        for staff in scores[name].score(2, 6).staves
        for note in staff.notes  # none of them is tied over the region's ends
    ]
    end = scores[name].score(0, 0).measures[5].end_quarter
    there = [
        replace(note, duration_quarter=min(note.duration_quarter, end - note.onset_quarter))
        for note in there
    ]
    new = drawn(scores[name], region, model, FillOptions(seed=1, keep_rhythm=True))
    assert without_pitch(new) == without_pitch(there)
    assert sorted(note.pitch for note in new) != sorted(note.pitch for note in there)


def test_chords_of_a_kept_rhythm_stay_chords(scores: dict[str, MusicXmlDocument], model: Model) -> None:
    region = Region(0, 8, (0, 1))
    for seed in SEEDS:
        filled = fill_document(scores["piano.mxl"], region, model, FillOptions(seed=seed, keep_rhythm=True))
        for notes in filled.alternatives[0].notes.values():
            heads = {(note.onset_quarter, note.pitch) for note in notes}
            assert len(heads) == len(notes)


def test_there_is_no_rhythm_to_keep_in_empty_measures(
    scores: dict[str, MusicXmlDocument], model: Model
) -> None:
    document = scores["tune.musicxml"].copy()
    document.append_measures(2)
    count = len(document.score(0, 0).measures)
    region = Region(count - 2, count, (0,))
    with pytest.raises(RegionError, match="no notes whose rhythm could be kept"):
        fill_document(document, region, model, FillOptions(seed=1, keep_rhythm=True))


def test_rests_of_a_kept_rhythm_stay_rests(examples: Path, model: Model) -> None:
    document = MusicXmlDocument.open(examples / "tune.musicxml")
    document.write(Region(0, 12, (0,)), {0: ()})  # more measures than the model takes at a time
    region = Region(0, 14, (0,))
    there = [note for note in document.score(0, 14).staves[0].notes]
    new = drawn(document, region, model, FillOptions(seed=1, keep_rhythm=True))
    assert without_pitch(new) == without_pitch(there)


def test_a_rhythm_of_more_notes_than_fit_is_refused(
    scores: dict[str, MusicXmlDocument], model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.filling_task.MOST_EVENTS", 10)
    with pytest.raises(RegionError, match=r"measure 5: its rhythm has \d+ notes.*Fill fewer staves"):
        fill_document(scores["chorale.mxl"], SOME, model, FillOptions(seed=1, keep_rhythm=True))


def test_a_wide_range_is_wider(scores: dict[str, MusicXmlDocument], model: Model) -> None:
    def spread(own_range: bool) -> int:
        pitches = [
            note.pitch
            for seed in SEEDS
            for note in drawn(
                scores["tune.musicxml"], Region(4, 8, (0,)), model, FillOptions(seed, own_range=own_range)
            )
        ]
        return max(pitches) - min(pitches)

    assert spread(own_range=False) > spread(own_range=True)


def is_binary(time: Fraction) -> bool:
    return (time * 8).denominator == 1


def test_without_tuplets_all_notes_are_on_the_binary_grid(
    scores: dict[str, MusicXmlDocument], model: Model
) -> None:
    def off_grid(tuplets: bool) -> int:
        notes = [
            note
            for seed in SEEDS
            for note in drawn(scores["chorale.mxl"], SOME, model, FillOptions(seed=seed, tuplets=tuplets))
        ]
        return sum(not (is_binary(note.onset_quarter) and is_binary(note.end_quarter)) for note in notes)

    assert off_grid(tuplets=False) == 0
    assert off_grid(tuplets=True) > 0


def test_without_ties_lengths_are_single_values(scores: dict[str, MusicXmlDocument], model: Model) -> None:
    def odd(ties: bool) -> float:
        lengths = [
            note.duration_quarter * 24
            for seed in SEEDS
            for note in drawn(
                scores["chorale.mxl"], SOME, model, FillOptions(seed=seed, tuplets=False, ties=ties)
            )
        ]
        return sum(length not in BINARY_VALUES for length in lengths) / len(lengths)

    assert odd(ties=False) < 0.02 < odd(ties=True)


def test_what_progress_raises_stops_the_fill(scores: dict[str, MusicXmlDocument], model: Model) -> None:
    told: list[float] = []

    def stop(share: float) -> None:
        told.append(share)
        raise InterruptedError

    with pytest.raises(InterruptedError):
        fill_document(scores["chorale.mxl"], Region(0, 16, (0, 1, 2, 3)), model, FillOptions(seed=1), stop)
    assert len(told) == 1
    assert 0 < told[0] < 1


def test_watching_changes_no_note(scores: dict[str, MusicXmlDocument], model: Model) -> None:
    told: list[float] = []
    watched = fill_document(scores["chorale.mxl"], SOME, model, FillOptions(seed=1), told.append)
    alone = fill_document(scores["chorale.mxl"], SOME, model, FillOptions(seed=1))
    assert watched.alternatives == alone.alternatives
    assert len(told) > 2
    assert told == sorted(told)
