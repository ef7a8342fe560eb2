"""MuseScore opens what was filled without finding it corrupt."""

from __future__ import annotations

from pathlib import Path

import pytest
from musescore.conversion import convert, corruption, needs_musescore
from tiny_model import save_tiny_model

from bridge.fill import FillOptions, fill_document, load_model
from bridge.open import open_document
from bridge.regions import Selection, resolve

pytestmark = needs_musescore


@pytest.mark.parametrize("name", ["chorale.mxl", "tune.musicxml", "piano.mxl"])
@pytest.mark.parametrize("selection", [Selection(bars=3), Selection(measures="5-7")])
def test_a_filled_score_is_not_corrupt(
    examples: Path, tmp_path: Path, name: str, selection: Selection
) -> None:
    model = load_model(str(save_tiny_model(tmp_path / "model")))
    document = open_document(examples / name)
    filled = fill_document(document, resolve(document, selection), model, FillOptions(seed=4))
    path = tmp_path / name
    path.write_bytes(filled.apply().to_bytes())
    assert corruption(path, tmp_path) == ""


def test_an_overfull_measure_would_be_found(examples: Path, tmp_path: Path) -> None:
    path = tmp_path / "tune.mscx"
    convert(examples / "tune.musicxml", path)
    rest = "<Rest><durationType>half</durationType></Rest></voice>"
    path.write_text(path.read_text("utf-8").replace("</voice>", rest, 1), "utf-8")
    assert "Measure 1" in corruption(path, tmp_path)
