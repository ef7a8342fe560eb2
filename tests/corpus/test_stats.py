from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from bridge.corpus.plots import plot_stats
from bridge.corpus.stats import corpus_stats, print_stats
from bridge.errors import ReadError, WriteError
from jaxmodels.piece import Piece
from jaxmodels.shards import Corpus, save_corpus


@pytest.fixture
def corpus_path(tmp_path: Path) -> Path:
    piece = Piece(
        notes=np.array([[0, 0, 60, 24], [0, 1, 48, 48], [24, 0, 62, 24]], np.int32),
        measures=np.array([[0, 72, 3, 4, 0, 1], [72, 72, 3, 4, 0, 1]], np.int32),
        programs=np.array([0, 0], np.int32),
    )
    corpus = Corpus(
        pieces=[piece, piece, piece],
        work_ids=["a/1", "a/2", "b/3"],
        collections=np.array([0, 0, 1]),
        collection_names=["a", "b"],
        splits=np.array([0, 2, 0]),
        styles=np.array([0, 0, 0]),
        style_names=["unknown"],
    )
    save_corpus(tmp_path / "corpus.npz", corpus)
    (tmp_path / "corpus.json").write_text('{"failures": ["b/4: broken"]}', "utf-8")
    return tmp_path / "corpus.npz"


def test_figures_are_counted_by_hand(corpus_path: Path) -> None:
    stats = corpus_stats(corpus_path)
    assert (stats["works"], stats["notes"]) == (3, 9)
    assert stats["collections"] == {
        "a": {"works": 2, "notes": 6, "measures": 4, "train": 1, "valid": 0, "test": 1},
        "b": {"works": 1, "notes": 3, "measures": 2, "train": 1, "valid": 0, "test": 0},
    }
    assert stats["splits"]["test"] == {"works": 1, "notes": 3}
    assert stats["splits"]["valid"] == {"works": 0, "notes": 0}
    assert stats["durations"] == {"24": 6, "48": 3}
    assert stats["onset_gaps"] == {"24": 3}
    assert stats["metres"] == {"3/4": 6}
    assert stats["staves"] == {"2": 3}
    assert (stats["pitches"][60], sum(stats["pitches"])) == (3, 9)
    assert stats["failures"] == ["b/4: broken"]
    assert json.loads(json.dumps(stats)) == stats


def test_the_tables_say_what_the_figures_say(corpus_path: Path) -> None:
    printed = io.StringIO()
    print_stats(corpus_stats(corpus_path), Console(file=printed, width=120))
    text = printed.getvalue()
    for part in (
        "3 works, 9 notes",
        "metres: 3/4 100.0 %",
        "quarter 66.7 %",
        "pitches: 48 to 62",
        "left out: 1",
    ):
        assert part in text


def test_the_picture_is_a_png(corpus_path: Path, tmp_path: Path) -> None:
    stats = corpus_stats(corpus_path)
    plot_stats(stats, tmp_path / "stats.png")
    assert (tmp_path / "stats.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(WriteError, match="can't be written"):
        plot_stats(stats, tmp_path / "missing" / "stats.png")


def test_an_empty_corpus_is_no_accident(tmp_path: Path) -> None:
    nothing = np.zeros(0, np.int32)
    save_corpus(tmp_path / "empty.npz", Corpus([], [], nothing, [], nothing, nothing, []))
    stats = corpus_stats(tmp_path / "empty.npz")
    print_stats(stats, Console(file=io.StringIO()))
    plot_stats(stats, tmp_path / "stats.png")
    assert stats["works"] == 0


def test_what_is_no_corpus_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"missing\.npz: no such corpus\. Build it: jaxmuse corpus build\."):
        corpus_stats(tmp_path / "missing.npz")
    (tmp_path / "other.npz").write_bytes(b"other")
    with pytest.raises(ReadError, match="not a corpus"):
        corpus_stats(tmp_path / "other.npz")
