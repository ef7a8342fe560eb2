"""The part-writing of chorale fills beside that of the real chorales, with and without the care for it.

python benchmarks/part_writing.py --json benchmarks/results/part_writing.json

Fixed holes in the four-part chorales that no model saw, filled as `jaxmuse fill` does: the options'
defaults, the best of eight candidates. Four tasks: the last four measures; four in the middle; the alto,
and alto and tenor, of eight measures to what the others sing. Every figure is of the filled lines and of
the pairs with one of them, joins on both sides too; the first row is the music that was there. Ctrl+C ends
it with the chorales so far.
"""

from __future__ import annotations

import argparse
import contextlib
import copy
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from machine import save_result
from stepwise_model import stepwise_model

import bridge.fill
from bridge.alternatives import Alternative
from bridge.codec import piece_from_score, ticks_of
from bridge.corpus.build import build_corpus
from bridge.corpus.sources import embedded_sources
from bridge.fill import Filled, FillOptions, Model, fill_document
from bridge.filling_task import FillingTask
from bridge.models import DEFAULT_MODEL
from bridge.open import open_document
from bridge.part_writing.care import CARE, NO_CARE, Care
from bridge.score import Document, Region
from jaxmodels.harmony import beats_of, chord_tally
from jaxmodels.part_writing import (
    Tally,
    crossing_tally,
    leap_tally,
    lines_of,
    parallel_tally,
    repeat_tally,
    single_lines,
)
from jaxmodels.piece import (
    M_ONSET,
    ONSET,
    PITCH,
    STAFF,
    Piece,
)
from jaxmodels.shards import load_corpus
from jaxmodels.tonal_metrics import scale_of

VOICES = 4

VARIANTS = {
    "no care": NO_CARE,
    "ranking": replace(CARE, parallels=0, crossings=0, dissonances=0),
    "drawing": replace(
        NO_CARE, parallels=CARE.parallels, crossings=CARE.crossings, dissonances=CARE.dissonances
    ),
    "both": CARE,
}
FIGURES = ("parallels", "crossing", "in key", "triads", "leaps", "repeats")


@dataclass
class Figures:
    """Tallies by name, and the nats and notes of the fills that they are of."""

    tallies: dict[str, Tally] = field(default_factory=lambda: dict.fromkeys(FIGURES, Tally(0, 0)))
    nats: float = 0.0
    notes: int = 0

    def add(self, tallies: Mapping[str, Tally], nats: float, notes: int) -> None:
        """Add one fill's."""
        for name, tally in tallies.items():
            self.tallies[name] += tally
        self.nats += nats
        self.notes += notes

    def record(self) -> dict:
        """Return all of it for JSON: rates, found and cases of each figure, nats per note."""
        rates = {
            name: {"rate": tally.rate, "found": tally.found, "cases": tally.cases}
            for name, tally in self.tallies.items()
        }
        return rates | {"nll": self.nats / self.notes if self.notes and self.nats else None}


def chorales(split: str, corpus: Path | None) -> list[Document]:
    """Return the corpus's chorales of `split` that have four single lines."""
    chosen = load_corpus(corpus or build_corpus([], False)).select(split)
    paths = {source.work_id: source.path for source in embedded_sources()}
    return [
        open_document(paths[work])
        for work, piece, style in zip(chosen.work_ids, chosen.pieces, chosen.styles, strict=True)
        if chosen.style_names[style] == "chorale"
        and len(single_lines(piece.notes, range(len(piece.programs)))) == len(piece.programs) == VOICES
    ]


