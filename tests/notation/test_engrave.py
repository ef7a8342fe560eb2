"""What comes out of `engrave` sounds as what went in, and every measure is exactly full."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.errors import RegionError
from bridge.notation.engrave import engrave
from bridge.notation.written import Frame, WrittenEvent, WrittenMeasure
from bridge.score import Note

WHOLES = {"breve": 8, "whole": 4, "half": 2, "quarter": 1}
NATURALS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
METRES = [
    "4/4",
    "3/4",
    "2/4",
    "2/2",
    "3/2",
    "4/2",
    "3/8",
    "6/8",
    "9/8",
    "12/8",
    "6/4",
    "5/8",
    "7/8",
    "5/4",
    "8/8",
    "11/8",
    "1/4",
]


def nominal(event: WrittenEvent) -> Fraction:
    base = (
        Fraction(WHOLES.get(event.type) or Fraction(1, int(event.type.rstrip("nthrds")) // 4))
        if event.type != "eighth"
        else Fraction(1, 2)
    )
    length = base * (2 - Fraction(1, 2**event.dots))
    if event.tuplet:
        length = length * event.tuplet.normal / event.tuplet.actual
    return length


def check_full(measures: list[WrittenMeasure], frames: list[Frame]) -> None:
    assert len(measures) == len(frames)
    for measure, frame in zip(measures, frames, strict=True):
        assert [v.number for v in measure.voices] == sorted({v.number for v in measure.voices})
        assert measure.voices[0].number == 1
        for voice in measure.voices:
            now = Fraction(0)
            for event in voice.events:
                assert event.onset_quarter == now
                now += event.duration_quarter
                if event.whole_measure:
                    assert not event.pitches
                    assert event.duration_quarter == frame.duration_quarter
                else:
                    assert nominal(event) == event.duration_quarter
            assert now == frame.duration_quarter


def sounding(
    measures: list[WrittenMeasure], frames: list[Frame], chromatic: int = 0
) -> list[tuple[Fraction, Fraction, int]]:
    """Return the notes that the written measures sound, ties merged; asserts that ties are balanced."""
    found = []
    open_ties: dict[tuple[int, int], tuple[Fraction, Fraction]] = {}
    for measure, frame in zip(measures, frames, strict=True):
        for voice in measure.voices:
            for event in voice.events:
                onset = frame.onset_quarter + event.onset_quarter
                end = onset + event.duration_quarter
                for head in event.pitches:
                    pitch = 12 * (head.octave + 1) + NATURALS[head.step] + head.alter + chromatic
                    if head.tie_stop:
                        onset_of, tie_end = open_ties.pop((voice.number, pitch))
                        assert tie_end == onset
                    else:
                        onset_of = onset
                    if head.tie_start:
                        open_ties[voice.number, pitch] = (onset_of, end)
                    else:
                        found.append((onset_of, end - onset_of, pitch))
    assert not open_ties
    return sorted(found)


def check_marks(measures: list[WrittenMeasure]) -> None:
    """Tuplet brackets and beams are balanced, and each beam level has no more than the value's flags."""
    for measure in measures:
        for voice in measure.voices:
            inside = None
            levels: set[int] = set()
            for event in voice.events:
                tuplet = event.tuplet
                if tuplet:
                    ratio = (tuplet.actual, tuplet.normal, tuplet.type)
                    assert tuplet.start == (inside is None)
                    assert inside in (None, ratio)
                    inside = None if tuplet.stop else ratio
                else:
                    assert inside is None
                if event.beams:
                    flags = (
                        1
                        if event.type == "eighth"
                        else {"16th": 2, "32nd": 3, "64th": 4, "128th": 5, "256th": 6}[event.type]
                    )
                    assert len(event.beams) == flags
                    assert event.pitches
                for level, word in enumerate(event.beams):
                    if word == "begin":
                        assert level not in levels
                        levels.add(level)
                    elif word in ("continue", "end"):
                        assert level in levels
                        if word == "end":
                            levels.remove(level)
                    else:
                        assert word in ("forward hook", "backward hook")
                        assert level not in levels
                        assert level > 0
                if not event.beams:
                    assert not levels
            assert inside is None
            assert not levels


@st.composite
def frame_runs(draw: st.DrawFn) -> list[Frame]:
    frames = []
    now = Fraction(draw(st.integers(0, 8)))
    for index in range(draw(st.integers(1, 4))):
        beats, beat_type = map(int, draw(st.sampled_from(METRES)).split("/"))
        length = Fraction(4 * beats, beat_type)
        pickup = index == 0 and draw(st.booleans())
        if pickup:
            length = Fraction(draw(st.integers(1, int(length * 2))), 2)
        frames.append(
            Frame(
                now,
                length,
                beats,
                beat_type,
                draw(st.integers(-6, 6)),
                draw(st.sampled_from(["", "major", "minor"])),
                pickup,
            )
        )
        now += length
    return frames


