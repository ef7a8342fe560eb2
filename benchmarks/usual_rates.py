"""How often parallels, crossings, leaps and the like turn up in real music: the report's reference.

python benchmarks/usual_rates.py

Counts the training split of the default corpus and writes `bridge/part_writing/usual_rates.json`. Lines are
staves, by their outer note where they have chords; those that double another one are left out. Of the
chorales, those in four parts are counted: the others are written for instruments too.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bridge.corpus.build import build_corpus
from bridge.instruments import habit_of
from bridge.part_writing.counting import KEYBOARDS, KINDS, count_findings
from bridge.part_writing.usual import ANY_STYLE, RATES_FILE, VOICE_NAMES
from bridge.part_writing.voices import outer_line
from bridge.score import Part, Staff
from jaxmodels.part_writing import Tally, independent_lines, lines_of
from jaxmodels.piece import M_DURATION, M_ONSET, STAFF, Piece, canonical_notes
from jaxmodels.shards import load_corpus

MOST_WORKS = 500
"""Of each style: enough for four digits."""


def ranges_of(piece: Piece, staves: Sequence[int], style: str) -> np.ndarray:
    """Return the usual range `[L, 2]` of the staves; a chorale's four staves are its voices."""
    choral = style == "chorale" and len(piece.programs) == len(VOICE_NAMES)
    habits = []
    for staff in staves:
        name = VOICE_NAMES[staff] if choral else ""
        program = -1 if choral else int(piece.programs[staff])
        plain = Staff(0, 0, 1, program=program)
        habits.append(habit_of(Part(0, "", name, (plain,)), plain))
    return np.array([(habit.lowest, habit.highest) for habit in habits]).reshape(-1, 2)


def tallies_of(piece: Piece, style: str) -> dict[str, Tally]:
    """Return one work's tallies."""
    staves = [int(staff) for staff in np.unique(piece.notes[:, STAFF])]
    parts = {staff: piece.notes[piece.notes[:, STAFF] == staff] for staff in staves}
    outer = [outer_line(notes, top=staff != staves[-1]) for staff, notes in parts.items()]
    notes = canonical_notes(np.concatenate(outer))
    kept = independent_lines(notes, staves)
    hands = [parts[staff] for staff in staves if piece.programs[staff] in KEYBOARDS]
    lines, everyone = lines_of(notes, kept), np.ones(len(kept), bool)
    last = int(piece.measures[-1, [M_ONSET, M_DURATION]].sum())
    return count_findings(lines, everyone, ranges_of(piece, kept, style), hands, last)


def main() -> None:
    """Count and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, help="a corpus.npz; the default corpus is built otherwise")
    parser.add_argument("--json", type=Path, default=RATES_FILE)
    args = parser.parse_args()
    corpus = load_corpus(args.corpus or build_corpus([], False)).select("train")
    styles: dict[str, dict] = defaultdict(lambda: {"works": 0} | {kind: Tally(0, 0) for kind in KINDS})
    for piece, index in zip(corpus.pieces, corpus.styles, strict=True):
        style = corpus.style_names[index]
        other = style == "chorale" and len(piece.programs) != len(VOICE_NAMES)
        if styles[style]["works"] == MOST_WORKS or not len(piece.notes) or other:
            continue
        tallies = tallies_of(piece, style)
        for name in (style, ANY_STYLE):
            styles[name]["works"] += 1
            for kind, tally in tallies.items():
                styles[name][kind] += tally
    stored = {"made_by": "python benchmarks/usual_rates.py", "split": "train", "styles": styles}
    args.json.write_text(json.dumps(stored, indent=1) + "\n", "utf-8")
    for style, row in styles.items():
        rates = "  ".join(f"{kind} {row[kind].rate:.4f}" for kind in KINDS)
        print(f"{style:18} {row['works']:4} works  {rates}")


if __name__ == "__main__":
    main()
