"""Pictures show the filled staves on a coloured ground."""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from plain_document import choir

from bridge.errors import UsageError
from bridge.report import TINT, before_after_picture, piano_roll_picture
from bridge.score import Region

GROUND = np.array([int(TINT[place : place + 2], 16) for place in (1, 3, 5)])


@pytest.fixture
def piano(examples: Path) -> bytes:
    pytest.importorskip("verovio")
    pytest.importorskip("resvg_py")
    return zipfile.ZipFile(examples / "piano.mxl").read("score.musicxml")


def pixels_of(png: bytes) -> np.ndarray:
    """Return the picture's colours `[height, width, 3]`, 0 to 255."""
    from matplotlib.image import imread

    return np.rint(imread(io.BytesIO(png), format="png")[..., :3] * 255).astype(int)


def ground_of(png: bytes) -> np.ndarray:
    """Return where the picture `[height, width]` has the ground's colour."""
    return np.all(np.abs(pixels_of(png) - GROUND) <= 2, axis=-1)


def bands_of(ground: np.ndarray) -> int:
    """Return how many stripes of ground lie below one another; the lines of a staff part none."""
    rows = np.flatnonzero(np.sum(ground, axis=1) > 20)
    return 1 + int(np.sum(np.diff(rows) > 6))


@pytest.mark.parametrize(("staves", "bands"), [((0,), 2), ((1,), 2), ((0, 1), 4)])
def test_only_the_filled_staves_are_tinted(piano: bytes, staves: tuple[int, ...], bands: int) -> None:
    assert bands_of(ground_of(before_after_picture(piano, piano, Region(8, 11, staves)))) == bands


def test_the_last_measures_are_tinted_at_the_end(piano: bytes) -> None:
    picture = before_after_picture(piano, piano, Region(12, 16, (0,)))
    ground = ground_of(picture)
    assert bands_of(ground) == 2
    columns = np.flatnonzero(np.sum(ground, axis=0) > 20)
    drawn = np.flatnonzero(np.any(pixels_of(picture) < 128, axis=(0, 2)))
    assert columns[0] > 0.3 * drawn[-1]  # the two measures before are shown, plain
    assert columns[-1] > 0.98 * drawn[-1]


def test_more_measures_have_more_ground(piano: bytes) -> None:
    short, long = (
        np.sum(ground_of(before_after_picture(piano, piano, Region(8, stop, (0,))))) for stop in (9, 11)
    )
    assert long > 1.8 * short


def test_a_picture_is_the_same_twice(piano: bytes) -> None:
    first, second = (before_after_picture(piano, piano, Region(0, 2, (0, 1))) for _ in range(2))
    assert first == second


def test_a_long_region_is_drawn_to_its_end(piano: bytes) -> None:
    short = ground_of(before_after_picture(piano, piano, Region(0, 4, (0, 1))))
    whole = ground_of(before_after_picture(piano, piano, Region(0, 16, (0, 1))))
    assert whole.shape[0] > short.shape[0]
    assert bands_of(whole) == 2 * bands_of(short)


def test_what_to_install_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "verovio", None)
    with pytest.raises(UsageError) as caught:
        before_after_picture(b"", b"", Region(0, 1, (0,)))
    assert str(caught.value) == (
        "option --png: pictures of scores need the library verovio. "
        "Install it with: pip install 'jaxmuse[pictures]'."
    )


def test_a_piano_roll_shades_the_region() -> None:
    score = choir().score()
    picture = piano_roll_picture(score, Region(4, 8, (0,)))
    ground = ground_of(picture)
    columns = np.flatnonzero(np.sum(ground, axis=0) > 100)
    assert 0.4 < (columns[-1] - columns[0]) / ground.shape[1] < 0.6  # 4 of the 8 measures shown
