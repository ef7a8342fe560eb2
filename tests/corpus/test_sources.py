from __future__ import annotations

import os
from pathlib import Path

import pytest

from bridge.corpus.rights import LEFT_OUT_COLLECTIONS, RESTRICTED_COLLECTIONS, RESTRICTED_WORKS
from bridge.corpus.sources import STYLES, abc_tunes, embedded_sources, folder_sources
from bridge.errors import UsageError


def write(path: Path, text: str = "x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def test_the_embedded_corpus_comes_without_its_restricted_works() -> None:
    free = embedded_sources()
    every = embedded_sources(include_restricted=True)
    assert len(free) > 5000
    added = {source.work_id for source in every} - {source.work_id for source in free}
    collections = {work_id.split("/")[0] for work_id in added}
    assert collections - {work_id.split("/")[0] for work_id in RESTRICTED_WORKS} == set(
        RESTRICTED_COLLECTIONS
    )
    assert not {source.collection for source in free} & {*RESTRICTED_COLLECTIONS, *LEFT_OUT_COLLECTIONS}
    assert not {source.work_id for source in free} & set(RESTRICTED_WORKS)
    assert not {source.collection for source in every} & set(LEFT_OUT_COLLECTIONS)


def test_every_restricted_name_exists() -> None:
    root = next(source for source in embedded_sources() if source.collection == "bach").path.parents[1]
    assert all((root / name).is_dir() for name in (*RESTRICTED_COLLECTIONS, *LEFT_OUT_COLLECTIONS))
    assert all((root / name).is_file() for name in RESTRICTED_WORKS)


def test_no_free_humdrum_or_abc_file_reserves_its_rights() -> None:
    """The table of restrictions was read from the files: none that says so may have been overlooked."""
    for path in {source.path for source in embedded_sources() if source.path.suffix in (".krn", ".abc")}:
        text = path.read_text("utf-8", "replace").lower()
        assert "reserved" not in text, path
        assert "license" not in text, path


def test_every_embedded_work_has_a_style_and_an_id_of_its_own() -> None:
    sources = embedded_sources(include_restricted=True)
    assert all(source.style in STYLES[1:] for source in sources)
    assert len({source.work_id for source in sources}) == len(sources)


def test_one_work_is_read_from_its_best_format(tmp_path: Path) -> None:
    for suffix in (".mid", ".mxl", ".krn", ".txt"):
        write(tmp_path / "songs" / f"rose{suffix}")
    write(tmp_path / "songs" / "book two" / "rose.MID")
    write(tmp_path / "songs" / ".hidden.mxl")
    sources = folder_sources([tmp_path / "songs"])
    assert [source.work_id for source in sources] == ["songs/book two/rose.MID", "songs/rose.mxl"]
    assert {source.collection for source in sources} == {"songs"}
    assert {source.style for source in sources} == {"unknown"}


def test_files_and_folders_may_be_named_together(tmp_path: Path) -> None:
    file = write(tmp_path / "songs" / "rose.mxl")
    sources = folder_sources([file, tmp_path / "songs"])
    assert [source.work_id for source in sources] == ["songs/rose.mxl"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing", "there is no such file or folder"),
        ("notes.txt", "this is no format that can be read"),
        ("empty", "there are no scores in it"),
    ],
)
def test_paths_without_scores_are_refused(tmp_path: Path, name: str, message: str) -> None:
    write(tmp_path / "notes.txt")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match=message) as caught:
        folder_sources([tmp_path / name])
    assert name in str(caught.value)
    assert ".musicxml" in caught.value.fix


def test_an_abc_file_is_its_tunes(tmp_path: Path) -> None:
    path = tmp_path / "book.abc"
    path.write_bytes(
        b"% a book\r\nM:4/4\r\n\r\nX: 1\r\nT:One\r\nK:C\r\nCDEF|\r\n\r\nX:2\r\nT:Fa\xe7ade\r\nK:G\r\nG|\r\n"
    )
    first, second = abc_tunes(path)
    assert first == "X: 1\nM:4/4\nT:One\nK:C\nCDEF|\n\n"
    assert second == "X:2\nM:4/4\nT:Façade\nK:G\nG|\n"
    assert [source.work_id for source in folder_sources([path])] == [
        f"{tmp_path.name}/book.abc#1",
        f"{tmp_path.name}/book.abc#2",
    ]


def test_a_file_of_one_tune_needs_no_number(tmp_path: Path) -> None:
    path = write(tmp_path / "tune.abc", "X:1\nT:One\nK:C\nCDEF|\n")
    assert [source.work_id for source in folder_sources([path])] == [f"{tmp_path.name}/tune.abc"]
    assert os.fspath(folder_sources([path])[0].path) == os.fspath(path)
