from __future__ import annotations

import numpy as np
import pytest
from made_pieces import measures_of, random_piece

from jaxmodels.piece import Piece, canonical_notes
from jaxmodels.staff_facts import MAX_LAYERS, MAX_POLYPHONY, staff_facts


def facts_of(rows: list[tuple[int, int, int, int]], staves: int = 1) -> list[tuple[int, ...]]:
    """Return (lowest, highest, polyphony, layers) of each staff."""
    piece = Piece(canonical_notes(np.array(rows)), measures_of([(4, 4)] * 4), np.zeros(staves, np.int32))
    return [tuple(int(value) for value in column) for column in zip(*staff_facts(piece), strict=True)]


def test_a_narrow_range_is_widened_to_an_octave_on_both_sides() -> None:
    assert facts_of([(0, 0, 60, 24), (24, 0, 64, 24)])[0][:2] == (56, 68)
    assert facts_of([(0, 0, 2, 24)])[0][:2] == (0, 8)
    assert facts_of([(0, 0, 40, 24), (24, 0, 80, 24)])[0][:2] == (40, 80)


def test_a_chord_is_one_layer_and_a_held_note_another() -> None:
    chord = [(0, 0, pitch, 24) for pitch in (60, 64, 67)]
    assert facts_of(chord)[0][2:] == (3, 1)
    assert facts_of([*chord, (0, 0, 48, 96)])[0][2:] == (4, 2)


def test_a_note_that_ends_as_the_next_begins_does_not_sound_with_it() -> None:
    assert facts_of([(0, 0, 60, 24), (24, 0, 62, 24), (48, 0, 60, 24)])[0][2:] == (1, 1)


def test_limits() -> None:
    clusters = [(0, 0, 50 + pitch, 24) for pitch in range(12)]
    assert facts_of(clusters)[0][2] == MAX_POLYPHONY
    entries = [(6 * voice, 0, 60 + voice, 96) for voice in range(7)]
    assert facts_of(entries)[0][3] == MAX_LAYERS


def test_an_empty_staff_may_do_anything() -> None:
    assert facts_of([(0, 0, 60, 24)], staves=2)[1] == (0, 127, 1, 1)


@pytest.mark.parametrize("seed", range(6))
def test_facts_hold_at_every_tick(seed: int) -> None:
    piece = random_piece(seed, [(4, 4)] * 3, 2)
    facts = staff_facts(piece)
    for staff in range(2):
        notes = piece.notes[piece.notes[:, 1] == staff]
        at_once = [notes[(notes[:, 0] <= t) & (t < notes[:, 0] + notes[:, 3])] for t in range(288)]
        assert max(map(len, at_once)) == facts.polyphony[staff]
        chords = [len({(onset, length) for onset, _, _, length in now.tolist()}) for now in at_once]
        assert min(MAX_LAYERS, max(chords)) == facts.layers[staff]
        assert facts.lowest[staff] <= notes[:, 2].min() <= notes[:, 2].max() <= facts.highest[staff]
        assert facts.highest[staff] - facts.lowest[staff] >= 12
