from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from jaxmodels.heads import COPY_REACH, REACH, _about

ANCHORS = np.array([[-1, 60, 60], [0, 127, -1], [3, 125, 64]])
WAYS = pytest.mark.parametrize(("reach", "beyond"), [(REACH, True), (COPY_REACH, False)])


def weights_of_scores(reach: int, beyond: bool) -> np.ndarray:
    """Return how often each score counts for each pitch, by the definition: `[3, 128, scores]`."""
    size = 2 * reach + 1
    counts = np.zeros((len(ANCHORS), 128, ANCHORS.shape[1] * size), np.float32)
    for row, anchors in enumerate(ANCHORS):
        for place, anchor in enumerate(anchors):
            for pitch in range(128) if anchor >= 0 else ():
                distance = int(pitch - anchor)
                if beyond or abs(distance) <= reach:
                    counts[row, pitch, place * size + max(-reach, min(reach, distance)) + reach] += 1
    return counts


@WAYS
def test_scores_of_distances_and_their_gradient_follow_the_definition(reach: int, beyond: bool) -> None:
    counts = weights_of_scores(reach, beyond)
    rng = np.random.default_rng(0)
    scores = rng.normal(size=counts.shape[::2]).astype(np.float32)
    told = rng.normal(size=counts.shape[:2]).astype(np.float32)

    def total(scores: jax.Array) -> jax.Array:
        return (_about(jnp.asarray(ANCHORS), scores, reach, beyond=beyond) * told).sum()

    found = _about(jnp.asarray(ANCHORS), jnp.asarray(scores), reach, beyond=beyond)
    np.testing.assert_allclose(found, np.einsum("rps,rs->rp", counts, scores), atol=1e-5)
    gradient = jax.jit(jax.grad(total))(scores)
    np.testing.assert_allclose(gradient, np.einsum("rps,rp->rs", counts, told), atol=1e-4)


@WAYS
def test_one_event_scores_as_among_others(reach: int, beyond: bool) -> None:
    scores = np.random.default_rng(1).normal(size=(3, 3 * (2 * reach + 1))).astype(np.float32)
    together = _about(jnp.asarray(ANCHORS), jnp.asarray(scores), reach, beyond=beyond)
    for row, anchors in enumerate(ANCHORS):
        alone = _about(jnp.asarray(anchors), jnp.asarray(scores[row]), reach, beyond=beyond)
        np.testing.assert_array_equal(alone, together[row])
