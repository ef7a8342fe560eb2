"""A sketch finds every n-gram of its music in any key, in every process, and hardly any other."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_pieces import measures_of, random_piece

from jaxmodels.copy_sketch import (
    BITS_PER_NGRAM,
    NGRAM_NOTES,
    SKETCH_FILE,
    SketchError,
    build_sketch,
    load_sketch,
    main,
    save_sketch,
    write_sketch,
)
from jaxmodels.piece import Piece, canonical_notes
from jaxmodels.shards import Corpus, save_corpus
from jaxmodels.top_lines import ngram_keys, steps_of, top_lines

GOLDEN = 8680143024264773503
"""The key of a scale of eight quarters: sketches on disk are made of such keys, so it never changes."""


def line(pitches: list[int], ticks: int = 24) -> Piece:
    """Return a piece of one staff."""
    rows = [(ticks * index, 0, pitch, ticks) for index, pitch in enumerate(pitches)]
    bars = -(-ticks * len(pitches) // 96)
    return Piece(
        canonical_notes(np.array(rows, np.int32)), measures_of([(4, 4)] * bars), np.zeros(1, np.int32)
    )


def keys_of(piece: Piece, notes: int = NGRAM_NOTES) -> np.ndarray:
    keys, whole = ngram_keys(steps_of(top_lines([piece])), notes)
    return keys[whole]


def random_melody(seed: int, length: int = 400) -> Piece:
    return line(np.random.default_rng(seed).integers(48, 85, length).tolist())


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**16), st.integers(1, 3), st.integers(-11, 11))
def test_every_ngram_of_the_music_is_found_in_any_key(seed: int, staves: int, shift: int) -> None:
    piece = random_piece(seed, [(4, 4)] * 8, staves)
    sketch = build_sketch([piece, random_melody(seed)])
    moved = piece._replace(notes=piece.notes + np.array([0, 0, shift, 0], np.int32))
    assert np.array_equal(keys_of(piece), keys_of(moved))
    assert sketch.holds(keys_of(moved)).all()


def test_hardly_any_other_ngram_is_found() -> None:
    sketch = build_sketch([random_melody(seed) for seed in range(50)])
    others = np.concatenate([keys_of(random_melody(seed)) for seed in range(100, 150)])
    assert len(others) > 19_000
    assert sketch.holds(others).mean() < 0.002


def test_lengths_of_notes_and_what_lies_below_make_no_difference_but_onsets_do() -> None:
    high = line([72, 74, 76, 77] * 4)
    chords = high._replace(
        notes=canonical_notes(np.concatenate([high.notes, high.notes - [0, 0, 12, 0]]).astype(np.int32))
    )
    short = high._replace(notes=high.notes - np.array([0, 0, 0, 6], np.int32))
    assert np.array_equal(keys_of(high), keys_of(chords))
    assert np.array_equal(keys_of(high), keys_of(short))
    assert not np.isin(keys_of(high), keys_of(line([72, 74, 76, 77] * 4, ticks=12))).any()


def test_no_ngram_crosses_staves_or_pieces() -> None:
    piece, other = random_piece(1, [(4, 4)] * 4, 1), random_piece(2, [(4, 4)] * 4, 1)
    lowered = other.notes + np.array([0, 1, 0, 0], np.int32)
    below = canonical_notes(np.concatenate([piece.notes, lowered]))
    apart = np.sort(np.concatenate([keys_of(piece), keys_of(other)]))
    keys, whole = ngram_keys(steps_of(top_lines([piece, other])), NGRAM_NOTES)
    assert np.array_equal(np.sort(keys[whole]), apart)
    both = piece._replace(notes=below, programs=np.zeros(2, np.int32))
    assert np.array_equal(np.sort(keys_of(both)), apart)


@pytest.mark.parametrize("notes", [0, 1, 2, NGRAM_NOTES - 1])
def test_a_line_that_is_too_short_has_no_ngram(notes: int) -> None:
    piece = line([60, 62, 64, 65, 67, 69, 71, 72, 74, 76][:notes])
    assert len(keys_of(piece)) == 0
    assert not build_sketch([piece]).holds(keys_of(random_melody(1))).any()


def by_hand(intervals: list[int], ticks: int = 24) -> int:
    """Return the key of an n-gram with Python's own integers."""

    def mixed(value: int) -> int:
        value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9 % 2**64
        value = (value ^ value >> 27) * 0x94D049BB133111EB % 2**64
        return value ^ value >> 31

    key = 0
    for interval in intervals:
        key = (key * 0x9E3779B97F4A7C15 + mixed((interval + 2**16) * 2**32 + ticks)) % 2**64
    return mixed(key)


