"""A backbone over frames and a decoder inside each frame.

The backbone (`WaveNet` or `Lstm`) reads the frames up to t; from its output the decoder draws the notes of
frame t + 1 one after the other, each seeing those before it, and END: the two levels of RNN-NADE
(Boulanger-Lewandowski et al. 2012, §5), but with a softmax over legal pitches in place of a sigmoid per
pitch. The decoder's features and most of its logits are relative to notes that sound, as in tied-parallel
networks (Johnson 2017), since what a voice does depends on where it is. The note that a guess (`recall`)
has at this place gets a bonus by how much the guess is to be trusted: a copy mechanism (Gu et al. 2016)
that need not learn where to look.

B pieces, I rows of frames, S slots, P pitches, C channels.
"""

from __future__ import annotations

from typing import Any

import flax.linen as nn
import jax
import jax.numpy as jnp

from jaxmodels.config import ModelConfig
from jaxmodels.constraints import ILLEGAL
from jaxmodels.lstm import Lstm
from jaxmodels.polyphony.config import PolyphonyConfig
from jaxmodels.polyphony.order import RANKS
from jaxmodels.polyphony.recall import CLASSES
from jaxmodels.polyphony.slots import CLOCKS, GUESSES, LAST_CLOCK, LONGEST_RUN, REACH, Frames, Slots
from jaxmodels.wavenet import WaveNet


class PolyphonyModel(nn.Module):
    """`states` for the backbone, `log_probs` for the slots, `__call__` for both."""

    config: PolyphonyConfig

    def setup(self) -> None:
        """Make the layers."""
        config, channels = self.config, self.config.channels
        backbone = {"wavenet": WaveNet, "lstm": Lstm}[config.kind]
        self.backbone = backbone(_backbone_config(config))
        self.frame_in = nn.Dense(channels, name="frame_in")
        self.condition_in = nn.Dense(channels, name="condition_in")
        self.backbone_drop = nn.Dropout(config.backbone_dropout)
        self.drop = nn.Dropout(config.dropout)
        self.input_drop = nn.Dropout(config.input_dropout)

        width = config.width
        self.state_in = nn.Dense(width, name="state_in")
        self.slot_in = nn.Dense(width, name="slot_in")
        self.mid = nn.Dense(width, name="mid")

        self.absolute = nn.Dense(config.pitches + 1, name="absolute")
        self.tone = nn.Dense(12, name="tone")
        self.relative = nn.Dense(3 * (2 * REACH + 1), name="relative")
        self.copied = nn.Dense(GUESSES, name="copy")
        self.copy_trust = self.param("copy_trust", nn.initializers.zeros, (GUESSES, 2 * CLASSES))
        self.used = nn.Dense(2, name="used")
        self.heard = nn.Dense(2 * config.kernels, name="heard")
        self.intervals = self.param(
            "intervals", nn.initializers.normal(0.05), (2 * config.kernels, 2 * config.pitches - 1)
        )

    def __call__(self, frames: Frames, slots: Slots, *, train: bool = False) -> jax.Array:
        """Return log-probabilities `[S, P + 1]`; frames are `[B, I, …]`, `slots.row` counts all rows."""
        return self.log_probs(self.states(frames, train=train), frames, slots, train=train)

    def states(self, frames: Frames, *, train: bool = False) -> jax.Array:
        """Return what is known after each frame, `[B, I, C]`; row i depends on frames 0 … i."""
        told: list[Any] = [frames.roll, one_hots(frames.notes, (self.config.pitches + 1,) * RANKS)]
        told.append(one_hots(frames.motion, (2 * REACH + 2,) * RANKS))
        x = self.frame_in(self.input_drop(_joined(told), deterministic=not train))
        known = [one_hots(frames.clock, (*CLOCKS, LAST_CLOCK)), one_hots(frames.runs, (LONGEST_RUN,) * 3)]
        known += [one_hots(frames.agreement, (CLASSES,) * GUESSES), frames.tones]
        condition = self.condition_in(self.input_drop(_joined(known), deterministic=not train))
        x = self.backbone_drop(nn.gelu(x + condition), deterministic=not train)
        condition = self.backbone_drop(nn.gelu(condition), deterministic=not train)
        over_pieces = nn.vmap(
            lambda backbone, x_IC, condition_IC: backbone(x_IC, condition_IC, train=train),
            variable_axes={"params": None},
            split_rngs={"params": False, "dropout": True},
        )
        # Flax types what a lifted function returns as if it took nothing.
        h = over_pieces(self.backbone, x, condition)  # pyright: ignore[reportCallIssue]
        return jnp.concatenate([h, x, condition], axis=-1)

    def log_probs(self, h: jax.Array, frames: Frames, slots: Slots, *, train: bool = False) -> jax.Array:
        """Return log-probabilities `[S, P + 1]`, END last, of the slots after `states`' `h`."""
        z = self._slot_state(h, frames, slots, train)
        size = self.config.pitches
        logits = self.absolute(z)
        pitch_logits = _tiled(self.tone(z), size)
        relative = jnp.split(self.relative(z), 3, axis=-1)
        for scores, anchor in zip(relative, (slots.anchor, slots.anchor2, slots.last), strict=True):
            pitch_logits += placed_at(scores, anchor, size)
        before = _rows(frames.roll, slots.row).astype(jnp.float32)
        pitch_logits += self._heard(z, before, slots.placed.astype(jnp.float32))
        usage = _rows(frames.usage, slots.row)
        use = self.used(z)
        pitch_logits += use[:, :1] * jnp.sqrt(usage) * 4 + use[:, 1:] * (usage > 0)
        logits += jnp.pad(pitch_logits, ((0, 0), (0, 1)))
        trusted = jax.nn.one_hot(_trust(frames, slots), 2 * CLASSES)
        bonus = self.copied(z) + jnp.einsum("sgc,gc->sg", trusted, self.copy_trust)
        for i in range(GUESSES):
            logits += bonus[:, i : i + 1] * jax.nn.one_hot(slots.guess[:, i], size + 1)
        pitch = jnp.arange(size + 1)
        legal = (pitch > slots.low[:, None]) & (pitch < slots.high[:, None]) | (pitch == size)
        return jax.nn.log_softmax(jnp.where(legal, logits, ILLEGAL))

    def _slot_state(self, h: jax.Array, frames: Frames, slots: Slots, train: bool) -> jax.Array:
        size = self.config.pitches
        last = jnp.clip(slots.last - slots.anchor, -REACH, REACH) + REACH
        away = jnp.clip(slots.guess - slots.anchor[:, None], -REACH, REACH) + REACH
        away = jnp.where(slots.guess < size, away, slots.guess - size + 2 * REACH + 1)
        single = jnp.stack([slots.rank, slots.anchor, slots.anchor % 12, last], 1)
        told: list[Any] = [slots.windows.reshape(slots.windows.shape[0], -1)]
        told.append(one_hots(single, (RANKS, size + 1, 12, 2 * REACH + 1)))
        told.append(one_hots(away, (2 * REACH + 3,) * GUESSES))
        told.append(one_hots(_trust(frames, slots), (2 * CLASSES,) * GUESSES))
        z = self.slot_in(self.input_drop(_joined(told), deterministic=not train))
        z += _rows(self.state_in(h), slots.row)
        z = self.drop(nn.gelu(z), deterministic=not train)
        return z + self.drop(nn.gelu(self.mid(z)), deterministic=not train)

    def _heard(self, z: jax.Array, before: jax.Array, placed: jax.Array) -> jax.Array:
        """Return Σ_r w_r(z) Σ_q sounding[q]·k_r[p − q], for the frame before and the notes told so far."""
        size, half = self.config.pitches, self.config.kernels
        pitch = jnp.arange(size)
        kernels = self.intervals[:, pitch[None, :] - pitch[:, None] + size - 1]  # [2·half, q, p]
        weights = self.heard(z)
        total = jnp.zeros((z.shape[0], size))
        for sounding, part in ((before, slice(0, half)), (placed, slice(half, 2 * half))):
            flat = kernels[part].transpose(1, 0, 2).reshape(size, -1)
            responses = (sounding @ flat).reshape(-1, half, size)
            total += jnp.einsum("sr,srp->sp", weights[:, part], responses)
        return total


