"""The command line says no: one sentence with the fix, exit code 2, no output file."""

from __future__ import annotations

import os
import shutil
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest
from command import Outcome, Run

from bridge.cli import main
from bridge.open import open_document

DRUMS = """<?xml version="1.0"?><score-partwise version="4.0"><part-list><score-part id="P1">
<part-name>Drums</part-name></score-part></part-list><part id="P1"><measure number="1"><attributes>
<divisions>1</divisions><time><beats>4</beats><beat-type>4</beat-type></time>
<clef><sign>percussion</sign></clef></attributes><note><unpitched/><duration>4</duration><type>whole</type>
</note></measure></part></score-partwise>"""


def others(folder: Path, *inputs: Path) -> set[str]:
    return set(os.listdir(folder)) - {path.name for path in inputs}


def bad_files(folder: Path, chorale: Path) -> dict[str, tuple[Path, str]]:
    """Return broken inputs by kind, with the sentence (or its beginning) said of each."""
    contents = {
        "empty.mxl": b"",
        "text.musicxml": b"Dear diary, today no music.",
        "page.xml": b"<html><body/></html>",
        "cut.mxl": chorale.read_bytes()[:900],
        "cut.musicxml": zipfile.ZipFile(chorale).read("score.musicxml")[:3000],
        "drums.musicxml": DRUMS.encode(),
        "song.mscz": b"PK\x03\x04",
        "song.pdf": b"%PDF-1.7",
        "cut.mid": b"MThd\x00\x00",
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    sentences = {
        "missing.mxl": "missing.mxl: there is no such file. Check its name and folder.",
        ".": f"{folder.name}: this is a folder. Give the scores in it, for example as folder/*.mxl.",
        "empty.mxl": "empty.mxl: the file is empty. Export the score again.",
        "text.musicxml": "text.musicxml",
        "page.xml": "page.xml: this XML is a 'html', not a MusicXML score. Export the score as MusicXML.",
        "cut.mxl": "cut.mxl: the .mxl archive is damaged",
        "cut.musicxml": "cut.musicxml",
        "drums.musicxml": "drums.musicxml: the score has only percussion staves, "
        "which jaxmuse can't write. Add an instrument with a pitched staff.",
        "song.mscz": "song.mscz: this is MuseScore's own format. "
        "Export it from MuseScore as MusicXML (File > Export) and give that.",
        "song.pdf": "song.pdf: '.pdf' is no format that can be read. "
        "Give MusicXML (.mxl, .musicxml, .xml), MIDI (.mid) or one of .abc, .krn, .mei, .capx, .nwc.",
        "cut.mid": "cut.mid",
    }
    return {name: (folder / name, sentence) for name, sentence in sentences.items()}


def test_files_that_cannot_be_read(
    run: Run, dice_model: ModuleType, tmp_path: Path, examples: Path
) -> None:
    files = bad_files(tmp_path, examples / "chorale.mxl")
    there = set(os.listdir(tmp_path))
    for path, sentence in files.values():
        outcome = run("fill", path, "--bars", 4)
        assert outcome.code == 2, outcome
        assert outcome.err.startswith(sentence)
        assert outcome.err.count("\n") == 1
        assert outcome.err.endswith(".\n")
        assert "Traceback" not in outcome.err
        assert outcome.out == ""
    assert set(os.listdir(tmp_path)) == there
    assert dice_model.loads == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--bars", "0"], "option --bars: 0 is no number of bars to fill. Give 1 or more."),
        (
            ["--measures", "9-99"],
            "chorale.mxl, option --measures: there is no measure 99. The score has measures 0 to 16.",
        ),
        (
            ["--measures", "12-9"],
            "chorale.mxl, option --measures: measure 9 comes before measure 12. Give 9-12.",
        ),
        (
            ["--from", "15", "--bars", "8"],
            "chorale.mxl, option --from: there is no room for 8 bars, the score ends after measures 15–16. "
            "Give at most --bars 2, or leave out --from to add measures at the end.",
        ),
        (
            ["--parts", "Oboe"],
            "chorale.mxl, option --parts: there is no part 'Oboe'. "
            "Choose from: 1 Soprano, 2 Alto, 3 Tenor, 4 Bass.",
        ),
        (
            ["-o", "out.pdf"],
            "out.pdf: '.pdf' is no format that can be written. End the name in .mxl, .musicxml or .mid.",
        ),
        (
            ["-o", "no/where.mxl"],
            "no/where.mxl: its folder isn't there. Create it, or choose another output.",
        ),
        (
            ["-o", "chorale.mxl", "--force"],
            "chorale.mxl: this is the input, which is never changed. Choose another output.",
        ),
        (
            ["-o", "a.mxl", "--output-dir", "."],
            "options -o and --output-dir: they contradict each other. Give one of them.",
        ),
        (
            ["--temperature", "0"],
            "option --temperature: 0.0 is out of its range. Give more than 0 and at most 10.",
        ),
        (["--top-p", "nan"], "option --top-p: nan is out of its range. Give more than 0 and at most 1."),
        (["--alternatives", "0"], "option --alternatives: 0 is out of its range. Give 1 to 64."),
        (["--seed", "-1"], "option --seed: -1 is out of its range. Give 0 to 2^63 − 1."),
        (["chorale.mxl", "-o", "a.mxl"], "option -o: one file can't hold 2 scores. Use --output-dir."),
    ],
)
def test_requests_that_cannot_be_followed(
    run: Run,
    dice_model: ModuleType,
    chorale: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    sentence: str,
) -> None:
    monkeypatch.chdir(chorale.parent)
    outcome = run("fill", "chorale.mxl", *arguments)
    assert outcome == Outcome(2, "", sentence + "\n")
    assert others(chorale.parent, chorale) == set()
    assert dice_model.loads == 0


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="needs a folder that nobody can write into")
def test_an_output_that_cannot_be_written_is_found_before_the_model_runs(
    run: Run, dice_model: ModuleType, chorale: Path
) -> None:
    outcome = run("fill", chorale, "-o", "/proc/self/a.mxl")
    assert outcome.code == 2
    assert outcome.err.startswith("/proc/self/a.mxl: it can't be written (")
    assert dice_model.loads == 0


