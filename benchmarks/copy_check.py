"""How well copies of the training music are told from music that merely resembles it.

python benchmarks/copy_check.py --model wavenet

- `sketch`: its size, and how often it takes an n-gram that stands nowhere in the training works for known.
- `choice`: for each length of the n-grams the bits that at most `--most-false` of the *validation* works'
  holes reach (variants aside), and what is found of copies from there on.
- `real_music`: eight-measure holes of works that no model saw: the share that would be warned of, by style,
  all works, and without variants of training works (folk tunes stand in several collections).
- `chains`: a run of known n-grams may be pieced together; how many stand in a training work as they are.
- `copies`: eight measures cut out of training works and transposed, none or one of their notes changed: the
  share that is found, by style.
- `fills`: such holes of test works (no variants) and of training works, filled by the model, which may know
  the latter by heart: all that it drew, the likeliest of eight, and the first once copies are ranked last.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from copy_fills import fills_of
from copy_holes import (
    MEASURES,
    MeasuredHole,
    VariantFinder,
    best_run,
    copies_of,
    exact_lengths,
    holes_of,
    near,
)
from machine import save_result
from stepwise_model import stepwise_model

from bridge.copy_check import copies_in
from bridge.corpus.build import build_corpus
from bridge.models import DEFAULT_MODEL
from bridge.score import Region
from jaxmodels.copied_runs import TELLING_BITS, CopiedRun
from jaxmodels.copy_sketch import SKETCH_FILE, CopySketch, build_sketch, load_sketch
from jaxmodels.piece import STAFF, Piece
from jaxmodels.shards import Corpus, load_corpus
from jaxmodels.top_lines import ngram_keys, steps_of, top_lines

NGRAMS = (8, 10, 11, 12, 14)
LONGEST = 64
QUANTILES = (0.5, 0.9, 0.95, 0.99)


def bits_of(runs: Iterable[CopiedRun | None]) -> np.ndarray:
    """Return the bits of runs, 0 where there is none."""
    return np.array([run.bits if run else 0.0 for run in runs])


def told(runs: Sequence[CopiedRun | None]) -> dict[str, Any]:
    """Return how many holes there are, the share warned of, and how long and telling their runs are."""
    notes = np.array([run.notes if run else 0 for run in runs])
    return {
        "holes": len(runs),
        "warned": round(float((bits_of(runs) >= TELLING_BITS).mean()), 4),
        "notes": dict(
            zip(map(str, QUANTILES), np.quantile(notes, QUANTILES).round(1).tolist(), strict=True)
        ),
        "bits": dict(
            zip(map(str, QUANTILES), np.quantile(bits_of(runs), QUANTILES).round(1).tolist(), strict=True)
        ),
    }


def by_style(styles: Sequence[str], runs: Sequence[CopiedRun | None]) -> dict[str, Any]:
    """Return `told` of all and of each style."""
    table = {"all": told(runs)}
    for style in sorted(set(styles)):
        table[style] = told([run for run, own in zip(runs, styles, strict=True) if own == style])
    return table


def sketch_figures(sketch: CopySketch, folder: Path, train: Corpus, test: Corpus) -> dict[str, Any]:
    """Return sizes, and the false positives among test n-grams that aren't in the training works."""
    steps = steps_of(top_lines(train.pieces))
    keys, whole = ngram_keys(steps, sketch.notes)
    known = np.unique(keys[whole])
    own, own_whole = ngram_keys(steps_of(top_lines(test.pieces)), sketch.notes)
    unknown = np.setdiff1d(own[own_whole], known)
    return {
        "bytes": (folder / SKETCH_FILE).stat().st_size,
        "ngram_notes": sketch.notes,
        "ngrams": len(known),
        "train_notes": train.note_count,
        "false_positives_per_ngram": round(float(sketch.holds(unknown).mean()), 6),
        "of_ngrams": len(unknown),
        "found_of_known": float(sketch.holds(known).mean()),
    }


