"""The piano rolls of Boulanger-Lewandowski et al. (2012), and what is in them.

python benchmarks/polyphony_data.py --data JSB_Chorales.mat --json benchmarks/results/polyphony-data.json

Counts pieces, frames and notes; in how many pieces the last bass note is a C; and for how many frames of
the validation split a recalled frame agrees over nine frames or more, and how often its highest note is
right then.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from machine import save_result
from scipy.io import loadmat  # SciPy comes with JAX
from scipy.io.matlab import MatReadError

from jaxmodels.polyphony.recall import KINDS, Library, agreement_class
from jaxmodels.polyphony.slots import Piece, read_piece

SPLITS = ("traindata", "validdata", "testdata")
WHERE = "Give JSB_Chorales.mat or Nottingham.mat; --help says where they are."
LOWEST_PITCH = 21
LONG = 9


def refuse(sentence: str) -> NoReturn:
    """End the program over bad input, with one sentence and code 2."""
    print(sentence, file=sys.stderr)
    raise SystemExit(2)


def load_rolls(path: Path) -> dict[str, list[np.ndarray]]:
    """Return each split's piano rolls; ends with one sentence if the file isn't one of these."""
    try:
        content = loadmat(path)
    except (OSError, ValueError, TypeError, NotImplementedError, MatReadError) as error:
        refuse(f"{path}: this isn't a readable MATLAB file ({error}). {WHERE}")
    if missing := [split for split in SPLITS if split not in content]:
        refuse(f"{path}: {', '.join(missing)} is missing. {WHERE}")
    return {split: list(content[split][0]) for split in SPLITS}


def read_splits(
    rolls: dict[str, list[np.ndarray]], order: str, with_library: bool, splits: tuple[str, ...]
) -> dict[str, list[Piece]]:
    """Return the pieces of `splits`; the library is the training split, in which no piece finds itself."""
    library = Library(rolls["traindata"]) if with_library else None
    return {
        split: [
            read_piece(roll, order, library, number if split == "traindata" else None)
            for number, roll in enumerate(rolls[split])
        ]
        for split in splits
    }


def describe(rolls: dict[str, list[np.ndarray]]) -> dict[str, Any]:
    """Return the counts of each split, and what recall finds in the validation split."""
    facts: dict[str, Any] = {}
    for split, pieces in rolls.items():
        finals = [np.nonzero(roll[np.nonzero(roll.any(1))[0][-1]])[0][0] for roll in pieces]
        facts[split] = {
            "pieces": len(pieces),
            "frames": sum(len(roll) for roll in pieces),
            "notes": int(sum((roll != 0).sum() for roll in pieces)),
            "last_bass_note_is_c": int(sum((final + LOWEST_PITCH) % 12 == 0 for final in finals)),
        }
    pieces = read_splits(rolls, "down", True, SPLITS[1:2])["validdata"]
    names = ["before", *(f"piece_{kind}" for kind in KINDS), *(f"library_{kind}" for kind in Library.KINDS)]
    for number, name in enumerate(names):
        long = [piece.frames.agreement[:, number] >= agreement_class(np.array(LONG)) for piece in pieces]
        first = [piece.slots.rank == 0 for piece in pieces]
        right = [
            (piece.slots.guess[:, number] == piece.slots.target)[chosen]
            for piece, chosen in zip(pieces, first, strict=True)
        ]
        chosen, hits = np.concatenate(long), np.concatenate(right)
        facts[f"recalled_{name}"] = {
            "share_of_frames": float(chosen.mean()),
            "highest_note_right": float(hits[chosen].mean()) if chosen.any() else None,
        }
    return facts


def main() -> None:
    """Describe one file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="JSB_Chorales.mat or Nottingham.mat")
    parser.add_argument("--json", type=Path, help="keep the counts, with the machine, in this file")
    args = parser.parse_args()
    facts = describe(load_rolls(args.data))
    print(json.dumps(facts, indent=1))
    save_result(args.json, "polyphony_data", {"data": args.data.stem, **facts})


if __name__ == "__main__":
    main()
