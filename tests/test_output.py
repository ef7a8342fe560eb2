"""Outputs have good names, and never go over the input or over another file unasked."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bridge.errors import JaxmuseError
from bridge.output import check_output, default_output, format_of, make_folder, numbered


def sentence_of(call, *arguments) -> str:
    with pytest.raises(JaxmuseError) as caught:
        call(*arguments)
    return str(caught.value)


def test_names() -> None:
    assert default_output(Path("a/score.mxl"), ".mxl") == Path("a/score.filled.mxl")
    assert default_output(Path("tune.abc"), ".musicxml") == Path("tune.filled.musicxml")
    assert default_output(Path("op. 1 no. 2.xml"), ".musicxml") == Path("op. 1 no. 2.filled.musicxml")
    assert numbered(Path("score.filled.mxl"), 1) == Path("score.filled.mxl")
    assert numbered(Path("score.filled.mxl"), 3) == Path("score.filled.3.mxl")


def test_formats() -> None:
    suffixes = {name: format_of(Path(name)) for name in ("a.mxl", "a.MusicXML", "a.xml", "a.mid", "a.midi")}
    assert list(suffixes.values()) == [".mxl", ".musicxml", ".musicxml", ".mid", ".mid"]
    assert sentence_of(format_of, Path("a.pdf")) == (
        "a.pdf: '.pdf' is no format that can be written. End the name in .mxl, .musicxml or .mid."
    )
    assert sentence_of(format_of, Path("out")).startswith("out: the name has no suffix to tell the format.")


def test_a_file_that_is_there_is_found_out_before(tmp_path: Path) -> None:
    output = tmp_path / "a.mxl"
    output.write_bytes(b"old")
    assert sentence_of(check_output, output, []) == (
        f"{output}: it is there already. "
        "Choose another name, or allow overwriting (--force; force=True in Python)."
    )
    check_output(output, [], True)
    assert os.listdir(tmp_path) == ["a.mxl"]


def test_the_input_is_never_the_output(tmp_path: Path) -> None:
    score = tmp_path / "score.mxl"
    score.write_bytes(b"music")
    (tmp_path / "link.mxl").symlink_to(score)
    os.link(score, tmp_path / "hard.mxl")
    for name in ("score.mxl", "link.mxl", "hard.mxl"):
        assert sentence_of(check_output, tmp_path / name, [score], True) == (
            f"{tmp_path / name}: this is the input, which is never changed. Choose another output."
        )


def test_no_output_is_that_of_another_score_of_the_run(tmp_path: Path) -> None:
    output = tmp_path / "a.mxl"
    output.write_bytes(b"the first")
    expected = f"{output}: two scores would be written here. Rename one, or fill them apart."
    assert sentence_of(check_output, tmp_path / "." / "a.mxl", [], True, [output]) == expected
    assert sentence_of(check_output, output, [], False, [output]) == expected
    check_output(tmp_path / "b.mxl", [], False, [output])


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    missing = tmp_path / "no" / "a.mxl"
    assert sentence_of(check_output, missing, []) == (
        f"{missing}: its folder isn't there. Create it, or choose another output."
    )
    assert sentence_of(check_output, tmp_path, []) == (
        f"{tmp_path}: this is a folder. Give the name of a file."
    )
    (tmp_path / "file").write_bytes(b"")
    assert "the folder can't be made" in sentence_of(make_folder, tmp_path / "file" / "sub")
    long_name = tmp_path / ("a" * 300 + ".mxl")
    assert "file name too long" in sentence_of(check_output, long_name, [])
    assert sorted(os.listdir(tmp_path)) == ["file"]


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="needs a folder that nobody can write into")
def test_a_folder_that_nobody_can_write_into_is_found_out_before() -> None:
    output = Path("/proc/self/a.mxl")
    sentence = sentence_of(check_output, output, [])
    assert sentence.startswith(f"{output}: it can't be written (")
    assert sentence.endswith("). Choose another place.")
