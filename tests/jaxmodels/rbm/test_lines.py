"""Lines: what is drawn is what the weights say, and never what can't be written."""

from __future__ import annotations

import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from jaxmodels.rbm.lines import FREE, LEAP_NATS, UNISON_NATS, Lines, draw_lines, units_of_states

PITCHES, STEPS = 3, 3
REST = 0


def lines_for(count: int, **changes: np.ndarray) -> Lines:
    usual = Lines(
        low=np.zeros(count, int),
        high=np.full(count, PITCHES - 1),
        staff=np.arange(count),
        rests=np.ones(count, bool),
        order=np.zeros((count, count), int),
        upper=np.full((count, STEPS), PITCHES),
        lower=np.full((count, STEPS), -1),
        forced=np.full((count, STEPS), FREE),
        cut=np.array([True, False, False]),
        inside=np.ones(STEPS, bool),
    )
    return usual._replace(**changes)


def drawn(
    lines: Lines, states: np.ndarray, known: np.ndarray, logits: np.ndarray, count: int
) -> np.ndarray:
    keys = jax.random.split(jax.random.key(0), count)
    lines, states, known, logits = jax.tree.map(jnp.asarray, (lines, states, known, logits))
    draw = jax.jit(jax.vmap(lambda key: draw_lines(lines, states, known, logits, jnp.float32(1), key)))
    return np.asarray(draw(keys))


def weight_of(path: tuple[int, ...], logits: np.ndarray) -> float:
    """Return the log weight of one line's states, by the definition; −∞ for what can't be."""
    total, before = 0.0, REST
    for step, state in enumerate(path):
        pitch, held = (state - 1) % PITCHES, state > PITCHES
        if held and (step == 0 or before == REST or (before - 1) % PITCHES != pitch):
            return -np.inf
        if state != REST:
            total += logits[step, int(held), pitch]
            if not held and before != REST and step:
                total -= LEAP_NATS * abs(pitch - (before - 1) % PITCHES)
        before = state
    return total


def test_a_line_is_drawn_in_proportion_to_its_weight() -> None:
    logits = np.random.default_rng(0).normal(0, 1.5, (STEPS, 2, PITCHES)).astype(np.float32)
    known = np.zeros(logits.shape, bool)
    found = drawn(lines_for(1), np.zeros((1, STEPS), int), known, logits, 40_000)[:, 0]
    paths = list(itertools.product(range(1 + 2 * PITCHES), repeat=STEPS))
    weights = np.exp([weight_of(path, logits) for path in paths])
    expected = dict(zip(paths, weights / weights.sum(), strict=True))
    counts = dict.fromkeys(paths, 0)
    for path in map(tuple, found.tolist()):
        counts[path] += 1
    for path, share in expected.items():
        spread = np.sqrt(share * (1 - share) / len(found))
        assert abs(counts[path] / len(found) - share) <= 5 * spread + 1e-9, path


def test_what_is_forced_out_of_range_or_unwanted_is_kept_to() -> None:
    logits = np.random.default_rng(1).normal(0, 3, (STEPS, 2, PITCHES)).astype(np.float32)
    forced = np.array([[3, FREE, FREE]])
    lines = lines_for(1, low=np.array([1]), high=np.array([2]), rests=np.array([False]), forced=forced)
    found = drawn(lines, np.zeros((1, STEPS), int), np.zeros(logits.shape, bool), logits, 500)[:, 0]
    assert (found[:, 0] == 3).all()
    assert (found != REST).all()
    assert set(np.unique((found - 1) % PITCHES)) <= {1, 2}


def test_lines_of_one_staff_never_share_a_pitch() -> None:
    logits = np.full((STEPS, 2, PITCHES), 4.0, np.float32)
    lines = lines_for(2, staff=np.zeros(2, int))
    start = np.array([[1, 4, 4], [0, 0, 0]])
    found = drawn(lines, start, np.zeros(logits.shape, bool), logits, 500)
    sounds = np.asarray(units_of_states(jnp.asarray(found), PITCHES)).any(axis=3)  # [N, 2, W, P]
    assert sounds.any(axis=(2, 3)).all()
    assert not sounds.all(axis=1).any()


@pytest.mark.parametrize("by_known", [True, False])
def test_a_pitch_that_sounds_already_adds_nothing_and_costs_a_unison(by_known: bool) -> None:
    logits = np.zeros((STEPS, 2, PITCHES), np.float32)
    logits[0] = 50.0  # would be played, were it not on already
    known = np.zeros(logits.shape, bool)
    start = np.zeros((2, STEPS), int)
    forced = np.zeros((2, STEPS), int)
    forced[0, 0] = FREE
    if by_known:
        known[0] = True
        expected = PITCHES * np.exp(-UNISON_NATS)
    else:
        start[1, 0] = forced[1, 0] = 1
        logits[0, 0, 1:] = -50.0
        expected = np.exp(-UNISON_NATS)
    found = drawn(lines_for(2, forced=forced), start, known, logits, 20_000)[:, 0, 0]
    assert (found != REST).mean() == pytest.approx(expected / (1 + expected), abs=0.01)


def test_a_line_keeps_below_what_should_lie_above_it() -> None:
    logits = np.zeros((STEPS, 2, PITCHES), np.float32)
    usual = {"rests": np.zeros(2, bool), "forced": np.array([[2, 5, 5], [FREE] * STEPS])}
    start, known = np.array([[2, 5, 5], [1, 1, 1]]), np.zeros(logits.shape, bool)

    def over(lines: Lines, line: int, limit: int) -> float:
        pitch = (drawn(lines, start, known, logits, 5000)[:, line] - 1) % PITCHES
        return float((pitch > limit).mean())

    assert over(lines_for(2, **usual), 1, 1) > 0.2
    assert over(lines_for(2, order=np.array([[0, -1], [1, 0]]), **usual), 1, 1) < 0.02
    assert over(lines_for(2, upper=np.full((2, STEPS), 1), **usual), 1, 1) < 0.02
