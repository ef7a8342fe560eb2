"""The voices of a score as lines: staves that play one note at a time, else their written voices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from bridge.codec import tick_of
from bridge.instruments import Habit, habit_of
from bridge.score import PITCHED, Note, Region, Score
from jaxmodels.part_writing import Lines, lines_of
from jaxmodels.piece import DURATION, ONSET, PITCH, canonical_notes


@dataclass(frozen=True, slots=True)
class Voice:
    """One line of a score.

    - `name`: as a reader knows it; `staff`: index; `filled`: its staff is in the region.
    - `notes`: in order of time, one at a time; of chords the outer note.
    - `habit`: what its instrument usually plays.
    """

    name: str
    staff: int
    filled: bool
    notes: tuple[Note, ...]
    habit: Habit


def voices_of(score: Score, region: Region) -> tuple[Voice, ...]:
    """Return the voices of `score` from the top.

    A chord counts as its top note, in the last staff as its lowest one.
    """
    found = []
    with_notes = [staff for staff in score.staves if staff.kind == PITCHED and staff.notes]
    for staff in with_notes:
        part = score.parts[staff.part_index]
        name = part.name or f"part {part.index + 1}"
        if len(part.staves) > 1:
            name += f", staff {staff.number}"
        outer = min if staff is with_notes[-1] else max
        for voice, notes in _written_voices(staff.notes).items():
            line = _single(notes) or tuple(_outer(notes, outer is max))
            title = f"{name}, voice {voice}" if voice else name
            found.append(
                Voice(title, staff.index, staff.index in region.staves, line, habit_of(part, staff))
            )
    return tuple(found)


def _written_voices(notes: Sequence[Note]) -> dict[int, list[Note]]:
    """Return a staff's notes by voice; as voice 0 where they are one line, or chords of one voice."""
    voices: dict[int, list[Note]] = defaultdict(list)
    for note in notes:
        voices[note.voice].append(note)
    if len(voices) == 1 or _single(notes):
        return {0: list(notes)}
    return dict(sorted(voices.items()))


def _single(notes: Sequence[Note]) -> tuple[Note, ...]:
    """Return the notes in order if no two sound at once, else nothing."""
    line = sorted(notes, key=lambda note: note.onset_quarter)
    alone = all(one.end_quarter <= two.onset_quarter for one, two in pairwise(line))
    return tuple(line) if alone else ()


def _outer(notes: Sequence[Note], top: bool) -> list[Note]:
    """Return the highest (else lowest) note of each onset, cut where the next one begins."""
    chosen: dict = {}
    for note in sorted(notes, key=lambda note: note.pitch, reverse=not top):
        chosen[note.onset_quarter] = note
    line = [chosen[onset] for onset in sorted(chosen)]
    for index, following in enumerate(line[1:]):
        length = min(line[index].duration_quarter, following.onset_quarter - line[index].onset_quarter)
        line[index] = replace(line[index], duration_quarter=length)
    return line


def outer_line(notes: np.ndarray, top: bool) -> np.ndarray:
    """Return the top (or bottom) note of each onset of a staff, `notes` `[N, 4]`, none beyond the next."""
    order = np.lexsort((notes[:, PITCH] * (-1 if top else 1), notes[:, ONSET]))
    line = notes[order][np.unique(notes[order, ONSET], return_index=True)[1]].copy()
    line[:-1, DURATION] = np.minimum(line[:-1, DURATION], np.diff(line[:, ONSET]))
    return line


def voice_lines(voices: Sequence[Voice]) -> Lines:
    """Return what the voices sound, each a line of its own, in ticks."""
    rows = [
        (
            tick_of(note.onset_quarter),
            number,
            note.pitch,
            tick_of(note.end_quarter) - tick_of(note.onset_quarter),
        )
        for number, voice in enumerate(voices)
        for note in voice.notes
    ]
    return lines_of(canonical_notes(np.array(rows, np.int32).reshape(-1, 4)), range(len(voices)))
