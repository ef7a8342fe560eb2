"""What the heads look at: plain numbers taken from the window and the state, no parameters.

Unbatched; map over time and batch with `jax.vmap`. Pitches and ticks are kept as integers for embeddings;
`candidates` are float features of each class that a head may choose.

S staves, P pitches (128), F frames of 6 ticks, V voices, `LAGS` lags.
"""

from jaxmodels.views.classes import NO_TONE, SPAN_CLASSES, STRENGTH_COUNT
from jaxmodels.views.duration import DURATION_FEATURES, duration_candidates
from jaxmodels.views.frame import context_frame
from jaxmodels.views.onset import DELTA_FEATURES, delta_candidates
from jaxmodels.views.pitch import (
    ANCHORS,
    COPIES,
    MOMENTS,
    RECALLED_BEFORE_RUNS,
    PitchView,
    pitch_view,
)
from jaxmodels.views.repetition import RUNS
from jaxmodels.views.staff import StaffView, staff_view

__all__ = [
    "ANCHORS",
    "COPIES",
    "DELTA_FEATURES",
    "DURATION_FEATURES",
    "MOMENTS",
    "NO_TONE",
    "RECALLED_BEFORE_RUNS",
    "RUNS",
    "SPAN_CLASSES",
    "STRENGTH_COUNT",
    "PitchView",
    "StaffView",
    "context_frame",
    "delta_candidates",
    "duration_candidates",
    "pitch_view",
    "staff_view",
]
