"""Every order tells each set of notes in exactly one way."""

from __future__ import annotations

import numpy as np
import pytest
from tiny_polyphony import PITCHES, all_frames

from jaxmodels.polyphony.config import ORDERS
from jaxmodels.polyphony.order import in_order
from jaxmodels.polyphony.slots import read_piece


def test_orders_of_a_chord() -> None:
    roll = np.zeros((1, 12), bool)
    roll[0, [1, 4, 6, 9]] = True
    told = {order: in_order(roll, order)[0][0, :5].tolist() for order in ORDERS}
    assert told == {"down": [9, 6, 4, 1, -1], "up": [1, 4, 6, 9, -1], "outer": [9, 1, 6, 4, -1]}


@pytest.mark.parametrize("order", ORDERS)
def test_slots_give_back_the_frames(order: str) -> None:
    roll = all_frames()
    slots = read_piece(roll, order).slots
    for row in range(len(roll) - 1):
        targets = slots.target[slots.row == row]
        assert targets[-1] == PITCHES
        assert sorted(targets[:-1]) == np.nonzero(roll[row + 1])[0].tolist()


@pytest.mark.parametrize("order", ORDERS)
def test_bounds_allow_each_note_once(order: str) -> None:
    slots = read_piece(all_frames(), order).slots
    notes = slots.target < PITCHES
    assert ((slots.low < slots.target) & (slots.target < slots.high))[notes].all()
    for low, high, placed in zip(slots.low, slots.high, slots.placed, strict=True):
        assert not placed[low + 1 : high].any()
