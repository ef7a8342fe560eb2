from __future__ import annotations

import numpy as np
import pytest

from bridge.alternatives import FillOptions
from bridge.character import FREE, Character
from bridge.character_levels import controls_told, widen_limits
from bridge.errors import UsageError
from jaxmodels.controls import CLOSENESS, DENSITY, POLYPHONY, REGISTER
from jaxmodels.piece import Piece, canonical_notes
from jaxmodels.staff_facts import StaffFacts

STYLES = ("unknown", "chorale", "early vocal", "chamber")


def piece_of_two() -> Piece:
    """Return a staff of quarters around E4 in its first two measures, and one without a note."""
    rows = [(24 * place, 0, 64 + place % 2 * 12, 24) for place in range(8)]
    measures = np.array([(96 * bar, 96, 4, 4, 0, 1) for bar in range(4)], np.int32)
    return Piece(canonical_notes(np.array(rows, np.int32)), measures, np.array([0, 0], np.int32))


def limits() -> StaffFacts:
    return StaffFacts(*(np.array(column, np.int32) for column in ([60, 40], [80, 60], [1, 1], [1, 1])))


def test_nothing_asked_tells_nothing() -> None:
    assert np.isnan(controls_told(FREE, piece_of_two(), limits(), (0, 1), (0, 1))).all()
    facts = limits()
    widen_limits(FREE, facts, {0: (0, 127), 1: (0, 127)})
    for column, before in zip(facts, limits(), strict=True):
        np.testing.assert_array_equal(column, before)
    assert FREE.style_index(STYLES) == 0


def test_levels_count_from_what_the_staff_does_itself() -> None:
    told = controls_told(
        Character(density=1, register=-2, polyphony=2), piece_of_two(), limits(), (0,), (0,)
    )[0]
    assert told[DENSITY] == 0.0 + 0.5  # a quarter at a time, and half a doubling more
    assert told[REGISTER] == pytest.approx(0.5 - 0.5)  # B flat 4 on average, six semitones lower
    assert told[POLYPHONY] == 1.0
    assert np.isnan(told[CLOSENESS])


def test_a_silent_staff_does_as_the_others_and_in_its_own_range() -> None:
    told = controls_told(Character(density=0, register=0), piece_of_two(), limits(), (1, 0), (0, 1))
    assert told[0, DENSITY] == told[1, DENSITY] == 0.0
    assert told[0, REGISTER] == pytest.approx((50 - 64) / 12)


@pytest.mark.parametrize(("level", "share"), [(-2, 0.0), (0, 0.5), (2, 1.0)])
def test_closeness_is_a_share_of_known_patterns(level: int, share: float) -> None:
    assert controls_told(Character(closeness=level), piece_of_two(), limits(), (0, 1), (0, 1))[
        :, CLOSENESS
    ].tolist() == [
        share,
        share,
    ]


def test_limits_move_with_what_is_asked_for_and_end_at_the_instruments() -> None:
    facts = limits()
    widen_limits(Character(register=2, polyphony=2), facts, {0: (48, 83)})
    assert (facts.lowest.tolist(), facts.highest.tolist()) == ([60, 40], [83, 60])
    assert facts.polyphony.tolist() == [3, 1]
    widen_limits(Character(register=-1, polyphony=-2), facts, {0: (48, 83), 1: (45, 60)})
    assert (facts.lowest.tolist(), facts.polyphony.tolist()) == ([57, 40], [3, 1])


@pytest.mark.parametrize("wanted", ["chorale", "Early-Vocal", "early", "chamber"])
def test_a_style_is_found_by_the_beginning_of_its_name(wanted: str) -> None:
    assert (
        STYLES[Character(style=wanted).style_index(STYLES)].replace(" ", "").startswith(wanted.lower()[:5])
    )


@pytest.mark.parametrize("wanted", ["ch", "jazz", ""])
def test_a_style_that_is_none_or_several_is_refused(wanted: str) -> None:
    with pytest.raises(
        UsageError,
        match=rf"^option --style: '{wanted}' is no style of this model\. Take one of chorale, early vocal",
    ):
        Character(style=wanted).style_index(STYLES)


def test_a_model_without_styles_says_so() -> None:
    with pytest.raises(UsageError, match="this model has no styles"):
        Character(style="chorale").style_index(("unknown",))


@pytest.mark.parametrize("name", ["density", "polyphony", "register", "closeness"])
@pytest.mark.parametrize("level", [-3, 3])
def test_a_level_out_of_range_is_refused(name: str, level: int) -> None:
    with pytest.raises(
        UsageError, match=rf"^option --{name}: {level} is out of its range\. Give -2 \(less\) to 2"
    ):
        Character(**{name: level})


def test_of_staves_that_are_not_filled_nothing_is_told() -> None:
    told = controls_told(
        Character(density=1, register=1, closeness=2), piece_of_two(), limits(), (0, 1), (1,)
    )
    assert np.isnan(told[0]).all()
    assert not np.isnan(told[1, [DENSITY, REGISTER, CLOSENESS]]).any()


@pytest.mark.parametrize("name", ["density", "polyphony"])
def test_a_kept_rhythm_leaves_no_choice_of_how_many_notes(name: str) -> None:
    with pytest.raises(UsageError) as refused:
        FillOptions(seed=0, keep_rhythm=True, character=Character(**{name: 1}))
    assert refused.value.where == f"option --{name}"
    FillOptions(seed=0, keep_rhythm=True, character=Character(register=1, closeness=2))
