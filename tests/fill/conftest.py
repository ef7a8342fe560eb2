from __future__ import annotations

from pathlib import Path

import pytest

from bridge.musicxml import MusicXmlDocument


@pytest.fixture
def chorale_document(examples: Path) -> MusicXmlDocument:
    return MusicXmlDocument.open(examples / "chorale.mxl")
