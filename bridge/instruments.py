"""What instruments play: range and notes at once, for staves that show nothing of it themselves."""

from __future__ import annotations

from typing import NamedTuple

from bridge.score import Part, Staff


class Habit(NamedTuple):
    """Sounding range (MIDI numbers), notes at once, voices on the staff."""

    lowest: int
    highest: int
    polyphony: int = 1
    layers: int = 1


_BY_NAME = {
    # choirs are named rather than programmed
    "soprano": Habit(60, 79),
    "mezzo": Habit(57, 76),
    "alto": Habit(55, 74),
    "tenor": Habit(48, 67),
    "baritone": Habit(45, 64),
    "bass": Habit(40, 62),
    "basso": Habit(40, 62),
    "voice": Habit(57, 77),
}

_BY_PROGRAM = (
    # General MIDI programs from 0, first program of each run
    (0, Habit(36, 88, 4, 2)),  # pianos, chromatic percussion
    (16, Habit(36, 84, 4, 2)),  # organs
    (24, Habit(40, 79, 4, 2)),  # guitars
    (32, Habit(28, 55)),  # basses
    (40, Habit(55, 93, 2)),  # violin
    (41, Habit(48, 84, 2)),  # viola
    (42, Habit(36, 74, 2)),  # cello
    (43, Habit(28, 60)),  # contrabass
    (44, Habit(48, 84, 2)),  # tremolo and pizzicato strings
    (46, Habit(36, 88, 4, 2)),  # harp
    (47, Habit(41, 57)),  # timpani
    (48, Habit(36, 84, 3, 2)),  # ensembles
    (52, Habit(48, 77, 2)),  # choirs
    (56, Habit(54, 82)),  # trumpet
    (57, Habit(40, 70)),  # trombone
    (58, Habit(28, 58)),  # tuba
    (59, Habit(52, 80)),  # muted trumpet
    (60, Habit(43, 77)),  # horn
    (61, Habit(43, 79, 3)),  # brass sections
    (64, Habit(56, 86)),  # soprano sax
    (65, Habit(49, 80)),  # alto sax
    (66, Habit(44, 75)),  # tenor sax
    (67, Habit(37, 68)),  # baritone sax
    (68, Habit(58, 86)),  # oboe
    (69, Habit(52, 81)),  # English horn
    (70, Habit(36, 70)),  # bassoon
    (71, Habit(50, 86)),  # clarinet
    (72, Habit(60, 96)),  # flutes
    (80, Habit(48, 84, 2)),  # everything synthetic
)

_ANY = Habit(48, 81)
_LOWER_STAFF_DROP = 20
"""Semitones by which a keyboard's lower staff lies below its upper one."""

WIDE = 48
"""Instruments with fewer semitones than this share their range over all their staves."""

CHOIRS = range(52, 55)
"""General MIDI programs of voices: their parts are told apart by name."""


def habit_of(part: Part, staff: Staff) -> Habit:
    """Return what the staff's instrument usually plays."""
    if staff.program < 0 or staff.program in CHOIRS:
        word = part.name.lower().split(maxsplit=1)[0] if part.name.strip() else ""
        if (habit := _BY_NAME.get(word.rstrip("s."), _BY_NAME.get(word))) is not None:
            return habit
    if staff.program < 0:
        return _ANY
    habit = next(habit for first, habit in reversed(_BY_PROGRAM) if staff.program >= first)
    if len(part.staves) < 2 or habit.highest - habit.lowest < WIDE:
        return habit
    if staff.number == 1:
        return habit._replace(lowest=habit.lowest + _LOWER_STAFF_DROP)
    return habit._replace(highest=habit.highest - _LOWER_STAFF_DROP)
