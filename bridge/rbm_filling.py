"""How a restricted Boltzmann machine fills measures; what it can't do is refused here.

Ranges, numbers of voices, ranking, spelling and engraving are those of all models.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from bridge.alternatives import FillOptions
from bridge.character import FREE
from bridge.codec import ticks_of
from bridge.errors import ModelError, RegionError, UsageError
from bridge.filling import Drawn, Filling, Part
from bridge.models import Model
from bridge.place_names import staves_named
from jaxmodels.hole_limits import FEW_NOTES
from jaxmodels.piece import M_FIFTHS, ONSET, Piece
from jaxmodels.rbm.config import USUAL_NATS, RbmConfig
from jaxmodels.rbm.energy import Rbm
from jaxmodels.rbm.hole import Hole, staves_out_of_reach
from jaxmodels.rbm.roll import shift_to_c, step_for, units_of
from jaxmodels.window_layout import D_STAFF


class RbmFilling(Filling):
    """Windows of a piano roll, drawn as a whole; `Drawn.nll` is that of `jaxmodels.rbm.fill.Written`."""

    @classmethod
    def check_wishes(cls, model: Model, options: FillOptions) -> None:
        """Raise `UsageError` where something is asked for that an RBM has no way to do."""
        levels = "--style, --density, --polyphony, --register and --closeness"
        top_p = FillOptions(seed=0).top_p
        for wanted, what, where in (
            (options.keep_rhythm, "can't keep a rhythm", "option --keep-rhythm"),
            (options.top_p != top_p, "can't leave unlikely choices out", "option --top-p"),
            (options.character != FREE, "can't be told what its music should be like", f"options {levels}"),
        ):
            if wanted:
                raise UsageError(
                    f"{model.name}, a restricted Boltzmann machine, {what}",
                    where=where,
                    fix="Leave it out, or take wavenet or lstm.",
                )

    def draw(
        self, pieces: Sequence[Piece], part: Part, key: Any, progress: Callable[[float], None] | None
    ) -> Drawn:
        """Fill a part of each of `pieces`.

        A staff that has no rest of a step or more around the region is given none, nor is any where next to
        nothing stands around it. Raises `ModelError`, and `RegionError` for a staff beyond the roll.
        """
        from jaxmodels.rbm.fill import fill_hole

        setting = self.setting
        config, rbm = rbm_of(setting.model)
        self._check_ranges(config, pieces[0], part)
        rests = setting.rests >= step_for(pieces[0], config.step_ticks)
        begin, end = ticks_of(pieces[0], setting.region)
        onsets = pieces[0].notes[:, ONSET]
        rests &= ((onsets < begin) | (onsets >= end)).sum() >= FEW_NOTES
        written = fill_hole(
            config,
            rbm,
            pieces,
            setting.facts,
            Hole(setting.region.staves, part.start, part.stop, setting.region.stop, rests),
            key,
            temperature=setting.options.temperature,
            progress=progress,
        )
        events = written.events.copy()
        events[..., D_STAFF] = np.searchsorted(setting.staves, events[..., D_STAFF])
        return Drawn(events, written.count, written.nll, written.onsets, np.ones(len(pieces), bool))

    def nats_to_rank_by(self, nll: float) -> float:
        """Return how far `nll` is from what real music takes, where that was recorded.

        An RBM finds monotony likelier than music, so that the fill nearest to this figure is the best one.
        """
        from jaxmodels.checkpoint import load_facts

        usual = load_facts(self.setting.model.folder).get(USUAL_NATS)
        return nll if usual is None else abs(nll - usual)

    def _check_ranges(self, config: RbmConfig, piece: Piece, part: Part) -> None:
        setting = self.setting
        shift = shift_to_c(int(piece.measures[part.start, M_FIFTHS]))
        beyond = staves_out_of_reach(config, setting.facts, setting.region.staves, shift)
        if beyond:
            lowest = config.lowest - shift
            raise RegionError(
                f"{setting.model.name} has no note in its range: it knows MIDI pitches {lowest} to "
                f"{lowest + config.pitches - 1} in this key",
                where=staves_named(setting.score, beyond[:1]),
                fix="Fill other staves, or take wavenet or lstm.",
            )


def rbm_of(model: Model) -> tuple[RbmConfig, Rbm]:
    """Return the RBM of `model`; raises `ModelError` where its weights don't fit its configuration."""
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
