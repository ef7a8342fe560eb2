"""Which works train, which validate, which test: by family, by a hash, once and for all.

A *family* is everything that must stand on one side: the movements of one work, the variants of one
tune, the harmonisations of one chorale melody. Each work has several keys (below); works that share any
key are one family (union-find). The family's hash is that of the smallest of its works' first keys, so
its split depends on nothing else in the corpus, with one exception: where an added work joins two
families, or brings a smaller key to one, that family may move, because it has become another one.

Keys of a work:

- its place: collection and file, or the folder where files are movements; a final variant letter
  (`bwv120.8-a`) and a tune's number in its file aside. The work that a Humdrum file names as its parent.
- its title, for single-line tunes and chorales: lower case, without accents, articles, numbers,
  punctuation and dance names; titles that say nothing else (`Reel`, `Untitled`) are no key.
- its incipit: the intervals and relative lengths of the top line's first 16 notes, once from the start
  and once from the first downbeat, so that neither key nor notation in longer values nor a
  missing pickup hides a duplicate.
- its outline, for single lines and chorales: the top line's pitches at the first 16 beats, which
  ornaments and passing notes leave as they are.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from math import gcd
from pathlib import PurePosixPath

import numpy as np

from jaxmodels.piece import (
    DURATION,
    M_DURATION,
    M_ONSET,
    ONSET,
    PITCH,
    STAFF,
    TICKS_PER_QUARTER,
    Piece,
    top_line,
)
from jaxmodels.shards import SPLITS

TRAIN_SHARE, VALID_SHARE = 0.85, 0.05
INCIPIT_NOTES = 16
OUTLINE_BEATS = 16
_FEWEST_PITCHES = 4  # in a key made of pitches: repeated notes and drones are nobody's melody

_MOVEMENT = re.compile(r"(movement|movt|mov|mvt|satz)[\W_]*\d", re.IGNORECASE)
_VARIANT = re.compile(r"(-[a-z]|_(bs|mh))$")
_UNTELLING_WORDS = """
a an the of le la les l un une der die das ein eine il lo i gli o and or set no nr num version part st nd
rd th untitled unknown title new original trad favorite favourite hop single double regt regiment highland
reel jig hornpipe strathspey clog march air waltz polka slide quickstep step quick minuet gavotte gavot
cotillion slow song dance tune schottische fling galop mazurka quadrille allemande rondo lament planxty
"""
_UNTELLING = frozenset(_UNTELLING_WORDS.split())


def families(
    work_ids: Sequence[str],
    titles: Sequence[str],
    parents: Sequence[str],
    pieces: Sequence[Piece],
    by_title: Sequence[bool],
) -> list[str]:
    """Return each work's family: the smallest place key among its members.

    - `by_title`: whether the work's title and outline count (single-line tunes, chorales).
    """
    keys = [
        [
            place_key(work_id, parent),
            *_melody_keys(piece, told),
            *(title_keys(title) if told else []),
        ]
        for work_id, title, parent, piece, told in zip(
            work_ids, titles, parents, pieces, by_title, strict=True
        )
    ]
    root = list(range(len(keys)))

    def find(work: int) -> int:
        while root[work] != work:
            root[work] = root[root[work]]
            work = root[work]
        return work

    owner: dict[str, int] = {}
    for work, own in enumerate(keys):
        for key in own:
            root[find(work)] = find(owner.setdefault(key, work))
    smallest: dict[int, str] = {}
    for work, own in enumerate(keys):
        group = find(work)
        smallest[group] = min(own[0], smallest.get(group, own[0]))
    return [smallest[find(work)] for work in range(len(keys))]


def split_of(family: str) -> int:
    """Return the split of a family, an index into `SPLITS`: 85 % train, 5 % valid, 10 % test."""
    share = int.from_bytes(hashlib.sha256(family.encode()).digest()[:8], "big") / 2**64
    if share < TRAIN_SHARE:
        return SPLITS.index("train")
    return SPLITS.index("valid" if share < TRAIN_SHARE + VALID_SHARE else "test")


def place_key(work_id: str, parent: str = "") -> str:
    """Return the key of where a work stands: `mozart/k458`, `bach/bwv120.8`, `palestrina/Missa …`."""
    path, _, tune = work_id.partition("#")
    place = PurePosixPath(path)
    if parent:
        return f"{place.parts[0]}/{parent}"
    if _MOVEMENT.match(place.name) and len(place.parts) > 2:
        return place.parent.as_posix()
    stem = _VARIANT.sub("", place.with_suffix("").as_posix())
    return f"{stem}#{tune}" if tune else stem


def title_keys(title: str) -> list[str]:
    """Return the title without what variants of one tune differ in, as a key; none if nothing is left."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    plain = re.sub(r"['`]s?\b|['`]", "", plain)
    words = [word for word in re.findall(r"[a-z]+", plain) if word not in _UNTELLING]
    return ["title " + " ".join(words)] if sum(map(len, words)) >= 4 else []


def _melody_keys(piece: Piece, outline: bool) -> list[str]:
    melody = _top_line(piece)
    downbeat = _first_downbeat(piece)
    keys = incipit_keys(melody) + incipit_keys(melody[melody[:, ONSET] >= downbeat])
    if outline:
        keys += outline_keys(melody, downbeat)
    return keys


def _top_line(piece: Piece) -> np.ndarray:
    """Return the highest note at each onset of the first staff that has notes, `[N, 4]`."""
    if not len(piece.notes):
        return piece.notes
    return top_line(piece.notes[piece.notes[:, STAFF] == piece.notes[:, STAFF].min()])


def _first_downbeat(piece: Piece) -> int:
    measures = piece.measures
    pickup = len(measures) > 1 and measures[0, M_DURATION] < measures[1, M_DURATION]
    return int(measures[1 if pickup else 0, M_ONSET])


def incipit_keys(melody: np.ndarray) -> list[str]:
    """Return the key of a melody's first 16 notes; none for a shorter or monotonous one."""
    start = melody[:INCIPIT_NOTES]
    if len(start) < INCIPIT_NOTES or len(np.unique(start[:, PITCH])) < _FEWEST_PITCHES:
        return []
    gaps = np.diff(start[:, ONSET])
    lengths = gaps // max(gcd(*gaps.tolist()), 1)
    intervals = np.diff(start[:, PITCH])
    return ["incipit " + " ".join(map(str, intervals)) + " / " + " ".join(map(str, lengths))]


def outline_keys(melody: np.ndarray, downbeat: int) -> list[str]:
    """Return the key of the pitches that sound at the first 16 beats; none if a beat is empty."""
    beats = downbeat + TICKS_PER_QUARTER * np.arange(OUTLINE_BEATS)
    index = np.searchsorted(melody[:, ONSET], beats, side="right") - 1
    if len(melody) == 0 or index.min() < 0:
        return []
    sounding = melody[index]
    if np.any(sounding[:, ONSET] + sounding[:, DURATION] <= beats):
        return []
    intervals = np.diff(sounding[:, PITCH])
    if len(np.unique(sounding[:, PITCH])) < _FEWEST_PITCHES:
        return []
    return ["outline " + " ".join(map(str, intervals))]
