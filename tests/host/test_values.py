"""Notes as note values: exactly full, and the same notes."""

from __future__ import annotations

from fractions import Fraction

from host.host_reading import as_sounding, check_voices, crosses, notes_in, played, sounding
from host.made_music import dice_region
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.host.binary import binary_notes
from bridge.host.engraved import engrave_concert
from bridge.host.values import Values, host_values
from bridge.protocol.reply import HostChord, HostTuplet
from bridge.score import Measure, Note, Region


def values(notes: list[Note], measures: list[Measure], ties: bool = True, tuplets: bool = True) -> Values:
    written = engrave_concert(notes, measures, Region(0, len(measures), (0,)))
    return host_values(0, written, measures, ties, tuplets)


def bars(*lengths: int, beats: int = 4, beat_type: int = 4) -> list[Measure]:
    return [
        Measure(index, str(index + 1), Fraction(sum(lengths[:index])), Fraction(length), beats, beat_type)
        for index, length in enumerate(lengths)
    ]


def shown(found: Values, voice: int = 1) -> list[str]:
    """Return a voice's items as text: `60:1/4~` a tied note, `r:1/2` a rest, `3/2[…]` a tuplet."""

    def chord(each: HostChord) -> str:
        name = "+".join(str(pitch.pitch) for pitch in each.pitches) or ("R" if each.measure else "r")
        tie = "~" if any(pitch.tie for pitch in each.pitches) else ""
        return f"{name}:{Fraction(*each.value)}{tie}"

    return [
        f"{item.actual}/{item.normal}[{' '.join(map(chord, item.chords))}]"
        if isinstance(item, HostTuplet)
        else chord(item)
        for each in found.voices
        if each.voice == voice
        for item in each.items
    ]


def note(onset: str, duration: str, pitch: int = 60, voice: int = 1) -> Note:
    return Note(Fraction(onset), Fraction(duration), pitch, voice)


