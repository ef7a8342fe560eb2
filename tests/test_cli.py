"""The command line: what it writes and what it prints."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import mido
import pytest
from command import Run

from bridge.api import fill
from bridge.open import open_document


def others(folder: Path, *inputs: Path) -> set[str]:
    return set(os.listdir(folder)) - {path.name for path in inputs}


def test_a_piece_is_continued_beside_the_input(run: Run, chorale: Path) -> None:
    before = chorale.read_bytes()
    outcome = run("fill", chorale, "--bars", 8, "--seed", 5)
    output = chorale.with_name("chorale.filled.mxl")
    assert outcome.code == 0, outcome.err
    assert outcome.out.startswith(
        "chorale.mxl: measures 17–24 of Soprano, Alto, Tenor, Bass: 128 notes, seed 5, "
    )
    assert outcome.out.endswith(f"s → {output}\n")
    assert chorale.read_bytes() == before
    assert others(chorale.parent, chorale) == {"chorale.filled.mxl"}
    score = open_document(output).score()
    assert len(score.measures) == 25
    assert [len([note for note in staff.notes if note.onset_quarter >= 65]) for staff in score.staves] == [
        32
    ] * 4


def test_measures_of_one_part_are_replaced(run: Run, chorale: Path) -> None:
    assert run("fill", chorale, "--measures", "9-12", "--parts", "alto", "--seed", 1).code == 0
    before = open_document(chorale).score()
    after = open_document(chorale.with_name("chorale.filled.mxl")).score()
    changed = [old.notes != new.notes for old, new in zip(before.staves, after.staves, strict=True)]
    assert changed == [False, True, False, False]


def test_one_seed_gives_the_same_bytes_however_it_is_asked(run: Run, chorale: Path) -> None:
    folder = chorale.parent
    plain = run("fill", chorale, "--seed", 3, "-o", folder / "plain.mxl")
    again = run("fill", chorale, "--seed", 3, "--json", "-o", folder / "json.mxl")
    fill(chorale, seed=3).save(folder / "python.mxl")
    assert (plain.code, again.code) == (0, 0)
    contents = {(folder / f"{name}.mxl").read_bytes() for name in ("plain", "json", "python")}
    assert len(contents) == 1


def test_a_seed_is_drawn_and_told(run: Run, tune: Path) -> None:
    first = run("fill", tune, "--json").records[0]
    again = run("fill", tune, "--json", "--seed", first["seed"], "-o", tune.with_name("again.musicxml"))
    assert again.code == 0
    assert tune.with_name("again.musicxml").read_bytes() == Path(first["output"]).read_bytes()


def test_json_is_one_object_for_each_score_and_one_bad_score_stops_no_other(
    run: Run, dice_model: ModuleType, chorale: Path, tune: Path
) -> None:
    missing = chorale.with_name("missing.mxl")
    outcome = run("fill", chorale, missing, tune, "--bars", 4, "--seed", 9, "--json")
    assert outcome.code == 2
    first, second, third = outcome.records
    assert list(first) == [
        "input", "output", "ok", "error", "parts", "measures", "notes", "seconds", "seed", "model", "nll",
        "copied_notes", "copied", "warning",
    ]  # fmt: skip
    assert first | {"seconds": 0} == {
        "input": str(chorale),
        "output": str(chorale.with_name("chorale.filled.mxl")),
        "ok": True,
        "error": None,
        "parts": ["Soprano", "Alto", "Tenor", "Bass"],
        "measures": ["17", "18", "19", "20"],
        "notes": 64,
        "seconds": 0,
        "seed": 9,
        "model": "lstm",
        "nll": 1.5,
        "copied_notes": None,
        "copied": None,
        "warning": None,
    }
    assert (second["ok"], second["output"]) == (False, None)
    assert second["error"] == "missing.mxl: there is no such file. Check its name and folder."
    assert third["ok"]
    assert dice_model.loads == 1


def test_alternatives_are_numbered(run: Run, tune: Path) -> None:
    outcome = run("fill", tune, "--alternatives", 3, "--seed", 1, "--json")
    names = ["tune.filled.musicxml", "tune.filled.2.musicxml", "tune.filled.3.musicxml"]
    assert outcome.code == 0
    record = outcome.records[0]
    assert [Path(each["output"]).name for each in record["alternatives"]] == names
    assert [each["nll"] for each in record["alternatives"]] == [1.5, 2.5, 3.5]
    assert len({tune.with_name(name).read_bytes() for name in names}) == 3


def test_the_suffix_chooses_the_format(run: Run, tune: Path) -> None:
    folder = tune.parent
    for name, beginning in (
        ("a.mxl", b"PK"),
        ("a.musicxml", b"<?xml"),
        ("a.xml", b"<?xml"),
        ("a.mid", b"MThd"),
    ):
        outcome = run("fill", tune, "--seed", 2, "-o", folder / name)
        assert outcome.code == 0, outcome.err
        assert (folder / name).read_bytes().startswith(beginning)
    assert run("fill", folder / "a.mid", "--bars", 2, "--seed", 1).code == 0
    assert (folder / "a.filled.mid").read_bytes().startswith(b"MThd")
    assert run("fill", folder / "a.mid", "--bars", 2, "--seed", 1, "-o", folder / "b.musicxml").code == 0
    assert len(open_document(folder / "b.musicxml").score().measures) == 16 + 8 + 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(("opening", "tempo"), [('tempo="132"', 132), ("", 100)])
def test_midi_begins_with_the_scores_own_tempo(
    run: Run, tune: Path, opening: str, tempo: float, encoding: str
) -> None:
    text = tune.read_text("utf-8").replace('encoding="UTF-8"', f'encoding="{encoding}"')
    before, after = text.split("</note>", 1)
    words = "<direction-type><words>rit.</words></direction-type>"
    ritardando = f'<direction>{words}<sound tempo="40"/></direction>'
    assert 'tempo="168"' in before
    before = before.replace('tempo="168"', opening)
    tune.write_bytes(f"{before}</note>{ritardando}{after}".encode(encoding))
    output = tune.with_name("a.mid")
    assert run("fill", tune, "--seed", 2, "-o", output).code == 0
    told = [message.tempo for message in mido.MidiFile(output).tracks[0] if message.type == "set_tempo"]
    assert told == [mido.bpm2tempo(tempo)]


def test_other_formats_become_musicxml(run: Run, tmp_path: Path) -> None:
    abc = tmp_path / "scale.abc"
    abc.write_text("X:1\nT:Scale\nM:4/4\nL:1/4\nK:C\nC D E F|G A B c|]\n")
    outcome = run("fill", abc, "--bars", 2, "--seed", 1)
    assert outcome.code == 0, outcome.err
    assert len(open_document(tmp_path / "scale.filled.musicxml").score().measures) == 4


def test_an_output_folder_is_made(run: Run, chorale: Path, tune: Path) -> None:
    folder = chorale.parent / "out" / "here"
    assert run("fill", chorale, tune, "--output-dir", folder, "--seed", 1).code == 0
    assert set(os.listdir(folder)) == {"chorale.filled.mxl", "tune.filled.musicxml"}


def test_a_picture_is_drawn_beside_it(run: Run, tune: Path) -> None:
    pytest.importorskip("verovio")
    assert run("fill", tune, "--png", "--seed", 1).code == 0
    assert tune.with_name("tune.filled.png").read_bytes().startswith(b"\x89PNG")


def test_models_are_listed_with_their_figures(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = [
        {
            "name": name,
            "kind": "dice",
            "parameters": 6,
            "size_bytes": 6,
            "test_nll": nll,
            "path": "six/faces",
            "facts": {},
        }
        for name, nll in (("dice", 1.7918), ("coin", None))
    ]
    monkeypatch.setattr("bridge.models.list_models", lambda: listed)
    heading, *rows = run("models").out.splitlines()
    assert "nats per note" in heading
    assert ["1.792" in row for row in rows] == [True, False]
    assert all("six/faces" in row for row in rows)
    assert run("models", "--json").records == listed


def test_help_and_version_import_nothing_heavy() -> None:
    program = (
        "import sys\nfrom bridge.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit as stopped: assert not stopped.code\n"
        "heavy = {'jax', 'flax', 'music21', 'matplotlib', 'lxml', 'mido', 'numpy'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    for arguments in (["--help"], ["fill", "--help"], ["train", "--help"], ["corpus", "stats", "--help"]):
        subprocess.run([sys.executable, "-c", program, *arguments], check=True, capture_output=True)


def test_the_help_teaches_by_examples(run: Run) -> None:
    page = " ".join(run("fill", "--help").out.split())
    for example in (
        "jaxmuse fill chorale.mxl --bars 8",
        "jaxmuse fill song.musicxml --measures 9-16",
        'jaxmuse fill chorale.mxl --measures 1-8 --parts "Alto,3"',
    ):
        assert example in page


def test_a_folder_of_scores_becomes_a_corpus(run: Run, examples: Path, tmp_path: Path) -> None:
    folder = tmp_path / "scores"
    folder.mkdir()
    for name in ("chorale.mxl", "tune.musicxml", "piano.mxl"):
        shutil.copy(examples / name, folder)
    built = run("corpus", "build", folder, "--cache-dir", tmp_path, "--jobs", 1, "--json")
    assert built.code == 0, built.err
    assert Path(built.records[0]["corpus"]).exists()
    stats = run(
        "corpus", "stats", folder, "--cache-dir", tmp_path, "--json", "--png", tmp_path / "stats.png"
    )
    assert stats.code == 0, stats.err
    assert stats.records[0]["works"] == 3
    assert (tmp_path / "stats.png").read_bytes().startswith(b"\x89PNG")
    assert "3 works" in run("corpus", "stats", folder, "--cache-dir", tmp_path).out


def test_the_reference_in_the_docs_is_up_to_date() -> None:
    script = Path(__file__).parents[1] / "docs" / "make_cli_reference.py"
    done = subprocess.run([sys.executable, str(script), "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
