"""Written pitches: each note's spelling on paper, transposed for its instrument."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from bridge.notation.spelling import Sounding, guessed_mode, place_of, places, spelled
from bridge.notation.written import Frame
from bridge.score import Note

FAR_OFF = 8
"""Fifths between the given spellings' mean and the written key from which they belong to its enharmonic."""

Spelling = tuple[str, int, int]
"""`(step, alter, octave)`."""


def written_spellings(
    notes: Sequence[Note],
    timed: Sequence[tuple[int, int, int, int]],
    frames: Sequence[Frame],
    bars: Sequence[int],
    resolution: int,
    shift: int,
) -> list[Spelling]:
    """Return the written spelling of each note.

    - `timed`: `(start, end, written pitch, voice)` of each note in ticks from the first of the `bars`.
    - `shift`: the transposition from written to sounding, in fifths.

    Given spellings are kept, moved to the written pitch; where all of them lie a comma off the key (a
    transposing part in an enharmonic key), they are moved as one.
    """
    order = sorted(range(len(notes)), key=lambda index: timed[index][:3])
    given = [None if (place := _given_place(note)) is None else place - shift for note in notes]
    known = [
        place - frame.fifths - 2
        for place, frame in ((given[i], frames[bisect_right(bars, timed[i][0]) - 1]) for i in order)
        if place is not None
    ]
    mean = sum(known) / len(known) if known and shift else 0.0
    drift = 0 if abs(mean) < FAR_OFF else 12 if mean > 0 else -12
    soundings = []
    for index in order:
        start, end, pitch, _ = timed[index]
        frame = frames[bisect_right(bars, start) - 1]
        place = given[index]
        if place is not None:
            place -= drift
            if abs((place + 1) // 7) > 2:
                place = None
        soundings.append(Sounding(start, end, pitch, frame.fifths, frame.mode, place))
    mode = guessed_mode(soundings)
    soundings = [s if s.mode in ("major", "minor") else s._replace(mode=mode) for s in soundings]
    chosen = places(soundings, resolution)
    result: list[Spelling] = [("C", 0, 4)] * len(notes)
    for index, place in zip(order, chosen, strict=True):
        result[index] = spelled(place, timed[index][2])
    return result


def _given_place(note: Note) -> int | None:
    """Return the place of a note's own spelling, None without one or where it contradicts the pitch."""
    if note.spelling is None:
        return None
    place = place_of(*note.spelling[:2])
    return place if (place - 7 * note.pitch) % 12 == 0 else None
