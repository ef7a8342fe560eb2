"""The parts of the model that have a plain definition to be held against."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from tiny_polyphony import tiny_config

from jaxmodels.polyphony.config import FitConfig
from jaxmodels.polyphony.model import one_hots, placed_at
from jaxmodels.polyphony.slots import read_piece

SIZE, REACH = 9, 2


def test_scores_lie_around_their_anchor_and_so_do_gradients() -> None:
    random = np.random.default_rng(0)
    scores = random.standard_normal((SIZE, 2 * REACH + 1)).astype("f")
    weights = random.standard_normal((SIZE, SIZE)).astype("f")
    anchors = np.arange(SIZE)
    expected, gradient = np.zeros((SIZE, SIZE), "f"), np.zeros_like(scores)
    for row, anchor in enumerate(anchors):
        for step in range(-REACH, REACH + 1):
            if 0 <= anchor + step < SIZE:
                expected[row, anchor + step] = scores[row, step + REACH]
                gradient[row, step + REACH] = weights[row, anchor + step]
    np.testing.assert_array_equal(placed_at(jnp.asarray(scores), jnp.asarray(anchors), SIZE), expected)
    found = jax.grad(lambda x: (placed_at(x, jnp.asarray(anchors), SIZE) * weights).sum())(
        jnp.asarray(scores)
    )
    np.testing.assert_array_equal(found, gradient)


def test_one_hots_stand_side_by_side() -> None:
    found = one_hots(jnp.array([[1, 0], [2, 1]]), (3, 2))
    assert found.tolist() == [[0, 1, 0, 1, 0], [0, 0, 1, 0, 1]]


@pytest.mark.parametrize(
    ("name", "value"),
    [("kind", "gru"), ("order", "sideways"), ("pitches", 0), ("dropout", 1.0), ("dilations", ())],
)
def test_what_no_model_can_be_is_named(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=name):
        tiny_config(**{name: value})


@pytest.mark.parametrize(("name", "value"), [("epochs", 0), ("ema_decay", 1.0), ("frames_per_batch", 0)])
def test_what_no_training_can_be_is_named(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=name):
        FitConfig(**{name: value})


def test_a_single_frame_is_no_piece() -> None:
    with pytest.raises(ValueError, match="at least two frames"):
        read_piece(np.zeros((1, 5)), "down")
