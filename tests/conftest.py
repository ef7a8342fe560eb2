"""Fixtures for all tests: the example scores, a model that knows nothing, and one of nothing but dice."""

from __future__ import annotations

import os
import random
import shutil
import sys
import tempfile
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pytest
from command import Outcome, Run
from hypothesis import settings

from bridge.character import FREE, Character
from bridge.cli import main
from bridge.models import Model, load_model
from bridge.score import Document, Note, Region

EXAMPLES = Path(__file__).parents[1] / "examples"


settings.register_profile("ci", derandomize=True)  # a landing must not hang on the day's dice
if os.environ.get("CI"):
    settings.load_profile("ci")


def pytest_configure(config: pytest.Config) -> None:
    """Keep the tests out of the user's own folders, and away from a bridge that runs there."""
    folder = tempfile.TemporaryDirectory(prefix="jaxmuse-tests-")
    config.add_cleanup(folder.cleanup)
    os.environ["XDG_CACHE_HOME"] = folder.name
    os.environ["JAXMUSE_CONFIG"] = os.path.join(folder.name, "config")


@pytest.fixture(scope="session")
def examples() -> Path:
    """The folder with `chorale.mxl`, `tune.musicxml` and `piano.mxl`."""
    return EXAMPLES


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    """A real model that plays anything legal; only tests that want it wait for JAX."""
    from tiny_model import save_tiny_model

    return load_model(str(save_tiny_model(tmp_path_factory.mktemp("tiny"))))


@dataclass(frozen=True)
class DiceOptions:
    seed: int
    temperature: float = 1.0
    top_p: float = 0.95
    alternatives: int = 1
    keep_rhythm: bool = False
    own_range: bool = True
    character: Character = FREE


@dataclass(frozen=True)
class DiceAlternative:
    notes: Mapping[int, tuple[Note, ...]]
    nll: float
    note_count: int
    copies: None = None
    copied_notes: None = None


@dataclass(frozen=True)
class DiceModel:
    name: str
    config: object = None


@dataclass(frozen=True)
class DiceFilled:
    document: Document
    region: Region
    alternatives: tuple[DiceAlternative, ...]
    seconds: float = 0.0

    def apply(self, k: int = 0) -> Document:
        copy = type(self.document).from_bytes(self.document.to_bytes(), self.document.path)  # type: ignore[attr-defined]
        copy.write(self.region, self.alternatives[k].notes)
        return copy


def roll_notes(document: Document, region: Region, seed: int) -> dict[int, tuple[Note, ...]]:
    """Return legal notes by throwing dice: quarters, and what is left of a measure, in each staff."""
    dice = random.Random(seed)
    measures = document.score(0, 0).measures[region.start : region.stop]
    notes: dict[int, tuple[Note, ...]] = {}
    for staff in region.staves:
        rolled = []
        for measure in measures:
            onset = measure.onset_quarter
            while onset < measure.end_quarter:
                duration = min(Fraction(1), measure.end_quarter - onset)
                rolled.append(Note(onset, duration, dice.choice((60, 62, 64, 65, 67, 69, 71))))
                onset += duration
        notes[staff] = tuple(rolled)
    return notes


@pytest.fixture
def dice_model(monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    """Put a module in the place of `bridge.fill` whose model throws dice; `loads` counts its loading."""
    module = types.ModuleType("bridge.fill")

    def load_model(name_or_path: str = "lstm") -> DiceModel:
        module.loads += 1
        return DiceModel(str(name_or_path))

    def fill_document(
        document: Document,
        region: Region,
        model: DiceModel,
        options: DiceOptions,
        progress: Callable[[float], None] | None = None,
    ) -> DiceFilled:
        rolls = [
            roll_notes(document, region, options.seed + number) for number in range(options.alternatives)
        ]
        ranked = tuple(
            DiceAlternative(notes, 1.5 + number, sum(map(len, notes.values())))
            for number, notes in enumerate(rolls)
        )
        if progress is not None:
            progress(1.0)
        return DiceFilled(document, region, ranked)

    module.loads = 0
    module.FillOptions = DiceOptions
    module.load_model = load_model
    module.fill_document = fill_document
    module.list_models = lambda: [
        {
            "name": "dice",
            "kind": "dice",
            "parameters": 6,
            "size_bytes": 6,
            "path": "six/faces",
            "facts": {},
        }
    ]
    monkeypatch.setitem(sys.modules, "bridge.fill", module)
    return module


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], dice_model: types.ModuleType) -> Run:
    """Run the command in this process, with the model that throws dice."""

    def call(*arguments: object) -> Outcome:
        with pytest.raises(SystemExit) as stopped:
            main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return Outcome(int(stopped.value.code or 0), printed.out, printed.err)

    return call


@pytest.fixture
def chorale(tmp_path: Path, examples: Path) -> Path:
    return Path(shutil.copy(examples / "chorale.mxl", tmp_path))


@pytest.fixture
def tune(tmp_path: Path, examples: Path) -> Path:
    return Path(shutil.copy(examples / "tune.musicxml", tmp_path))