def regions(measures: int) -> dict[str, Region]:
    """Return the fixed hole of each task in a chorale of so many measures."""
    middle = max(1, (measures - 4) // 2)
    inner = slice(max(0, (measures - 8) // 2), min(measures, (measures - 8) // 2 + 8))
    everyone = tuple(range(VOICES))
    return {
        "continue": Region(measures - 4, measures, everyone),
        "infill": Region(middle, middle + 4, everyone),
        "alto": Region(inner.start, inner.stop, (1,)),
        "inner voices": Region(inner.start, inner.stop, (1, 2)),
    }


def tallies_of(piece: Piece, region: Region) -> dict[str, Tally]:
    """Return the figures of `region` in `piece`."""
    start, end = ticks_of(piece, region)
    lines = lines_of(piece.notes, range(VOICES)).between(start, end)
    own = np.isin(np.arange(VOICES), region.staves)
    onset = piece.notes[:, ONSET]
    filled = piece.notes[np.isin(piece.notes[:, STAFF], region.staves) & (onset >= start) & (onset < end)]
    return {
        "parallels": parallel_tally(lines, own),
        "crossing": crossing_tally(lines, own),
        "leaps": leap_tally(lines, own),
        "repeats": repeat_tally(lines, own),
        "in key": _in_key(filled, piece.measures),
        "triads": chord_tally(piece.notes, beats_of(piece, region.start, region.stop)),
    }


def _in_key(notes: np.ndarray, measures: np.ndarray) -> Tally:
    scales = np.array([scale_of(measure) for measure in measures])
    within = np.searchsorted(measures[:, M_ONSET], notes[:, ONSET], side="right") - 1
    return Tally(int(scales[within, notes[:, PITCH] % 12].sum()), len(notes))


class WatchedTask(FillingTask):
    """A filling task that can be ranked again, with other care, once its notes are drawn."""

    last: WatchedTask

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        WatchedTask.last = self

    def ranked_with(self, care: Care) -> tuple[Alternative, ...]:
        """Return what `care` that differs in the ranking alone would have put first."""
        self.options = replace(self.options, care=care)
        return self.ranked()


def fills(
    document: Document, region: Region, model: Model, cares: Mapping[str, Care], seed: int
) -> Iterator[tuple[str, Filled]]:
    """Yield the fill of each care; those that draw alike share what is drawn."""
    by_drawing: dict[tuple, list[str]] = {}
    for name, care in cares.items():
        by_drawing.setdefault((care.parallels, care.crossings, care.dissonances), []).append(name)
    for names in by_drawing.values():
        filled = fill_document(document, region, model, FillOptions(seed=seed, care=cares[names[0]]))
        for name in names:
            yield name, replace(filled, alternatives=WatchedTask.last.ranked_with(cares[name]))


def measure(
    documents: Iterable[Document], model: Model, cares: Mapping[str, Care], seeds: Sequence[int]
) -> Iterator[dict[str, dict[str, Figures]]]:
    """Yield after each document the figures so far, of the real music and of each care, by row and task."""
    table: dict[str, dict[str, Figures]] = {}

    def cell(row: str, task: str) -> Figures:
        return table.setdefault(row, {}).setdefault(task, Figures())

    bridge.fill.FillingTask = WatchedTask
    for document in documents:
        real = piece_from_score(document.score())
        for task, region in regions(len(real.measures)).items():
            cell("real music", task).add(tallies_of(real, region), 0.0, 0)
            for seed in seeds:
                for name, filled in fills(document, region, model, cares, seed):
                    best = filled.alternatives[0]
                    written = piece_from_score(filled.apply().score())
                    nats = best.nll * best.note_count
                    cell(name, task).add(tallies_of(written, region), nats, best.note_count)
        yield copy.deepcopy(table)


def together(by_task: Mapping[str, Figures]) -> Figures:
    """Return the figures of all tasks as one."""
    total = Figures()
    for each in by_task.values():
        total.add(each.tallies, each.nats, each.notes)
    return total


def print_table(task: str, rows: Mapping[str, dict]) -> None:
    """Print one task's rows."""
    print(f"\n{task}\n{'':12}" + "".join(f"{name:>11}" for name in (*FIGURES, "nll")))
    for name, row in rows.items():
        cells = "".join(f"{row[figure]['rate']:11.4f}" for figure in FIGURES)
        print(f"{name:12}{cells}" + (f"{row['nll']:11.3f}" if row["nll"] is not None else f"{'–':>11}"))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--corpus", type=Path, help="a corpus.npz; the default corpus is built otherwise")
    parser.add_argument("--split", default="test", choices=["valid", "test"])
    parser.add_argument("--works", type=int, help="so many chorales only")
    parser.add_argument("--seeds", type=int, default=1, help="fills of each hole")
    parser.add_argument(
        "--care",
        nargs=2,
        action="append",
        default=[],
        metavar=("NAME", "NATS"),
        help="measure only fills with another weight: --care dissonances 0.25",
    )
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    try:
        other = replace(CARE, **{name: float(nats) for name, nats in args.care})
    except (TypeError, ValueError) as error:
        parser.error(f"--care: {error}")
    model = stepwise_model(parser, args.model)
    variants = {"both": other} if args.care else VARIANTS
    documents = chorales(args.split, args.corpus)[: args.works]
    table: dict[str, dict[str, Figures]] = {}
    works = 0
    with contextlib.suppress(KeyboardInterrupt):
        for so_far in measure(documents, model, variants, range(args.seeds)):
            table, works = so_far, works + 1
            print(f"{works} of {len(documents)} chorales", file=sys.stderr)
    results: dict = {"model": args.model, "split": args.split, "works": works, "seeds": args.seeds}
    if args.care:
        results["care"] = asdict(other)
    results["tasks"] = {}
    for task in (*regions(8), "all"):
        rows = {
            name: (together(by_task) if task == "all" else by_task[task]).record()
            for name, by_task in table.items()
        }
        results["tasks"][task] = rows
        print_table(task, rows)
    save_result(args.json, "part writing of chorale fills", results)


if __name__ == "__main__":
    main()