@st.composite
def runs(draw: st.DrawFn, grid: int = 24, step: int = 1) -> tuple[list[Frame], list[Note]]:
    """Up to four lines on the grid, each free of overlaps, with hints or without."""
    frames = draw(frame_runs())
    first = frames[0].onset_quarter
    length = int(sum(frame.duration_quarter for frame in frames) * grid)
    hints = draw(st.booleans())
    notes: dict[tuple[Fraction, int], Note] = {}
    for line in range(draw(st.integers(0, 4))):
        low = 72 - 12 * line
        now = draw(st.integers(0, length - 1)) // step * step
        while now < length:
            lasting = min(
                draw(st.sampled_from([2, 3, 4, 6, 8, 9, 12, 16, 18, 24, 36, 48, 72, 96, 120])), length - now
            )
            lasting = max(step, lasting // step * step)
            if now + lasting > length:
                break
            for pitch in draw(st.sets(st.integers(low, low + 11), max_size=2)):
                onset = first + Fraction(now, grid)
                notes[onset, pitch] = Note(onset, Fraction(lasting, grid), pitch, line + 1 if hints else 1)
            now += lasting
    return frames, list(notes.values())


@given(runs())
@settings(deadline=None, max_examples=150)
def test_what_is_written_sounds_as_what_was_given(run: tuple[list[Frame], list[Note]]) -> None:
    frames, notes = run
    measures = engrave(notes, frames)
    check_full(measures, frames)
    check_marks(measures)
    assert sounding(measures, frames) == sorted(
        (n.onset_quarter, n.duration_quarter, n.pitch) for n in notes
    )


@given(runs(grid=16), st.integers(-9, 9), st.integers(-6, 6))
@settings(deadline=None, max_examples=60)
def test_transposing_instruments_sound_as_given(
    run: tuple[list[Frame], list[Note]], chromatic: int, diatonic: int
) -> None:
    frames, notes = run
    measures = engrave(notes, frames, chromatic, diatonic)
    check_full(measures, frames)
    written = sounding(measures, frames, chromatic)
    assert written == sorted((n.onset_quarter, n.duration_quarter, n.pitch) for n in notes)


@given(st.lists(st.fractions(Fraction(1, 13), 5, max_denominator=13), min_size=1, max_size=5))
@settings(deadline=None, max_examples=150)
def test_any_position_is_written_or_refused_with_a_reason(lengths: list[Fraction]) -> None:
    notes, now = [], Fraction(0)
    for index, length in enumerate(lengths):
        notes.append(Note(now, length, 60 + index))
        now += length
    frames = [Frame(Fraction(4 * m), Fraction(4), 4, 4, 0) for m in range(int(now) // 4 + 1)]
    try:
        measures = engrave(notes, frames)
    except RegionError as error:
        assert "rhythm at quarter" in str(error)  # noqa: PT017
        return
    check_full(measures, frames)
    check_marks(measures)
    assert sounding(measures, frames) == sorted(
        (n.onset_quarter, n.duration_quarter, n.pitch) for n in notes
    )


@pytest.mark.parametrize("actual", [3, 5, 6, 7, 9])
def test_equal_parts_of_a_beat_are_one_tuplet(actual: int) -> None:
    notes = [Note(Fraction(i, actual), Fraction(1, actual), 60) for i in range(actual)]
    (measure,) = engrave(notes, [Frame(Fraction(0), Fraction(4), 4, 4, 0)])
    tuplets = [event.tuplet for event in measure.voices[0].events[:actual]]
    assert all(t and t.actual == actual for t in tuplets)
    assert [bool(t and t.start) for t in tuplets].count(True) == 1


def test_five_lines_at_once_are_refused() -> None:
    notes = [Note(Fraction(0), Fraction(i + 1, 2), 60 + i) for i in range(5)]
    with pytest.raises(RegionError, match=r"5 independent lines sound at once.*room for 4"):
        engrave(notes, [Frame(Fraction(0), Fraction(4), 4, 4, 0)])


def test_a_note_outside_the_measures_is_refused() -> None:
    with pytest.raises(RegionError, match="outside the region"):
        engrave([Note(Fraction(3), Fraction(2), 60)], [Frame(Fraction(0), Fraction(4), 4, 4, 0)])


def test_odd_groups_never_make_a_tuplet_of_dotted_units() -> None:
    frame = Frame(Fraction(0), Fraction(5, 2), 11, 8, 0)
    notes = [Note(Fraction(i, 3), Fraction(1, 3), 60) for i in range(7)]
    try:
        (measure,) = engrave(notes, [frame])
    except RegionError as error:
        assert "no note value or tuplet" in error.what  # noqa: PT017
    else:
        check_full([measure], [frame])
        check_marks([measure])
