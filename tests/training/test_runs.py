"""What a run leaves, and what it doesn't begin."""

from __future__ import annotations

from pathlib import Path

import pytest
from training.made_scores import tune
from training.tiny_training import SIZES, STEPS, metrics

from bridge.errors import JaxmuseError, ReadError, UsageError
from bridge.models import load_model
from bridge.training import train_command
from jaxmodels.checkpoint import load_facts


def test_a_run_leaves_a_model_with_its_card_and_curves(finished: Path) -> None:
    assert load_model(str(finished)).config.residual_channels == SIZES["residual_channels"]
    facts = load_facts(finished / "best")
    assert facts["parameters"] > 0
    assert facts["command"].startswith("jaxmuse train ")
    card = (finished / "best" / "MODEL_CARD.md").read_text("utf-8")
    for words in (
        facts["command"],
        facts["machine"],
        f"| infill | {facts['valid_infill']:.3f} |",
        f"| mean | {facts['valid']:.3f} |",
        "| tunes | 4 |",
        "the trainer's own choice",
        "jax 0.",
    ):
        assert words in card, words
    assert load_model(str(finished)).copy_sketch is not None
    assert (finished / "curves.png").read_bytes().startswith(b"\x89PNG")
    assert list((finished / "tensorboard").glob("events.out.tfevents.*"))
    assert {line["step"] for line in metrics(finished) if line["kind"] == "valid"} == {20, 40}


def test_a_run_is_never_written_over(finished: Path, tunes: Path, tmp_path: Path) -> None:
    weights = (finished / "best" / "weights.safetensors").read_bytes()
    with pytest.raises(
        UsageError, match=r"through: there is a run in it already\. Go on with it with --resume"
    ):
        train_command([tunes], out=finished, steps=STEPS)
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match="the folder isn't empty"):
        train_command([tunes], out=tmp_path, steps=STEPS)
    with pytest.raises(UsageError, match="this is a file"):
        train_command([tunes], out=tmp_path / "mine.txt", steps=STEPS)
    assert (finished / "best" / "weights.safetensors").read_bytes() == weights


def test_scores_to_learn_from_are_needed(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(JaxmuseError, match="there are no scores in it"):
        train_command([empty], out=tmp_path / "run", json=True)
    (empty / "short.musicxml").write_text(tune(9, measures=3))
    with pytest.raises(
        ReadError, match=r"empty: \d+ notes are too few to learn from \(200 at least\)\. Name more scores"
    ):
        train_command([empty], out=tmp_path / "run", json=True)
    assert not (tmp_path / "run").exists()


def test_a_run_that_cant_be_kept_is_one_sentence(tunes: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(JaxmuseError, match=r"the run can't be kept there \(not a directory\)"):
        train_command([tunes], out=tmp_path / "file" / "run", steps=STEPS, json=True)
