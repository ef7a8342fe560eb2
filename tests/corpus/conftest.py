from __future__ import annotations

from pathlib import Path

import pytest

TUNES = """M:4/4
L:1/8

X:1
T:The Morning Dew
K:G
GABc d2ef|g2fe dcBA|GABc dedc|B2A2 G4|]

X:2
T:Noon
M:6/8
K:D
DFA dfa|gfe dcB|AFA dfd|e3 d3|]

X:3
T:Too short
K:C
CDE|]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two tunes that can be read, one that is too short, and a broken file."""
    path = tmp_path / "tunes"
    path.mkdir()
    (path / "book.abc").write_text(TUNES, "utf-8")
    (path / "broken.mxl").write_bytes(b"no archive")
    return path
