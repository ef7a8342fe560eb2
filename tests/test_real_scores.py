"""Real scores of all kinds, filled at the end and in the middle: a checked fill, or one sentence."""

from __future__ import annotations

import os
from pathlib import Path

import music21
import pytest

from bridge.errors import JaxmuseError
from bridge.fill import FillOptions, Model, fill_document
from bridge.musicxml import MusicXmlDocument
from bridge.musicxml.check import check_full, check_untouched
from bridge.open import open_document
from bridge.regions import Selection, resolve
from bridge.score import PITCHED, Document, Region

SUFFIXES = {".mxl", ".musicxml", ".xml", ".mid"}
LILYPOND_SUITE = sorted(Path(music21.__file__).parent.glob("musicxml/lilypondTestSuite/*.xml"))
EXTRA = os.environ.get("JAXMUSE_EXTRA_SCORES")
EXTRA_SCORES = (
    sorted(path for path in Path(EXTRA).rglob("*") if path.suffix.lower() in SUFFIXES) if EXTRA else []
)
FILLED, REFUSED, UNPITCHED = "filled", "refused", "no pitched staff"
LEAST_FILLED = 0.95


def fill_and_check(path: Path, selection: Selection, model: Model) -> str:
    """Return `filled`, or why not; fail when a fill breaks a promise or no sentence says why not."""
    try:
        document = open_document(path)
        staves = document.score(0, 0).staves
    except JaxmuseError as error:
        return f"{REFUSED}: {error}"
    if all(staff.kind != PITCHED for staff in staves):
        with pytest.raises(JaxmuseError, match=r"\. [A-Z]"):
            resolve(document, selection)
        return UNPITCHED
    try:
        region = resolve(document, selection)
        filled = fill_document(document, region, model, FillOptions(seed=1))
        result = filled.apply()
    except JaxmuseError as error:
        return f"{REFUSED if error.what and error.fix else 'refused without a reason'}: {error}"
    if isinstance(document, MusicXmlDocument):
        before, after = document.to_bytes(".musicxml"), result.to_bytes(".musicxml")
        assert check_full(after, region) == [], path.name
        assert check_untouched(before, after, region) == [], path.name
    else:
        assert outside(result, region) == outside(document, region), path.name
    return FILLED


def outside(document: Document, region: Region) -> list[tuple]:
    """Return onset and pitch of all notes that begin outside the region."""
    score = document.score()
    start, end = score.measures[region.start].onset_quarter, score.measures[region.stop - 1].end_quarter
    return [
        (staff.index, note.onset_quarter, note.pitch)
        for staff in score.staves
        for note in staff.notes
        if staff.index not in region.staves or not start <= note.onset_quarter < end
    ]


def selections(path: Path) -> list[Selection]:
    """Return the end of the score and its middle."""
    try:
        count = len(open_document(path).score(0, 0).measures)
    except JaxmuseError:
        return [Selection(bars=2)]
    middle = max(1, count // 2)
    return [Selection(bars=2), Selection(measures=f"#{middle}-#{min(count, middle + 1)}")]


def assert_nearly_all_are_filled(paths: list[Path], model: Model) -> None:
    outcomes = {
        (path.name, number): fill_and_check(path, selection, model)
        for path in paths
        for number, selection in enumerate(selections(path))
    }
    pitched = {key: outcome for key, outcome in outcomes.items() if outcome != UNPITCHED}
    refused = [f"{name}: {outcome}" for (name, _), outcome in pitched.items() if outcome != FILLED]
    assert all(": refused: " in line for line in refused), refused
    assert len(refused) <= (1 - LEAST_FILLED) * len(pitched), "\n".join(refused)


@pytest.mark.slow
def test_the_lilypond_suite(model: Model) -> None:
    assert len(LILYPOND_SUITE) > 100
    assert_nearly_all_are_filled(LILYPOND_SUITE, model)


@pytest.mark.slow
@pytest.mark.skipif(not EXTRA, reason="JAXMUSE_EXTRA_SCORES names no folder of scores")
@pytest.mark.parametrize("half", [0, 1])
def test_the_extra_scores(model: Model, half: int) -> None:
    assert EXTRA_SCORES, f"there are no scores in {EXTRA}"
    assert_nearly_all_are_filled(EXTRA_SCORES[half::2], model)
