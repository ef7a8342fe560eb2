"""Each build starts a process of its own, which takes a second or two: few tests, several things each."""

from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np
import pytest

from bridge.corpus import build, worker
from bridge.corpus.build import build_corpus, build_failures
from bridge.corpus.cache import corpus_folder
from bridge.corpus.sources import Source, folder_sources
from bridge.errors import JaxmuseError, ReadError, WriteError
from bridge.score import Score
from jaxmodels.shards import load_corpus


def test_a_folder_becomes_a_corpus(
    folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JAXMUSE_CACHE", str(tmp_path / "cache"))
    path = build_corpus([folder], jobs=1, progress=False)
    assert path.parent.parent == tmp_path / "cache" / "corpus"
    corpus = load_corpus(path)
    assert corpus.work_ids == ["tunes/book.abc#1", "tunes/book.abc#2"]
    assert corpus.collection_names == ["tunes"]
    assert [len(piece.notes) for piece in corpus.pieces] == [25, 20]
    first = corpus.pieces[0]
    np.testing.assert_array_equal(first.notes[:3], [[0, 0, 67, 12], [12, 0, 69, 12], [24, 0, 71, 12]])
    np.testing.assert_array_equal(first.measures[1], [96, 96, 4, 4, 1, 1])
    np.testing.assert_array_equal(corpus.pieces[1].measures[:, 1], [72] * 4)
    failures = build_failures(path)
    assert len(failures) == 2
    assert "tunes/book.abc#3: fewer than 4 notes or 2 measures" in failures
    assert any(line.startswith("tunes/broken.mxl: ") for line in failures)
    assert sorted(file.name for file in path.parent.iterdir()) == ["corpus.json", "corpus.npz"]
    assert json.loads((path.parent / "corpus.json").read_text("utf-8"))["notes"] == 45
    printed = capfd.readouterr()
    assert (printed.out, printed.err) == ("", "")

    stamp = path.stat().st_mtime_ns
    assert build_corpus([folder], jobs=1, progress=False) == path
    assert path.stat().st_mtime_ns == stamp

    (folder / "more.abc").write_text("X:1\nT:More\nK:C\nCDEF GABc|c4 C4|]\n", "utf-8")
    assert corpus_folder(folder_sources([folder])) != path.parent


def test_an_interrupted_build_goes_on_where_it_was(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "_CHUNK_WORKS", 1)
    real = build.as_completed

    def interrupt_after_two(futures: list) -> object:
        for count, future in enumerate(real(futures)):
            if count == 2:
                raise KeyboardInterrupt
            yield future

    monkeypatch.setattr(build, "as_completed", interrupt_after_two)
    with pytest.raises(KeyboardInterrupt):
        build_corpus([folder], cache_dir=tmp_path / "cache", jobs=1, progress=False)
    left = corpus_folder(folder_sources([folder]), tmp_path / "cache")
    shards = sorted((left / "shards").iterdir())
    assert 2 <= len(shards) <= 4
    assert not (left / "corpus.npz").exists()
    assert all(shard.suffix == ".npz" and not shard.name.startswith(".") for shard in shards)
    stamps = {shard: shard.stat().st_mtime_ns for shard in shards}

    seen: dict[Path, int] = {}

    def look(paths: list[Path], sources: list[Source]) -> object:
        seen.update({path: path.stat().st_mtime_ns for path in paths})
        return joined(paths, sources)

    joined = build._join
    monkeypatch.setattr(build, "_join", look)
    monkeypatch.setattr(build, "as_completed", real)
    path = build_corpus([folder], cache_dir=tmp_path / "cache", jobs=1, progress=False)
    assert len(load_corpus(path).pieces) == 2
    assert len(seen) == 4
    assert {shard: seen[shard] for shard in stamps} == stamps
    assert not (left / "shards").exists()


def test_a_work_that_hangs_is_left_out(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(source: Source) -> Score:
        if source.tune == 1:
            while True:
                time.sleep(0.01)
        return worker_read(source)

    worker_read = worker.read_source
    pytest.importorskip("music21")  # imported here: its time is not the tune's
    monkeypatch.setattr(worker, "read_source", read)
    shard = tmp_path / "shard.npz"
    started = time.monotonic()
    result = worker.read_chunk(folder_sources([folder / "book.abc"]), shard, seconds_per_work=0.5)
    assert time.monotonic() - started < 20
    assert result.finished
    with np.load(shard) as arrays:
        assert list(arrays["work_ids"]) == ["tunes/book.abc#2"]
        assert "tunes/book.abc#1: took longer than 0.5 s" in list(arrays["failures"])


def test_a_chunk_that_is_stopped_saves_nothing(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stop:
        def is_set(self) -> bool:
            return True

    monkeypatch.setattr(worker, "_stop", Stop())
    result = worker.read_chunk(folder_sources([folder]), tmp_path / "shard.npz", 10)
    assert not result.finished
    assert not (tmp_path / "shard.npz").exists()


def test_nothing_readable_is_one_sentence(folder: Path, tmp_path: Path) -> None:
    (folder / "book.abc").unlink()
    with pytest.raises(
        ReadError, match=r"tunes: none of 1 works could be read \(tunes/broken\.mxl: .*\)\. Name"
    ):
        build_corpus([folder], cache_dir=tmp_path / "cache", jobs=1, progress=False)


def test_a_cache_that_cant_be_written_is_one_sentence(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    with pytest.raises(WriteError, match=r"the cache can't be written .* JAXMUSE_CACHE") as caught:
        build_corpus([folder], cache_dir=tmp_path / "file", jobs=1, progress=False)
    assert isinstance(caught.value, JaxmuseError)


def test_the_corpus_lies_in_the_cache_folder_or_the_one_that_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JAXMUSE_CACHE", str(tmp_path))
    assert corpus_folder([]).parent == tmp_path / "corpus"
    assert corpus_folder([], tmp_path / "other").parent == tmp_path / "other" / "corpus"
