"""A sketch of the training music, small enough to lie beside a model's weights: was this melody in it?

A Bloom filter (Bloom 1970) over the n-grams of all training lines, and two small tables that say how
surprising a step of a melody is. A known n-gram is always found; an unknown one is taken for known in
about 1 case of 2,000.

`python -m jaxmodels.copy_sketch --corpus corpus.npz --out FOLDER` writes it for a model that has none.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from jaxmodels.piece import Piece
from jaxmodels.shards import load_corpus
from jaxmodels.top_lines import Steps, ngram_keys, steps_of, top_lines
from jaxmodels.whole_file import write_file

SKETCH_FILE = "training_sketch.safetensors"
FORMAT = "1"
ARRAYS = ("filled", "interval_bits", "time_bits")

NGRAM_NOTES = 11
"""With fewer, known n-grams chain up to runs that stand nowhere; with more, slow melodies are too short."""

BITS_PER_NGRAM, HASHES = 16, 8
MOST_INTERVAL = 24  # wider ones count as this wide in the tables, never in the n-grams
TIME_CLASSES = np.array([0, 3, 4, 6, 8, 9, 12, 18, 24, 36, 48, 72, 96, 192])
"""Lower ends in ticks."""

_PRIOR = 5.0  # as many observations of the unconditioned distribution are mixed in


class SketchError(Exception):
    """A file that isn't a usable sketch; the message says why."""


@dataclass(frozen=True)
class CopySketch:
    """What is known of the training music.

    - `filled`: uint8 `[M / 8]`, the Bloom filter's M bits.
    - `interval_bits` `[49, 49]`, `time_bits` `[14, 14]`: float32, −log2 p(step | the one before), by class.
    - `notes`: of an n-gram.
    """

    filled: np.ndarray
    interval_bits: np.ndarray
    time_bits: np.ndarray
    notes: int = NGRAM_NOTES

    def holds(self, keys: np.ndarray) -> np.ndarray:
        """Return for each key of `ngram_keys` whether it was in the training music, bool `[N]`."""
        known = np.ones(len(keys), bool)
        for place in _places(keys, 8 * len(self.filled)):
            known &= (
                self.filled[place >> np.uint64(3)] >> (place & np.uint64(7)).astype(np.uint8)
            ) & 1 == 1
        return known

    def surprise(self, steps: Steps) -> tuple[np.ndarray, np.ndarray]:
        """Return how many bits each note tells after the two before it, and the pair of steps to it.

        float32 and int64 `[N]` for the N ≥ 1 notes of `steps`; 0 and −1 for the first two notes of a line.
        """
        interval, time = step_classes(steps)
        bits = self.interval_bits[interval[:-1], interval[1:]] + self.time_bits[time[:-1], time[1:]]
        step = interval * len(TIME_CLASSES) + time
        pair = step[:-1] * (len(TIME_CLASSES) * (2 * MOST_INTERVAL + 1)) + step[1:]
        inside = steps.inside[:-1] & steps.inside[1:]
        first = (len(steps.inside) + 1 - len(inside), 0)
        return np.pad(np.where(inside, bits, 0), first), np.pad(
            np.where(inside, pair, -1), first, constant_values=-1
        )


def build_sketch(pieces: Sequence[Piece], notes: int = NGRAM_NOTES) -> CopySketch:
    """Return the sketch of `pieces`: two bytes for each different n-gram of `notes` notes."""
    steps = steps_of(top_lines(pieces))
    keys, whole = ngram_keys(steps, notes)
    keys = np.unique(keys[whole])
    size = max(8, -(-BITS_PER_NGRAM * len(keys) // 8) * 8)
    filled = np.zeros(size, bool)
    for place in _places(keys, size):
        filled[place] = True
    interval, time = step_classes(steps)
    return CopySketch(
        np.packbits(filled, bitorder="little"),
        _conditional_bits(interval, steps.inside, 2 * MOST_INTERVAL + 1),
        _conditional_bits(time, steps.inside, len(TIME_CLASSES)),
        notes,
    )


def step_classes(steps: Steps) -> tuple[np.ndarray, np.ndarray]:
    """Return each step's row in `interval_bits` and in `time_bits`."""
    interval = np.clip(steps.interval, -MOST_INTERVAL, MOST_INTERVAL) + MOST_INTERVAL
    return interval, np.digitize(steps.ticks, TIME_CLASSES[1:])


def write_sketch(folder: Path, pieces: Sequence[Piece]) -> None:
    """Give the model in `folder` the sketch of the `pieces` that it was trained on."""
    save_sketch(folder, build_sketch(pieces))


def save_sketch(folder: Path, sketch: CopySketch) -> Path:
    """Write `sketch` into a model's folder, whole or not at all, and return its path."""
    from safetensors.numpy import save

    arrays = {name: getattr(sketch, name) for name in ARRAYS}
    path = folder / SKETCH_FILE
    write_file(path, save(arrays, metadata={"format": FORMAT, "notes": str(sketch.notes)}))
    return path


def load_sketch(folder: Path) -> CopySketch | None:
    """Return the sketch in a model's folder, None if it has none; raises `SketchError`."""
    from safetensors import SafetensorError, safe_open

    path = folder / SKETCH_FILE
    if not path.is_file():
        return None
    try:
        with safe_open(path, framework="numpy") as file:
            facts = file.metadata() or {}
            if facts.get("format") != FORMAT:
                raise SketchError(f"{path} has a format that this version doesn't know")
            arrays = {name: file.get_tensor(name) for name in ARRAYS}
        return CopySketch(**arrays, notes=int(facts["notes"]))
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
        raise SketchError(f"{path} is damaged ({error})") from error


def _places(keys: np.ndarray, size: int) -> list[np.ndarray]:
    """Return where `keys` are in `size` bits (double hashing, Kirsch and Mitzenmacher 2006)."""
    first, second = keys & np.uint64(0xFFFFFFFF), keys >> np.uint64(32) | np.uint64(1)
    return [(first + np.uint64(number) * second) % np.uint64(size) for number in range(HASHES)]


def _conditional_bits(classes: np.ndarray, inside: np.ndarray, count: int) -> np.ndarray:
    """Return −log2 p(class | the class before) `[count, count]`, float32."""
    pairs = (classes[:-1] * count + classes[1:])[inside[:-1] & inside[1:]]
    table = np.bincount(pairs, minlength=count * count).reshape(count, count).astype(float)
    alone = np.bincount(classes[inside], minlength=count) + 0.5
    rows = table + _PRIOR * alone / alone.sum()
    return -np.log2(rows / rows.sum(axis=1, keepdims=True)).astype(np.float32)


def main() -> None:
    """Write the sketch of a corpus's training works into a model's folder."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="the folder with the model's config.json")
    args = parser.parse_args()
    if not args.out.is_dir():
        parser.error(f"there is no folder {args.out}")
    try:
        corpus = load_corpus(args.corpus)
    except (OSError, ValueError) as error:
        parser.error(str(error))
    path = save_sketch(args.out, build_sketch(corpus.select("train").pieces))
    print(f"{path}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