def test_an_output_that_is_there_is_kept_without_force(run: Run, tune: Path) -> None:
    output = tune.with_name("tune.filled.musicxml")
    output.write_text("mine")
    outcome = run("fill", tune)
    assert outcome.code == 2
    assert outcome.err == (
        f"{output}: it is there already. "
        "Choose another name, or allow overwriting (--force; force=True in Python).\n"
    )
    assert output.read_text() == "mine"
    assert run("fill", tune, "--force").code == 0
    assert output.read_text() != "mine"


def test_two_scores_of_one_name_share_no_output(run: Run, chorale: Path) -> None:
    folder = chorale.parent
    copies = []
    for name in ("a", "b"):
        (folder / name).mkdir()
        copies.append(shutil.copy(chorale, folder / name / "x.mxl"))
    outcome = run("fill", *copies, "--bars", 2, "--seed", 1, "--output-dir", folder / "out", "--force")
    output = folder / "out" / "x.filled.mxl"
    assert outcome.code == 2
    assert outcome.err == (f"{output}: two scores would be written here. Rename one, or fill them apart.\n")
    assert outcome.out.count("\n") == 1
    assert os.listdir(folder / "out") == [output.name]


def test_two_formats_of_one_name_share_no_output(run: Run, tune: Path) -> None:
    abc = tune.with_suffix(".abc")
    abc.write_text("X:1\nM:4/4\nL:1/4\nK:C\nC D E F|G A B c|]\n")
    outcome = run("fill", tune, abc, "--bars", 2, "--json")
    assert outcome.code == 2
    output = tune.with_name("tune.filled.musicxml")
    assert [record["ok"] for record in outcome.records] == [True, False]
    assert outcome.records[1]["error"].startswith(f"{output}: two scores would be written here.")
    assert len(open_document(output).score().measures) == 16 + 2


def test_a_picture_that_cannot_be_drawn_is_found_before_the_model_runs(
    run: Run, dice_model: ModuleType, tune: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for library in ("verovio", "resvg_py"):
        with monkeypatch.context() as patch:
            patch.setitem(sys.modules, library, None)
            outcome = run("fill", tune, "--png")
        assert outcome.code == 2
        assert f"option --png: pictures of scores need the library {library}. Install it" in outcome.err
    assert others(tune.parent, tune) == set()
    assert dice_model.loads == 0


def test_a_score_that_cannot_be_drawn_is_not_written_either(
    run: Run, tune: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    verovio = pytest.importorskip("verovio")
    pytest.importorskip("resvg_py")
    monkeypatch.setattr(verovio.toolkit, "loadData", lambda *_: False)
    outcome = run("fill", tune, "--png")
    assert outcome == Outcome(
        2, "", "tune.musicxml, option --png: Verovio can't engrave the score. Leave out --png.\n"
    )
    assert others(tune.parent, tune) == set()


def test_words_that_are_no_options_exit_with_2(run: Run, tune: Path) -> None:
    assert run("fill", tune, "--brs", 8).code == 2
    assert run("fill", tune, "--bars", "many").code == 2
    assert run("full", tune).code == 2


def test_a_bug_is_one_sentence_unless_debugging(
    run: Run, dice_model: ModuleType, monkeypatch: pytest.MonkeyPatch, tune: Path
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("division\nby zero")

    monkeypatch.setattr(dice_model, "fill_document", fail)
    outcome = run("fill", tune)
    assert outcome == Outcome(
        1,
        "",
        "tune.musicxml: this is a bug in jaxmuse (ZeroDivisionError: division by zero). "
        "Run it again as 'jaxmuse --debug …' and report what it prints.\n",
    )
    with pytest.raises(ZeroDivisionError):
        main(["--debug", "fill", str(tune)])
    assert others(tune.parent, tune) == set()


def test_ctrl_c_exits_with_130_and_leaves_nothing(
    run: Run, dice_model: ModuleType, monkeypatch: pytest.MonkeyPatch, tune: Path
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(dice_model, "fill_document", stop)
    assert run("fill", tune).code == 130
    assert others(tune.parent, tune) == set()
