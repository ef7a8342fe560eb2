"""What a filling is asked beyond the model: how boldly to draw, how long to rest, which values to write.

E events, S staves, K ticks of the hole clock, D duration classes. Arrays common to all alternatives.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from jaxmodels import events as ev
from jaxmodels.constraints import ILLEGAL, prefer
from jaxmodels.note_values import any_value, single_values
from jaxmodels.voice_leading import Leading, free_leading
from jaxmodels.window_layout import Window

R_ONSET, R_DELTA, R_STAFF, R_TICKS, R_DURATION, R_BELOW = range(6)
"""Columns of a fixed rhythm: onset on the hole clock, class of the step to it, staff, ticks, class of the
duration, and how many notes of its chord are still to come below it."""

NO_RHYTHM = np.zeros((0, 6), np.int32)


class Wishes(NamedTuple):
    """Give way where nothing else is legal, but for the rhythm, which is fixed.

    - `temperature`, `top_p` float32: see `sampling.draw`.
    - `longest_rest` int32 `[S]`, in ticks: no staff is silent longer while anything else is legal.
    - `values` bool `[K + 1, D]`: durations to choose from at each onset.
    - `binary` bool: no triplets.
    - `rhythm` int32 `[E, 6]`, columns `R_*`; `rhythm_count`: its events, 0 where the rhythm is free.
    - `leading`: how the lines should be led.
    """

    temperature: Any
    top_p: Any
    longest_rest: Any
    values: Any
    binary: Any
    rhythm: Any
    rhythm_count: Any
    leading: Leading


def make_wishes(
    window: Window,
    most_events: int,
    longest_rest: np.ndarray,
    *,
    temperature: float = 1.0,
    top_p: float = 1.0,
    tuplets: bool = True,
    ties: bool = True,
    rhythm: np.ndarray = NO_RHYTHM,
    leading: Leading | None = None,
) -> Wishes:
    """Return the wishes as arrays for the hole of `window` (one of a batch) and `most_events` at most.

    - `ties`: without, a note is as long as one note value, in a tuplet or not, wherever that is legal.
    """
    rows = np.zeros((most_events, 6), np.int32)
    rows[: len(rhythm)] = rhythm
    return Wishes(
        np.float32(temperature),
        np.float32(top_p),
        np.asarray(longest_rest, np.int32),
        any_value(window) if ties else single_values(window),
        np.bool_(not tuplets),
        rows,
        np.int32(len(rhythm)),
        leading or free_leading(len(window.program), len(window.clock)),
    )


def prefer_values(wishes: Wishes, onset: jax.Array, logits: jax.Array) -> jax.Array:
    """Return the logits `[D]` with the durations masked that aren't wished at `onset`."""
    return prefer(logits, wishes.values[onset])


def leave_room_below(logits: jax.Array, below: jax.Array) -> jax.Array:
    """Return the logits `[128]` without pitches that leave too few legal ones for `below` more notes."""
    legal = logits > ILLEGAL / 2
    return prefer(logits, jnp.cumsum(legal) - legal >= below)


def binary_grid(wishes: Wishes, grid: jax.Array) -> jax.Array:
    """Return the state's grid of quarters, decided for the binary one where there are to be no triplets."""
    return jnp.where(wishes.binary, ev.ON_BINARY, grid)
