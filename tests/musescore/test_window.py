"""The real window, the real menu, the real bridge with the real model, used by keyboard as a person does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from musescore import written_scores
from musescore.conversion import convert, corruption
from musescore.free_port import free_port
from musescore.home import Home
from musescore.mscx import Mscx
from musescore.window import Screen, Window, needs_window, wait_for

pytestmark = [needs_window, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
PICTURE = ROOT / "docs" / "musescore.png"
SECONDS = 120
"""For the first notes: the bridge starts, loads the model and compiles it."""


class Studio:
    """A home where jaxmuse was installed as a user installs it, and a screen."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = Home(folder / "home")
        self.home.prepare()
        self.settings = {"JAXMUSE_CONFIG": str(folder / "config"), "PYTHONPATH": str(ROOT)}
        if "XDG_CACHE_HOME" in os.environ:  # what is compiled once
            self.settings["XDG_CACHE_HOME"] = os.environ["XDG_CACHE_HOME"]
        subprocess.run(
            [sys.executable, "-m", "bridge", "plugin", "install"],
            env=self.home.environment(**self.settings),
            check=True,
            capture_output=True,
        )
        path = self.home.plugins / "jaxmuse" / "connection.json"
        assert path.stat().st_mode & 0o077 == 0
        known = json.loads(path.read_text())
        path.write_text(json.dumps(known | {"port": free_port()}))  # nobody's bridge
        self.screen = Screen(folder)

    def show(self, name: str) -> tuple[Window, Mscx]:
        """Return a window with a score of `written_scores`, and how the score is before."""
        source = self.folder / f"{name}.musicxml"
        source.write_text(getattr(written_scores, name)())
        score = source.with_suffix(".mscz")
        convert(source, score)
        return Window(self.screen, self.home, score, **self.settings), Mscx(score)

    def is_warm(self) -> bool:
        """Tell whether the bridge has compiled all that it compiles ahead."""
        known = json.loads((self.home.plugins / "jaxmuse" / "connection.json").read_text())
        call = urllib.request.Request(f"http://127.0.0.1:{known['port']}/v1/health")
        call.add_header("Authorization", f"Bearer {known['token']}")
        with urllib.request.urlopen(call, timeout=10) as answer:
            return bool(json.load(answer)["ready"])

    def close(self) -> None:
        """Stop the bridge that the plugin started, and take the screen away."""
        self.screen.close()
        found = json.loads((self.folder / "config" / "bridge.json").read_text())
        bridge = psutil.Process(found["pid"])
        bridge.terminate()
        bridge.wait(20)


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    studio = Studio(tmp_path_factory.mktemp("studio"))
    yield studio
    studio.close()


def check(window: Window, before: Mscx, cells: set[tuple[int, int]], folder: Path) -> None:
    """Save, look, undo, save, look."""
    window.save()
    saved = Mscx(window.score)
    assert before.changed(saved) == cells
    for staff, index in cells:
        lengths = saved.lengths(staff, index)
        assert saved.notes(staff, index), f"no notes in staff {staff}, measure {index}"
        assert lengths[0] == max(lengths) == before.lengths(staff, index)[0]
    assert corruption(window.score, folder) == ""
    window.press("ctrl+z")
    window.save()
    assert Mscx(window.score).changed(before) == set()


def test_a_quartet_with_a_transposing_part(studio: Studio) -> None:
    window, before = studio.show("quartet")
    try:
        assert not (studio.folder / "config" / "bridge.json").exists()  # the plugin has to start it
        window.press("F8", "F9")  # inspector and palettes away
        window.select(4, more_staves=3, more_measures=3)
        window.choose("Continue selection")
        assert window.find("^jaxmuse")
        assert "*" not in window.title  # nothing is touched while the plugin waits
        window.wait_until_filled(SECONDS)
        window.wait_until_alone()
        check(window, before, {(s, m) for s in range(4) for m in range(4, 8)}, studio.folder)
        if os.environ.get("JAXMUSE_PICTURES"):
            take_picture(studio, window)
    finally:
        window.close()


def take_picture(studio: Studio, window: Window) -> None:
    """Fill once more, and photograph it for the README."""
    wait_for(studio.is_warm, SECONDS, "the bridge to be warm")
    window.select(4, more_staves=3, more_measures=3)
    window.choose("Continue selection")
    window.wait_until_filled(SECONDS)
    time.sleep(0.5)
    studio.screen.photograph(PICTURE)


def test_a_piano(studio: Studio) -> None:
    window, before = studio.show("piano")
    try:
        window.select(1, more_staves=1, more_measures=3)
        window.choose("Continue selection")
        window.wait_until_filled(SECONDS)
        window.wait_until_alone()
        check(window, before, {(s, m) for s in range(2) for m in range(4, 7)}, studio.folder)
    finally:
        window.close()


def test_cancel_with_the_mouse(studio: Studio) -> None:
    window, before = studio.show("quartet")
    try:
        window.select(1, more_staves=3, more_measures=8)
        window.choose("Replace selection")
        window.click_cancel()
        window.wait_until_alone()
        assert "*" not in window.title
        assert Mscx(window.score).changed(before) == set()
    finally:
        window.close()
