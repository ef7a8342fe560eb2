"""Which works models are judged on: those of a split or of the user's own, without near-duplicates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bridge.console import print_step
from bridge.corpus.build import build_corpus, build_failures
from bridge.errors import ReadError, UsageError
from bridge.training.material import split_works
from jaxmodels.duplicates import Duplicate, grams_of, near_duplicates
from jaxmodels.shards import Corpus, load_corpus

SPLITS = ("test", "valid")


@dataclass(frozen=True)
class Works:
    """What is evaluated on.

    - `corpus`: the works; `train`: what the baselines learn from, and whose near-duplicates are left out.
    - `like_training`, `like_another`: works left out because they are much like one to train on, or like
      another one that is evaluated: (left out, because of).
    - `unread`: a line for each file that couldn't be read, with the reason; `source`: words for a table's
      head.
    """

    corpus: Corpus
    train: Corpus
    like_training: tuple[tuple[str, str], ...]
    like_another: tuple[tuple[str, str], ...]
    source: str
    unread: tuple[str, ...] = ()


def choose_works(
    paths: Sequence[Path], split: str | None, styles: Sequence[str], quiet: bool = False
) -> Works:
    """Return the works of `split` of music21's corpus, or of the scores and folders in `paths`.

    - `split`: `test` or `valid`; if None, `test` of music21's corpus and all works of `paths`. Without a
      split of their own, works of `paths` are compared to those of music21's corpus that models train on.
    - `styles`: only works of these styles, all if empty.

    Raises `UsageError` for an unknown split or style or where no work is left, `ReadError` for a damaged
    corpus.
    """
    if split not in (None, *SPLITS):
        raise UsageError(
            f"'{split}' can't be evaluated on", where="option --split", fix="Take test or valid."
        )
    if "" in styles:
        raise UsageError("no style is named", where="option --styles", fix='Give for example "chorale".')
    if not quiet:
        print_step("reading scores; the first time this takes some minutes")
    built = build_corpus(paths, progress=not quiet)
    own = _load(built)
    if paths and split is None:
        chosen = own
        train = _load(build_corpus([], progress=not quiet)).select("train")
        source = f"all works of {', '.join(path.name for path in paths)}"
    else:
        train, chosen = _parted(own, split or "test")
        place = ", ".join(path.name for path in paths) if paths else "music21's corpus"
        source = f"{split or 'test'} works of {place}"
    chosen = _of_styles(chosen, styles)
    found = _without_duplicates(chosen, train, ", ".join(styles) + ": " + source if styles else source)
    return replace(found, unread=tuple(build_failures(built)) if paths else ())


def _load(path: Path) -> Corpus:
    try:
        return load_corpus(path)
    except (ValueError, OSError) as error:
        raise ReadError(str(error), where=str(path), fix="Delete this file; it is built again.") from error


def _parted(corpus: Corpus, split: str) -> tuple[Corpus, Corpus]:
    """Return the works that a training takes, and those of `split`, as `jaxmuse train` parts them."""
    train, valid, _ = split_works(corpus)
    test = np.setdiff1d(np.arange(len(corpus.pieces)), [*train, *valid])
    chosen = valid if split == "valid" else test
    if not len(chosen):
        raise UsageError(
            f"a training takes all {len(corpus.pieces)} works: none is left to evaluate on",
            where=f"option --split {split}",
            fix="Add works, or name other scores without --split.",
        )
    return corpus.take(train), corpus.take(chosen)


def _of_styles(corpus: Corpus, styles: Sequence[str]) -> Corpus:
    there = sorted({corpus.style_names[style] for style in corpus.styles})
    if unknown := [style for style in styles if style not in there]:
        raise UsageError(
            f"no work has the style '{unknown[0]}'",
            where="option --styles",
            fix=f"Take {', '.join(there)}.",
        )
    if not styles:
        return corpus
    wanted = [corpus.style_names.index(style) for style in styles]
    return corpus.take(np.flatnonzero(np.isin(corpus.styles, wanted)))


def _without_duplicates(corpus: Corpus, train: Corpus, source: str) -> Works:
    grams = [grams_of(piece) for piece in corpus.pieces]
    known = near_duplicates(grams, [grams_of(piece) for piece in train.pieces])
    left = np.setdiff1d(np.arange(len(grams)), [pair.work for pair in known])
    doubled = near_duplicates([grams[work] for work in left])
    kept = np.delete(left, [pair.work for pair in doubled])
    if not len(kept):
        raise UsageError(
            f"all {len(grams)} works are much like works that models train on",
            where=source,
            fix="Name scores that they haven't seen.",
        )
    return Works(
        corpus.take(kept),
        train,
        _named(known, corpus.work_ids.__getitem__, train.work_ids.__getitem__),
        _named(doubled, *[lambda place: corpus.work_ids[left[place]]] * 2),
        source,
    )


def _named(
    pairs: Sequence[Duplicate], work: Callable[[int], str], other: Callable[[int], str]
) -> tuple[tuple[str, str], ...]:
    return tuple((work(pair.work), other(pair.other)) for pair in pairs)
