"""With the bridge and without it, `jaxmuse fill` writes the same bytes and says the same words."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from command import Outcome
from server.bridges import until
from server.processes import ROOT, TINY, Home

from bridge import bridge_calls, connection, fill_batch, models
from bridge.api import fill
from bridge.cli import main
from bridge.identity import program_identity
from bridge.open import open_document
from bridge.output import document_bytes

HEAVY = (
    *("jax", "jaxlib", "flax", "numpy", "orbax", "optax", "safetensors", "jaxmodels.piece", "lxml", "mido"),
    *("music21", "starlette", "uvicorn", "matplotlib", "tensorboardX", "verovio", "rich"),
)
"""What a fill through the bridge has no use for."""

UNUSED = ("music21", "orbax", "optax", "matplotlib", "tensorboardX", "starlette", "uvicorn")
"""What a fill without the bridge has no use for."""

REPORTED = f"""
import atexit, sys
from bridge import bridge_calls
bridge_calls.LOOK_SECONDS = 30  # for machines that are busy
known = {sorted({*HEAVY, *UNUSED})!r}
atexit.register(lambda: print("IMPORTED", *[name for name in known if name in sys.modules]))
"""

Fill = Callable[..., Outcome]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, model_folder: Path, compiled: Path) -> Iterator[Home]:
    """A bridge that is ready, with a model of dice."""
    home = Home(tmp_path_factory.mktemp("home"), model_folder, compiled)
    try:
        assert home.run("serve", "--background", "--port", "0").returncode == 0
        with home.client() as client:
            until(lambda: client.get("/v1/health").json()["ready"], 300)
        yield home
    finally:
        home.end()


@pytest.fixture
def filled(
    home: Home, model_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Fill:
    """Run `jaxmuse fill` in this process; with `bridge`, this process may not fill itself."""
    monkeypatch.setenv(connection.VARIABLE, str(home.config))
    monkeypatch.setattr(models, "checkpoints_folder", lambda: model_folder)
    monkeypatch.setattr(bridge_calls, "LOOK_SECONDS", 30)  # for machines that are busy

    def call(*arguments: object, bridge: bool) -> Outcome:
        with monkeypatch.context() as only:
            if bridge:
                only.setattr(fill_batch, "fill_file", lambda *asked: pytest.fail("it was filled here"))
            words = ["fill", *map(str, arguments), "--bridge" if bridge else "--no-bridge"]
            with pytest.raises(SystemExit) as stopped:
                main(words)
        printed = capsys.readouterr()
        return Outcome(int(stopped.value.code or 0), printed.out, printed.err)

    return call


@pytest.fixture(scope="module")
def scores(tmp_path_factory: pytest.TempPathFactory, examples: Path) -> Path:
    """The examples, one of them as MIDI too, and a tune in abc."""
    folder = tmp_path_factory.mktemp("scores")
    for path in examples.iterdir():
        if path.suffix in (".mxl", ".musicxml"):
            shutil.copy(path, folder)
    (folder / "chorale.mid").write_bytes(document_bytes(open_document(folder / "chorale.mxl"), ".mid"))
    (folder / "air.abc").write_text("X:1\nT:Air\nM:3/4\nL:1/4\nK:G\nGAB|d2B|ABG|A3|GAB|d2B|AGA|G3|\n")
    return folder


@pytest.mark.parametrize(
    ("name", "output", "options"),
    [
        ("tune.musicxml", "out.musicxml", ("--bars", 3)),
        ("tune.musicxml", "out.mxl", ("--measures", "3-4", "--alternatives", 3, "--check")),
        ("tune.musicxml", "out.mid", ("--from", "5", "--bars", 2, "--temperature", 1.3, "--top-p", 0.8)),
        ("chorale.mxl", "out.mxl", ("--bars", 2)),
        ("chorale.mxl", "out.mxl", ("--measures", "3-4", "--parts", "Alto,3", "--keep-rhythm")),
        ("piano.mxl", "out.musicxml", ("--bars", 2, "--style", "made", "--density", -1, "--closeness", 2)),
        ("chorale.mid", "out.mid", ("--bars", 2, "--wide-range", "--register", 1)),
        ("chorale.mid", "out.musicxml", ("--bars", 2, "--parts", "1")),
        (
            "air.abc",
            "out.musicxml",
            (
                "--bars",
                2,
            ),
        ),
    ],
)
def test_the_same_bytes_and_words(
    scores: Path, tmp_path: Path, filled: Fill, name: str, output: str, options: tuple[object, ...]
) -> None:
    results = []
    for bridge in (True, False):
        folder = tmp_path / str(bridge)
        folder.mkdir()
        asked = (scores / name, *options, "--seed", 5, "-o", folder / output)
        plain = filled(*asked, bridge=bridge)
        assert plain.code == 0, plain.err
        files = {each.name: each.read_bytes() for each in folder.iterdir()}
        told = filled(*asked, "--json", "--force", bridge=bridge)
        assert files == {each.name: each.read_bytes() for each in folder.iterdir()}
        (record,) = told.records
        assert record.pop("seconds") > 0
        text = re.sub(r"\d+\.\d s →", "? s →", plain.out + json.dumps(record))
        results.append((files, text.replace(str(folder), "FOLDER"), plain.err))
    assert results[0] == results[1]


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("tune.musicxml", ("--measures", "99")),
        ("tune.musicxml", ("--parts", "Tuba")),
        ("tune.musicxml", ("--style", "polka")),
        ("chorale.mxl", ("--from", "15", "--bars", "20")),
        ("broken.musicxml", ()),
        ("broken.mxl", ()),
        ("broken.mid", ()),
    ],
)
def test_the_same_refusals(
    scores: Path, tmp_path: Path, filled: Fill, name: str, options: tuple[object, ...]
) -> None:
    for broken in (scores / "broken.musicxml", scores / "broken.mxl", scores / "broken.mid"):
        broken.write_bytes({".mxl": b"PK\x03\x04broken", ".mid": b"MThd"}.get(broken.suffix, b"<a>"))
    said = [
        filled(scores / name, *options, "--seed", 5, "-o", tmp_path / "out.mid", bridge=bridge)
        for bridge in (True, False)
    ]
    assert said[0] == said[1]
    assert (said[0].code, said[0].out) == (2, "")
    assert list(tmp_path.iterdir()) == []


def test_python_and_the_bridge_agree(
    scores: Path, tmp_path: Path, filled: Fill, model_folder: Path
) -> None:
    output = tmp_path / "out.mxl"
    assert filled(scores / "tune.musicxml", "--seed", 9, "-o", output, bridge=True).code == 0
    result = fill(scores / "tune.musicxml", seed=9)
    result.save(tmp_path / "python.mxl")
    assert (tmp_path / "python.mxl").read_bytes() == output.read_bytes()


def test_the_bridge_and_this_process_are_one_program(home: Home) -> None:
    with home.client() as client:
        assert client.get("/v1/health").json()["program"] == program_identity()


def imported(home: Home, *arguments: object) -> set[str]:
    """Return which of the modules that are watched a command imports."""
    script = home.folder / "reporting.py"
    tiny = Path(TINY[1]).read_text().replace("from bridge.server import background, warm\n", "")
    tiny = re.sub(r"^(warm|background)\..*\n", "", tiny, flags=re.MULTILINE)
    script.write_text(tiny.replace("import sys\n", "import sys\n" + REPORTED, 1))
    done = subprocess.run(
        [sys.executable, str(script), str(home.model), *map(str, arguments)],
        env=home.environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines()[-1].split()[1:])


def test_a_fill_through_the_bridge_imports_nothing_heavy(home: Home, scores: Path, tmp_path: Path) -> None:
    asked = ("fill", scores / "tune.musicxml", "--seed", 1, "-o")
    assert imported(home, *asked, tmp_path / "a.mxl") == set()
    assert (tmp_path / "a.mxl").exists()


def test_help_imports_only_what_draws_it(home: Home) -> None:
    assert imported(home, "--help") <= {"rich"}
    assert imported(home, "fill", "--help") <= {"rich"}


def test_a_fill_without_the_bridge_imports_what_it_uses(home: Home, scores: Path, tmp_path: Path) -> None:
    found = imported(
        home, "fill", scores / "tune.musicxml", "--seed", 1, "-o", tmp_path / "a.mxl", "--no-bridge"
    )
    assert found.isdisjoint(UNUSED)
    assert "jax" in found


def test_a_refusal_imports_no_model(home: Home, scores: Path) -> None:
    script = "import sys\nfrom bridge.cli import main\ntry:\n    main(sys.argv[1:])\nfinally:\n"
    script += "    assert 'jax' not in sys.modules\n"
    asked = [sys.executable, "-c", script, "fill", str(scores / "none.mxl"), "--no-bridge"]
    done = subprocess.run(asked, env=home.environment, cwd=ROOT, capture_output=True, text=True)
    assert done.stderr == "none.mxl: there is no such file. Check its name and folder.\n"
    assert done.returncode == 2
