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

import io
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from jaxmodels.piece import Piece
from jaxmodels.whole_file import write_file

FORMAT_VERSION = 1
SPLITS = ("train", "valid", "test")
ARRAYS: dict[str, tuple[str, tuple[int, ...]]] = {
    "notes": ("i", (4,)),
    "measures": ("i", (6,)),
    "programs": ("i", ()),
    **{f"{name}_start": ("i", ()) for name in Piece._fields},
    "work_ids": ("U", ()),
    "collection": ("i", ()),
    "collection_names": ("U", ()),
    "style": ("i", ()),
    "style_names": ("U", ()),
    "split": ("i", ()),
}
"""The kind of each array's dtype and the shape of a row of it."""


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
    """Read a corpus. Raises `OSError`, or `ValueError` for a file that is none of this format."""
    path = Path(path)
    with path.open("rb") as file:
        if not zipfile.is_zipfile(file):
            raise ValueError(f"{path} is not a corpus: no .npz archive")
        file.seek(0)
        try:
            with np.load(file, allow_pickle=False) as stored:
                arrays = {name: stored[name] for name in stored.files}
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
            raise ValueError(f"{path} is not a corpus: {error}") from error
    _check_version(path, arrays)
    if problem := _problem(arrays):
        raise ValueError(f"{path} is not a corpus: {problem}")
    return Corpus(
        pieces=unpack_pieces(arrays),
        work_ids=[str(work_id) for work_id in arrays["work_ids"]],
        collections=arrays["collection"],
        collection_names=[str(name) for name in arrays["collection_names"]],
        splits=arrays["split"],
        styles=arrays["style"],
        style_names=[str(name) for name in arrays["style_names"]],
    )


def _check_version(path: Path, arrays: dict[str, np.ndarray]) -> None:
    version = arrays.get("format_version", np.array(-1))
    if version.shape != () or version.dtype.kind not in "iu" or int(version) != FORMAT_VERSION:
        raise ValueError(
            f"{path} has corpus format {version}, this program reads {FORMAT_VERSION}: build it again"
        )


def _problem(arrays: dict[str, np.ndarray]) -> str:
    """Return what in `arrays` is not as the table above has it, nothing if all is."""
    for name, (kind, row) in ARRAYS.items():
        if name not in arrays:
            return f"it has no array {name}"
        array = arrays[name]
        if array.dtype.kind != kind or array.ndim != 1 + len(row) or array.shape[1:] != row:
            return f"its array {name} is {array.dtype} {array.shape}"
    works = len(arrays["work_ids"])
    for name in ("collection", "style", "split"):
        if len(arrays[name]) != works:
            return f"its array {name} has {len(arrays[name])} entries for {works} works"
    for name, count in (
        ("collection", len(arrays["collection_names"])),
        ("style", len(arrays["style_names"])),
        ("split", len(SPLITS)),
    ):
        if works and not 0 <= arrays[name].min() <= arrays[name].max() < count:
            return f"its array {name} leads beyond the {count} that there are"
    for name in Piece._fields:
        starts = arrays[f"{name}_start"]
        whole = len(starts) == works + 1 and starts[0] == 0 and starts[-1] == len(arrays[name])
        if not whole or (np.diff(starts) < 0).any():
            return f"its array {name}_start doesn't divide {name} into {works} works"
    return ""


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
    """Write a compressed `.npz`, whole or not at all; makes its folder if there is none."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    archive = io.BytesIO()
    np.savez_compressed(archive, **arrays)  # type: ignore[arg-type]
    write_file(path, archive.getbuffer())