def choice(train: Corpus, valid: Corpus, variants: np.ndarray, most_false: float) -> list[dict[str, Any]]:
    """Return for each n-gram length the threshold on validation works, and what it finds of copies."""
    rows = []
    holes = [hole for hole, variant in zip(holes_of(valid), variants, strict=True) if not variant]
    for notes in NGRAMS:
        sketch = build_sketch(train.pieces, notes)
        bits = bits_of(best_run(sketch, valid.pieces[hole.work], hole.start) for hole in holes)
        threshold = float(np.quantile(bits, 1 - most_false, method="higher")) + 0.1
        row: dict[str, Any] = {"ngram_notes": notes, "bits": round(threshold, 1)}
        for name, changed in (("exact", False), ("one_note_changed", True)):
            rng = np.random.default_rng(1)
            found = bits_of(best_run(sketch, piece, 0) for _, piece in copies_of(train, rng, 1000, changed))
            row[name] = round(float((found >= threshold).mean()), 4)
        rows.append(row)
        print(row, file=sys.stderr)
    return rows


def chains(sketch: CopySketch, train: Corpus, pieces: Sequence[Piece], runs: Sequence[CopiedRun]) -> dict:
    """Return how often a run that the sketch finds stands in a training work as it is.

    - `pieces`, `runs`: the work of each run; runs with a changed note are left out.
    """
    train_lines = top_lines(train.pieces)
    lines = top_lines(pieces)
    exact = exact_lengths(train_lines, lines, sketch.notes, LONGEST)
    missing = []
    for number, run in enumerate(runs):
        mine = (lines.piece == number) & (lines.staff == run.staff)
        mine &= (lines.onset >= run.first_tick) & (lines.onset <= run.last_tick)
        index = np.flatnonzero(mine)
        inside = np.minimum(exact[index], len(index) - np.arange(len(index)))
        missing.append(min(run.notes, LONGEST) - int(inside.max(initial=0)))
    telling = bits_of(runs) >= TELLING_BITS
    return {
        name: {
            "runs": int(own.sum()),
            "whole": round(float((np.array(missing)[own] <= 0).mean()), 4),
            "notes_missing": round(float(np.array(missing)[own].mean()), 2),
        }
        for name, own in (("all", np.ones(len(runs), bool)), ("telling", telling))
    }


def copies(sketch: CopySketch, train: Corpus, count: int) -> dict[str, Any]:
    """Return what is found of copied passages, by style and for those with notes enough in a staff."""
    table = {}
    for name, changed in (("exact", False), ("one_note_changed", True)):
        styles, runs, most = [], [], []
        for style, piece in copies_of(train, np.random.default_rng(0), count, changed):
            styles.append(style)
            runs.append(best_run(sketch, piece, 0))
            most.append(int(np.bincount(top_lines([piece]).staff).max()))
        found = bits_of(runs) >= TELLING_BITS
        rows = {"all": np.ones(len(runs), bool), "24 notes or more in a staff": np.array(most) >= 24}
        rows |= {style: np.array(styles) == style for style in sorted(set(styles))}
        table[name] = {
            row: {"passages": int(own.sum()), "found": round(float(found[own].mean()), 4)}
            for row, own in rows.items()
        }
    return table


def timing(sketch: CopySketch, pieces: Sequence[Piece], start: int) -> float:
    """Return the median milliseconds of a check of eight candidates with all their staves."""
    stop = start + MEASURES
    pieces = [near(piece, start, stop) for piece in pieces]
    region = Region(start, stop, tuple(np.unique(pieces[0].notes[:, STAFF]).tolist()))
    seconds = []
    for _ in range(20):
        begun = time.perf_counter()
        copies_in(pieces, region, sketch)
        seconds.append(time.perf_counter() - begun)
    return round(1000 * float(np.median(seconds)), 2)


