"""Whole trainings of a tiny model on a few tunes; compiled once for all tests of this file."""

from __future__ import annotations

import contextlib
import json
import math
import os
import random
import signal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from bridge.cli import main
from bridge.errors import JaxmuseError, ModelError, ReadError, UsageError
from bridge.models import load_model
from bridge.training import plan, train_command
from bridge.training.card import CardFacts, card_text
from bridge.training.curves import smoothed
from bridge.training.device import use_device
from bridge.training.live import clock, plain_lines
from bridge.training.material import load_material, split_works
from bridge.training.request import Request, configs_of, request_of
from bridge.training.run_folder import default_folder, latest_folder, read_record, write_record
from bridge.training.watch import Interrupts, StoppedNow, Watch
from jaxmodels.checkpoint import load_facts
from jaxmodels.config import ModelConfig, TrainConfig
from jaxmodels.model import init_params
from jaxmodels.piece import Piece
from jaxmodels.shards import Corpus, save_corpus
from jaxmodels.train import Progress

STEPS = 40
SIZES = {
    "context_channels": 4,
    "context_dilations": (1,),
    "residual_channels": 4,
    "skip_channels": 4,
    "dilations": (1,),
    "head_channels": 4,
    "staff_channels": 4,
    "interval_kernels": 1,
}

NOTE = "<note><pitch><step>{step}</step><octave>4</octave></pitch><duration>{length}</duration></note>"
ATTRIBUTES = """<attributes><divisions>2</divisions><time><beats>4</beats><beat-type>4</beat-type></time>
</attributes>"""
SCORE = """<score-partwise version="4.0"><part-list><score-part id="P1"><part-name>Tune</part-name>
</score-part></part-list><part id="P1">{measures}</part></score-partwise>"""


def tune(seed: int, measures: int = 24) -> str:
    """Return a MusicXML tune of quarters and eighths in 4/4 by dice."""
    dice = random.Random(seed)
    written = []
    for number in range(1, measures + 1):
        notes, left = "", 8
        while left:
            length = min(left, dice.choice((1, 1, 2)))
            notes += NOTE.format(step=dice.choice("CDEFGAB"), length=length)
            left -= length
        written.append(f'<measure number="{number}">{ATTRIBUTES if number == 1 else ""}{notes}</measure>')
    return SCORE.format(measures="".join(written))


@pytest.fixture(scope="module", autouse=True)
def tiny() -> Iterator[None]:
    """Make every model tiny, and every training the same to the compiler."""

    def configs(request: Request, styles: Sequence[str]) -> tuple[ModelConfig, TrainConfig]:
        model_config, train_config = configs_of(request, styles)
        return replace(model_config, **SIZES), replace(
            train_config, batch_size=1, valid_every=20, valid_windows=8
        )

    made: dict = {}

    def init_once(config: ModelConfig, window: object, sizes: object, seed: int) -> dict:
        if (config, sizes, seed) not in made:
            made[config, sizes, seed] = init_params(config, window, sizes, seed)
        return jax.tree.map(jnp.copy, made[config, sizes, seed])  # a training donates its own

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plan, "configs_of", configs)
        patch.setattr("jaxmodels.train.init_params", init_once)  # its compilation is half of all
        yield


@pytest.fixture(scope="module")
def tunes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scores") / "tunes"
    folder.mkdir()
    for seed in range(4):
        (folder / f"tune{seed}.musicxml").write_text(tune(seed))
    return folder


@pytest.fixture(scope="module")
def finished(tunes: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that nobody stopped."""
    out = tmp_path_factory.mktemp("runs") / "through"
    train_command([tunes], out=out, steps=STEPS, json=True)
    return out


def metrics(out: Path) -> list[dict]:
    """Return a run's scalars without the speed."""
    lines = [json.loads(line) for line in (out / "metrics.jsonl").read_text().splitlines()]
    return [{key: value for key, value in line.items() if key != "notes_per_second"} for line in lines]


def press_ctrl_c_at(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextlib.contextmanager
    def live_line() -> Iterator[Callable[[Progress], None]]:
        def show(progress: Progress) -> None:
            if progress.kind == "step" and progress.step == step:
                os.kill(os.getpid(), signal.SIGINT)

        yield show

    monkeypatch.setattr("bridge.training.live.live_line", live_line)


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


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"minutes": 1, "steps": 1}, r"--minutes and --steps: they contradict each other\. Give one"),
        ({"minutes": 0}, r"--minutes: 0 is out of its range"),
        ({"minutes": math.nan}, r"--minutes: nan is out of its range"),
        ({"steps": 0}, r"--steps: 0 is out of its range"),
        ({"model": "harp"}, r"option --model: 'harp' is no kind of model\. Take wavenet"),
        ({"device": "abacus"}, r"--device: 'abacus' is no kind of device\. Take auto, cpu, gpu or tpu"),
        ({"device": "tpu"}, r"option --device tpu: JAX finds no TPU here\. Take --device auto"),
        ({"resume": True}, r"option --resume: there is no run in runs/"),
        ({"resume": True, "out": Path("none")}, r"--out none: there is no run to go on with"),
    ],
)
def test_what_cant_be_followed_is_one_sentence(
    options: dict, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=sentence):
        train_command(**options)
    assert not list(tmp_path.iterdir())


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


