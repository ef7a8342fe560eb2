from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jaxmodels.piece import Piece
from jaxmodels.shards import Corpus, load_corpus, pack_pieces, save_corpus, unpack_pieces


def piece(note_count: int, measure_count: int, staff_count: int, first: int = 0) -> Piece:
    return Piece(
        notes=np.arange(first, first + 4 * note_count, dtype=np.int32).reshape(-1, 4),
        measures=np.arange(first, first + 6 * measure_count, dtype=np.int32).reshape(-1, 6),
        programs=np.arange(first, first + staff_count, dtype=np.int32),
    )


def corpus(pieces: list[Piece]) -> Corpus:
    count = len(pieces)
    return Corpus(
        pieces=pieces,
        work_ids=[f"Lieder/Nº {index}" for index in range(count)],
        collections=np.zeros(count, np.int32),
        collection_names=["Lieder"],
        splits=np.arange(count, dtype=np.int8) % 3,
        styles=np.ones(count, np.int32),
        style_names=["unknown", "song"],
    )


def assert_same(left: Piece, right: Piece) -> None:
    for name in Piece._fields:
        np.testing.assert_array_equal(getattr(left, name), getattr(right, name))
        assert getattr(right, name).dtype == np.int32


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(*(st.integers(0, 5),) * 3), max_size=6))
def test_pieces_come_back_as_they_went(shapes: list[tuple[int, int, int]]) -> None:
    pieces = [piece(*shape, first=index) for index, shape in enumerate(shapes)]
    back = unpack_pieces(pack_pieces(pieces))
    assert len(back) == len(pieces)
    for before, after in zip(pieces, back, strict=True):
        assert_same(before, after)


def test_a_corpus_comes_back_whole(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "corpus.npz"
    before = corpus([piece(3, 2, 1), piece(0, 0, 0), piece(5, 4, 2, first=7)])
    save_corpus(path, before)
    after = load_corpus(path)
    assert after.work_ids == before.work_ids
    assert after.collection_names == ["Lieder"]
    assert after.style_names == ["unknown", "song"]
    assert after.note_count == 8
    np.testing.assert_array_equal(after.splits, [0, 1, 2])
    for left, right in zip(before.pieces, after.pieces, strict=True):
        assert_same(left, right)
    assert [file.name for file in path.parent.iterdir()] == ["corpus.npz"]


def test_select_keeps_only_one_split(tmp_path: Path) -> None:
    chosen = corpus([piece(1, 1, 1, first=index) for index in range(7)]).select("valid")
    assert chosen.work_ids == ["Lieder/Nº 1", "Lieder/Nº 4"]
    assert [int(part.notes[0, 0]) for part in chosen.pieces] == [1, 4]
    assert len(chosen.collections) == len(chosen.styles) == len(chosen.splits) == 2


def test_lists_of_unequal_length_are_refused(tmp_path: Path) -> None:
    whole = corpus([piece(1, 1, 1), piece(1, 1, 1)])
    unequal = Corpus(whole.pieces, whole.work_ids[:1], *list(vars(whole).values())[2:])
    with pytest.raises(ValueError, match="work_ids has 1 entries for 2 pieces"):
        save_corpus(tmp_path / "corpus.npz", unequal)
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_leaves_the_old_corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "corpus.npz"
    save_corpus(path, corpus([piece(1, 1, 1)]))
    before = path.read_bytes()

    def fail(*_: object, **__: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(np, "savez_compressed", fail)
    with pytest.raises(OSError, match="no space left"):
        save_corpus(path, corpus([piece(2, 2, 2)]))
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["corpus.npz"]


def test_other_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "corpus.npz"
    with pytest.raises(FileNotFoundError):
        load_corpus(path)
    path.write_bytes(b"PK\3\4 no archive")
    with pytest.raises(ValueError, match="not a corpus"):
        load_corpus(path)
    path.write_bytes(b"anything")
    with pytest.raises(ValueError, match="not a corpus"):
        load_corpus(path)
    np.savez(path, notes=np.zeros(3))
    with pytest.raises(ValueError, match="build it again"):
        load_corpus(path)


def stored(path: Path) -> dict[str, np.ndarray]:
    save_corpus(path, corpus([piece(3, 2, 1), piece(5, 4, 2)]))
    with np.load(path) as file:
        return {name: file[name] for name in file.files}


def test_an_array_alone_is_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "corpus.npy", np.zeros(3))
    with pytest.raises(ValueError, match=r"corpus\.npy is not a corpus: no \.npz archive"):
        load_corpus(tmp_path / "corpus.npy")


@pytest.mark.parametrize("version", [np.array(2), np.array("1"), np.array([1, 1]), np.array(1.0)])
def test_another_format_is_refused(tmp_path: Path, version: np.ndarray) -> None:
    path = tmp_path / "corpus.npz"
    np.savez(path, **{**stored(path), "format_version": version})
    with pytest.raises(ValueError, match="this program reads 1: build it again"):
        load_corpus(path)


@pytest.mark.parametrize(
    ("name", "array", "problem"),
    [
        ("notes", None, "it has no array notes"),
        ("style_names", None, "it has no array style_names"),
        ("notes", np.zeros((8, 3), np.int32), r"its array notes is int32 \(8, 3\)"),
        ("work_ids", np.arange(2), "its array work_ids is int64"),
        ("programs", np.zeros(3), "its array programs is float64"),
        ("split", np.zeros(1, np.int8), "its array split has 1 entries for 2 works"),
        ("split", np.array([0, 3], np.int8), "its array split leads beyond the 3 that there are"),
        ("notes_start", np.array([0, 3, 9]), "notes_start doesn't divide notes into 2 works"),
        ("measures_start", np.array([0, 7, 6]), "measures_start doesn't divide measures into 2 works"),
        ("programs_start", np.array([0, 3]), "programs_start doesn't divide programs into 2 works"),
    ],
)
def test_damaged_corpora_are_refused(
    tmp_path: Path, name: str, array: np.ndarray | None, problem: str
) -> None:
    path = tmp_path / "corpus.npz"
    arrays = stored(path)
    if array is None:
        del arrays[name]
    else:
        arrays[name] = array
    np.savez(path, **arrays)
    with pytest.raises(ValueError, match=f"{path} is not a corpus: .*{problem}"):
        load_corpus(path)


def test_a_corpus_with_a_changed_byte_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "corpus.npz"
    save_corpus(path, corpus([piece(50, 2, 1)]))
    whole = path.read_bytes()
    for place in range(60, 200, 7):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        with pytest.raises(ValueError, match="is not a corpus"):
            load_corpus(path)
    path.write_bytes(whole[:-30])
    with pytest.raises(ValueError, match="is not a corpus"):
        load_corpus(path)