@settings(max_examples=120, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_with_ties_the_values_are_the_notes_and_fill_every_measure(seed: int) -> None:
    score, region = dice_region(seed)
    inside = score.measures[region.start : region.stop]
    found = []
    for staff, notes in notes_in(score, region).items():
        written = engrave_concert(notes, score.measures, region)
        made = host_values(staff, written, inside)
        assert made.shortened == 0
        assert sounding(made.voices, staff) == as_sounding(notes, inside[0].onset_quarter)
        found += made.voices
    check_voices(found, inside, region.staves)
    assert not crosses(found, inside)


@settings(max_examples=120, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_without_ties_there_are_none_and_notes_only_end_earlier(seed: int) -> None:
    score, region = dice_region(seed)
    inside = score.measures[region.start : region.stop]
    found = []
    for staff, notes in notes_in(score, region).items():
        written = engrave_concert(notes, score.measures, region)
        made = host_values(staff, written, inside, ties=False)
        assert not any(
            pitch.tie for voice in made.voices for each in played(voice) for pitch in each.chord.pitches
        )
        wanted = as_sounding(notes, inside[0].onset_quarter)
        got = sounding(made.voices, staff)
        assert sorted((onset, pitch) for onset, _, pitch in got) == sorted(
            (onset, pitch) for onset, _, pitch in wanted
        )
        lengths = {(onset, pitch): length for onset, length, pitch in got}
        assert all(lengths[onset, pitch] <= length for onset, length, pitch in wanted)
        assert made.shortened == sum(lengths[onset, pitch] < length for onset, length, pitch in wanted)
        found += made.voices
    check_voices(found, inside, region.staves)


@settings(max_examples=80, deadline=None)
@given(seed=st.integers(0, 10**6), ties=st.booleans())
def test_without_tuplets_every_value_is_plain(seed: int, ties: bool) -> None:
    score, region = dice_region(seed)
    inside = score.measures[region.start : region.stop]
    found = []
    for staff, notes in notes_in(score, region).items():
        moved, count = binary_notes(notes, inside)
        written = engrave_concert(moved, score.measures, region)
        made = host_values(staff, written, inside, ties, tuplets=False)
        assert all(isinstance(item, HostChord) for voice in made.voices for item in voice.items)
        if count == 0 and ties:
            assert sounding(made.voices, staff) == as_sounding(notes, inside[0].onset_quarter)
        found += made.voices
    check_voices(found, inside, region.staves)


def test_a_note_over_the_barline_is_one_value_where_there_is_one() -> None:
    notes = [note("3", "2"), note("5", "3/2", 62)]
    assert shown(values(notes, bars(4, 4), ties=False)) == [
        "r:1/2",
        "r:1/4",
        "60:1/2",
        "62:3/8",
        "r:1/8",
        "r:1/4",
    ]
    assert shown(values(notes, bars(4, 4)))[2:4] == ["60:1/4~", "60:1/4"]


def test_what_no_value_lasts_keeps_its_longest_beginning() -> None:
    found = values([note("0", "5/2")], bars(4), ties=False)
    assert shown(found) == ["60:1/2", "r:1/8", "r:1/8", "r:1/4"]
    assert found.shortened == 1
    chord = values([note("1", "5"), note("1", "5", 64)], bars(4, 4), ties=False)
    assert shown(chord) == ["r:1/4", "64+60:3/4", "r:1/2", "r:1/2"]
    assert chord.shortened == 2


def test_a_syncopation_is_one_value_however_an_engraver_ties_it() -> None:
    notes = [note("1/2", "2")]
    assert shown(values(notes, bars(4)))[1:3] == ["60:3/8~", "60:1/8"]
    assert shown(values(notes, bars(4), ties=False))[1] == "60:1/2"


def test_a_note_that_leaves_its_triplet_ends_with_it() -> None:
    notes = [note("0", "2/3"), note("2/3", "7/3", 62), note("3", "1", 64)]
    found = values(notes, bars(4), ties=False)
    assert shown(found) == ["3/2[60:1/4 62:1/8]", "r:1/2", "64:1/4"]
    assert found.shortened == 1
    assert shown(values(notes, bars(4)))[:2] == ["3/2[60:1/4 62:1/8~]", "62:1/2"]


def test_tuplets_of_any_ratio_carry_their_unit_and_value() -> None:
    for parts, normal in ((3, 2), (5, 4), (7, 4), (11, 8)):
        found = values([note(f"{k}/{parts}", f"1/{parts}", 60 + k) for k in range(parts)], bars(4))
        tuplet = found.voices[0].items[0]
        assert isinstance(tuplet, HostTuplet)
        assert (tuplet.actual, tuplet.normal, tuplet.value) == (parts, normal, (1, 4))
        assert len(tuplet.chords) == parts


def test_duplets_are_dotted_where_tuplets_cannot_be_written() -> None:
    compound = bars(3, beats=6, beat_type=8)
    notes = [note("0", "3/4"), note("3/4", "3/4", 62), note("3/2", "3/2", 64)]
    assert shown(values(notes, compound)) == ["2/3[60:1/8 62:1/8]", "64:3/8"]
    assert shown(values(notes, compound, tuplets=False)) == ["60:3/16", "62:3/16", "64:3/8"]


def test_a_second_voice_is_there_only_where_it_plays() -> None:
    upper = [note(str(4 * bar), "4", 72) for bar in range(4)]
    lower = [note("5", "1", 60, 2), note("13", "2", 60, 2)]
    found = values(upper + lower, bars(4, 4, 4, 4))
    second = [voice for voice in found.voices if voice.voice == 2]
    assert [voice.onset for voice in second] == [(1, 1), (3, 1)]
    assert shown(found, 2) == ["r:1/4", "60:1/4", "r:1/2", "r:1/4", "60:1/2", "r:1/4"]


def test_a_staff_without_notes_rests_measure_by_measure() -> None:
    assert shown(values([], bars(3, 4, 5), ties=False)) == ["R:3/4", "R:1", "R:5/4"]


def test_pickups_and_split_measures_count_from_their_end() -> None:
    split = [
        Measure(0, "0", Fraction(0), Fraction(1), 4, 4),
        Measure(1, "1", Fraction(1), Fraction(5, 2), 4, 4),
        Measure(2, "1", Fraction(7, 2), Fraction(3, 2), 4, 4),
    ]
    notes = [note("0", "1"), note("1", "5/2", 62), note("7/2", "3/2", 64)]
    assert shown(values(notes, split)) == ["60:1/4", "62:1/2~", "62:1/8", "64:3/8"]
    assert shown(values(notes, split, ties=False)) == ["60:1/4", "62:1/2", "r:1/8", "64:3/8"]


def test_of_two_split_measures_each_begins_anew() -> None:
    lengths = (4, 3, 1, 3, 1)
    split = [
        Measure(index, "", Fraction(sum(lengths[:index])), Fraction(length), 4, 4)
        for index, length in enumerate(lengths)
    ]
    over_the_third_beat = [note("11/2", "1"), note("19/2", "1")]
    assert shown(values(over_the_third_beat, split)).count("60:1/8~") == 2
    over_the_second_beat = [note("9/2", "1"), note("17/2", "1")]
    assert shown(values(over_the_second_beat, split)).count("60:1/4") == 2


def test_notes_without_a_spelling_are_spelled_in_the_concert_key() -> None:
    flat = [Measure(0, "1", Fraction(0), Fraction(2), 2, 4, fifths=-5)]
    sharp = [Measure(0, "1", Fraction(0), Fraction(2), 2, 4, fifths=5)]
    notes = [note("0", "1", 61), note("1", "1", 66)]
    tpcs = [
        [pitch.tpc for each in played(values(notes, key).voices[0]) for pitch in each.chord.pitches]
        for key in (flat, sharp)
    ]
    assert tpcs == [[9, 8], [21, 20]]
