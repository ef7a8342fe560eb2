"""What a model can be kept from knowing: replacements of the functions that show it music.

Each is replaced where its callers look it up, as an attribute of a module; a bare name imported stays.

Used on trained models (`reliance.py`) and while training (`ablations.py`).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import jax
import jax.numpy as jnp

from jaxmodels import lags, views
from jaxmodels.views import repetition

Replacements = dict[tuple[Any, str], Any]

NOW_AND_BEFORE = 2
"""Rows of `PitchView.heard` that stay when what comes is hidden."""
OWN_ANCHORS = 3
"""Entries of `PitchView.anchors` that are the staff's own."""


def without_repeats() -> Replacements:
    """Return what to replace so that nothing is found whole measures away."""
    lag_view, onsets_at_lags = lags.lag_view, lags.onsets_at_lags

    def nothing(*args: Any) -> Any:
        found = lag_view(*args)
        return found._replace(there=jnp.zeros_like(found.there))

    def none(*args: Any) -> Any:
        return jnp.zeros_like(onsets_at_lags(*args))

    return {(lags, "lag_view"): nothing, (lags, "onsets_at_lags"): none}


def without_runs() -> Replacements:
    """Return what to replace so that nothing tells whether the music around the hole repeats itself."""
    runs = repetition.runs
    return {(repetition, "runs"): lambda *args: jnp.zeros_like(runs(*args))}


def changed_view(change: Callable[[views.PitchView], views.PitchView]) -> Replacements:
    """Return what to replace so that the pitch head sees `change(view)`."""
    pitch_view = views.pitch_view
    return {(views, "pitch_view"): lambda *args: change(pitch_view(*args))}


def without_neighbours() -> Replacements:
    """Return what to replace so that no anchor of another staff is known."""
    return changed_view(lambda view: view._replace(anchors=view.anchors.at[OWN_ANCHORS:].set(-1)))


def without_ahead() -> Replacements:
    """Return what to replace so that the heads don't see what sounds later."""
    return changed_view(
        lambda view: view._replace(
            heard=view.heard.at[NOW_AND_BEFORE:].set(0), around=view.around.at[NOW_AND_BEFORE:].set(0)
        )
    )


HIDDEN: dict[str, Callable[[], Replacements]] = {
    "no repeats": without_repeats,
    "no runs": without_runs,
    "no neighbours": without_neighbours,
    "nothing ahead at the heads": without_ahead,
}


@contextlib.contextmanager
def replaced(replacements: Replacements) -> Iterator[None]:
    """Replace attributes of modules for a while; what is compiled is forgotten before and after."""
    before = {(module, name): getattr(module, name) for module, name in replacements}
    try:
        for (module, name), value in replacements.items():
            setattr(module, name, value)
        jax.clear_caches()
        yield
    finally:
        for (module, name), value in before.items():
            setattr(module, name, value)
        jax.clear_caches()
