from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from bridge.fill import FillOptions, Model, fill_document
from bridge.open import open_document
from bridge.output import document_bytes
from bridge.score import Note, Region


def test_midi_is_filled_too(model: Model, tmp_path: Path, examples: Path) -> None:
    path = tmp_path / "tune.mid"
    path.write_bytes(document_bytes(open_document(examples / "tune.musicxml"), ".mid"))
    document = open_document(path)
    filled = fill_document(document, Region(2, 4, (0,)), model, FillOptions(seed=1))
    after = filled.apply().score()
    measures = document.score().measures
    start, end = measures[2].onset_quarter, measures[3].end_quarter

    def outside(notes: tuple[Note, ...]) -> list[tuple[Fraction, int]]:
        return [(note.onset_quarter, note.pitch) for note in notes if not start <= note.onset_quarter < end]

    assert outside(after.staves[0].notes) == outside(document.score().staves[0].notes)
    written = [note for note in after.staves[0].notes if start <= note.onset_quarter < end]
    assert [note.pitch for note in written] == [note.pitch for note in filled.alternatives[0].notes[0]]


def test_a_midi_staff_all_of_whose_notes_are_replaced_stays_a_staff(
    model: Model, tmp_path: Path, examples: Path
) -> None:
    path = tmp_path / "tune.mid"
    path.write_bytes(document_bytes(open_document(examples / "tune.musicxml"), ".mid"))
    document = open_document(path)
    count = len(document.score().measures)
    filled = fill_document(document, Region(0, count, (0,)), model, FillOptions(seed=1))
    assert len(filled.apply().score().staves) == 1
