"""Notes read in a second: jaxmuse's reader against music21's, the same files in the same run.

python benchmarks/reading.py --json reading.json

tree walk: from the parsed XML tree to a `Score`; whole file: from the bytes on disk (unzip and XML parsing
included); corpus: whole files of many works, and on to training arrays, one process. Each is the median of
`--runs`; music21's caches are off, and it reads each file `--music21-runs` times.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from machine import save_result

from bridge.codec import piece_from_score
from bridge.corpus.read import read_score
from bridge.corpus.sources import embedded_sources
from bridge.musicxml import MusicXmlDocument

MUSICXML = (".mxl", ".musicxml", ".xml")


def seconds(call: Callable[[], Any]) -> float:
    """Return the time of one call."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def note_count(path: Path) -> int:
    """Return the notes of a file as jaxmuse counts them (tied ones once)."""
    return sum(len(staff.notes) for staff in read_score(path).staves)


def music21_parse(path: Path) -> None:
    """Read a file with music21, its cache off."""
    from music21 import converter

    converter.parse(path, forceSource=True)


def one_file(path: Path, runs: int, music21_runs: int) -> dict[str, float]:
    """Return notes, and notes/s of tree walk, whole file and music21."""
    notes = note_count(path)
    walks, wholes = [], []
    for _ in range(runs):
        document = MusicXmlDocument.open(path)
        walks.append(seconds(document.score))
        wholes.append(seconds(lambda: MusicXmlDocument.open(path).score()))
    theirs = statistics.median(seconds(lambda: music21_parse(path)) for _ in range(music21_runs))
    walk, whole = statistics.median(walks), statistics.median(wholes)
    return {
        "notes": notes,
        "tree_walk": notes / walk,
        "whole_file": notes / whole,
        "music21": notes / theirs,
        "ratio": theirs / whole,
    }


def many_files(paths: list[Path], runs: int) -> dict[str, float]:
    """Return notes, and notes/s to training arrays and of music21's parsing alone."""
    notes = sum(map(note_count, paths))
    ours = statistics.median(
        seconds(lambda: [piece_from_score(read_score(path)) for path in paths]) for _ in range(runs)
    )
    theirs = seconds(lambda: [music21_parse(path) for path in paths])
    return {"notes": notes, "corpus": notes / ours, "music21": notes / theirs, "ratio": theirs / ours}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--score", type=Path, help="one MusicXML file; Beethoven's op. 132 if none")
    parser.add_argument("--works", type=int, default=24, help="works of the corpus sample")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--music21-runs", type=int, default=1)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    spec = find_spec("music21")
    assert spec is not None
    assert spec.submodule_search_locations
    corpus = Path(spec.submodule_search_locations[0]) / "corpus"
    score = args.score or corpus / "beethoven" / "opus132.mxl"
    print("importing music21, which isn't timed", file=sys.stderr)
    import music21  # noqa: F401 - its import would count to its first parse

    print(f"reading {score.name}", file=sys.stderr)
    single = one_file(score, args.runs, args.music21_runs)
    files = [source.path for source in embedded_sources() if source.path.suffix in MUSICXML]
    sample = files[:: max(1, len(files) // args.works)][: args.works]
    print(f"reading {len(sample)} works of the corpus", file=sys.stderr)
    many = many_files(sample, args.runs)
    print(f"{score.name}, {single['notes']:,} notes")
    print(f"  tree walk  {single['tree_walk']:10,.0f} notes/s")
    print(f"  whole file {single['whole_file']:10,.0f} notes/s")
    print(f"  music21    {single['music21']:10,.0f} notes/s, {single['ratio']:.1f} times as long")
    print(f"{len(sample)} works of the corpus, {many['notes']:,} notes")
    print(f"  to arrays  {many['corpus']:10,.0f} notes/s")
    print(f"  music21    {many['music21']:10,.0f} notes/s, {many['ratio']:.1f} times as long")
    save_result(args.json, "reading", {"file": {"name": score.name, **single}, "corpus": many})


if __name__ == "__main__":
    main()
