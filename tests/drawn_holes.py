"""Holes of every task in made pieces, filled by untrained models, compiled once for all tests."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from made_pieces import hand_made_pieces, random_piece
from untrained import CONFIG, SIZES, random_params

from jaxmodels import events as ev
from jaxmodels.data import stack
from jaxmodels.decode import Drawn, fill_holes
from jaxmodels.holes import TASKS, draw_hole, note_counts
from jaxmodels.piece import Piece
from jaxmodels.staff_facts import StaffFacts, staff_facts
from jaxmodels.voice_leading import Leading
from jaxmodels.window import make_window
from jaxmodels.window_layout import Hole, Window
from jaxmodels.wishes import make_wishes

METRES = [(4, 4), (3, 4), (6, 8), (5, 8), (7, 8), (5, 16), (2, 2)]
ANY_REST = 1 << 19


class HoleCase(NamedTuple):
    task: str
    piece: Piece
    facts: StaffFacts
    hole: Hole


class Batch(NamedTuple):
    """Cases, their windows, the parameters that filled them, and what came out, NumPy throughout."""

    cases: list[HoleCase]
    windows: Window
    params: dict
    drawn: Drawn


def all_pieces(seed: int) -> list[Piece]:
    """Return the hand-made pieces and as many random ones."""
    rng = np.random.default_rng(seed)
    made = list(hand_made_pieces().values())
    for index in range(len(made)):
        metres = [METRES[choice] for choice in rng.integers(0, len(METRES), 6)]
        pickup = int(rng.choice([0, 0, 12, 18, 24]))
        made.append(random_piece(100 * seed + index, metres, 1 + index % 3, pickup=pickup))
    return made


@cache
def hole_cases(seed: int) -> list[HoleCase]:
    """Return one hole of every task in every piece, transposed at random."""
    rng = np.random.default_rng(seed)
    cases = []
    for piece in all_pieces(seed):
        facts, counts = staff_facts(piece), note_counts(piece)
        staves = tuple(range(len(piece.programs)))
        for task in TASKS:
            hole = None
            while hole is None:
                hole = draw_hole(rng, piece, counts, staves, SIZES, task)
            cases.append(HoleCase(task, piece, facts, hole._replace(shift=int(rng.integers(-5, 7)))))
    return cases


@cache
def windows_of(seed: int) -> Window:
    return stack([make_window(case.piece, case.facts, case.hole, SIZES) for case in hole_cases(seed)])


def keys(count: int, seed: int) -> jax.Array:
    return jax.random.split(jax.random.key(seed), count)


def fill(
    windows: Window,
    params: dict,
    keys: jax.Array,
    rest: int = ANY_REST,
    top_p: float = 1.0,
    leading: Leading | None = None,
) -> Drawn:
    """Return what is drawn for `windows`; `rest`: the longest silence of any staff, in ticks."""
    one = jax.tree.map(lambda leaf: leaf[0], windows)
    wishes = make_wishes(one, SIZES.events, np.full(SIZES.staves, rest), top_p=top_p, leading=leading)
    drawn = fill_holes(CONFIG, params, windows, SIZES.beats, SIZES.events, keys, wishes)
    return jax.device_get(drawn)


def inclined(params: dict, *, brevity: float = 0.0, end: float = 0.0) -> dict:
    """Return `params` leaning by `brevity` nats a quarter to short steps and notes, by `end` to the end."""
    heads = params["heads"]
    delta, duration = heads["delta_out"], heads["duration_out"]
    steps = jnp.append(-brevity * ev.DELTA_TICKS / 24, end)
    lengths = -brevity * ev.DURATION_TICKS / 24
    moved = {
        "delta_out": {**delta, "bias": delta["bias"] + steps},
        "duration_out": {**duration, "bias": duration["bias"] + lengths},
    }
    return {**params, "heads": {**heads, **moved}}


@cache
def drawn_batch(seed: int, rest: int, brevity: float = 0.0) -> Batch:
    """Return the cases of `seed` filled by the untrained model of `seed`."""
    windows = windows_of(seed)
    params = random_params(CONFIG, jax.tree.map(lambda x: x[0], windows), SIZES, seed)
    params = inclined(params, brevity=brevity)
    drawn = fill(windows, params, keys(len(windows.hole_ticks), seed), rest)
    return Batch(hole_cases(seed), windows, params, drawn)