def fills(
    sketch: CopySketch, model: Path, corpus: Corpus, count: int, variants: VariantFinder | None
) -> dict[str, Any]:
    """Return what stands of training music in the model's fills, and in the same holes' real music."""
    rng = np.random.default_rng(2)
    holes = [hole for hole in holes_of(corpus) if hole.start >= MEASURES]
    holes = [holes[number] for number in rng.permutation(len(holes))]
    chosen: list[MeasuredHole] = []
    for hole in holes:
        if variants is None or not variants.is_variant(corpus.pieces[hole.work], hole.start):
            chosen.append(hole)
        if len(chosen) == count:
            break
    rows: dict[str, list[CopiedRun | None]] = {"real": [], "drawn": [], "likeliest": [], "ranked": []}
    milliseconds = []
    for filled in fills_of(model, corpus, chosen):
        hole = filled.hole
        runs = [best_run(sketch, piece, hole.start) for piece in filled.pieces]
        order = np.argsort(filled.nll)
        rows["real"].append(best_run(sketch, corpus.pieces[hole.work], hole.start))
        rows["drawn"] += runs
        rows["likeliest"].append(runs[order[0]])
        unwarned = [number for number in order if bits_of([runs[number]])[0] < TELLING_BITS]
        rows["ranked"].append(runs[(unwarned or list(order))[0]])
        milliseconds.append(timing(sketch, filled.pieces, hole.start))
    return {name: told(each) for name, each in rows.items()} | {
        "milliseconds_per_check": {
            "median": round(float(np.median(milliseconds)), 2),
            "most": max(milliseconds),
        }
    }


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--corpus", type=Path, help="a corpus.npz; the default corpus is built otherwise")
    parser.add_argument("--most-false", type=float, default=0.02)
    parser.add_argument("--copies", type=int, default=4000)
    parser.add_argument("--fills", type=int, default=200, help="holes for the model, of test and of train")
    parser.add_argument("--json", type=Path, default=Path("benchmarks/results/copy_check.json"))
    args = parser.parse_args()

    if args.fills < 1 or args.copies < 1:
        parser.error("--fills and --copies take 1 or more")
    model = stepwise_model(parser, args.model).folder
    sketch = load_sketch(model)
    if sketch is None:
        parser.error(f"{args.model} has no {SKETCH_FILE}: python -m jaxmodels.copy_sketch writes it")
    corpus = load_corpus(args.corpus or build_corpus([], False))
    train, valid, test = (corpus.select(split) for split in ("train", "valid", "test"))
    results: dict[str, Any] = {"model": args.model, "telling_bits": TELLING_BITS}
    results["sketch"] = sketch_figures(sketch, model, train, test)
    variants = VariantFinder(train)
    of_valid = [variants.is_variant(valid.pieces[hole.work], hole.start) for hole in holes_of(valid)]
    results["choice"] = choice(train, valid, np.array(of_valid), args.most_false)

    holes = holes_of(test)
    runs = [best_run(sketch, test.pieces[hole.work], hole.start) for hole in holes]
    unrelated = [not variants.is_variant(test.pieces[hole.work], hole.start) for hole in holes]
    kept = [number for number, own in enumerate(unrelated) if own]
    results["real_music"] = {
        "every_work": by_style([hole.style for hole in holes], runs),
        "without_variants": by_style([holes[n].style for n in kept], [runs[n] for n in kept]),
    }
    whole = [
        (test.pieces[h.work], run) for h, run in zip(holes, runs, strict=True) if run and not run.changed
    ]
    results["chains"] = chains(sketch, train, [piece for piece, _ in whole], [run for _, run in whole])
    results["copies"] = copies(sketch, train, args.copies)
    results["fills"] = {
        "of_test_works": fills(sketch, model, test, args.fills, variants),
        "of_training_works": fills(sketch, model, train, args.fills, None),
    }
    print(json.dumps(results, indent=1))
    save_result(args.json, "copy_check", results)


if __name__ == "__main__":
    main()
