"""What the models are trained, validated and tested on: works by split, and how many staves they have.

python benchmarks/works.py --json benchmarks/results/works.json
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from machine import save_result

from bridge.corpus.build import build_corpus
from jaxmodels.piece import STAFF, Piece
from jaxmodels.shards import Corpus, load_corpus

SPLITS = ("train", "valid", "test")
CHORALE, VOICES = "chorale", 4


def counts(corpus: Corpus) -> dict[str, int]:
    """Return works, those of several staves, chorales, and those of more staves than voices."""
    staves = np.array([_played_staves(piece) for piece in corpus.pieces])
    chorales = np.array([corpus.style_names[style] == CHORALE for style in corpus.styles])
    return {
        "works": len(staves),
        "of several staves": int((staves > 1).sum()),
        "chorales": int(chorales.sum()),
        "chorales doubled by instruments": int((chorales & (staves > VOICES)).sum()),
    }


def _played_staves(piece: Piece) -> int:
    return len(np.unique(piece.notes[:, STAFF]))


def main() -> None:
    """Count and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    corpus = load_corpus(build_corpus([], False))
    rows = {split: counts(corpus.select(split)) for split in SPLITS}
    for split, row in rows.items():
        print(f"{split:8}" + ", ".join(f"{count:,} {name}" for name, count in row.items()))
    save_result(args.json, "works", rows)


if __name__ == "__main__":
    main()
