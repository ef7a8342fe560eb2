"""Scores as sequences of tokens: read by jaxmuse's own readers, in parallel, and kept in its cache."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bridge.corpus.build import build_corpus
from bridge.corpus.split import families
from bridge.errors import ReadError, UsageError
from bridge.tokens.kept_instruments import ALL, kept_staves, programs_of
from bridge.tokens.words import word_of
from jaxmodels.piece import ONSET, PITCH, STAFF, Piece
from jaxmodels.shards import load_corpus


@dataclass(frozen=True)
class Spoken:
    """Works as words; one entry per work that has any.

    - `words`: of each work from its start, rare ones too; `families`: an index, the same for variants.
    """

    work_ids: list[str]
    words: list[list[str]]
    families: np.ndarray

    def counts(self) -> Counter[str]:
        """Return how often each word stands in all works."""
        return Counter(word for work in self.words for word in work)


def read_words(
    paths: Sequence[Path], instrument: str, include_restricted: bool = False, progress: bool = True
) -> Spoken:
    """Return the words of the scores in `paths` (music21's own corpus if there are none).

    All staves that `instrument` keeps are one stream: notes that begin together are a chord. Raises
    `UsageError` for an unknown instrument, `ReadError` where nothing can be read or none plays it.
    """
    programs_of(instrument)
    return words_in(build_corpus(paths, include_restricted, progress=progress), instrument, paths)


def words_in(corpus_path: Path, instrument: str, paths: Sequence[Path]) -> Spoken:
    """Return the words of a corpus that is built; `paths` names the scores in errors. As `read_words`."""
    kept = programs_of(instrument)
    try:
        corpus = load_corpus(corpus_path)
    except (ValueError, OSError) as error:
        raise ReadError(
            str(error), where=str(corpus_path), fix="Delete this file; it is built again."
        ) from error
    spoken = [
        words_of(piece, kept_staves(piece.programs, work_id, kept))
        for piece, work_id in zip(corpus.pieces, corpus.work_ids, strict=True)
    ]
    chosen = [work for work, words in enumerate(spoken) if words]
    if not chosen:
        raise ReadError(
            f"no part of {len(spoken)} works is played by '{instrument}'",
            where=", ".join(map(str, paths)) or "music21's corpus",
            fix=f"Name another with --instrument, or take --instrument {ALL}.",
        )
    nothing = [""] * len(chosen)
    family = families(
        [corpus.work_ids[work] for work in chosen],
        nothing,
        nothing,
        [corpus.pieces[work] for work in chosen],
        [True] * len(chosen),
    )
    return Spoken(
        [corpus.work_ids[work] for work in chosen],
        [spoken[work] for work in chosen],
        np.unique(np.array(family), return_inverse=True)[1],
    )


def words_of(piece: Piece, staves: np.ndarray) -> list[str]:
    """Return a word for each onset of these staves, in order."""
    notes = piece.notes[np.isin(piece.notes[:, STAFF], staves)]
    if not len(notes):
        return []
    starts = np.flatnonzero(np.diff(notes[:, ONSET], prepend=-1))
    return [word_of(group.tolist()) for group in np.split(notes[:, PITCH], starts[1:])]


def tokens_of(spoken: Spoken, min_count: int) -> tuple[tuple[str, ...], list[np.ndarray]]:
    """Return the vocabulary, sorted, and each work's tokens, words rarer than `min_count` dropped.

    Raises `UsageError` where fewer than two words are frequent enough.
    """
    check_min_count(min_count)
    counts = spoken.counts()
    vocabulary = tuple(sorted(word for word, count in counts.items() if count >= min_count))
    if len(vocabulary) < 2:
        raise UsageError(
            f"{len(vocabulary)} of {len(counts)} notes and chords occur {min_count} times or more",
            where="option --min-count",
            fix=f"Give less (the most frequent occurs {max(counts.values())} times), or name more scores.",
        )
    token = {word: number for number, word in enumerate(vocabulary)}
    return vocabulary, [
        np.array([token[word] for word in words if word in token], np.int32) for words in spoken.words
    ]


def check_min_count(min_count: int) -> None:
    """Raise `UsageError` for less than 1."""
    if min_count < 1:
        raise UsageError(
            f"{min_count} is out of its range", where="option --min-count", fix="Give 1 or more."
        )
