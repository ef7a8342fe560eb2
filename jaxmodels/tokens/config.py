"""Sizes of a token model, and how it is trained: the tutorial's and, where it is silent, Keras's."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("tutorial-wavenet", "tutorial-lstm")
"""Recipes; `jaxmodels.tokens.model.MODELS` has their classes."""

PRODUCTS = ("float32", "bfloat16")


@dataclass(frozen=True)
class TokenConfig:
    """What a model is made of.

    - `kind`: one of `KINDS`; `vocabulary`: the words of the tokens, token t is `vocabulary[t]`.
    - `window`: tokens that are looked at; `embedding`: width of a token's vector.
    - `filters`, `dilations`, `kernel_size`: of the WaveNet's convolutions, each followed by `dropout` and
      max pooling over two places.
    - `lstm_channels`: of each LSTM layer in turn; `dense`: width of the layer before the last.
    - `products`: what factors of the large matrix products are rounded to; sums are always float32.

    Raises `ValueError` at construction, with argument and value, for what can't be.
    """

    kind: str
    vocabulary: tuple[str, ...]
    window: int = 32
    embedding: int = 100
    filters: tuple[int, ...] = (64, 128, 256)
    dilations: tuple[int, ...] = (1, 2, 4)
    kernel_size: int = 3
    dropout: float = 0.2
    lstm_channels: tuple[int, ...] = (128, 128)
    dense: int = 256
    products: str = "float32"

    def __post_init__(self) -> None:
        for name, known in (("kind", KINDS), ("products", PRODUCTS)):
            if getattr(self, name) not in known:
                raise ValueError(f"{name} must be one of {', '.join(known)}, got {getattr(self, name)!r}")
        if len(self.vocabulary) < 2 or len(set(self.vocabulary)) < len(self.vocabulary):
            raise ValueError(f"vocabulary must have 2 or more different words, got {len(self.vocabulary)}")
        if not all(isinstance(word, str) for word in self.vocabulary):
            raise ValueError(f"vocabulary must be words, got {self.vocabulary[:3]}")
        sizes = (self.embedding, self.kernel_size, self.dense, *self.filters, *self.lstm_channels)
        if min(sizes) < 1 or not self.filters or not self.lstm_channels:
            raise ValueError(f"sizes must be positive, got {sizes}")
        if len(self.dilations) != len(self.filters) or min(self.dilations) < 1:
            raise ValueError(f"dilations must be positive, one for each of filters, got {self.dilations}")
        if self.window < 2 ** len(self.filters):
            raise ValueError(f"window must outlast {len(self.filters)} poolings, got {self.window}")
        if not 0 <= self.dropout < 1:
            raise ValueError(f"dropout must lie in [0, 1), got {self.dropout}")


@dataclass(frozen=True)
class FitConfig:
    """How a model is trained: Adam with Keras's ε, windows in a new random order in every epoch.

    Raises `ValueError` at construction, with argument and value, for what can't be.
    """

    epochs: int = 50
    batch_size: int = 128
    rate: float = 1e-3
    epsilon: float = 1e-7
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("epochs", "batch_size"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, got {getattr(self, name)}")
        for name in ("rate", "epsilon"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be positive, got {getattr(self, name)}")
        if self.seed < 0:
            raise ValueError(f"seed must be at least 0, got {self.seed}")
