"""The fake score's cursor does what MuseScore's does, as far as the MuseScore that can be run here has it.

3.2.3 has no addTuplet, addRest and ties to read; its engine's note entry is the one of 4.x. Random steps
(clear measures, write notes over barlines and into other voices, append measures) are taken in both, and
after each step all chords and the cursor's place are the same.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest
from plugin.host.real.drawn_scores import drawn_plan, drawn_steps, musicxml

REAL = Path(__file__).parent / "host" / "real"

MUSESCORE, NODE = shutil.which("mscore3"), shutil.which("node")
pytestmark = [
    pytest.mark.skipif(MUSESCORE is None, reason="MuseScore 3 (mscore3) isn't installed"),
    pytest.mark.skipif(NODE is None, reason="Node isn't installed"),
]


@pytest.mark.parametrize("seed", [1, 2])
def test_the_fake_cursor_walks_and_writes_as_the_real_one(seed: int, tmp_path: Path) -> None:
    dice = random.Random(seed)
    plan, steps = drawn_plan(dice), drawn_steps(dice, 80)
    for name in ("steps.js", "steps.qml"):
        shutil.copy(REAL / name, tmp_path)
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    (tmp_path / "steps.json").write_text(json.dumps(steps))
    (tmp_path / "score.musicxml").write_text(musicxml(plan))
    environment = os.environ | {
        "HOME": str(tmp_path),
        "XDG_RUNTIME_DIR": str(tmp_path),
        "LC_ALL": "C.UTF-8",
    }
    environment["QT_QPA_PLATFORM"] = "offscreen"
    subprocess.run(
        [str(MUSESCORE), "-p", str(tmp_path / "steps.qml"), str(tmp_path / "score.musicxml")],
        env=environment,
        capture_output=True,
        timeout=120,
        check=False,
    )
    real = json.loads((tmp_path / "seen.json").read_text())
    faked = subprocess.run(
        [
            str(NODE),
            str(REAL / "fake_steps.cjs"),
            str(tmp_path / "plan.json"),
            str(tmp_path / "steps.json"),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    fake = json.loads(faked.stdout)
    assert len(real[0][2]) > 20
    for number, (seen, expected) in enumerate(zip(fake, real, strict=True)):
        assert seen == expected, f"step {number}: {steps[number - 1] if number else 'the score itself'}"
