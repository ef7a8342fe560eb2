"""Runs that were stopped go on, by what they were started with."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import jax
import numpy as np
import pytest
from training.tiny_training import STEPS, metrics

from bridge.cli import main
from bridge.errors import UsageError
from bridge.models import load_model
from bridge.training import train_command
from bridge.training.run_folder import read_record, write_record
from jaxmodels.train_log import Progress


def press_ctrl_c_at(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextlib.contextmanager
    def live_line() -> Iterator[Callable[[Progress], None]]:
        def show(progress: Progress) -> None:
            if progress.kind == "step" and progress.step == step:
                os.kill(os.getpid(), signal.SIGINT)

        yield show

    monkeypatch.setattr("bridge.training.live.live_line", live_line)


def test_ctrl_c_saves_and_a_resumed_run_ends_as_if_nothing_had_been(
    finished: Path,
    tunes: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "stopped"
    before = signal.getsignal(signal.SIGINT)
    with monkeypatch.context() as patch:
        press_ctrl_c_at(10, patch)
        with pytest.raises(SystemExit) as stopped:
            main(["train", str(tunes), "--out", str(out), "--steps", str(STEPS)])
    assert stopped.value.code == 130
    assert signal.getsignal(signal.SIGINT) is before
    said = capsys.readouterr().err
    assert f"Stopped at step 10, all saved. Go on: jaxmuse train --resume --out {out}" in said
    assert not (out / "best").exists()

    train_command(out=out, resume=True)
    said = capsys.readouterr()
    assert f"Use it: jaxmuse fill score.mxl --model {out}" in said.out
    assert "infill" in said.out
    assert "step 20: valid" in said.err
    assert metrics(out) == metrics(finished)
    first, second = load_model(str(finished)).params, load_model(str(out)).params
    jax.tree.map(np.testing.assert_array_equal, first, second)


def test_a_finished_run_goes_on_only_for_longer(finished: Path, tunes: Path) -> None:
    with pytest.raises(UsageError, match=r"this run is finished\. Give it more than 40 with --steps"):
        train_command(out=finished, resume=True)
    with pytest.raises(
        UsageError, match=r"^option --out .*: the run was started with other scores\. Leave the scores out"
    ):
        train_command([tunes / "tune1.musicxml"], out=finished, resume=True)


def test_a_run_goes_on_only_by_its_own_settings(finished: Path, tmp_path: Path) -> None:
    record = read_record(finished)
    write_record(tmp_path, replace(record, request=replace(record.request, model="harp"), ended=""))
    with pytest.raises(
        UsageError, match=r"the run was started with --model harp\. Leave --model out to go on with it"
    ):
        train_command(out=tmp_path, model="wavenet", resume=True)
    with pytest.raises(
        UsageError, match=r"with the restricted collections left out\. Leave --include-restricted out"
    ):
        train_command(out=finished, resume=True, include_restricted=True)


def test_an_early_end_is_an_end(finished: Path, tmp_path: Path) -> None:
    write_record(tmp_path, replace(read_record(finished), ended="patience"))
    with pytest.raises(UsageError, match="validation got no better"):
        train_command(out=tmp_path, resume=True)


def test_a_run_isnt_resumed_on_scores_that_changed(finished: Path, tmp_path: Path) -> None:
    write_record(tmp_path, replace(read_record(finished), corpus="another", ended=""))
    with pytest.raises(UsageError, match="the scores have changed since the run began"):
        train_command(out=tmp_path, resume=True, json=True)
