"""The example scores are what their script makes, and the chorale keeps the rules of part writing."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from bridge.open import open_document
from bridge.score import Score

RANGES = {"Soprano": (60, 79), "Alto": (55, 74), "Tenor": (48, 67), "Bass": (40, 62)}


def test_the_script_makes_the_files_that_are_there(tmp_path: Path, examples: Path) -> None:
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); from pathlib import Path; "
        "from make_examples import make_examples; make_examples(Path(sys.argv[2]))"
    )
    subprocess.run([sys.executable, "-c", program, str(examples), str(tmp_path)], check=True)
    for name in ("chorale.mxl", "tune.musicxml", "piano.mxl"):
        made, there = (
            open_document(folder / name).to_bytes(".musicxml") for folder in (tmp_path, examples)
        )
        assert made == there, name


@pytest.mark.parametrize("name", ["chorale.mxl", "tune.musicxml", "piano.mxl"])
def test_their_measures_are_full(examples: Path, name: str) -> None:
    score = open_document(examples / name).score()
    numbered = [measure for measure in score.measures if measure.number != "0"]
    assert len(numbered) == 16
    assert all(measure.duration_quarter == measure.metre_quarter for measure in numbered)
    assert b"public domain / CC0" in open_document(examples / name).to_bytes(".musicxml")


def pitches_by_eighth(score: Score) -> list[tuple[int, ...]]:
    """Return the pitches of all voices, top to bottom, at each eighth."""
    count = int(score.measures[-1].end_quarter * 2)
    times = [Fraction(place, 2) for place in range(count)]
    grid = [
        [next(n.pitch for n in staff.notes if n.onset_quarter <= time < n.end_quarter) for time in times]
        for staff in score.staves
    ]
    return list(zip(*grid, strict=True))


def test_the_chorale_has_no_parallels_no_crossings_and_singable_parts(examples: Path) -> None:
    score = open_document(examples / "chorale.mxl").score()
    for part in score.parts:
        low, high = RANGES[part.name]
        assert all(low <= note.pitch <= high for note in part.staves[0].notes), part.name
    chords = pitches_by_eighth(score)
    for before, after in pairwise(chords):
        assert list(after) == sorted(after, reverse=True)
        for upper, lower in combinations(range(4), 2):
            moved = before[upper] != after[upper] and before[lower] != after[lower]
            interval = (after[upper] - after[lower]) % 12
            was = (before[upper] - before[lower]) % 12
            assert not (moved and interval == was and interval in (0, 7)), (before, after)
