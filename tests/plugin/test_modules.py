"""The plugin's plain JavaScript, tested under Node without QML."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PLUGIN = Path(__file__).parents[2] / "musescore_plugin"
NODE = shutil.which("node")
NEWER = re.compile(
    r"=>|`|\?\.\D|\?\?|\b(?:let|const|class)\b\s+\w|\basync\b|\bawait\b"
    r"|\.\.\.\w|\.includes\(|Object\.(?:entries|values)\("
)


def _code(text: str) -> str:
    """Return JavaScript without its comments and texts."""
    return re.sub(r'//.*|/\*.*?\*/|"(?:\\.|[^"\\.])*"', "", text, flags=re.DOTALL | re.MULTILINE)


@pytest.mark.skipif(NODE is None, reason="Node isn't installed")
@pytest.mark.parametrize("path", sorted(HERE.rglob("*.test.cjs")), ids=lambda path: path.name)
def test_under_node(path: Path) -> None:
    done = subprocess.run([str(NODE), "--test", str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    ran = re.search(r"^# pass (\d+)", done.stdout, re.MULTILINE)
    assert ran is not None, done.stdout
    assert int(ran[1]) > 0


@pytest.mark.parametrize("path", sorted(PLUGIN.glob("*.js")), ids=lambda path: path.name)
def test_modules_are_old_javascript_on_their_own(path: Path) -> None:
    """MuseScore 3 and 4.0 to 4.3 (Qt 5) don't parse newer JavaScript; modules don't import each other."""
    code = _code(path.read_text("utf-8"))
    assert NEWER.search(code) is None, NEWER.search(code)
    assert ".import" not in code
    assert "require(" not in code
