"""Music without a score to begin with: rolls of plain chains, and written scores for four voices."""

from __future__ import annotations

import jax
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_rbm import CONFIG, random_rbm, save_tiny_rbm

from bridge.errors import UsageError
from bridge.fill import FillOptions, Model, load_model
from bridge.generation import empty_choir, generate
from bridge.musicxml import MusicXmlDocument
from bridge.musicxml.check import check_full
from bridge.score import Region
from jaxmodels.piece import ONSET, STAFF, canonical_notes
from jaxmodels.rbm.generate import generate_rolls, notes_of_roll
from jaxmodels.rbm.roll import grid_of, roll_of, units_of

MEASURES = np.array([[96 * number, 96, 4, 4, 0, 0] for number in range(5)], np.int32)
GRID = grid_of(MEASURES, 0, 12)
RBM = random_rbm(units_of(CONFIG), CONFIG.hidden)


@pytest.fixture(scope="module")
def rbm(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return load_model(str(save_tiny_rbm(tmp_path_factory.mktemp("rbm") / "dice")))


def test_a_given_chord_stays_and_nothing_sounds_beside_it() -> None:
    chord = [48, 55, 64, 72]
    rolls = generate_rolls(CONFIG, RBM, GRID.metre, jax.random.key(0), chord=chord, count=3, sweeps=20)
    assert rolls.shape == (3, 40, 2, CONFIG.pitches)
    wanted = np.zeros((2, 2, CONFIG.pitches), bool)
    for pitch in chord:
        wanted[0, 0, pitch - CONFIG.lowest] = wanted[1, 1, pitch - CONFIG.lowest] = True
    np.testing.assert_array_equal(rolls[:, :2], np.broadcast_to(wanted, (3, *wanted.shape)))
    assert rolls[:, 2:].any()


def test_the_same_key_gives_the_same_rolls_and_another_gives_others() -> None:
    first, again, other = (
        generate_rolls(CONFIG, RBM, GRID.metre, jax.random.key(seed), sweeps=10) for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_too_little_room_and_a_chord_outside_the_roll_are_refused() -> None:
    with pytest.raises(ValueError, match="14 steps are fewer than a window's 15"):
        generate_rolls(CONFIG, RBM, GRID.metre[:14], jax.random.key(0))
    with pytest.raises(ValueError, match="the chord leaves the roll, which has pitches 28 to 100"):
        generate_rolls(CONFIG, RBM, GRID.metre, jax.random.key(0), chord=[20])


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**31), st.integers(-5, 6))
def test_notes_on_the_grid_survive_the_roll(seed: int, shift: int) -> None:
    rng = np.random.default_rng(seed)
    onsets, lengths = rng.integers(0, 40, 12), rng.integers(1, 9, 12)
    rows = np.stack(
        [onsets * 12, 0 * onsets, rng.integers(40, 90, 12), np.minimum(lengths, 40 - onsets) * 12], axis=1
    )
    notes = canonical_notes(rows)
    back = notes_of_roll(roll_of(notes, GRID, CONFIG, shift).astype(bool), GRID, CONFIG, shift)
    np.testing.assert_array_equal(back, notes)
    assert (np.diff(back[:, ONSET]) >= 0).all()
    assert not back[:, STAFF].any()


@pytest.mark.parametrize("chord", [(), (60, 64, 67), (43, 59, 62, 67)])
def test_a_generated_score_is_full_in_every_voice(rbm: Model, chord: tuple[int, ...]) -> None:
    filled = generate(rbm, 3, FillOptions(seed=4), chord=chord, fifths=-1, beats=3)
    document = filled.apply()
    assert isinstance(document, MusicXmlDocument)
    count = 3 + bool(chord)
    assert check_full(document.to_bytes(".musicxml"), Region(0, count, (0, 1, 2, 3))) == []
    score = document.score()
    assert len(score.measures) == count
    first = [note.pitch for staff in score.staves for note in staff.notes if note.onset_quarter == 0]
    if chord:
        assert sorted(first) == sorted(chord)
    assert all(staff.notes for staff in score.staves)
    again = generate(rbm, 3, FillOptions(seed=4), chord=chord, fifths=-1, beats=3)
    assert again.alternatives == filled.alternatives


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"measures": 0}, "argument measures: 0 measures are none. Give 1 or more."),
        ({"chord": (1, 2, 3, 4, 5)}, "argument chord: 1 2 3 4 5 is no chord for 4 voices"),
        ({"chord": (128,)}, "argument chord: 128 is no chord for 4 voices"),
        ({"fifths": 9}, "arguments fifths, beats and beat_type: 9 fifths in 4/4 can't be written"),
        ({"beat_type": 5}, "arguments fifths, beats and beat_type: 0 fifths in 4/5 can't be written"),
    ],
)
def test_what_cannot_be_is_refused(rbm: Model, wrong: dict, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        generate(rbm, options=FillOptions(seed=1), **{"measures": 2, **wrong})


def test_an_empty_choir_reads_as_it_was_made() -> None:
    score = empty_choir(3, -2, 6, 8).score()
    assert [part.name for part in score.parts] == ["Soprano", "Alto", "Tenor", "Bass"]
    assert [(m.beats, m.beat_type, m.fifths, m.duration_quarter) for m in score.measures] == [
        (6, 8, -2, 3)
    ] * 3
    assert [staff.program for staff in score.staves] == [52] * 4
