"""Accidentals: which signs are printed, given the key and what stands before them in the measure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from bridge.notation.spelling import place_of

SIGNS = {-2: "flat-flat", -1: "flat", 0: "natural", 1: "sharp", 2: "double-sharp"}

Line = tuple[str, int]
"""A line or space of the staff: step and octave."""


class Head(NamedTuple):
    """A notehead: its onset (ticks in the measure), its spelling, whether a tie leads into it."""

    onset: int
    step: str
    alter: int
    octave: int
    tied_into: bool


def printed_signs(heads: Iterable[Head], fifths: int) -> list[str]:
    """Return the sign of each head of one measure of one staff, empty where none is needed.

    `heads` come from all voices, in any order. A sign holds for its line until the barline; a head that a
    tie leads into needs none, and changes nothing for those after it.
    """
    heads = list(heads)
    order = sorted(range(len(heads)), key=lambda index: heads[index].onset)
    struck: dict[tuple[int, Line], set[int]] = {}
    for head in heads:
        if not head.tied_into:
            struck.setdefault((head.onset, (head.step, head.octave)), set()).add(head.alter)
    state: dict[Line, int | None] = {}
    signs = [""] * len(heads)
    for index in order:
        head = heads[index]
        if head.tied_into:
            continue
        line = (head.step, head.octave)
        clash = len(struck[head.onset, line]) > 1
        if clash or state.get(line, key_alter(head.step, fifths)) != head.alter:
            signs[index] = SIGNS[head.alter]
        state[line] = None if clash else head.alter
    return signs


def key_alter(step: str, fifths: int) -> int:
    """Return the alteration that the signature of `fifths` gives a step."""
    return (fifths + 5 - place_of(step, 0)) // 7
