from __future__ import annotations

from pathlib import Path

import pytest

from bridge.musicxml import MusicXmlDocument


@pytest.fixture
def chorale_xml(examples: Path) -> str:
    return MusicXmlDocument.open(examples / "chorale.mxl").to_bytes(".musicxml").decode()
