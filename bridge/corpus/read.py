"""Read one work of a corpus: the one place that knows which reader a format goes to."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from bridge.corpus.sources import Source, abc_tunes
from bridge.midi import MidiDocument
from bridge.music21_io import parse_abc_tune, read_with_music21
from bridge.musicxml import MusicXmlDocument
from bridge.score import Score

_MUSICXML = (".mxl", ".musicxml", ".xml")
_MIDI = (".mid", ".midi", ".kar")

_PARENT_WORK = re.compile(r"^!!!OPR:\s*(.+?)\s*$", re.MULTILINE)


def read_score(path: Path) -> Score:
    """Read a score file of any supported format. Raises `ReadError`."""
    suffix = path.suffix.lower()
    if suffix in _MUSICXML:
        return MusicXmlDocument.open(path).score()
    if suffix in _MIDI:
        return MidiDocument.open(path).score()
    return read_with_music21(path)


def read_source(source: Source) -> Score:
    """Read one work. Raises `ReadError`."""
    if source.tune:
        return parse_abc_tune(_tunes(source.path)[source.tune - 1], title=source.work_id)
    return read_score(source.path)


def parent_work(source: Source) -> str:
    """Return the title of the larger work that a Humdrum file names as its own (`!!!OPR:`), or nothing."""
    if source.path.suffix.lower() != ".krn":
        return ""
    found = _PARENT_WORK.search(source.path.read_text("utf-8", "replace"))
    return found.group(1) if found else ""


@lru_cache(maxsize=4)
def _tunes(path: Path) -> list[str]:
    return abc_tunes(path)
