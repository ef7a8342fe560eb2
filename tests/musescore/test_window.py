"""The real window, the real menu, the real bridge with the real model, by keyboard as a person does."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from musescore.conversion import corruption
from musescore.mscx import Mscx
from musescore.studio import Studio
from musescore.window import Window, needs_window, wait_for

pytestmark = [needs_window, pytest.mark.slow]

PICTURE = Path(__file__).parents[2] / "docs" / "musescore.png"
SECONDS = 120
"""For the first notes: the bridge starts, loads the model and compiles it."""


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


def test_the_panel_stays_above_the_score(studio: Studio) -> None:
    window, _ = studio.show("piano")
    try:
        window.choose("jaxmuse panel")
        panel = wait_for(lambda: window.find("jaxmuse panel"), 20, "the panel")
        for _ in range(2):
            window.click_into_score()
            assert window.is_on_top(panel)
        window.screen.xdotool("windowfocus", "--sync", window.id)
        window.select(1, more_staves=1, more_measures=3)
        window.choose("Continue selection")
        window.wait_until_filled(SECONDS)
        window.wait_until_alone("^jaxmuse$")
        assert window.find("jaxmuse panel") == panel  # one plugin's end isn't the other's
    finally:
        window.close()


def test_a_new_run_takes_the_last_ones_window_away(studio: Studio) -> None:
    window, _ = studio.show("piano")
    try:
        window.press("Escape")
        window.choose("Continue selection")
        refused = wait_for(lambda: window.find("^jaxmuse"), 20, "the refusal")
        window.select(1, more_staves=1, more_measures=3)
        window.choose("Continue selection")
        window.wait_until_filled(SECONDS)
        assert window.find("^jaxmuse") != refused
        window.wait_until_alone()
    finally:
        window.close()
