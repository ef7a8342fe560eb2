from __future__ import annotations

import numpy as np
import pytest
from made_pieces import hand_made_pieces, melody

from jaxmodels.controls import CLOSENESS, CONTROLS, DENSITY, POLYPHONY, REGISTER, measure_controls
from jaxmodels.piece import canonical_notes
from jaxmodels.window import hole_controls
from jaxmodels.window_layout import Hole

NOTHING = np.zeros((0, 4), np.int32)


def measured(rows: list[tuple[int, int, int, int]], ticks: int = 96, context: np.ndarray = NOTHING):
    return measure_controls(canonical_notes(np.array(rows, np.int32)), context, 1, np.array([ticks]))[0]


def test_density_counts_onsets_not_notes() -> None:
    chords = [(tick, 0, pitch, 24) for tick in (0, 24, 48, 72) for pitch in (60, 64)]
    assert measured(chords)[DENSITY] == 0.0  # one onset a quarter
    assert measured(chords, ticks=192)[DENSITY] == -1.0


def test_polyphony_is_measured_while_something_sounds() -> None:
    assert measured([(0, 0, 60, 24), (48, 0, 60, 24)])[POLYPHONY] == 0.0
    assert measured([(0, 0, 60, 48), (0, 0, 64, 48)])[POLYPHONY] == 1.0
    held = [(0, 0, 60, 48), (0, 0, 72, 24), (24, 0, 74, 24), (72, 0, 74, 24)]
    assert measured(held)[POLYPHONY] == pytest.approx(np.log2(120 / 72))


def test_register_is_in_octaves_above_the_middle() -> None:
    assert measured([(0, 0, 76, 24), (24, 0, 64, 24)])[REGISTER] == 0.5


def test_closeness_is_the_share_of_known_patterns_in_any_key() -> None:
    scale = melody(4).notes
    again = [(tick, 0, pitch + 5, length) for tick, _, pitch, length in scale[:8].tolist()]
    assert measured(again, context=scale)[CLOSENESS] == 1.0
    other = [(24 * place, 0, 60 + 3 * place, 24) for place in range(8)]
    assert measured(other, context=scale)[CLOSENESS] == 0.0
    half = again[:5] + [(24 * place, 0, 50 + 3 * place, 24) for place in range(5, 8)]
    assert measured(half, context=scale)[CLOSENESS] == 0.5
    assert np.isnan(measured(again, context=scale[:6])[CLOSENESS])  # too little to tell


def test_a_silent_staff_says_nothing() -> None:
    told = measure_controls(np.array([[0, 1, 60, 24]], np.int32), NOTHING, 2, np.array([96, 96]))
    assert np.isnan(told[0]).all()
    assert not np.isnan(told[1, :CLOSENESS]).any()


@pytest.mark.parametrize("name", hand_made_pieces())
def test_a_hole_is_measured_by_its_own_notes_and_moves_with_them(name: str) -> None:
    piece = hand_made_pieces()[name]
    staves = tuple(range(len(piece.programs)))
    mask = np.zeros((5, len(staves)), bool)
    mask[2:4, 0] = True
    hole = Hole(0, 5, staves, mask)
    told, higher = hole_controls(piece, hole), hole_controls(piece, hole._replace(shift=3))
    assert told.shape == (len(staves), CONTROLS)
    assert np.isnan(told[1:]).all()
    assert higher[0, REGISTER] - told[0, REGISTER] == pytest.approx(0.25)
    np.testing.assert_array_equal(
        higher[:, [DENSITY, POLYPHONY, CLOSENESS]], told[:, [DENSITY, POLYPHONY, CLOSENESS]]
    )
