"""qmllint finds nothing in the plugin's files, by the table of MuseScore 4's programming interface."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

API = Path(__file__).parent / "host" / "api"
PLUGIN = Path(__file__).parents[2] / "musescore_plugin"
LINT = shutil.which("pyside6-qmllint", path=str(Path(sys.executable).parent)) or shutil.which(
    "pyside6-qmllint"
)
WRONG = {
    "missing-property",
    "import",
    "syntax",
    "unresolved-type",
    "missing-type",
    "read-only-property",
    "duplicated-name",
}

pytestmark = pytest.mark.skipif(LINT is None, reason="qmllint (PySide6) isn't installed")


def lint(*files: Path) -> list[str]:
    """Return what qmllint warns of; its text output is unreliable, its JSON isn't."""
    done = subprocess.run(
        [str(LINT), "-I", str(API), "--unqualified", "disable", "--json", "-", *map(str, files)],
        capture_output=True,
        text=True,
        check=False,
    )
    found = json.loads(done.stdout)
    assert {Path(each["filename"]).name for each in found["files"]} == {path.name for path in files}
    return [
        f"{Path(each['filename']).name}:{warning.get('line')}: {warning['id']}: {warning['message']}"
        for each in found["files"]
        for warning in each["warnings"]
        if warning["id"] in WRONG or warning["type"] == "critical"
    ]


def test_nothing_is_wrong_in_any_file() -> None:
    assert lint(*sorted(PLUGIN.glob("*.qml"))) == []


def test_a_member_that_musescore_does_not_have_is_found(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.qml"
    wrong.write_text(
        "import QtQuick 2.9\nimport MuseScore 3.0\nMuseScore {\n"
        "    onRun: {\n        curScore.explode();\n        curScore.newCursor().adNote(60);\n    }\n"
        '    menuPth: "x"\n}\n'
    )
    text = "\n".join(lint(wrong))
    assert "explode" in text
    assert "adNote" in text
    assert "menuPth" in text
