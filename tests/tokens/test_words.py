"""Words of notes and chords, there and back, as music21 writes them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.tokens.kept_instruments import kept_staves, programs_of
from bridge.tokens.reading import Spoken, tokens_of, words_of
from bridge.tokens.words import normal_order, pitches_of, word_of
from jaxmodels.piece import Piece

CLASSES = st.sets(st.integers(0, 11), min_size=1)


@given(st.integers(0, 127))
def test_a_note_comes_back_as_it_was(pitch: int) -> None:
    assert pitches_of(word_of([pitch])) == [pitch]


@given(CLASSES)
def test_a_chord_comes_back_as_its_pitch_classes(classes: set[int]) -> None:
    word = word_of([48 + each for each in classes] + [72 + min(classes)])
    assert {pitch % 12 for pitch in pitches_of(word)} == classes
    assert all(60 <= pitch < 72 for pitch in pitches_of(word))


@given(CLASSES, st.integers(0, 11))
def test_normal_order_moves_with_a_transposition_but_for_ties(classes: set[int], by: int) -> None:
    def width(order: list[int]) -> list[int]:
        return [(each - order[0]) % 12 for each in order]

    moved = {(each + by) % 12 for each in classes}
    assert width(normal_order(moved)) == width(normal_order(classes))


@settings(deadline=None)  # music21 is imported on the way
@given(st.sets(st.integers(0, 11), min_size=2))
def test_normal_order_is_music21_s(classes: set[int]) -> None:
    chord = pytest.importorskip("music21.chord")
    assert normal_order(classes) == chord.Chord(sorted(classes)).normalOrder


@pytest.mark.parametrize(
    ("pitches", "word"),
    [
        ([60], "C4"),
        ([58], "B-3"),
        ([66, 66], "F#4"),
        ([0], "C~1"),
        ([4], "E~1"),
        ([27], "E-1"),
        ([64, 67, 71], "4.7.11"),
        ([60, 72], "0"),
    ],
)
def test_words(pitches: list[int], word: str) -> None:
    assert word_of(pitches) == word


def test_what_begins_together_is_a_chord() -> None:
    notes = np.array([[0, 0, 64, 24], [0, 1, 48, 48], [24, 0, 65, 24], [48, 1, 50, 24]], np.int32)
    piece = Piece(notes, np.zeros((1, 6), np.int32), np.zeros(2, np.int32))
    assert words_of(piece, np.array([0, 1])) == ["0.4", "F4", "D3"]
    assert words_of(piece, np.array([1])) == ["C3", "D3"]
    assert words_of(piece, np.array([], np.int64)) == []


def test_rare_words_are_dropped_from_the_sequences() -> None:
    spoken = Spoken(["a", "b"], [["C4", "D4", "C4"], ["E4", "D4"]], np.array([0, 1]))
    vocabulary, tokens = tokens_of(spoken, 2)
    assert vocabulary == ("C4", "D4")
    assert [each.tolist() for each in tokens] == [[0, 1, 0], [1]]


def test_pianos_are_kept_and_midi_without_programs_is_one() -> None:
    programs = np.array([0, 5, 40, -1, -2])
    piano = programs_of("piano")
    assert kept_staves(programs, "mine/a.mxl", piano).tolist() == [0, 1]
    assert kept_staves(programs, "mine/a.mid", piano).tolist() == [0, 1, 3]
    assert kept_staves(programs, "mine/a.mxl", programs_of("violin")).tolist() == [2]
    assert kept_staves(programs, "mine/a.mxl", programs_of("all")).tolist() == [0, 1, 2, 3]
