"""Odd and broken files that others made: each is read and filled, or refused in one sentence."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path

import pytest

from bridge.errors import ReadError
from bridge.midi import MidiDocument
from bridge.midi.chunks import split_chunks
from bridge.score import PITCHED, Note, Region

FOLDER = os.environ.get("JAXMUSE_EXTRA_SCORES", "")
FILES = sorted(Path(FOLDER).rglob("*.mid")) if FOLDER else []


@pytest.mark.skipif(not FILES, reason="JAXMUSE_EXTRA_SCORES names no folder with .mid files")
def test_odd_files_are_filled_or_refused() -> None:
    refused: dict[str, ReadError] = {}
    for path in FILES:
        try:
            document = MidiDocument.open(path)
        except ReadError as error:
            refused[path.name] = error
            continue
        data = path.read_bytes()
        assert document.to_bytes() == data, path
        before = document.score()
        staff = next((s.index for s in before.staves if s.kind == PITCHED), None)
        document.append_measures(2)
        if staff is not None:
            first = document.score().measures[-2]
            note = Note(first.onset_quarter, Fraction(1), 60)
            document.write(Region(first.index, first.index + 2, (staff,)), {staff: [note]})
        after = MidiDocument.from_bytes(document.to_bytes()).score()
        assert len(after.measures) == len(before.measures) + 2, path
        assert [s.notes for s in after.staves if s.index != staff] == [
            s.notes for s in before.staves if s.index != staff
        ], path
        if staff is not None:
            assert after.staves[staff].notes == (*before.staves[staff].notes, note), path
        changed = [
            old != new
            for old, new in zip(
                split_chunks(data).tracks, split_chunks(document.to_bytes()).tracks, strict=True
            )
        ]
        assert 1 <= sum(changed) <= 2, path
    assert len(refused) <= len(FILES) // 10, refused
    for name, error in refused.items():
        assert str(error).startswith(name)
        assert error.fix.endswith(".")
        assert "\n" not in str(error)
