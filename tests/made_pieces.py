"""Pieces made for tests: small ones written by hand, and random ones of any metre."""

from __future__ import annotations

import numpy as np

from jaxmodels.piece import Piece, canonical_notes

Metre = tuple[int, int]


def measures_of(metres: list[Metre], *, pickup: int = 0, fifths: int = 0) -> np.ndarray:
    """Return measure rows for `metres`; the first lasts `pickup` ticks when that isn't 0."""
    rows, onset = [], 0
    for index, (beats, beat_type) in enumerate(metres):
        length = pickup if pickup and index == 0 else 96 * beats // beat_type
        rows.append((onset, length, beats, beat_type, fifths, 1))
        onset += length
    return np.array(rows, np.int32)


def random_piece(
    seed: int, metres: list[Metre], staves: int, *, pickup: int = 0, fifths: int = 0, triplets: bool = True
) -> Piece:
    """Return a piece of chords and runs on the binary and the triplet grid, with rests and long notes."""
    rng = np.random.default_rng(seed)
    measures = measures_of(metres, pickup=pickup, fifths=fifths)
    end = int(measures[-1, 0] + measures[-1, 1])
    rows = []
    for staff in range(staves):
        middle = 72 - 12 * staff
        tick = 0
        while tick < end:
            step = int(rng.choice([4, 8] if triplets and rng.random() < 0.2 else [6, 12, 24, 36, 48]))
            for pitch in middle + rng.integers(-7, 8, int(rng.choice([0, 1, 1, 1, 2, 3]))):
                length = min(end - tick, int(step * rng.choice([1, 1, 1, 2])))
                rows.append((tick, staff, int(pitch), length))
            tick += step
    programs = np.array([0, 40, -1, 73][:staves], np.int32)
    return Piece(canonical_notes(np.array(rows, np.int32).reshape(-1, 4)), measures, programs)


def melody(bars: int = 8) -> Piece:
    """Return a scale up and down in quarters, 4/4, one staff: something that can be learnt by heart."""
    steps = [60, 62, 64, 65, 67, 65, 64, 62]
    rows = [(24 * index, 0, steps[index % 8], 24) for index in range(4 * bars)]
    return Piece(
        canonical_notes(np.array(rows, np.int32)), measures_of([(4, 4)] * bars), np.array([0], np.int32)
    )


def hand_made_pieces() -> dict[str, Piece]:
    """Return one piece for each thing that can go wrong on the way into the arrays."""
    return {
        "one line": melody(),
        "pickup": random_piece(1, [(4, 4)] * 6, 2, pickup=24),
        "short pickup": random_piece(2, [(3, 4)] * 6, 2, pickup=18, fifths=2),
        "6/8": random_piece(3, [(6, 8)] * 6, 2, triplets=False),
        "5/8 and 7/8": random_piece(4, [(5, 8), (7, 8)] * 3, 2),
        "changing": random_piece(5, [(4, 4), (3, 8), (2, 4), (5, 16), (3, 4), (12, 8)], 3, fifths=-3),
        "trio": random_piece(6, [(3, 4)] * 6, 3),
        "cut time": random_piece(7, [(2, 2)] * 6, 1),
    }
