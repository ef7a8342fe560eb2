"""Backbones that compute everything so far, or the receptive field, once more in each step; their price."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from jaxmodels.config import ModelConfig
from jaxmodels.model import BACKBONES, CARRY_AXES

STEPS = 128
"""Of a backbone alone."""


class History(NamedTuple):
    """All inputs so far, zeros behind: `x` `[T, R]`, `condition` `[T, H]`, number of events `position`."""

    x: jax.Array
    condition: jax.Array
    position: jax.Array


def recomputing(backbone: Any, room: int) -> Any:
    """Return a backbone whose step is a full pass over the prompt and up to `room` drawn events."""

    class Recomputing(backbone):
        def prime(self, x_TR: jax.Array, condition_TH: jax.Array) -> tuple[jax.Array, Any]:
            history = History(
                jnp.pad(x_TR, ((0, room), (0, 0))),
                jnp.pad(condition_TH, ((0, room), (0, 0))),
                jnp.int32(x_TR.shape[0]),
            )
            return self(x_TR, condition_TH), history

        def step(self, carry: Any, x_R: jax.Array, condition_H: jax.Array) -> tuple[jax.Array, Any]:
            x = carry.x.at[carry.position].set(x_R)
            condition = carry.condition.at[carry.position].set(condition_H)
            return self(x, condition)[carry.position], History(x, condition, carry.position + 1)

    return Recomputing


class Field(NamedTuple):
    """The last inputs, as many as the backbone looks at: `x` `[T, R]`, `condition` `[T, H]`."""

    x: jax.Array
    condition: jax.Array


def recomputing_field(backbone: Any, length: int) -> Any:
    """Return a backbone whose step is a full pass over the last `length` events."""

    class RecomputingField(backbone):
        def prime(self, x_TR: jax.Array, condition_TH: jax.Array) -> tuple[jax.Array, Any]:
            front = ((max(0, length - x_TR.shape[0]), 0), (0, 0))
            last = Field(jnp.pad(x_TR, front)[-length:], jnp.pad(condition_TH, front)[-length:])
            return self(x_TR, condition_TH), last

        def step(self, carry: Any, x_R: jax.Array, condition_H: jax.Array) -> tuple[jax.Array, Any]:
            x = jnp.concatenate([carry.x[1:], x_R[None]])
            condition = jnp.concatenate([carry.condition[1:], condition_H[None]])
            return self(x, condition)[-1], Field(x, condition)

    return RecomputingField


def ways_of(config: ModelConfig, room: int) -> dict[str, tuple[Any, Any]]:
    """Return the backbones that recompute, and the axes of what they carry."""
    backbone = BACKBONES[config.kind]
    ways = {"recomputing": (recomputing(backbone, room), History(0, 0, None))}  # type: ignore[arg-type]
    if config.kind == "wavenet":
        field = recomputing_field(backbone, config.receptive_field)
        ways["recomputing_field"] = (field, Field(0, 0))  # type: ignore[arg-type]
    return ways


def backbone_alone(config: ModelConfig, params: dict, batch: int, runs: int) -> dict[str, float]:
    """Return milliseconds of a backbone's step without heads, and how much longer the others' take.

    Of `STEPS` steps from nothing, on made-up inputs; what recomputes has room for as many.
    """
    rng = np.random.default_rng(0)
    inputs = rng.standard_normal((STEPS, batch, config.residual_channels), np.float32)
    conditions = rng.standard_normal((STEPS, batch, 2 * config.context_channels), np.float32)
    ways = {"cached": (BACKBONES[config.kind], CARRY_AXES[config.kind]), **ways_of(config, STEPS)}
    seconds = {}
    for name, (kind, axes) in ways.items():
        call = jax.jit(_steps(kind(config), axes))
        jax.block_until_ready(call(params, inputs, conditions))
        times = []
        for _ in range(runs):
            started = time.perf_counter()
            jax.block_until_ready(call(params, inputs, conditions))
            times.append(time.perf_counter() - started)
        seconds[name] = statistics.median(times) / STEPS
    cached = seconds.pop("cached")
    return {
        "ms_per_step": 1000 * cached,
        **{f"{name}_ratio": each / cached for name, each in seconds.items()},
    }


def _steps(module: Any, axes: Any) -> Callable:
    """Return a function of parameters, inputs `[N, A, R]` and conditions `[N, A, H]` that takes N steps."""

    def steps(params: dict, inputs: jax.Array, conditions: jax.Array) -> jax.Array:
        def begin(x: jax.Array, h: jax.Array) -> Any:
            return module.apply({"params": params}, x[:0], h[:0], method=module.prime)[1]

        def one(carry: Any, x: jax.Array, h: jax.Array) -> Any:
            return module.apply({"params": params}, carry, x, h, method=module.step)

        def forward(carry: Any, row: tuple) -> tuple[Any, jax.Array]:
            each: Any = jax.vmap(one, in_axes=(axes, 0, 0), out_axes=(0, axes))
            out, carry = each(carry, *row)
            return carry, out

        carry = jax.vmap(begin, in_axes=1, out_axes=axes)(inputs, conditions)
        return jax.lax.scan(forward, carry, (inputs, conditions))[1]

    return steps
