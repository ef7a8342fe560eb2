"""ContextEncoder: reads the score around the hole, both sides and all staves.

Non-causal dilated convolutions along time, weights shared over staves, staves mixed at every layer through
their mean and maximum: any number of staves, in any order of instruments.

S staves, F frames of 6 ticks, G = F/2 context frames of 12 ticks, C channels.
"""

from __future__ import annotations

from typing import NamedTuple

import flax.linen as nn
import jax
import jax.numpy as jnp

from jaxmodels import events as ev
from jaxmodels.config import ModelConfig
from jaxmodels.window_layout import PROGRAM_FAMILIES, Window


class Encoded(NamedTuple):
    """What is computed once for each hole.

    - `context` `[S, G, C]`, its `mean` over the staves `[G, C]`; `staves`: their embeddings `[S, D]`.
    """

    context: jax.Array
    mean: jax.Array
    staves: jax.Array


class ContextEncoder(nn.Module):
    """Encode one window; `__call__(window)` returns float32 `[S, G, C]`."""

    config: ModelConfig

    @nn.compact
    def __call__(self, window: Window, *, train: bool = False) -> jax.Array:
        """Return what each staff's surroundings say at each context frame."""
        channels = self.config.context_channels
        staves, frames, _ = window.roll.shape
        sounding_SFP = (window.roll & 1).astype(jnp.float32)
        onset_SFP = (window.roll >> 1).astype(jnp.float32)
        pitch_class_F12 = (jnp.arange(12) + window.frame_tonic[:, None]) % 12
        folded_SF12 = (
            jnp.pad(sounding_SFP, ((0, 0), (0, 0), (0, 4))).reshape(staves, frames, 11, 12).max(axis=2)
        )
        scale_SF12 = jnp.take_along_axis(folded_SF12, pitch_class_F12[None], axis=2)
        flags_SF3 = jnp.stack([window.known, window.hole, window.offset], axis=-1).astype(jnp.float32)
        cells = jnp.concatenate([sounding_SFP, onset_SFP, scale_SF12, flags_SF3], axis=-1)

        x_SGC = nn.Dense(channels, name="cells")(cells.reshape(staves, frames // 2, -1))
        x_SGC += nn.Dense(channels, name="frames")(window.frame.reshape(frames // 2, -1))[None]
        x_SGC += StaffEmbedding(self.config, channels, name="staff")(window)[:, None]
        valid_S11 = window.valid[:, None, None]
        weight_S11 = valid_S11 / jnp.maximum(1, window.valid.sum())
        dropout = nn.Dropout(self.config.dropout, broadcast_dims=(1,), deterministic=not train)
        for layer, dilation in enumerate(self.config.context_dilations):
            h_SGC = nn.LayerNorm(name=f"norm_{layer}")(x_SGC)
            mean_GC = (h_SGC * weight_S11).sum(axis=0)
            top_GC = jnp.where(valid_S11, h_SGC, -10.0).max(axis=0)
            mixed_GC = nn.Dense(channels, name=f"mix_{layer}")(jnp.concatenate([mean_GC, top_GC], axis=-1))
            taps = jnp.concatenate([_shifted(h_SGC, dilation), h_SGC, _shifted(h_SGC, -dilation)], axis=-1)
            h_SGC = nn.gelu(nn.Dense(channels, name=f"conv_{layer}")(taps) + mixed_GC[None])
            x_SGC += nn.Dense(channels, name=f"out_{layer}")(dropout(h_SGC))
        return nn.LayerNorm(name="norm")(x_SGC)


class StaffEmbedding(nn.Module):
    """Embed what is fixed for a staff: instrument family, limits, the piece's style, what is asked for."""

    config: ModelConfig
    channels: int

    @nn.compact
    def __call__(self, window: Window) -> jax.Array:
        """Return float32 `[S, channels]`."""
        numbers = jnp.stack(
            [window.lowest / 64 - 1, window.highest / 64 - 1, window.polyphony / 4, window.layers / 2],
            axis=-1,
        )
        said = ~jnp.isnan(window.controls)
        asked = jnp.concatenate([jnp.where(said, window.controls, 0), said], axis=-1)
        return (
            nn.Embed(PROGRAM_FAMILIES, self.channels, name="program")(window.program)
            + nn.Dense(self.channels, name="numbers")(numbers.astype(jnp.float32))
            + nn.Dense(self.channels, use_bias=False, name="controls")(asked.astype(jnp.float32))
            + nn.Embed(len(self.config.styles), self.channels, name="style")(window.style)[None]
        )


def _shifted(x_SGC: jax.Array, by: int) -> jax.Array:
    """Return `x` moved `by` frames later (earlier if negative), zeros coming in."""
    pad = jnp.zeros_like(x_SGC[:, : min(abs(by), x_SGC.shape[1])])
    if by > 0:
        return jnp.concatenate([pad, x_SGC[:, :-by]], axis=1)[:, : x_SGC.shape[1]]
    return jnp.concatenate([x_SGC[:, -by:], pad], axis=1)[:, : x_SGC.shape[1]]


assert ev.PITCHES + 4 == 11 * 12
