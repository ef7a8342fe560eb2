"""What one process of the pool does: read a chunk of works and save it as one shard."""

from __future__ import annotations

import _thread
import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bridge.codec import piece_from_score
from bridge.corpus.read import parent_work, read_source
from bridge.corpus.sources import Source
from bridge.errors import JaxmuseError
from jaxmodels.piece import Piece
from jaxmodels.shards import pack_pieces, save_arrays

FEWEST_NOTES = 4
FEWEST_MEASURES = 2

_stop: Any = None  # the pool's event that says: finish no more works


@dataclass(frozen=True)
class ChunkResult:
    """How a chunk went; `finished` is false where it was stopped before its end and nothing was saved."""

    finished: bool
    works: int
    notes: int


class _TookTooLong(BaseException):
    """Raised inside a reader by the watchdog; not an `Exception`, so that no reader swallows it."""


def start_worker(stop: Any) -> None:
    """Prepare a process of the pool: the parent alone answers Ctrl+C, and none outlives it."""
    global _stop
    _stop = stop
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: Any) -> None:
    """End this process when its parent has ended, however that was: a killed parent leaves no orphans."""
    parent.join()
    os._exit(1)


def read_chunk(sources: list[Source], shard: Path, seconds_per_work: float) -> ChunkResult:
    """Read `sources` and write their pieces, titles and failures to `shard`."""
    pieces: list[Piece] = []
    kept: list[str] = []
    titles: list[str] = []
    parents: list[str] = []
    failures: list[str] = []
    for source in sources:
        if _stop is not None and _stop.is_set():
            return ChunkResult(False, 0, 0)
        try:
            with _deadline(seconds_per_work):
                score = read_source(source)
                piece = piece_from_score(score)
                parent = parent_work(source)
        except _TookTooLong:
            failures.append(f"{source.work_id}: took longer than {seconds_per_work:g} s")
        except JaxmuseError as error:
            failures.append(f"{source.work_id}: {error.what}")
        except Exception as error:  # a broken file must not end a build of thousands
            failures.append(f"{source.work_id}: {type(error).__name__}: {error}"[:300])
        else:
            if len(piece.notes) < FEWEST_NOTES or len(piece.measures) < FEWEST_MEASURES:
                failures.append(
                    f"{source.work_id}: fewer than {FEWEST_NOTES} notes or {FEWEST_MEASURES} measures"
                )
                continue
            pieces.append(piece)
            kept.append(source.work_id)
            titles.append(score.title)
            parents.append(parent)
    arrays = pack_pieces(pieces)
    for name, values in (
        ("work_ids", kept),
        ("titles", titles),
        ("parents", parents),
        ("failures", failures),
    ):
        arrays[name] = np.array(values, np.str_)
    save_arrays(shard, arrays)
    return ChunkResult(True, len(sources), sum(len(piece.notes) for piece in pieces))


@contextlib.contextmanager
def _deadline(seconds: float) -> Iterator[None]:
    """Raise `_TookTooLong` in this (main) thread when the time is over, on every system alike.

    The signal never comes from outside: a timer thread simulates its arrival.
    """
    expired = threading.Event()

    def interrupt(*_: object) -> None:
        if expired.is_set():
            raise _TookTooLong
        raise SystemExit(1)

    def expire() -> None:
        expired.set()
        _thread.interrupt_main(signal.SIGTERM)

    before = signal.signal(signal.SIGTERM, interrupt)
    timer = threading.Timer(seconds, expire)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        signal.signal(signal.SIGTERM, before)