def _backbone_config(config: PolyphonyConfig) -> ModelConfig:
    return ModelConfig(
        kind=config.kind,
        residual_channels=config.channels,
        skip_channels=config.skip_channels,
        dilations=config.dilations,
        lstm_channels=config.lstm_channels,
        lstm_layers=config.lstm_layers,
        head_channels=config.channels,
        dropout=config.backbone_dropout,
    )


def one_hots(values: jax.Array, sizes: tuple[int, ...]) -> jax.Array:
    """Return `[…, sum(sizes)]`: `values[…, g]` as one of `sizes[g]`.

    A matrix product with it is a sum of embeddings. On CPUs that is quicker than looking them up, whose
    gradient is a scatter.
    """
    return jnp.concatenate([jax.nn.one_hot(values[..., g], size) for g, size in enumerate(sizes)], -1)


def _joined(parts: list[Any]) -> jax.Array:
    return jnp.concatenate([part.astype(jnp.float32) for part in parts], -1)


def _rows(values: jax.Array, row: jax.Array) -> jax.Array:
    """Return rows of `[B, I, …]` by their number in `[B·I, …]`."""
    return values.reshape(-1, values.shape[-1])[row]


def _trust(frames: Frames, slots: Slots) -> jax.Array:
    """Return for each guess a class of how long it agreed before, and whether it agrees in this frame."""
    return 2 * _rows(frames.agreement, slots.row) + slots.agrees


def _tiled(tones: jax.Array, size: int) -> jax.Array:
    return jnp.tile(tones, (1, -(-size // 12)))[:, :size]


def placed_at(scores: jax.Array, anchor: jax.Array, size: int) -> jax.Array:
    """Return `[S, size]` with `scores` `[S, 2·R + 1]` laid around `anchor` `[S]`, 0 beyond their reach."""
    wide = scores.shape[1]
    index = jnp.arange(size) - anchor[:, None] + wide // 2
    back = jnp.arange(wide) + anchor[:, None] - wide // 2
    return _shift(
        scores,
        jnp.where((index >= 0) & (index < wide), index, wide),
        jnp.where((back >= 0) & (back < size), back, size),
    )


@jax.custom_vjp
def _shift(scores: jax.Array, index: jax.Array, back: jax.Array) -> jax.Array:
    return jnp.take_along_axis(jnp.pad(scores, ((0, 0), (0, 1))), index, axis=1)


def _shift_forward(scores: jax.Array, index: jax.Array, back: jax.Array) -> tuple[jax.Array, jax.Array]:
    return _shift(scores, index, back), back


def _shift_backward(back: jax.Array, gradient: jax.Array) -> tuple[jax.Array, None, None]:
    # The gradient of a gather is a scatter, which is slow on CPUs; of a shift it is the shift back.
    return jnp.take_along_axis(jnp.pad(gradient, ((0, 0), (0, 1))), back, axis=1), None, None


_shift.defvjp(_shift_forward, _shift_backward)
