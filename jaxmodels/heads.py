"""The chained categorical heads: Δonset → staff → pitch → duration.

Every method takes arrays with the same leading axes (`...`: none in generation, T in training) and returns
logits before the legality masks. Pitch logits are a sum: one absolute, ones relative to the staff's
last and next known pitches and to its neighbours, ones relative to what the staff plays whole measures
away, one relative to the tonic, and a bilinear one over the intervals to everything that sounds.

S staves, C context channels, H head_channels, D staff_channels.
"""

from __future__ import annotations

from functools import partial

import flax.linen as nn
import jax
import jax.numpy as jnp

from jaxmodels import events as ev
from jaxmodels import views
from jaxmodels.config import ModelConfig

REACH = 30
"""Relative pitch logits tell intervals apart up to this many semitones."""
COPY_REACH = 2
"""Logits relative to a note that might be repeated, up to this many semitones from it."""
MOST_ABOVE = 7
"""The pointer counts the legal staves above a staff up to this many."""
HEARD = 48
"""Intervals to sounding notes are heard up to this many semitones."""


class Heads(nn.Module):
    """All four heads and the staff summary that they share."""

    config: ModelConfig

    def setup(self) -> None:
        """Make the layers."""
        wide, narrow = self.config.head_channels, self.config.staff_channels
        self.spans = [nn.Embed(views.SPAN_CLASSES, narrow, name=f"span_{i}") for i in range(4)]
        self.tone = nn.Embed(views.NO_TONE + 1, narrow, name="tone")
        self.chord = nn.Embed(2, narrow, name="chord")
        self.strength = nn.Embed(views.STRENGTH_COUNT, narrow, name="strength")
        self.numbers = nn.Dense(narrow, name="numbers")
        self.staff_out = nn.Dense(narrow, name="staff_out")

        self.delta_in = nn.Dense(wide, name="delta_in")
        self.delta_out = nn.Dense(ev.DELTAS + 1, name="delta_out")
        self.delta_key = nn.Dense(views.DELTA_FEATURES, name="delta_key")

        self.delta_embed = nn.Embed(ev.DELTAS, wide, name="delta_embed")
        self.pointer_in = nn.Dense(wide, name="pointer_in")
        self.pointer_staff = nn.Dense(wide, name="pointer_staff")
        self.pointer_out = nn.Dense(1, name="pointer_out")
        self.pointer_rank = nn.Embed(MOST_ABOVE + 1, wide, name="pointer_rank")

        self.pitch_in = nn.Dense(wide, name="pitch_in")
        self.pitch_mid = nn.Dense(wide, name="pitch_mid")
        self.pitch_absolute = nn.Dense(ev.PITCHES, name="pitch_absolute")
        self.pitch_relative = nn.Dense(views.ANCHORS * (2 * REACH + 1), name="pitch_relative")
        self.pitch_copy = nn.Dense(views.COPIES * (2 * COPY_REACH + 1), name="pitch_copy")
        self.pitch_tone = nn.Dense(12, name="pitch_tone")
        self.pitch_weights = nn.Dense(2 * self.config.interval_kernels, name="pitch_weights")
        self.intervals = self.param(
            "intervals", nn.initializers.normal(0.1), (2 * self.config.interval_kernels, 2 * HEARD + 1)
        )

        self.duration_pitch = nn.Embed(12, wide, name="duration_pitch")
        self.duration_interval = nn.Embed(2 * REACH + 2, wide, name="duration_interval")
        self.duration_in = nn.Dense(wide, name="duration_in")
        self.duration_out = nn.Dense(ev.DURATIONS, name="duration_out")
        self.duration_key = nn.Dense(views.DURATION_FEATURES, name="duration_key")
        self.dropout = nn.Dropout(self.config.dropout)

    def staves(self, view: views.StaffView, embedded_SD: jax.Array) -> jax.Array:
        """Return each staff's summary `[..., S, D]`; `embedded_SD` is what is fixed for the staves."""
        spans = (view.remaining, view.ago, view.to_end, view.next_after)
        summed = sum(embed(classes) for embed, classes in zip(self.spans, spans, strict=True))
        summed += self.tone(view.tone) + self.chord(view.chord) + self.strength(view.strength)
        numbers = view.numbers if self.config.inputs > 1 else view.numbers[..., : -views.RUNS]
        summed += self.numbers(numbers) + embedded_SD
        return nn.gelu(self.staff_out(nn.gelu(summed)))

    def delta(
        self,
        h: jax.Array,
        staves_SD: jax.Array,
        inside_S: jax.Array,
        context: jax.Array,
        candidates: jax.Array,
    ) -> jax.Array:
        """Return logits `[..., DELTAS + 1]`; `context` is the staves' mean at the last onset."""
        inside = inside_S[..., None]
        mean = jnp.where(inside, staves_SD, 0).sum(axis=-2) / jnp.maximum(1, inside.sum(axis=-2))
        top = jnp.where(inside, staves_SD, -10).max(axis=-2)
        z = nn.gelu(self.delta_in(jnp.concatenate([h, mean, top, context], axis=-1)))
        return self.delta_out(z) + jnp.einsum("...f,...df->...d", self.delta_key(z), candidates)

    def staff(
        self,
        h: jax.Array,
        delta: jax.Array,
        staves_SD: jax.Array,
        context_SC: jax.Array,
        legal_S: jax.Array,
    ) -> jax.Array:
        """Return logits `[..., S]` of the pointer over staves; `legal_S`: whose turn it could be."""
        above = jnp.minimum(jnp.cumsum(legal_S, axis=-1) - legal_S, MOST_ABOVE)
        shared = self.pointer_in(h) + self.delta_embed(delta)
        own = self.pointer_staff(jnp.concatenate([staves_SD, context_SC], axis=-1)) + self.pointer_rank(
            above
        )
        return self.pointer_out(nn.gelu(shared[..., None, :] + own))[..., 0]

    def pitch_state(
        self,
        h: jax.Array,
        delta: jax.Array,
        staff_D: jax.Array,
        context_C: jax.Array,
        mean_C: jax.Array,
        view: views.PitchView,
        *,
        train: bool = False,
    ) -> jax.Array:
        """Return what pitch and duration are drawn from, `[..., H]`."""
        inputs = [h, staff_D, context_C, mean_C, view.heard[..., 0, :]]
        if self.config.inputs > 1:
            inputs += [view.recall, view.asked]
        else:
            first = views.RECALLED_BEFORE_RUNS
            inputs += [view.recall[..., :first], view.recall[..., first + views.RUNS :]]
        inputs += [view.around[..., index, :] for index in range(views.MOMENTS)]
        inputs += [_tones(view.heard[..., index, :], view.tonic) for index in range(views.MOMENTS)]
        z = nn.gelu(self.pitch_in(jnp.concatenate(inputs, axis=-1)) + self.delta_embed(delta))
        z = self.dropout(z, deterministic=not train)
        return z + nn.gelu(self.pitch_mid(z))

    def pitch(self, z: jax.Array, view: views.PitchView) -> jax.Array:
        """Return logits `[..., 128]`."""
        tone = (jnp.arange(ev.PITCHES) - view.tonic[..., None]) % 12
        return (
            self.pitch_absolute(z)
            + _about(view.anchors, self.pitch_relative(z), REACH, beyond=True)
            + _about(view.copies, self.pitch_copy(z), COPY_REACH, beyond=False)
            + jnp.take_along_axis(self.pitch_tone(z), tone, axis=-1)
            + self._heard(z, view)
        )

    def _heard(self, z: jax.Array, view: views.PitchView) -> jax.Array:
        """Return Σ_m Σ_r w_mr(z) Σ_q sounding_m[q]·k_mr[p − q], m over what sounds now and what did before.

        For one event the kernels are weighed first, and what sounds is convolved with their sum. For many
        that would be a convolution each: there what sounds is multiplied with all kernels at once.
        """
        weights = self.pitch_weights(z).reshape(*z.shape[:-1], 2, -1)
        sounding = view.heard[..., :2, :]
        kernels = self.intervals.reshape(2, -1, 2 * HEARD + 1)
        if z.ndim == 1:
            weighed = jnp.einsum("mr,mrd->md", weights, kernels)
            return jax.lax.conv_general_dilated(
                sounding[None], weighed[None, :, ::-1], (1,), [(HEARD, HEARD)]
            )[0, 0]
        distance = jnp.arange(ev.PITCHES)[:, None] - jnp.arange(ev.PITCHES)[None, :]
        heard = jnp.abs(distance) <= HEARD
        squares = jnp.where(heard, kernels[..., jnp.clip(distance, -HEARD, HEARD) + HEARD], 0)
        responses = jnp.einsum("...mq,mrpq->...mrp", sounding, squares)
        return jnp.einsum("...mr,...mrp->...p", weights, responses)

    def duration(
        self,
        z: jax.Array,
        pitch: jax.Array,
        view: views.PitchView,
        staff_D: jax.Array,
        candidates: jax.Array,
    ) -> jax.Array:
        """Return logits `[..., DURATIONS]` for the note of `pitch`."""
        interval = jnp.where(
            view.low >= 0, jnp.clip(pitch - view.low, -REACH, REACH) + REACH, 2 * REACH + 1
        )
        inputs = self.duration_in(jnp.concatenate([z, staff_D], axis=-1))
        z = nn.gelu(
            inputs + self.duration_pitch((pitch - view.tonic) % 12) + self.duration_interval(interval)
        )
        return self.duration_out(z) + jnp.einsum("...f,...df->...d", self.duration_key(z), candidates)


