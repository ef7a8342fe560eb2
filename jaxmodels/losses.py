"""The likelihood of real events under the heads and the masks they would be drawn under.

S staves, E events of the hole, H head_channels.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp

from jaxmodels import constraints, views
from jaxmodels import events as ev
from jaxmodels.constraints import ILLEGAL
from jaxmodels.context import Encoded
from jaxmodels.heads import Heads
from jaxmodels.state import State
from jaxmodels.window_layout import E_CLOCK, E_DELTA, E_DURATION, E_PITCH, E_STAFF, Window


class Losses(NamedTuple):
    """Negative log-likelihoods in nats, float32 `[E + 1]`: each event and the hole's end; 0 where padded.

    - `delta`, `staff`, `pitch`, `duration`; `weight` is 1 for events and the end, 0 for padding.
    """

    delta: jax.Array
    staff: jax.Array
    pitch: jax.Array
    duration: jax.Array
    weight: jax.Array


def score_events(
    heads: Heads,
    window: Window,
    encoded: Encoded,
    h_TH: jax.Array,
    states: State,
    rows: jax.Array,
    ended: jax.Array,
    live: jax.Array,
    live_or_end: jax.Array,
    *,
    train: bool = False,
) -> Losses:
    """Return the likelihood of `rows` `[E + 1, 6]`, each drawn from the state of the same index.

    - `h_TH` `[E + 1, H]`: the backbone's output before each; `ended`: the row that is the hole's end.
    - `live`: real events; `live_or_end`: those and the end.
    """

    def over(function, *mapped):
        return jax.vmap(lambda *xs: function(window, *xs))(*mapped)

    clock, staff = rows[:, E_CLOCK], rows[:, E_STAFF]
    times = jnp.arange(len(staff))

    view = over(lambda w, s: views.staff_view(w, s, s.now), states)
    summary = heads.staves(view, encoded.staves)
    frames = over(views.context_frame, states.now)
    logits = heads.delta(
        h_TH, summary, view.inside, encoded.mean[frames], over(views.delta_candidates, states)
    )
    target = jnp.where(ended, ev.END, rows[:, E_DELTA])
    delta = _nll(logits, over(constraints.delta_mask, states), target)

    view = over(views.staff_view, states, clock)
    summary = heads.staves(view, encoded.staves)
    frames = over(views.context_frame, clock)
    context = jnp.moveaxis(encoded.context[:, frames], 0, 1)
    legal = over(constraints.staff_masks, states, clock)
    staff_nll = _nll(heads.staff(h_TH, rows[:, E_DELTA], summary, context, legal), legal, staff)

    own, own_context = summary[times, staff], context[times, staff]
    view = over(views.pitch_view, states, clock, staff)
    z = heads.pitch_state(h_TH, rows[:, E_DELTA], own, own_context, encoded.mean[frames], view, train=train)
    logits = heads.pitch(z, view)
    pitch = _nll(logits, over(constraints.pitch_mask, states, clock, staff), rows[:, E_PITCH])

    candidates = over(views.duration_candidates, states, clock, staff)
    logits = heads.duration(z, rows[:, E_PITCH], view, own, candidates)
    duration = _nll(logits, over(constraints.duration_mask, states, clock, staff), rows[:, E_DURATION])
    return Losses(
        delta=jnp.where(live_or_end, delta, 0),
        staff=jnp.where(live, staff_nll, 0),
        pitch=jnp.where(live, pitch, 0),
        duration=jnp.where(live, duration, 0),
        weight=live_or_end.astype(jnp.float32),
    )


def _nll(logits: jax.Array, legal: jax.Array, target: jax.Array) -> jax.Array:
    """Return −log p of `target` among the legal classes; a target outside them counts as legal."""
    legal |= jax.nn.one_hot(target, logits.shape[-1], dtype=bool)
    logits = jnp.where(legal, logits, ILLEGAL)
    chosen = jnp.take_along_axis(logits, target[..., None], axis=-1)[..., 0]
    return jax.nn.logsumexp(logits, axis=-1) - chosen
