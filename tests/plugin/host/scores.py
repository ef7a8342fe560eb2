"""Scores to run the plugin on, as plans of the fake score."""

from __future__ import annotations

from typing import Any

Plan = dict[str, Any]


def quarters(*pitches: int | None) -> list:
    return [[[1, 4], None if pitch is None else [pitch]] for pitch in pitches]


def selecting(plan: Plan, start: int, stop: int, first_staff: int = 0, staff_stop: int = 1) -> Plan:
    """Return the score with measures `start` to `stop` of some staves selected."""
    selection = {"start": start, "stop": stop, "firstStaff": first_staff, "staffStop": staff_stop}
    return plan | {"selection": selection}


def melody() -> Plan:
    """Return a flute: two measures of notes, two empty ones, two of notes."""
    notes = {1: quarters(72, 74, 76, 77)}
    staff = {0: notes, 1: {1: [[[1, 2], [79]], [[1, 2], None]]}, 4: notes, 5: {1: [[[1, 1], [72]]]}}
    part = {"name": "Flute", "program": 73, "staves": [staff]}
    return {"title": "melody", "measures": [{"beats": 4, "type": 4}] * 6, "parts": [part]}


def quartet() -> Plan:
    """Return a pickup, 3/4 and 4/4, a transposing clarinet, a piano with two voices, drums."""
    triplet = {"tuplet": [3, 2, [1, 4]], "items": [[[1, 8], [74]], [[1, 8], [76]], [[1, 8], [78]]]}
    clarinet = {
        0: {1: quarters(69)},
        1: {1: quarters(71, 73, 74)},
        2: {1: [triplet, [[3, 4], [79], True]]},
        3: {1: [[[1, 1], [79]]]},
    }
    right = {1: {1: quarters(74, 76, 78), 2: [[[3, 4], [66]]]}, 2: {1: [[[1, 1], [67, 71, 74]]]}}
    left = {1: {1: [[[3, 4], [50]]]}, 2: {1: [[[1, 2], [43]], [[1, 2], [55]]]}}
    return {
        "title": "quartet",
        "measures": [
            {"beats": 3, "type": 4, "length": [1, 4], "fifths": 2},
            {"beats": 3, "type": 4},
            *[{"beats": 4, "type": 4}] * 4,
        ],
        "parts": [
            {"name": "Clarinet in Bb", "program": 71, "transposition": 2, "staves": [clarinet]},
            {"name": "Piano", "program": 0, "staves": [right, left]},
            {"name": "Drums", "program": 0, "kind": "percussion", "staves": [{}]},
        ],
    }
