from __future__ import annotations

import os
from pathlib import Path

import pytest

from bridge.training.run_folder import default_folder, latest_folder, read_record, write_record


def test_folders_are_named_by_the_minute_and_never_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, finished: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("time.strftime", lambda form: "20250131-1405")
    assert default_folder("wavenet") == Path("runs/wavenet-20250131-1405")
    for name, age in (("wavenet-20250131-1405", 50), ("wavenet-20250131-1405-2", 10)):
        folder = Path("runs") / name
        folder.mkdir(parents=True)
        write_record(folder, read_record(finished))
        os.utime(folder / "run.json", (1e9 - age, 1e9 - age))
    assert default_folder("wavenet").name == "wavenet-20250131-1405-3"
    assert latest_folder().name == "wavenet-20250131-1405-2"