def corpus_of(seeds: Sequence[int], splits: Sequence[int]) -> Corpus:
    """Return one-staff works of 16 measures of quarters; equal seeds are variants of one tune."""
    pieces = []
    for seed in seeds:
        onsets = 24 * np.arange(64)
        pitches = np.random.default_rng(seed).integers(60, 72, 64)
        notes = np.stack([onsets, 0 * onsets, pitches, 24 + 0 * onsets], axis=1).astype(np.int32)
        measures = np.array([[96 * bar, 96, 4, 4, 0, 1] for bar in range(16)], np.int32)
        pieces.append(Piece(notes, measures, np.zeros(1, np.int32)))
    count = len(seeds)
    return Corpus(
        pieces=pieces,
        work_ids=[f"mine/{number}.mxl" for number in range(count)],
        collections=np.zeros(count, np.int32),
        collection_names=["mine"],
        splits=np.array(splits, np.int8),
        styles=np.zeros(count, np.int32),
        style_names=["unknown"],
    )


def test_the_split_of_a_corpus_is_kept() -> None:
    train, valid, remark = split_works(corpus_of(range(4), [0, 1, 2, 0]))
    assert (train.tolist(), valid.tolist(), remark) == ([0, 3], [1], "")


@pytest.mark.parametrize("split", [0, 1, 2])
def test_few_works_are_split_anew_by_family(split: int) -> None:
    seeds = [1, 1, 2, 3]
    train, valid, remark = split_works(corpus_of(seeds, [split] * 4))
    assert sorted([*train, *valid]) == [0, 1, 2, 3]
    assert len(train)
    assert len(valid)
    assert not {seeds[work] for work in train} & {seeds[work] for work in valid}
    assert f"{len(valid)} of 4 held out" in remark


def test_a_single_work_trains_and_validates_nothing(tmp_path: Path) -> None:
    corpus = corpus_of([1, 1, 1, 1], [0] * 4)
    save_corpus(tmp_path / "corpus.npz", corpus)
    material = load_material(tmp_path / "corpus.npz", "mine")
    assert (len(material.train), len(material.valid), material.train_notes) == (4, 0, 256)
    assert "4 variants of a single work" in material.remark
    assert "nothing is validated" in material.remark


def test_works_without_room_for_a_hole_are_left_out(tmp_path: Path) -> None:
    corpus = corpus_of([1, 2, 3, 4, 5, 6], [0, 0, 0, 0, 0, 1])
    piece = corpus.pieces[0]
    corpus.pieces[0] = piece._replace(measures=np.array([[0, 64 * 24, 64, 4, 0, 1]], np.int32))
    save_corpus(tmp_path / "corpus.npz", corpus)
    assert len(load_material(tmp_path / "corpus.npz", "mine").train) == 4
    save_corpus(tmp_path / "few.npz", corpus_of([1, 2, 3], [0, 0, 1]))
    with pytest.raises(ReadError, match="mine: 128 notes are too few"):
        load_material(tmp_path / "few.npz", "mine")
    (tmp_path / "broken.npz").write_bytes(b"no corpus")
    with pytest.raises(ReadError, match="is not a corpus"):
        load_material(tmp_path / "broken.npz", "mine")


