"""A model for the tests of `jaxmodels`: small enough to compile at once, its parameters only dice."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from jaxmodels.config import ModelConfig
from jaxmodels.model import Model, build_model
from jaxmodels.window_layout import Sizes, Window

CONFIG = ModelConfig(
    context_channels=8,
    context_dilations=(1,),
    residual_channels=8,
    skip_channels=8,
    dilations=(1, 2, 4),
    head_channels=16,
    staff_channels=8,
    interval_kernels=2,
    styles=("unknown", "made"),
)
SIZES = Sizes(staves=3, frames=72, clock=288, measures=8, events=40, prompt=12)


def random_params(config: ModelConfig, window: Window, sizes: Sizes, seed: int = 0) -> dict:
    """Return parameters of the right shapes, every one of them random, biases too."""
    model = build_model(config)

    def start(key: jax.Array, window: Window) -> Any:
        return model.init(key, window, sizes.beats, method=Model.losses)["params"]

    shapes = jax.eval_shape(start, jax.random.key(0), window)  # traced, never compiled
    rng = np.random.default_rng(seed)

    def drawn(leaf: jax.ShapeDtypeStruct) -> jax.Array:
        fan_in = leaf.shape[0] if len(leaf.shape) > 1 else 4
        return jnp.asarray(rng.normal(0, 1 / np.sqrt(fan_in), leaf.shape), jnp.float32)

    return jax.tree.map(drawn, shapes)
