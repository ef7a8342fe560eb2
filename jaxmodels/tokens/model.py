"""The tutorial's two networks, layer by layer; both give logits of the token after a window.

One interface: `__call__` for windows, `prime` and `step` for generation; `prime_window` and `step_window`
see no more than the last window, as in training. Initial weights are Keras's.

B batch, T tokens of a window, V vocabulary, C channels, G = 4·N gates of N LSTM channels.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flax.linen as nn
import jax
import jax.numpy as jnp

from jaxmodels.tokens.config import TokenConfig
from jaxmodels.tokens.dropout import dropped
from jaxmodels.tokens.lstm_stack import cell, last_hidden, product

GLOROT = nn.initializers.glorot_uniform()


def _keras_embedding(key: jax.Array, shape: tuple[int, ...], dtype: Any = jnp.float32) -> jax.Array:
    return jax.random.uniform(key, shape, dtype, -0.05, 0.05)


def _forgetful(key: jax.Array, shape: tuple[int, ...], dtype: Any = jnp.float32) -> jax.Array:
    """Return zeros, and ones for the forget gate (Keras's `unit_forget_bias`)."""
    del key
    return jnp.array([0.0, 1.0, 0.0, 0.0], dtype).repeat(shape[0] // 4)


class TokenWaveNet(nn.Module):
    """Causal dilated convolutions with pooling: a WaveNet without gates, residuals and skips."""

    config: TokenConfig

    def setup(self) -> None:
        """Make the layers."""
        config = self.config
        self.embedding = self.param(
            "embedding", _keras_embedding, (len(config.vocabulary), config.embedding)
        )
        widths = (config.embedding, *config.filters)
        self.kernels = [
            self.param(f"kernel_{i}", GLOROT, (config.kernel_size, widths[i], widths[i + 1]))
            for i in range(len(config.filters))
        ]
        self.biases = [
            self.param(f"bias_{i}", nn.initializers.zeros, (width,))
            for i, width in enumerate(config.filters)
        ]
        self.dense = nn.Dense(config.dense, kernel_init=GLOROT)
        self.last = nn.Dense(len(config.vocabulary), kernel_init=GLOROT)

    def __call__(self, tokens_BT: jax.Array, *, train: bool = False) -> jax.Array:
        """Return logits `[B, V]`."""
        x_BTC = None
        for layer, width in enumerate(self.config.filters):
            x_BTC = nn.relu(self.convolved(tokens_BT if x_BTC is None else x_BTC, layer))
            if train:
                x_BTC = dropped(x_BTC, self.config.dropout, self.make_rng("dropout"))
            even = x_BTC.shape[1] // 2 * 2
            x_BTC = jnp.maximum(x_BTC[:, 0:even:2], x_BTC[:, 1:even:2])  # [B, T/2, width]
            assert x_BTC.shape[2] == width
        assert x_BTC is not None
        return self.last(nn.relu(self.dense(x_BTC.max(axis=1))))

    def convolved(self, x: jax.Array, layer: int) -> jax.Array:
        """Return a layer's convolution `[B, T, filters]`; place t depends on places up to t.

        - `x`: `[B, T, C]`, or for the first layer tokens `[B, T]`: V embedded words go through its kernel,
          and each place picks its words' rows, which is the same as convolving embeddings, in less time.
        """
        kernel_KCF = self.kernels[layer]
        dilation = self.config.dilations[layer]
        size = kernel_KCF.shape[0]
        if layer == 0:
            words_KVF = jnp.einsum("vc,kcf->kvf", self.embedding, kernel_KCF)
            taps = [_earlier(words_KVF[k][x], (size - 1 - k) * dilation) for k in range(size)]
            return sum(taps[1:], taps[0]) + self.biases[0]
        taps_BTC = jnp.concatenate([_earlier(x, (size - 1 - k) * dilation) for k in range(size)], axis=-1)
        kernel_CF = kernel_KCF.reshape(-1, kernel_KCF.shape[2])
        return product(taps_BTC, kernel_CF, self.config.products) + self.biases[layer]

    def prime(self, tokens_T: jax.Array) -> tuple[jax.Array, jax.Array]:
        """Return logits `[V]` after a window, and what `step` goes on from: the window itself."""
        return self(tokens_T[None])[0], tokens_T

    def step(self, carry: jax.Array, token: jax.Array) -> tuple[jax.Array, jax.Array]:
        """Return logits `[V]` after one more token, and the new window.

        Pooling goes in pairs from the window's start, so that nothing else can be kept.
        """
        return self.prime(jnp.append(carry[1:], token))

    prime_window, step_window = prime, step


class TokenLstm(nn.Module):
    """Two LSTM layers, the second one's last state through a dense layer."""

    config: TokenConfig

    def setup(self) -> None:
        """Make the layers."""
        config = self.config
        self.embedding = self.param(
            "embedding", _keras_embedding, (len(config.vocabulary), config.embedding)
        )
        widths = (config.embedding, *config.lstm_channels)
        layers = list(enumerate(config.lstm_channels))
        self.inputs = [self.param(f"input_{i}", GLOROT, (widths[i], 4 * width)) for i, width in layers]
        self.recurrent = [
            self.param(f"recurrent_{i}", nn.initializers.orthogonal(), (width, 4 * width))
            for i, width in layers
        ]
        self.biases = [self.param(f"bias_{i}", _forgetful, (4 * width,)) for i, width in layers]
        self.dense = nn.Dense(config.dense, kernel_init=GLOROT)
        self.last = nn.Dense(len(config.vocabulary), kernel_init=GLOROT)

    def __call__(self, tokens_BT: jax.Array, *, train: bool = False) -> jax.Array:
        """Return logits `[B, V]`; `train` changes nothing, there is no dropout."""
        del train
        others = zip(self.inputs[1:], self.recurrent[1:], strict=True)
        kernels = (self.recurrent[0], *(jnp.concatenate(pair) for pair in others))
        given_TBG = self._words()[tokens_BT.T]
        return self._head(last_hidden(given_TBG, kernels, tuple(self.biases[1:]), self.config.products))

    def prime(self, tokens_T: jax.Array) -> tuple[jax.Array, Any]:
        """Return logits `[V]` after a window, and what `step` goes on from: each layer's states `[N]`."""
        return self._primed(tokens_T, (), lambda carry: carry)

    def step(self, carry: Any, token: jax.Array) -> tuple[jax.Array, Any]:
        """Return logits `[V]` after all tokens since the prompt's first, and each layer's states."""
        carry = self._stepped(carry, self._words()[token])
        return self._head(carry[-1][0]), carry

    def prime_window(self, tokens_T: jax.Array) -> tuple[jax.Array, Any]:
        """Return logits `[V]` after a window, and what `step_window` goes on from.

        A window begins with every token, so that T are under way: states `[T, N]`, the oldest's first.
        """
        return self._primed(tokens_T, (len(tokens_T),), _next_window)

    def step_window(self, carry: Any, token: jax.Array) -> tuple[jax.Array, Any]:
        """Return logits `[V]` after the last T tokens alone, and the states of the windows under way."""
        carry = self._stepped(carry, self._words()[token])
        return self._head(carry[-1][0][0]), _next_window(carry)

    def _primed(self, tokens_T: jax.Array, lanes: tuple[int, ...], onward: Callable[[Any], Any]) -> Any:
        """Return logits `[V]` of the first lane after `tokens_T`, and all states; `onward` ends a step."""
        sizes, hidden_type = self.config.lstm_channels, self.config.products
        start = tuple((jnp.zeros((*lanes, size), hidden_type), jnp.zeros((*lanes, size))) for size in sizes)

        def forward(carry: Any, given_G: jax.Array) -> Any:
            carry = self._stepped(carry, given_G)
            return onward(carry), carry[-1][0].reshape(-1, sizes[-1])[0]

        carry, hidden_TN = jax.lax.scan(forward, start, self._words()[tokens_T])
        return self._head(hidden_TN[-1]), carry

    def _words(self) -> jax.Array:
        """Return what each word adds to the first layer's gates `[V, G]`."""
        return self.embedding @ self.inputs[0] + self.biases[0]

    def _stepped(self, carry: Any, given_G: jax.Array) -> Any:
        """Return each layer's hidden state, rounded to `products`, and cell state after one more token."""
        products, states = self.config.products, []
        for layer, (hidden, state) in enumerate(carry):
            if layer:
                given_G = product(states[-1][0], self.inputs[layer], products) + self.biases[layer]
            gates = given_G + product(hidden, self.recurrent[layer], products)
            hidden, state, _ = cell(gates, state)
            states.append((hidden.astype(products), state))
        return tuple(states)

    def _head(self, hidden: jax.Array) -> jax.Array:
        return self.last(nn.relu(self.dense(hidden.astype(jnp.float32))))


def _next_window(carry: Any) -> Any:
    """Return states `[T, N]` without the window that is full, and with one that begins."""
    return jax.tree.map(lambda states: jnp.concatenate([states[1:], jnp.zeros_like(states[:1])]), carry)


def _earlier(x_BTC: jax.Array, places: int) -> jax.Array:
    """Return `x_BTC` moved later by `places`, zeros before."""
    length = x_BTC.shape[1]
    return jnp.pad(x_BTC, ((0, 0), (places, 0), (0, 0)))[:, :length]


MODELS: dict[str, type[TokenWaveNet] | type[TokenLstm]] = {
    "tutorial-wavenet": TokenWaveNet,
    "tutorial-lstm": TokenLstm,
}


def build_model(config: TokenConfig) -> TokenWaveNet | TokenLstm:
    """Return the model of `config`, without weights."""
    return MODELS[config.kind](config)


def init_params(config: TokenConfig, seed: int) -> dict:
    """Return fresh weights."""
    tokens = jnp.zeros((1, config.window), jnp.int32)
    return jax.jit(build_model(config).init)(jax.random.key(seed), tokens)["params"]
