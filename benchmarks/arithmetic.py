"""How much arithmetic a jitted function asks for, how much the machine can do, and what it compiles."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from typing import Any

import jax
import jax.numpy as jnp

COMPILING = "/jax/core/compile/backend_compile_duration"
"""JAX's event for a program that is compiled, or read from the cache of compiled ones."""


def product_flops(jaxpr: Any) -> int:
    """Return the operations of all matrix products of a `jax.core.Jaxpr`: 2·m·n·k each.

    What stands in a `scan` counts as often as it runs. Convolutions aren't counted and what stands in a
    `while` counts once: the models have neither.
    """
    return sum(_products(jaxpr, 1))


def _products(jaxpr: Any, times: int) -> Iterator[int]:
    for equation in jaxpr.eqns:
        if equation.primitive.name == "dot_general":
            (contracted, _), _ = equation.params["dimension_numbers"]
            left = equation.invars[0].aval.shape
            summed = math.prod(left[axis] for axis in contracted)
            yield 2 * times * summed * math.prod(equation.outvars[0].aval.shape)
        inner = times * equation.params["length"] if equation.primitive.name == "scan" else times
        for inside in jax.tree.leaves(equation.params, is_leaf=lambda value: hasattr(value, "eqns")):
            body = getattr(inside, "jaxpr", inside)
            if hasattr(body, "eqns"):
                yield from _products(body, inner)


def peak_flops(size: int, runs: int) -> float:
    """Return the operations per second of the quickest of `runs` products of two float32 matrices."""
    square = jnp.ones((size, size), jnp.float32)
    product = jax.jit(jnp.matmul)
    jax.block_until_ready(product(square, square))
    seconds = []
    for _ in range(runs):
        started = time.perf_counter()
        jax.block_until_ready(product(square, square))
        seconds.append(time.perf_counter() - started)
    return 2 * size**3 / min(seconds)


class Compilations:
    """Counts, while it is entered, the programs that JAX compiles or reads from its cache."""

    def __init__(self) -> None:
        self.count = 0

    def __enter__(self) -> Compilations:
        jax.monitoring.register_event_duration_secs_listener(self._hear)
        return self

    def __exit__(self, *_: object) -> None:
        jax.monitoring.unregister_event_duration_listener(self._hear)

    def _hear(self, event: str, duration_secs: float, **_: object) -> None:
        self.count += event == COMPILING
