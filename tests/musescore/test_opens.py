"""MuseScore opens what was filled without finding it corrupt."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from tiny_model import save_tiny_model

from bridge.fill import FillOptions, fill_document, load_model
from bridge.open import open_document
from bridge.regions import Selection, resolve

MUSESCORE = shutil.which("mscore3")

pytestmark = pytest.mark.skipif(MUSESCORE is None, reason="MuseScore 3 (mscore3) isn't installed")


def convert(source: Path, target: Path) -> subprocess.CompletedProcess[str]:
    """Let MuseScore write `source` as `target`; `.mlog` is its check for corruption."""
    environment = os.environ | {
        "HOME": str(target.parent),
        "XDG_RUNTIME_DIR": str(target.parent),
        "QT_QPA_PLATFORM": "offscreen",
        "LC_ALL": "C.UTF-8",
    }
    command = [str(MUSESCORE), "-o", str(target), str(source)]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def corruption(path: Path, folder: Path) -> str:
    """Return what MuseScore finds wrong with a score, empty if nothing."""
    log = folder / "check.mlog"
    done = convert(path, log)
    found = json.loads(log.read_text()) if log.exists() else {"error": done.stderr}
    return str(found.get("error", "")) or ("" if done.returncode == 0 else done.stderr)


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
