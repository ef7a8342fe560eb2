"""Load and compile before the first request wants it: tiny made-up scores, one for each number of staves.

What is compiled is kept on disk, so that only the first start ever takes long.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from bridge.models import DEFAULT_MODEL
from bridge.server.worker import Step

if TYPE_CHECKING:
    from bridge.models import Model
    from bridge.musicxml import MusicXmlDocument

STAVES_IN_ORDER = (4, 2, 1, 8, 16, 32)
"""Quartets and choirs first, orchestras last; the sizes of `bridge.model_reach.STAFF_SIZES`."""


def warm_steps(model_for: Callable[[str], Model], name: str = DEFAULT_MODEL) -> list[Step]:
    """Return what to do, in the order in which users are likely to miss it."""

    def load() -> None:
        model_for(name)

    def compiling(staves: int) -> Callable[[], None]:
        return lambda: compile_for(staves, model_for(name))

    steps = [
        Step(f"compiling for {staves} {'staves' if staves > 1 else 'staff'}", compiling(staves))
        for staves in STAVES_IN_ORDER
    ]
    return [Step("loading the model", load), *steps]


class _Compiled(Exception):
    """The first chunk is drawn: all that later ones need is compiled."""


def compile_for(staves: int, model: Model) -> None:
    """Compile what fills of scores with so many staves run.

    That is their first piece, which all candidates see alike, and a later one, with their own before it.
    """
    from bridge.fill import FillOptions
    from bridge.filling_task import FillingTask
    from bridge.score import Region

    def stop(share: float) -> None:
        raise _Compiled

    region = Region(1, 2, tuple(range(staves)))
    task = FillingTask(made_up_score(staves).score(), region, model, FillOptions(seed=0))
    for pieces in (task.pieces, [piece._replace() for piece in task.pieces]):
        task.pieces = pieces
        try:
            task.fill_some(stop)
        except _Compiled:
            continue
        raise AssertionError("the filling ended before a part of it was heard of")
    give_back_memory()


def give_back_memory() -> None:
    """Hand what compilation leaves behind to the system: a third of the process, where glibc keeps it."""
    if os.name != "posix":
        return
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def made_up_score(staves: int) -> MusicXmlDocument:
    """Return two measures for `staves` staves: a whole note, then nothing."""
    from bridge.musicxml import MusicXmlDocument

    numbers = range(1, staves + 1)
    listed = "".join(
        f'<score-part id="P{number}"><part-name>{number}</part-name></score-part>' for number in numbers
    )
    parts = "".join(f'<part id="P{number}">{_MEASURES}</part>' for number in numbers)
    text = f'<score-partwise version="4.0"><part-list>{listed}</part-list>{parts}</score-partwise>'
    return MusicXmlDocument.from_bytes(text.encode())


_MEASURES = (
    '<measure number="1"><attributes><divisions>1</divisions><time><beats>4</beats><beat-type>4</beat-type>'
    "</time></attributes><note><pitch><step>C</step><octave>4</octave></pitch><duration>4</duration>"
    '<voice>1</voice><type>whole</type></note></measure><measure number="2"><note><rest measure="yes"/>'
    "<duration>4</duration><voice>1</voice></note></measure>"
)
