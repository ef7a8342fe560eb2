"""What the benchmarks hide from a model is hidden: in each view, and so in the likelihood of real notes."""

from __future__ import annotations

from types import ModuleType

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from loaded_script import loaded_script
from made_pieces import measures_of
from untrained import CONFIG, SIZES, random_params

from jaxmodels import views
from jaxmodels.data import stack
from jaxmodels.evaluate import batch_losses
from jaxmodels.lags import LAGS
from jaxmodels.losses import Losses
from jaxmodels.piece import Piece, canonical_notes
from jaxmodels.staff_facts import staff_facts
from jaxmodels.state import State, init_state
from jaxmodels.window import make_window
from jaxmodels.window_layout import Hole, Window

HEADS = ("delta", "staff", "pitch", "duration")
CHANGED = {
    "no repeats": HEADS,
    "no runs": HEADS,
    "no neighbours": ("pitch",),
    "nothing ahead at the heads": ("pitch", "duration"),
}


@pytest.fixture(scope="module")
def knowledge() -> ModuleType:
    return loaded_script("benchmarks/knowledge.py")


@pytest.fixture(scope="module")
def window() -> Window:
    """Three staves in quarters, 2/4: two measures that come back, dice, and a known bass; two hidden."""
    repeated, dice, bass = [72, 74, 76, 77] * 4, np.random.default_rng(0).integers(55, 67, 16), [48, 43] * 8
    notes = [
        (24 * quarter, staff, int(pitch), 24)
        for staff, line in enumerate((repeated, dice, bass))
        for quarter, pitch in enumerate(line)
    ]
    piece = Piece(
        canonical_notes(np.array(notes)), measures_of([(2, 4)] * 8), np.array([0, 0, 0], np.int32)
    )
    mask = np.zeros((8, 3), bool)
    mask[4:6, :2] = True
    window = make_window(piece, staff_facts(piece), Hole(0, 8, (0, 1, 2), mask), SIZES)
    return jax.tree.map(jnp.asarray, window)


def losses_of(window: Window) -> Losses:
    params = random_params(CONFIG, window, SIZES)
    return jax.device_get(batch_losses(CONFIG, params, stack([window]), SIZES.beats))


@pytest.fixture(scope="module")
def plain(window: Window) -> Losses:
    return losses_of(window)


def test_every_kind_is_tried(knowledge: ModuleType) -> None:
    assert set(CHANGED) == set(knowledge.HIDDEN)


@pytest.mark.slow
@pytest.mark.parametrize("name", CHANGED)
def test_what_is_hidden_changes_just_the_heads_that_looked_at_it(
    knowledge: ModuleType, window: Window, plain: Losses, name: str
) -> None:
    with knowledge.replaced(knowledge.HIDDEN[name]()):
        hidden = losses_of(window)
    for head in HEADS:
        same = np.allclose(getattr(plain, head), getattr(hidden, head), atol=1e-5)
        assert same is (head not in CHANGED[name]), head


def seen(window: Window, state: State) -> dict[str, np.ndarray]:
    """Return what each view shows of the lags at the hole's second quarter, in the first staff."""
    onset, staff = jnp.int32(24), jnp.int32(0)
    pitch = views.pitch_view(window, state, onset, staff)
    shown = {
        "staff": views.staff_view(window, state, onset).numbers[:, -4 * LAGS : -3 * LAGS],
        "onset": views.delta_candidates(window, state)[:, -LAGS:],
        "pitch": pitch.recall[:LAGS],
        "copies": pitch.copies + 1,
        "duration": views.duration_candidates(window, state, onset, staff)[:, -LAGS:],
    }
    return {name: np.asarray(each) for name, each in shown.items()}


def test_without_repeats_no_view_shows_any(knowledge: ModuleType, window: Window) -> None:
    state = init_state(window, SIZES.beats)
    assert all(each.any() for each in seen(window, state).values())
    with knowledge.replaced(knowledge.without_repeats()):
        assert not any(each.any() for each in seen(window, state).values())
