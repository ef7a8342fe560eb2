"""Which staves become tokens: the tutorial keeps the piano's."""

from __future__ import annotations

from pathlib import PurePosixPath

import numpy as np

from bridge.errors import UsageError
from bridge.musicxml.instruments import guess_program
from bridge.open import MIDI_SUFFIXES

ALL = "all"
_NOT_PITCHED = -2
_UNNAMED = -1

FAMILIES = {
    "piano": range(0, 8),
    "organ": range(16, 24),
    "guitar": range(24, 32),
    "bass": range(32, 40),
    "strings": range(40, 50),
    "voice": range(52, 55),
    "brass": range(56, 64),
    "reed": range(64, 72),
    "pipe": range(72, 80),
}
"""Families and their General MIDI programs from 0."""


def programs_of(instrument: str) -> frozenset[int]:
    """Return the General MIDI programs of a family or of an instrument; all, and unknown, for `all`.

    Raises `UsageError` for a name that means none.
    """
    name = instrument.strip().lower()
    if name == ALL:
        return frozenset(range(_UNNAMED, 128))
    if name in FAMILIES:
        return frozenset(FAMILIES[name])
    program = guess_program(name)
    if program < 0:
        raise UsageError(
            f"'{instrument}' is no instrument that is known",
            where="option --instrument",
            fix=f"Take {ALL}, {', '.join(FAMILIES)}, or an instrument such as violin or flute.",
        )
    return frozenset({program})


def kept_staves(programs: np.ndarray, work_id: str, kept: frozenset[int]) -> np.ndarray:
    """Return the indexes of a work's staves to keep.

    A MIDI channel that names no program plays General MIDI's first one, a piano.
    """
    path = PurePosixPath(work_id.partition("#")[0])
    known = np.where((programs == _UNNAMED) & (path.suffix.lower() in MIDI_SUFFIXES), 0, programs)
    return np.flatnonzero(np.isin(known, sorted(kept)) & (known != _NOT_PITCHED))
