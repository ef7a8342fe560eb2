"""WaveNet (van den Oord et al. 2016) over note events.

Causal dilated convolutions with gated activations (§2.3), residual and skip connections (§2.4), locally
conditioned in every layer (§2.5: z = tanh(W_f * x + V_f h) · σ(W_g * x + V_g h)). Generation keeps
a ring buffer per layer (Paine et al. 2016), so that a step costs O(layers).

T events, H conditioning channels, R residual_channels, Z skip_channels, L layers, K kernel_size.
"""

from __future__ import annotations

from typing import NamedTuple

import flax.linen as nn
import jax
import jax.numpy as jnp

from jaxmodels.config import ModelConfig


class WaveNetCarry(NamedTuple):
    """What generation hands to its next step.

    - `rings`: one array `[(K − 1)·dilation, R]` for each layer, its last inputs; `position`: events so far.
    """

    rings: tuple[jax.Array, ...]
    position: jax.Array


class WaveNet(nn.Module):
    """The backbone: `__call__` for whole sequences, `prime` and `step` for generation."""

    config: ModelConfig

    def setup(self) -> None:
        """Make the layers."""
        config = self.config
        residual, skip = config.residual_channels, config.skip_channels
        layers = len(config.dilations)
        self.condition = nn.Dense(2 * residual * layers, use_bias=False, name="condition")
        self.gates = [nn.Dense(2 * residual, name=f"gate_{i}") for i in range(layers)]
        self.outs = [nn.Dense(residual + skip, name=f"out_{i}") for i in range(layers)]
        self.last = nn.Dense(config.head_channels, name="last")
        self.dropout = nn.Dropout(config.dropout, broadcast_dims=(0,))

    def __call__(self, x_TR: jax.Array, condition_TH: jax.Array, *, train: bool = False) -> jax.Array:
        """Return float32 `[T, head_channels]`; row t depends on rows t − receptive_field + 1 … t."""
        return self._full(x_TR, condition_TH, train)[0]

    def prime(self, x_TR: jax.Array, condition_TH: jax.Array) -> tuple[jax.Array, WaveNetCarry]:
        """Return the full pass's output and the carry after its last event."""
        out_TC, inputs = self._full(x_TR, condition_TH, False)
        length = x_TR.shape[0]
        rings = []
        for dilation, input_TR in zip(self.config.dilations, inputs, strict=True):
            size = (self.config.kernel_size - 1) * dilation
            tail = jnp.pad(input_TR, ((size, 0), (0, 0)))[-size:]
            rings.append(jnp.roll(tail, length % size, axis=0))  # event t stands at t % size
        return out_TC, WaveNetCarry(tuple(rings), jnp.int32(length))

    def step(
        self, carry: WaveNetCarry, x_R: jax.Array, condition_H: jax.Array
    ) -> tuple[jax.Array, WaveNetCarry]:
        """Return one event's output `[head_channels]` and the next carry."""
        condition_LR = self.condition(condition_H).reshape(len(self.gates), -1)
        skips, rings = jnp.zeros(self.config.skip_channels), []
        for layer, dilation in enumerate(self.config.dilations):
            ring = carry.rings[layer]
            size = ring.shape[0]
            taps = [
                ring[(carry.position - k * dilation) % size]
                for k in range(self.config.kernel_size - 1, 0, -1)
            ]
            rings.append(ring.at[carry.position % size].set(x_R))
            x_R, skip = self._gated(layer, jnp.concatenate([*taps, x_R]), condition_LR[layer], x_R)
            skips += skip
        return self._head(skips), WaveNetCarry(tuple(rings), carry.position + 1)

    def _full(
        self, x_TR: jax.Array, condition_TH: jax.Array, train: bool
    ) -> tuple[jax.Array, list[jax.Array]]:
        length = x_TR.shape[0]
        # Split, not indexed: the gradient of a split is one concatenation, that of L slices L padded sums.
        conditions = jnp.split(self.condition(condition_TH), len(self.gates), axis=-1)
        skips, inputs = jnp.zeros((length, self.config.skip_channels)), []
        for layer, dilation in enumerate(self.config.dilations):
            inputs.append(x_TR)
            taps = [_delayed(x_TR, k * dilation) for k in range(self.config.kernel_size - 1, 0, -1)]
            taps = jnp.concatenate([*taps, x_TR], axis=-1)
            x_TR, skip = self._gated(layer, taps, conditions[layer], x_TR, train)
            skips += skip
        return self._head(skips), inputs

    def _gated(
        self, layer: int, taps: jax.Array, condition: jax.Array, x: jax.Array, train: bool = False
    ) -> tuple[jax.Array, jax.Array]:
        filtered, gate = jnp.split(self.gates[layer](taps) + condition, 2, axis=-1)
        gated = self.dropout(jnp.tanh(filtered) * jax.nn.sigmoid(gate), deterministic=not train)
        out = self.outs[layer](gated)
        residual, skip = jnp.split(out, [self.config.residual_channels], axis=-1)
        return x + residual, skip

    def _head(self, skips: jax.Array) -> jax.Array:
        return nn.relu(self.last(nn.relu(skips)))


def _delayed(x_TR: jax.Array, by: int) -> jax.Array:
    """Return `x` `by` events later, zeros coming in."""
    return jnp.pad(x_TR, ((by, 0), (0, 0)))[: x_TR.shape[0]]
