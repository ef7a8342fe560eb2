"""Stacked LSTM over note events (Hochreiter & Schmidhuber 1997; the forget gate of Gers et al. 2000).

The same interface as `WaveNet`, and the same local condition: what is known of the score enters the gates
of every layer beside the layer's input. Every layer adds to what the heads read, as the WaveNet's skips do.

    f, i, o = σ(W·x + U·h + V·condition + b), g = tanh(…);  c ← f·c + i·g;  h ← o·tanh(c)

T events, R residual_channels (the input's), H conditioning channels, N lstm_channels, L lstm_layers.
"""

from __future__ import annotations

from typing import NamedTuple

import flax.linen as nn
import jax
import jax.numpy as jnp

from jaxmodels.config import ModelConfig

FORGET_BIAS = 1.0
"""Added to the forget gate, so that a new network remembers (Jozefowicz et al. 2015, §2.2)."""


class LstmCarry(NamedTuple):
    """What generation hands to its next step: `hidden` and `cell`, `[L, N]` each."""

    hidden: jax.Array
    cell: jax.Array


class Lstm(nn.Module):
    """The backbone: `__call__` for whole sequences, `prime` and `step` for generation."""

    config: ModelConfig

    def setup(self) -> None:
        """Make the layers."""
        config = self.config
        channels, layers = config.lstm_channels, config.lstm_layers
        self.condition = nn.Dense(4 * channels * layers, use_bias=False, name="condition")
        self.inputs = [nn.Dense(4 * channels, name=f"input_{i}") for i in range(layers)]
        self.recurrent = [
            self.param(f"recurrent_{i}", nn.initializers.orthogonal(), (channels, 4 * channels))
            for i in range(layers)
        ]
        self.skips = [nn.Dense(config.skip_channels, name=f"skip_{i}") for i in range(layers)]
        self.last = nn.Dense(config.head_channels, name="last")
        self.dropout = nn.Dropout(config.dropout, broadcast_dims=(0,))

    def __call__(self, x_TR: jax.Array, condition_TH: jax.Array, *, train: bool = False) -> jax.Array:
        """Return float32 `[T, head_channels]`; row t depends on rows 0 … t."""
        return self._full(x_TR, condition_TH, train)[0]

    def prime(self, x_TR: jax.Array, condition_TH: jax.Array) -> tuple[jax.Array, LstmCarry]:
        """Return the full pass's output and the carry after its last event."""
        return self._full(x_TR, condition_TH, False)

    def step(self, carry: LstmCarry, x_R: jax.Array, condition_H: jax.Array) -> tuple[jax.Array, LstmCarry]:
        """Return one event's output `[head_channels]` and the next carry."""
        condition_LN = self.condition(condition_H).reshape(len(self.inputs), -1)
        skips, hidden, cells = jnp.zeros(self.config.skip_channels), [], []
        for layer, layer_input in enumerate(self.inputs):
            gates = layer_input(x_R) + condition_LN[layer] + carry.hidden[layer] @ self.recurrent[layer]
            x_R, cell = _cell(gates, carry.cell[layer])
            hidden.append(x_R)
            cells.append(cell)
            skips += self.skips[layer](x_R)
        return self._head(skips), LstmCarry(jnp.stack(hidden), jnp.stack(cells))

    def _full(self, x_TR: jax.Array, condition_TH: jax.Array, train: bool) -> tuple[jax.Array, LstmCarry]:
        length, channels = x_TR.shape[0], self.config.lstm_channels
        # Split, not indexed: the gradient of a split is one concatenation, that of L slices L padded sums.
        conditions = jnp.split(self.condition(condition_TH), len(self.inputs), axis=-1)
        skips, hidden, cells = jnp.zeros((length, self.config.skip_channels)), [], []
        zero = jnp.zeros(channels)
        for layer, layer_input in enumerate(self.inputs):
            recurrent = self.recurrent[layer]

            def forward(
                past: tuple[jax.Array, jax.Array], given: jax.Array, recurrent: jax.Array = recurrent
            ) -> tuple[tuple[jax.Array, jax.Array], jax.Array]:
                h, cell = _cell(given + past[0] @ recurrent, past[1])
                return (h, cell), h

            given_TN = layer_input(x_TR) + conditions[layer]
            (h, cell), x_TR = jax.lax.scan(forward, (zero, zero), given_TN)
            hidden.append(h)
            cells.append(cell)
            x_TR = self.dropout(x_TR, deterministic=not train)
            skips += self.skips[layer](x_TR)
        return self._head(skips), LstmCarry(jnp.stack(hidden), jnp.stack(cells))

    def _head(self, skips: jax.Array) -> jax.Array:
        return nn.relu(self.last(nn.relu(skips)))


def _cell(gates: jax.Array, cell: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Return h and c after one step; `gates` `[4·N]` in the order forget, input, output, candidate."""
    forget, take, show, candidate = jnp.split(gates, 4, axis=-1)
    cell = jax.nn.sigmoid(forget + FORGET_BIAS) * cell + jax.nn.sigmoid(take) * jnp.tanh(candidate)
    return jax.nn.sigmoid(show) * jnp.tanh(cell), cell