def _tones(sounding: jax.Array, tonic: jax.Array) -> jax.Array:
    """Return which degrees above `tonic` sound in any octave, `[..., 12]` from `[..., 128]`."""
    octaves = jnp.pad(sounding, [(0, 0)] * (sounding.ndim - 1) + [(0, 4)])
    folded = octaves.reshape(*sounding.shape[:-1], 11, 12).max(axis=-2)
    return jnp.take_along_axis(folded, (jnp.arange(12) + tonic[..., None]) % 12, axis=-1)


def _about(anchors: jax.Array, scores: jax.Array, reach: int, *, beyond: bool) -> jax.Array:
    """Return Σ over `anchors` `[..., N]` (−1: none) of the scores of each pitch's distance, `[..., 128]`.

    - `scores` `[..., N·(2·reach + 1)]`.
    - `beyond`: what is farther away scores as the farthest does, else nothing.
    """
    scores = scores.reshape(*anchors.shape, 2 * reach + 1)
    margins = [(0, 0)] * anchors.ndim + [(ev.PITCHES - 1 - reach,) * 2]
    by_distance = jnp.pad(scores, margins, mode="edge" if beyond else "constant")
    # Whole slices: gathered pitch by pitch, the gradient scatters number by number, ten times as long.
    return jnp.where(anchors[..., None] >= 0, _from(by_distance, ev.PITCHES - 1 - anchors), 0).sum(axis=-2)


@partial(jnp.vectorize, signature="(n),()->(p)")
def _from(row: jax.Array, start: jax.Array) -> jax.Array:
    """Return `row[start : start + 128]`."""
    return jax.lax.dynamic_slice(row, (start,), (ev.PITCHES,))
