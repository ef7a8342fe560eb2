"""The plugin's folder, and a bridge over HTTP that it is installed for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from plugin.host.composing import Composer
from plugin.host.installed import install
from server.bridges import TOKEN, Bridge, running_bridge


@pytest.fixture(scope="module")
def composer() -> Composer:
    return Composer()


@pytest.fixture(scope="module")
def bridge(composer: Composer) -> Iterator[Bridge]:
    with running_bridge(composer) as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path, bridge: Bridge) -> Path:
    return install(tmp_path, bridge.port, TOKEN)
