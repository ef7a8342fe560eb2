"""Corpora on disk: many pieces in one compressed `.npz`, readable with NumPy alone.

notes           int32 [ΣN, 4]   all works' notes one after the other (columns of `Piece.notes`)
notes_start     int64 [W + 1]   work w has rows notes_start[w] to notes_start[w + 1]
measures        int32 [ΣM, 6]   with measures_start, likewise
programs        int32 [ΣS]      with programs_start, likewise
work_ids        str   [W]
collection      int32 [W]       index into collection_names
style           int32 [W]       index into style_names
split           int8  [W]       index into SPLITS
format_version  int32 []
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from jaxmodels.piece import Piece

FORMAT_VERSION = 1
SPLITS = ("train", "valid", "test")


@dataclass(frozen=True)
class Corpus:
    """Pieces with what is known of each; all sequences and arrays have one entry per work.

    - `collections`: int32, index into `collection_names`.
    - `styles`: int32, index into `style_names`.
    - `splits`: int8, index into `SPLITS`.
    """

    pieces: list[Piece]
    work_ids: list[str]
    collections: np.ndarray
    collection_names: list[str]
    splits: np.ndarray
    styles: np.ndarray
    style_names: list[str]

    def select(self, split: str) -> Corpus:
        """Return the works of `train`, `valid` or `test`."""
        return self.take(np.flatnonzero(self.splits == SPLITS.index(split)))

    def take(self, chosen: Sequence[int] | np.ndarray) -> Corpus:
        """Return the works of these indexes, in their order."""
        chosen = np.asarray(chosen, np.int64)
        return Corpus(
            pieces=[self.pieces[work] for work in chosen],
            work_ids=[self.work_ids[work] for work in chosen],
            collections=self.collections[chosen],
            collection_names=self.collection_names,
            splits=self.splits[chosen],
            styles=self.styles[chosen],
            style_names=self.style_names,
        )

    def style_indexes(self, names: Sequence[str]) -> list[int]:
        """Return each work's style as its index in a model's `names`; 0, unknown, if it isn't there."""
        known = {name: names.index(name) for name in self.style_names if name in names}
        return [known.get(self.style_names[style], 0) for style in self.styles]

    @property
    def note_count(self) -> int:
        """All works' notes together."""
        return sum(len(piece.notes) for piece in self.pieces)


def save_corpus(path: Path, corpus: Corpus) -> None:
    """Write `corpus` to `path`, whole or not at all."""
    arrays = pack_pieces(corpus.pieces)
    arrays["work_ids"] = np.array(corpus.work_ids, np.str_)
    arrays["collection"] = np.asarray(corpus.collections, np.int32)
    arrays["collection_names"] = np.array(corpus.collection_names, np.str_)
    arrays["style"] = np.asarray(corpus.styles, np.int32)
    arrays["style_names"] = np.array(corpus.style_names, np.str_)
    arrays["split"] = np.asarray(corpus.splits, np.int8)
    arrays["format_version"] = np.array(FORMAT_VERSION, np.int32)
    for name in ("work_ids", "collection", "style", "split"):
        if len(arrays[name]) != len(corpus.pieces):
            raise ValueError(f"{name} has {len(arrays[name])} entries for {len(corpus.pieces)} pieces")
    save_arrays(path, arrays)


def load_corpus(path: Path) -> Corpus:
    """Read a corpus. Raises `FileNotFoundError`, or `ValueError` for a file that is none of this format."""
    try:
        with Path(path).open("rb") as file, np.load(file, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
    except (zipfile.BadZipFile, EOFError, ValueError) as error:
        raise ValueError(f"{path} is not a corpus: {error}") from error
    version = int(arrays.get("format_version", -1))
    if version != FORMAT_VERSION:
        raise ValueError(
            f"{path} has corpus format {version}, this program reads {FORMAT_VERSION}: build it again"
        )
    return Corpus(
        pieces=unpack_pieces(arrays),
        work_ids=[str(work_id) for work_id in arrays["work_ids"]],
        collections=arrays["collection"],
        collection_names=[str(name) for name in arrays["collection_names"]],
        splits=arrays["split"],
        styles=arrays["style"],
        style_names=[str(name) for name in arrays["style_names"]],
    )


def pack_pieces(pieces: Sequence[Piece]) -> dict[str, np.ndarray]:
    """Return the pieces' arrays one after the other, each with where every piece starts."""
    arrays: dict[str, np.ndarray] = {}
    for name, shape in (("notes", (0, 4)), ("measures", (0, 6)), ("programs", (0,))):
        parts = [getattr(piece, name) for piece in pieces]
        arrays[name] = np.concatenate([np.zeros(shape, np.int32), *parts]).astype(np.int32)
        arrays[f"{name}_start"] = np.cumsum([0, *map(len, parts)], dtype=np.int64)
    return arrays


def unpack_pieces(arrays: dict[str, np.ndarray]) -> list[Piece]:
    """Return the pieces of `pack_pieces`, as views."""
    count = len(arrays["notes_start"]) - 1
    return [
        Piece(*(arrays[name][slice(*arrays[f"{name}_start"][work : work + 2])] for name in Piece._fields))
        for work in range(count)
    ]


def save_arrays(path: Path, arrays: dict[str, np.ndarray]) -> None:
    """Write a compressed `.npz`, whole or not at all."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with unfinished.open("wb") as file:
            np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