def test_keys_are_the_same_in_every_process() -> None:
    program = (
        "import numpy as np\nfrom jaxmodels.top_lines import Steps, ngram_keys\n"
        "steps = Steps(np.array([2, 2, 1, 2, 2, 2, 1]), np.full(7, 24), np.ones(7, bool))\n"
        "print(int(ngram_keys(steps, 8)[0][0]))"
    )
    assert keys_of(line([60, 62, 64, 65, 67, 69, 71, 72]), 8).tolist() == [GOLDEN]
    assert by_hand([2, 2, 1, 2, 2, 2, 1]) == GOLDEN
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": "7"}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment
    )
    assert int(done.stdout) == GOLDEN


def test_a_sketch_on_disk_is_the_same_and_takes_two_bytes_for_an_ngram(tmp_path: Path) -> None:
    pieces = [random_melody(seed) for seed in range(20)]
    sketch = build_sketch(pieces)
    path = save_sketch(tmp_path, sketch)
    again = load_sketch(tmp_path)
    assert again is not None
    assert np.array_equal(again.filled, sketch.filled)
    assert np.array_equal(again.interval_bits, sketch.interval_bits)
    assert np.array_equal(again.time_bits, sketch.time_bits)
    assert again.notes == sketch.notes
    ngrams = len(np.unique(np.concatenate([keys_of(piece) for piece in pieces])))
    assert len(sketch.filled) == -(-BITS_PER_NGRAM * ngrams // 8)
    assert path.stat().st_size < len(sketch.filled) + 12_000


def test_the_released_sketches_are_small_and_load() -> None:
    from bridge.models import RELEASED, checkpoints_folder

    for name in RELEASED.values():
        folder = checkpoints_folder() / name
        assert load_sketch(folder) is not None
        assert (folder / SKETCH_FILE).stat().st_size <= 2_000_000


def test_surprise_is_a_probability() -> None:
    sketch = build_sketch([random_piece(seed, [(4, 4)] * 8, 2) for seed in range(4)])
    for table in (sketch.interval_bits, sketch.time_bits):
        np.testing.assert_allclose((2.0**-table).sum(axis=1), 1, rtol=1e-4)


def test_a_folder_without_a_sketch_has_none_and_a_damaged_one_is_told(tmp_path: Path) -> None:
    assert load_sketch(tmp_path) is None
    path = save_sketch(tmp_path, build_sketch([random_melody(1)]))
    for content in (b"", path.read_bytes()[:-9], b"\x08\0\0\0\0\0\0\0{}      "):
        path.write_bytes(content)
        with pytest.raises(SketchError, match=SKETCH_FILE):
            load_sketch(tmp_path)


def test_a_training_on_other_works_replaces_the_sketch(tmp_path: Path) -> None:
    write_sketch(tmp_path, [random_melody(1)])
    write_sketch(tmp_path, [random_melody(2)])
    sketch = load_sketch(tmp_path)
    assert sketch is not None
    assert sketch.holds(keys_of(random_melody(2))).all()
    assert not sketch.holds(keys_of(random_melody(1))).all()


def test_the_command_takes_the_training_works_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pieces = [random_melody(1), random_melody(2)]
    nothing = np.zeros(2, np.int32)
    corpus = Corpus(pieces, ["a", "b"], nothing, ["made"], np.array([0, 2], np.int8), nothing, ["made"])
    save_corpus(tmp_path / "corpus.npz", corpus)
    command = ["copy_sketch", "--out", str(tmp_path), "--corpus"]
    monkeypatch.setattr(sys, "argv", [*command, str(tmp_path / "none.npz")])
    with pytest.raises(SystemExit, match="2"):
        main()
    assert "none.npz" in capsys.readouterr().err
    monkeypatch.setattr(sys, "argv", [*command, str(tmp_path / "corpus.npz")])
    main()
    assert f"{SKETCH_FILE}: " in capsys.readouterr().out
    sketch = load_sketch(tmp_path)
    assert sketch is not None
    assert sketch.holds(keys_of(pieces[0])).all()
    assert not sketch.holds(keys_of(pieces[1])).any()
