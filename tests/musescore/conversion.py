"""Let MuseScore convert files and check them for corruption, without a window."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from musescore.home import Home

MUSESCORE = shutil.which("mscore3") or ""
needs_musescore = pytest.mark.skipif(not MUSESCORE, reason="MuseScore 3 (mscore3) isn't installed")


def convert(source: Path, target: Path) -> subprocess.CompletedProcess[str]:
    """Let MuseScore write `source` as `target`; `.mlog` is its check for corruption."""
    return subprocess.run(
        [MUSESCORE, "-o", str(target), str(source)],
        env=Home(target.parent).environment(XDG_RUNTIME_DIR=str(target.parent), TMPDIR=str(target.parent)),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def convert_all(targets: Mapping[Path, Path], folder: Path) -> None:
    """Let one MuseScore write each source (key) as its target."""
    job = folder / "job.json"
    job.write_text(
        json.dumps([{"in": str(source), "out": str(target)} for source, target in targets.items()])
    )
    environment = Home(folder).environment(XDG_RUNTIME_DIR=str(folder), TMPDIR=str(folder))
    command = [MUSESCORE, "-j", str(job)]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    missing = [target.name for target in targets.values() if not target.exists()]
    assert not missing, f"{missing} weren't written: {done.stderr[-2000:]}"


def corruption(path: Path, folder: Path) -> str:
    """Return what MuseScore finds wrong with a score, empty if nothing."""
    log = folder / "check.mlog"
    log.unlink(missing_ok=True)
    done = convert(path, log)
    found = json.loads(log.read_text()) if log.exists() else {"error": done.stderr}
    return str(found.get("error", "")) or ("" if done.returncode == 0 else done.stderr)
