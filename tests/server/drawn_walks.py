"""Walks that hypothesis draws: whole and odd ones, of which the caller may break some."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=10)
KINDS = ("pitched",) * 6 + ("percussion", "tablature")


@st.composite
def walks(draw: st.DrawFn, most_staves: int = 4, kinds: tuple[str, ...] = KINDS) -> dict[str, Any]:
    """Draw a score whose measures follow each other and whose notes lie in them."""
    division = draw(st.sampled_from([480, 480, 1, 7, 1024, 100_000]))
    tick = first = draw(st.sampled_from([0, 0, 0, 480, 2**30]))
    measures = []
    for _ in range(draw(st.integers(1, 6))):
        measures.append(_measure(draw, division, tick))
        tick += measures[-1]["ticks"]
    note = _notes(first, [(each["tick"], each["ticks"]) for each in measures], division)
    parts, left = [], draw(st.integers(1, most_staves))
    while left > 0:
        count = draw(st.integers(1, left))
        staff = st.fixed_dictionaries(
            {
                "kind": st.sampled_from(kinds),
                "program": st.integers(-1, 127),
                "notes": st.lists(note, max_size=8),
            }
        )
        parts.append({"name": draw(TEXTS), "staves": draw(st.lists(staff, min_size=count, max_size=count))})
        left -= count
    return {"title": draw(TEXTS), "division": division, "measures": measures, "parts": parts}


def _measure(draw: st.DrawFn, division: int, tick: int) -> dict[str, Any]:
    beats, beat_type = draw(
        st.sampled_from([(4, 4), (3, 4), (6, 8), (7, 16), (2, 1)])
        | st.tuples(st.integers(1, 128), st.sampled_from([1, 2, 4, 8, 16, 32, 64, 128]))
    )
    whole = min(2**24, max(1, 4 * division * beats // beat_type))
    return {
        "tick": tick,
        "ticks": draw(st.just(whole) | st.integers(1, 2 * whole) | st.integers(1, 2**24)),
        "beats": beats,
        "beat_type": beat_type,
        "fifths": draw(st.integers(-7, 7)),
        "number": draw(st.sampled_from(["", "1", "12a"]) | TEXTS),
    }


@st.composite
def _notes(draw: st.DrawFn, first: int, measures: list[tuple[int, int]], division: int) -> list[int]:
    """Draw a note inside the score: on the beat in a measure, or anywhere."""
    begin, ticks = draw(st.sampled_from(measures))
    end = measures[-1][0] + measures[-1][1]
    beats = (ticks - 1) // division
    onset = begin + division * draw(st.integers(0, min(beats, 8)))
    if draw(st.booleans()):
        onset = draw(st.integers(first, end - 1))
    longest = min(end - onset, 2**24)
    length = draw(
        st.sampled_from([division, 2 * division, division // 3, division // 2]) | st.integers(1, longest)
    )
    pitch = draw(st.integers(0, 127))
    spelled = 14 + (7 * pitch + 1) % 12 - 1
    tpc = draw(st.just(spelled) | st.integers(-8, 40))
    return [
        onset,
        max(1, min(length, longest)),
        pitch,
        draw(st.integers(1, 4)),
        tpc,
        draw(st.integers(0, 1)),
    ]


@st.composite
def selections(draw: st.DrawFn, walk: dict[str, Any]) -> dict[str, Any]:
    """Draw a selection of measures and staves that the walk has."""
    count, staves = len(walk["measures"]), sum(len(part["staves"]) for part in walk["parts"])
    start = draw(st.integers(0, count - 1))
    return {
        "start": start,
        "stop": draw(st.integers(start + 1, count)),
        "staves": draw(st.lists(st.integers(0, staves - 1), min_size=1, max_size=staves)),
        "mode": draw(st.sampled_from(["continue", "replace"])),
    }


@st.composite
def broken(draw: st.DrawFn, walk: dict[str, Any], selection: dict[str, Any]) -> None:
    """Break a walk or a selection in place, within the schema."""
    measure = draw(st.sampled_from(walk["measures"]))
    notes = [note for part in walk["parts"] for staff in part["staves"] for note in staff["notes"]]
    where = draw(st.sampled_from(["tick", "ticks", "onset", "duration", "start", "staves"]))
    number = draw(st.integers(1, 2**24) | st.sampled_from([1, 480, 2**24]))
    if where in measure:
        measure[where] = number
    elif where in ("onset", "duration") and notes:
        draw(st.sampled_from(notes))[0 if where == "onset" else 1] = number
    elif where == "start":
        selection["start"] = selection["stop"] + draw(st.integers(0, 3))
    else:
        selection["staves"] = [*selection["staves"], draw(st.integers(0, 300))]
