"""How far the music on both sides of a hole repeats what lies whole measures from it.

A run at a lag (`jaxmodels.lags`) counts the notes on end, from a segment's border outwards, that have the
step and the length of what the same staff plays at that lag: a tune whose next section is known to repeat
its first will probably repeat it in the hole too.

S staves, M measures of the hole, L lags.
"""

from __future__ import annotations

import numpy as np

from jaxmodels.lags import LAG_MEASURES, LAGS
from jaxmodels.piece import M_DURATION, M_ONSET, metre_ticks
from jaxmodels.window_layout import FRAME_TICKS, L_PITCH, L_STEP, L_TICKS, NO_STEP, Sizes

LONG_RUN = 8
"""A run of this many notes is as good as a longer one."""


def run_table(
    line: np.ndarray, measures: np.ndarray, mask: np.ndarray, hole_measures: np.ndarray, sizes: Sizes
) -> np.ndarray:
    """Return the runs before and after each masked cell's segment, int32 `[S, M, 2·L]`, up to `LONG_RUN`.

    - `line`: as `window_tables.line_table` gives it; `mask` bool `[measures, staves]`.
    """
    out = np.zeros((sizes.staves, sizes.measures, 2 * LAGS), np.int32)
    period = metre_ticks(measures).astype(np.int32)
    frames_of_period = np.repeat(period, measures[:, M_DURATION])[::FRAME_TICKS] // FRAME_TICKS
    ends = measures[:, M_ONSET] + measures[:, M_DURATION]
    slot_of_measure = {int(measure): slot for slot, measure in enumerate(hole_measures)}
    for staff in np.flatnonzero(mask.any(axis=0)):
        frames = np.flatnonzero(line[staff, :, L_PITCH] >= 0)
        if not len(frames):
            continue
        same_step, same_pitch = _matches(line[staff], frames, frames_of_period[frames])
        steps = np.flatnonzero(np.diff(np.concatenate([[0], mask[:, staff].astype(np.int8), [0]])))
        for first, last in zip(steps[::2], steps[1::2], strict=True):
            before = np.searchsorted(frames, -(-measures[first, M_ONSET] // FRAME_TICKS))
            after = np.searchsorted(frames, ends[last - 1] // FRAME_TICKS)
            back = same_step[max(0, before - LONG_RUN) : before][::-1]
            ahead = same_step[after : after + LONG_RUN].copy()
            ahead[:1] = same_pitch[after : after + 1]  # the step to it leads over the hole
            runs = np.concatenate([_run(back), _run(ahead)])
            for measure in range(first, last):
                out[staff, slot_of_measure[measure]] = runs
    return out


def _matches(line: np.ndarray, frames: np.ndarray, period: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return bool `[N, L]` twice: do the lags have a frame's length and step, its length and pitch?"""
    there = frames[:, None] - period[:, None] * np.array(LAG_MEASURES)
    inside = (there >= 0) & (there < len(line))
    found, own = line[np.where(inside, there, 0)], line[frames][:, None]
    inside &= (found[..., L_PITCH] >= 0) & (found[..., L_TICKS] == own[..., L_TICKS])
    same_step = (found[..., L_STEP] == own[..., L_STEP]) & (own[..., L_STEP] != NO_STEP)
    return inside & same_step, inside & (found[..., L_PITCH] == own[..., L_PITCH])


def _run(matches: np.ndarray) -> np.ndarray:
    """Return how many rows of bool `[N, L]` are true before the first that isn't, `[L]`."""
    return np.argmin(np.concatenate([matches, np.zeros((1, LAGS), bool)]), axis=0)