def test_ten_minutes_are_the_default() -> None:
    request = request_of([], "wavenet", None, None, False)
    assert request.minutes == 10
    assert request_of([], "wavenet", None, 7, False).minutes is None
    assert request.command_line(Path("a b")) == "jaxmuse train --minutes 10 --out 'a b'"
    model_config, train_config = configs_of(request, ["unknown", "chorale"])
    assert model_config.styles == ("unknown", "chorale")
    assert train_config.valid_every < TrainConfig().valid_every
    assert configs_of(replace(request, minutes=60), [])[1] == TrainConfig()
    assert configs_of(request_of([], "wavenet", None, 50, False), [])[1].steps == 50


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


def watch(out: Path, interrupts: Interrupts | None = None) -> Watch:
    return Watch(out, lambda progress: None, interrupts or Interrupts(), valid_every=20)


def test_a_loss_that_is_no_number_ends_the_training(tmp_path: Path) -> None:
    seen = watch(tmp_path)
    seen.best = True
    with pytest.raises(ModelError, match=r"the loss is no number any more at step 30.*is kept in"):
        seen(Progress("step", 30, 0.1, {"loss": math.nan, "rate": 1e-3, "notes_per_second": 1.0}))
    with pytest.raises(ModelError, match="at step 40"):
        seen(Progress("valid", 40, 0.1, {"valid": math.inf}))


def test_ctrl_c_waits_for_a_step_that_isnt_validated_too(tmp_path: Path) -> None:
    step = {"loss": 1.0, "rate": 1e-3, "notes_per_second": 1.0}
    with Interrupts() as interrupts:
        seen = watch(tmp_path, interrupts)
        with pytest.raises(StoppedNow):
            signal.raise_signal(signal.SIGINT)
        seen(Progress("step", 10, 0.1, step))
        signal.raise_signal(signal.SIGINT)
        seen(Progress("step", 20, 0.2, step))
        with pytest.raises(StoppedNow):
            signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            seen(Progress("step", 30, 0.3, step))
    seen.close()


def test_plain_lines_come_now_and_then(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    show = plain_lines()
    for step in range(10, 110, 10):
        now[0] += 10
        show(Progress("step", step, step / 400, {"loss": 2.5, "rate": 1e-3, "notes_per_second": 1234.0}))
    show(Progress("valid", 100, 0.25, {"valid": 2.25, "valid_infill": 2.25}))
    lines = capsys.readouterr().err.splitlines()
    assert lines[:2] == [
        "  8% step 30 · loss 2.500 · 1,234 notes/s · 6:10 left",
        " 15% step 60 · loss 2.500 · 1,234 notes/s · 5:40 left",
    ]
    assert lines[3:] == ["step 100: valid 2.250 nats per note (infill 2.250)"]


def test_lengths_of_time() -> None:
    assert [clock(seconds) for seconds in (5, 65.4, 3671)] == ["0:05", "1:05", "1:01:11"]


def test_smoothing_has_no_bias() -> None:
    np.testing.assert_allclose(smoothed([3.0] * 50), 3.0)
    assert smoothed([0.0] * 50 + [1.0])[-1] == pytest.approx(1 / 20, rel=0.1)


def test_a_missing_device_leaves_jax_as_it_was() -> None:
    before = jax.config.jax_platforms
    with pytest.raises(UsageError, match="no TPU"):
        use_device("tpu")
    assert jax.config.jax_platforms == before
    assert jax.devices()


@pytest.mark.parametrize(
    ("rights", "words"),
    [("embedded", "essenFolksong"), ("restricted", "private use"), ("own", "the trainer's own choice")],
)
def test_a_card_says_whose_music_it_was(rights: str, words: str) -> None:
    facts = CardFacts(
        name="mine",
        model_config=ModelConfig(),
        train_config=TrainConfig(),
        parameters=1_300_000,
        corpus=corpus_of([1, 2], [0, 1]),
        train_works=1,
        valid_works=1,
        split_remark="",
        rights=rights,
        best={"step": 7, "seconds": 600, "notes": 12345, "valid_continue": 2.0, "valid_infill": 3.0},
        command="jaxmuse train",
        machine="an abacus",
        versions={"jax": "1"},
        figures={"5-gram": {"continue": 2.5}},
    )
    text = card_text(facts)
    assert words in text
    for line in (
        "| task | valid | 5-gram |",
        "| continue | 2.000 | 2.500 |",
        "| infill | 3.000 | – |",
        "| mean | 2.500 | 2.500 |",
        "| mine | 2 | 128 | 1 | 1 | 0 |",
    ):
        assert line in text
    assert "1,300,000 parameters" in text
    assert "None" not in text
