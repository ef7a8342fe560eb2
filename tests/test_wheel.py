"""The wheel, installed somewhere clean, fills a score from any folder."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODEL_FILES = ("config.json", "weights.safetensors", "MODEL_CARD.md")
TOOLS = [name for name in ("build", "hatchling", "pip") if importlib.util.find_spec(name) is None]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(TOOLS), reason=f"not installed: {', '.join(TOOLS)}"),
]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel as a release does, but with the tools that are installed here."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    done = subprocess.run([*command, str(ROOT)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the `bin` of a new environment with the wheel; it borrows the dependencies of this one.

    The path of the borrowed packages comes after the environment's own, and what is editable in them
    isn't: a `.pth` file works only in a folder that `site` looks into.
    """
    folder = tmp_path_factory.mktemp("clean") / "env"
    venv.create(folder, with_pip=False)
    binaries = folder / ("Scripts" if os.name == "nt" else "bin")
    packages = next(folder.rglob("site-packages"))
    borrowed = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (packages / "borrowed.pth").write_text("\n".join(sorted(borrowed)) + "\n")
    command = [sys.executable, "-m", "pip", "--python", str(binaries / "python"), "install", "-q"]
    subprocess.run([*command, "--no-deps", "--no-index", "--force-reinstall", str(wheel)], check=True)
    return binaries


def run_in(binaries: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a program of the clean environment from the root folder, which holds no checkout."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [str(binaries / command[0]), *command[1:]],
        cwd=Path("/").resolve(),
        env=environment,
        capture_output=True,
        text=True,
    )


def test_the_wheel_holds_the_packages_the_models_and_the_plugin(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    model = [f"jaxmodels/_checkpoints/wavenet-base/{name}" for name in MODEL_FILES]
    for needed in (
        "bridge/cli.py",
        "jaxmodels/piece.py",
        "bridge/_musescore_plugin/continue_selection.qml",
        *model,
    ):
        assert needed in names
    assert not any(name.startswith(("tests/", "examples/", "benchmarks/")) for name in names)


def test_the_installed_code_is_the_wheels(installed: Path) -> None:
    program = "import bridge, jaxmodels; print(bridge.__file__); print(jaxmodels.__file__)"
    done = run_in(installed, "python", "-c", program)
    assert done.returncode == 0, done.stderr
    assert all(line.startswith(str(installed.parent)) for line in done.stdout.splitlines())


def test_it_says_its_version_and_its_models(installed: Path) -> None:
    assert run_in(installed, "jaxmuse", "--version").stdout.startswith("jaxmuse ")
    models = run_in(installed, "jaxmuse", "models", "--json")
    assert models.returncode == 0, models.stderr
    assert "wavenet-base" in models.stdout


def test_it_fills_a_score_from_the_root_folder(installed: Path, tmp_path: Path) -> None:
    score = shutil.copy(ROOT / "examples" / "tune.musicxml", tmp_path)
    done = run_in(installed, "jaxmuse", "fill", str(score), "--bars", "2", "--seed", "1")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "tune.filled.musicxml").read_bytes().startswith(b"<?xml")
    assert "seed 1" in done.stdout
