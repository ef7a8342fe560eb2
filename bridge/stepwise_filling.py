"""How a model that draws note by note fills measures: windows around them, wishes, jitted decoding."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from bridge.alternatives import FillOptions
from bridge.filling import Drawn, Filling, Part
from bridge.kept_rhythm import rhythm_rows
from bridge.model_reach import sizes_for
from bridge.models import Model, kept_programs, weights_that_fit
from bridge.part_writing.leading import leading_of
from jaxmodels.holes import LEFT_MEASURES, RIGHT_MEASURES, window_around
from jaxmodels.piece import Piece
from jaxmodels.voice_leading import Leading
from jaxmodels.window import make_window
from jaxmodels.window_layout import Hole, Sizes, Window
from jaxmodels.wishes import NO_RHYTHM, Wishes, make_wishes


class StepwiseFilling(Filling):
    """Notes one after the other; `Drawn.nll` is the model's own −log p of them."""

    @classmethod
    def check_wishes(cls, model: Model, options: FillOptions) -> None:
        """Raise nothing: they can all be followed."""

    def draw(
        self, pieces: Sequence[Piece], part: Part, key: Any, progress: Callable[[float], None] | None
    ) -> Drawn:
        """Fill a part of each of `pieces`; raises `ModelError` where the weights don't fit."""
        import jax

        from jaxmodels.decode import fill_holes

        setting, model = self.setting, self.setting.model
        sizes = sizes_for(len(setting.staves))
        hole = self._hole(pieces[0], part, sizes)
        same = all(piece is pieces[0] for piece in pieces)
        windows = [
            make_window(piece, setting.facts, hole, sizes) for piece in pieces[: 1 if same else None]
        ]
        keys = jax.vmap(lambda number: jax.random.fold_in(key, number))(np.arange(len(pieces)))
        leading = leading_of(setting.careful, setting.options.care, pieces[0], hole, sizes)
        wishes = self._wishes(pieces[0], windows[0], sizes, leading, part)
        stacked = jax.tree.map(lambda *arrays: np.stack(arrays), *windows)
        with weights_that_fit(model.name):
            drawn = jax.device_get(
                fill_holes(
                    model.stepwise(),
                    model.params,
                    stacked,
                    sizes.beats,
                    setting.most_events,
                    keys,
                    wishes,
                    progress,
                    kept_programs(),
                )
            )
        count = np.asarray(drawn.count)
        return Drawn(np.asarray(drawn.events), count, drawn.nll, count, np.asarray(drawn.complete))

    def _hole(self, piece: Piece, part: Part, sizes: Sizes) -> Hole:
        setting = self.setting
        right = RIGHT_MEASURES if part.stop == setting.region.stop else 0
        first, last = window_around(piece, part.start, part.stop, LEFT_MEASURES, right, sizes)
        mask = np.zeros((last - first, len(setting.staves)), bool)
        mask[part.start - first : part.stop - first] = np.isin(setting.staves, setting.region.staves)
        return Hole(first, last, setting.staves, mask, style=setting.style, controls=setting.controls)

    def _wishes(self, piece: Piece, window: Window, sizes: Sizes, leading: Leading, part: Part) -> Wishes:
        setting, options = self.setting, self.setting.options
        rests = np.zeros(sizes.staves, np.int32)
        rests[: len(setting.staves)] = setting.rests[np.asarray(setting.staves)]
        rhythm = NO_RHYTHM
        if part.kept:
            rhythm = rhythm_rows(part.kept, piece, part.start, part.stop, setting.staves)
        return make_wishes(
            window,
            setting.most_events,
            rests,
            temperature=options.temperature,
            top_p=options.top_p,
            tuplets=options.tuplets,
            ties=options.ties,
            rhythm=rhythm,
            leading=leading,
        )
