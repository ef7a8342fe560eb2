"""How a restricted Boltzmann machine answers what a filling asks: a region's measures in, events out.

Ranges, numbers of voices, ranking, spelling and engraving are those of all models; what a machine can't do
is refused here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from bridge.alternatives import FillOptions
from bridge.character import FREE
from bridge.codec import ticks_of
from bridge.errors import ModelError, UsageError
from jaxmodels.hole_limits import FEW_NOTES
from jaxmodels.piece import ONSET
from jaxmodels.rbm.config import RbmConfig
from jaxmodels.window_layout import D_STAFF

if TYPE_CHECKING:
    from bridge.filling_task import FillingTask
    from bridge.models import Model
    from jaxmodels.rbm.energy import Rbm


def check_wishes(model: Model, options: FillOptions) -> None:
    """Raise `UsageError` where something is asked for that a machine has no way to do."""
    levels = "--style, --density, --polyphony, --register and --closeness"
    for wanted, what, where in (
        (options.keep_rhythm, "can't keep a rhythm", "option --keep-rhythm"),
        (options.top_p != FillOptions(seed=0).top_p, "can't leave unlikely choices out", "option --top-p"),
        (options.character != FREE, "can't be told what its music should be like", f"options {levels}"),
    ):
        if wanted:
            raise UsageError(
                f"{model.name}, a restricted Boltzmann machine, {what}",
                where=where,
                fix="Leave it out, or take wavenet or lstm.",
            )


def machine_of(model: Model) -> tuple[RbmConfig, Rbm]:
    """Return the machine of `model`; raises `ModelError` where its weights don't fit its configuration."""
    from jaxmodels.rbm.energy import Rbm
    from jaxmodels.rbm.roll import units_of

    config = model.config
    assert isinstance(config, RbmConfig)
    shapes = {name: np.shape(array) for name, array in model.params.items()}
    units = units_of(config), config.hidden
    if shapes != {"weights": units, "visible_bias": units[:1], "hidden_bias": units[1:]}:
        raise ModelError(
            "its weights don't fit this version of jaxmuse",
            where=f"option --model {model.name}",
            fix="Train it again, or use the version that made it.",
        )
    return config, Rbm(**model.params)


def usual_nats(model: Model) -> float | None:
    """Return how many nats of pseudo-likelihood a note of real music takes, None where it wasn't recorded.

    A machine finds monotony likelier than music, so that the fill nearest to this figure is the best one.
    """
    from jaxmodels.checkpoint import load_facts
    from jaxmodels.rbm.config import USUAL_NATS

    return load_facts(model.folder).get(USUAL_NATS)


def draw_by_machine(
    task: FillingTask, start: int, stop: int, key: Any, progress: Callable[[float], None] | None
) -> Any:
    """Fill measures `start` to `stop` of each of the task's pieces; what `decode.fill_holes` returns.

    A staff that has no rest of a step or more around the region is given none, nor is any where next to
    nothing stands around it. `nll` is that of `jaxmodels.rbm.fill.Written`. Raises `ModelError`.
    """
    from jaxmodels.decode import Drawn
    from jaxmodels.rbm.fill import fill_hole
    from jaxmodels.rbm.hole import Hole
    from jaxmodels.rbm.roll import step_for

    config, rbm = machine_of(task.model)
    rests = task.rests >= step_for(task.pieces[0], config.step_ticks)
    begin, end = ticks_of(task.pieces[0], task.region)
    onsets = task.pieces[0].notes[:, ONSET]
    rests &= ((onsets < begin) | (onsets >= end)).sum() >= FEW_NOTES
    hole = Hole(task.region.staves, start, stop, task.region.stop, rests)
    written = fill_hole(
        config,
        rbm,
        task.pieces,
        task.facts,
        hole,
        key,
        temperature=task.options.temperature,
        progress=progress,
    )
    events = written.events.copy()
    events[..., D_STAFF] = np.searchsorted(task.staves, events[..., D_STAFF])
    complete = np.ones(task.count, bool)
    return Drawn(events, written.count, written.nll, complete)  # type: ignore[arg-type]
